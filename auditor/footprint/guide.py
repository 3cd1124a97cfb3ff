"""What a person can do at a platform: the exact setting, the page that deletes, how hard it is and how long it takes.

It is data: `guides/<platform>.toml`, one file a platform, found by looking. A file holds

name        how people write it
profile     its profiles' address, "{}" standing for the handle
checkup     the platform's own privacy check-up, where it has one
export      where its data export is ordered
delete      where the account is closed: `url`, `difficulty` (easy, medium, hard) and `minutes`
settings    by topic: `do` (one sentence), `url` (where it has an address) and `minutes`
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from auditor.footprint.exposure import Topic


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do. `url` is "" where it lies in an app."""

    do: str
    url: str = ""
    minutes: int = 5
    difficulty: str = "easy"


@dataclass(frozen=True, slots=True)
class Guide:
    """What a person can do at one platform."""

    id: str
    name: str
    profile: str = ""
    checkup: str = ""
    export: str = ""
    delete: Step | None = None
    settings: Mapping[Topic, Step] = field(default_factory=dict)

    def profile_of(self, handle: str) -> str:
        """The address of that handle's profile; "" where there is none."""
        return self.profile.replace("{}", quote(handle, safe="")) if self.profile and handle else ""

    def step(self, topic: Topic) -> Step:
        """What to do about such a thing here; in general words where the platform has no setting for it."""
        where = Topic.HOME if topic is Topic.TOWN else topic
        return self.settings.get(where, _ANYWHERE[where])


_ANYWHERE: Final = {
    Topic.EMAIL: Step("Take the address out of the profile and out of the posts that show it.", minutes=5),
    Topic.PHONE: Step("Take the number out of the profile and out of the posts that show it.", minutes=5),
    Topic.BIRTHDAY: Step("Hide your birthday, or at least its year.", minutes=3),
    Topic.HOME: Step("Take your address or town out of the profile.", minutes=3),
    Topic.FAMILY: Step("Hide who your family is.", minutes=3),
    Topic.PLACES: Step("Remove the place from these posts, and turn places off for new ones.", minutes=20),
    Topic.POSTS: Step("Look through your oldest posts, and delete or hide what you would not post today.", minutes=30),
    Topic.PROFILE: Step("Keep of your profile what every parent may read.", minutes=5),
    Topic.ACCOUNT: Step("If you do not use it any more, close the account.", minutes=10),
    Topic.BREACH: Step(
        "Change the password there and wherever you used the same one. Turn on two-step sign-in.", minutes=15
    ),
    Topic.COPIES: Step(
        "Change or delete the page itself first. Then ask the archive to take its copies out.",
        "https://help.archive.org/help/how-do-i-request-to-remove-something-from-archive-org/",
        20,
        "medium",
    ),
}


@cache
def guides() -> Mapping[str, Guide]:
    """Every platform's guide by its id."""
    folder = files("auditor.footprint").joinpath("guides")
    rows = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}
    return {
        name.removesuffix(".toml"): _guide(name.removesuffix(".toml"), tomllib.loads(rows[name]))
        for name in sorted(rows)
    }


def guide(platform: str) -> Guide:
    """The guide for that platform; one in general words where there is none."""
    return guides().get(platform, Guide(platform, platform))


def _guide(name: str, row: Mapping[str, Any]) -> Guide:
    rest = {key: row[key] for key in ("name", "profile", "checkup", "export") if key in row}
    settings = {Topic(topic): Step(**step) for topic, step in row.get("settings", {}).items()}
    return Guide(name, delete=Step(**row["delete"]) if "delete" in row else None, settings=settings, **rest)
