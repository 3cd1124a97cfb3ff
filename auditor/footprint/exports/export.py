"""What a data export tells, whatever platform it is from. Other people in it are counted and never named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from auditor.footprint.exports.archive import LeftOut


class Audience(StrEnum):
    """Who sees something. UNKNOWN where the export does not say: that is never "nobody" and never "everybody"."""

    EVERYBODY = "everybody"
    FRIENDS = "friends"
    OWNER = "only you"
    UNKNOWN = "unknown"


class Sort(StrEnum):
    """What sort of detail an account has on record."""

    EMAIL = "email"
    PHONE = "phone"
    BIRTHDAY = "birthday"
    HOME = "home"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Detail:
    """Something the account has on record of its owner. `file` is where in the export it stands."""

    sort: Sort
    value: str = field(repr=False)
    audience: Audience
    file: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """Something its owner published. `what` is "post", "comment", "picture", "video", "story" or "review".

    `located` tells that whoever sees it can tell the place where it was made. `held` tells that the platform holds that
    place, from the camera say, and does not show it by itself. The place itself is never kept. `url` is "" where the
    export does not tell its address.
    """

    what: str
    text: str = field(repr=False)
    when: datetime | None
    audience: Audience
    url: str = ""
    located: bool = False
    held: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """One account as its export tells it.

    `handles` are its names there; `about` what its profile says: texts that a visitor may read; `work` where its owner
    says to work or study. `counts` are how many of what there is ("friends"). `audience` is who sees the account's
    posts, UNKNOWN where it does not say. `unseen` are sentences on what could not be told.
    """

    platform: str
    handles: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=(), repr=False)
    about: tuple[str, ...] = field(default=(), repr=False)
    work: tuple[str, ...] = field(default=(), repr=False)
    details: tuple[Detail, ...] = ()
    posts: tuple[Post, ...] = field(default=(), repr=False)
    audience: Audience = Audience.UNKNOWN
    counts: Mapping[str, int] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    messages: int = 0

    def recorded(self, sort: Sort) -> tuple[str, ...]:
        """The values of that sort, each once."""
        return tuple(dict.fromkeys(detail.value for detail in self.details if detail.sort is sort))


AS_JSON: Final = "This export is in HTML. Ask the platform for it once more, in the format JSON."
