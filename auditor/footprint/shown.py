"""From an export to what strangers can see of it. Pure.

The export says what an account has on record and what was posted. Exposed is only what the export itself says that
others see, or what stands in words that they see. Where it does not say, the setting is named and nothing is claimed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Final

from auditor.footprint.exports.export import Audience, Export, Post, Sort
from auditor.footprint.exposure import Account, Exposure, Looked, Reach, Scan, Topic, Verdict
from auditor.footprint.guide import Guide, guide
from auditor.masking import mask_email, mask_phone

Name = Callable[..., str]
"""Makes a keyed name of its arguments."""

SOURCE: Final = "export"

_TOPICS: Final = {
    Sort.EMAIL: Topic.EMAIL,
    Sort.PHONE: Topic.PHONE,
    Sort.BIRTHDAY: Topic.BIRTHDAY,
    Sort.HOME: Topic.HOME,
    Sort.FAMILY: Topic.FAMILY,
}
_CALLED: Final = {
    Sort.EMAIL: "Your email address",
    Sort.PHONE: "Your phone number",
    Sort.BIRTHDAY: "Your birthday",
    Sort.HOME: "Where you live",
    Sort.FAMILY: "Your family",
}
_REACHES: Final = {Audience.EVERYBODY: Reach.EVERYBODY, Audience.FRIENDS: Reach.FRIENDS}
_OTHER: Final = re.compile(r"\D")
_DIGIT: Final = re.compile(r"\d")
_LEAST_DIGITS: Final = 7
_OLD: Final = 365
"""Days from which on a post is an old one."""
_POSTED: Final = frozenset({"post", "picture", "video", "story"})
_HELD: Final = "It holds where they were made, from your camera. Strangers see that only where you share it."


def shown(export: Export, now: datetime, name: Name) -> Scan:
    """What the export shows, as exposures and as what could not be told."""
    where = guide(export.platform)
    told = _Told(export, where, now.date(), name)
    exposures = [*told.details(), *told.in_words(), *told.posts(), *told.places()]
    place = place_of(export, name)
    looked = (*_read(export, where), *told.unknown(), *_unread(export, where))
    return Scan(
        at=now,
        exposures=tuple(replace(one, place=place) for one in exposures),
        looked=tuple(replace(one, place=place) for one in looked),
        accounts=(account_of(export, name),),
    )


def place_of(export: Export, name: Name) -> str:
    """The keyed name of the account of an export: the same for a newer export of it."""
    return name(SOURCE, export.platform, *(export.handles[:1] or export.recorded(Sort.EMAIL)[:1]))


def account_of(export: Export, name: Name, passed: int = 0) -> Account:
    """The account in numbers."""
    seen = sum(post.audience is Audience.EVERYBODY for post in export.posts)
    place = place_of(export, name)
    return Account(export.platform, len(export.posts), seen, dict(export.counts), export.messages, passed, place)


class _Told:
    """What one export tells of one account."""

    def __init__(self, export: Export, where: Guide, today: date, name: Name) -> None:
        self._export, self._where, self._today, self._name = export, where, today, name
        self._profile = where.profile_of(next(iter(export.handles), ""))

    def details(self) -> Iterator[Exposure]:
        """What the account has on record, where the export says that others see it."""
        for detail in self._export.details:
            reach = _REACHES.get(detail.audience)
            if reach is not None:
                told = f"{_CALLED[detail.sort]} stands on your {self._where.name} profile."
                topic = _topic(detail.sort, detail.value)
                yield self._exposure(topic, told, reach, masked_value(detail.sort, detail.value), url=self._profile)

    def in_words(self) -> Iterator[Exposure]:
        """An address or number of the person's own that stands in words that others see."""
        for sort in (Sort.EMAIL, Sort.PHONE, Sort.HOME):
            values = [value for value in self._export.recorded(sort) if len(value) >= _LEAST_DIGITS]
            in_profile = [
                value for value in values if any(_stands_in(sort, value, text) for text in self._export.about)
            ]
            if in_profile and not any(d.sort is sort and d.audience in _REACHES for d in self._export.details):
                told = f"{_CALLED[sort]} stands in your {self._where.name} profile text."
                yield self._exposure(
                    _topic(sort, in_profile[0]),
                    told,
                    Reach.EVERYBODY,
                    masked_value(sort, in_profile[0]),
                    url=self._profile,
                )
            for reach, posts in self._by_reach(partial(_names_one, sort, values)):
                told = f"{_CALLED[sort]} stands in {_counted(posts)} on {self._where.name}."
                yield self._of_posts(_topic(sort, values[0]), told, reach, posts, masked_value(sort, values[0]))

    def posts(self) -> Iterator[Exposure]:
        """Old posts that others see: what nobody remembers."""
        for reach, posts in self._by_reach(lambda post: post.what in _POSTED or bool(post.text)):
            old = [post for post in posts if post.when and (self._today - post.when.date()).days > _OLD]
            if old:
                told = f"{_counted(old)} older than a year can be read on {self._where.name}."
                yield self._of_posts(Topic.POSTS, told, reach, old, _years(old))

    def places(self) -> Iterator[Exposure]:
        """Posts and pictures that carry the place where they were made."""
        for reach, posts in self._by_reach(lambda post: post.located):
            tell = "tells" if len(posts) == 1 else "tell"
            told = f"{_counted(posts)} on {self._where.name} {tell} the place where you were."
            yield self._of_posts(Topic.PLACES, told, reach, posts, _years(posts))

    def unknown(self) -> Iterator[Looked]:
        """What the export has, without saying who sees it."""
        for sort in Sort:
            if any(d.sort is sort and d.audience is Audience.UNKNOWN for d in self._export.details):
                yield self._open(f"{_CALLED[sort]} on {self._where.name}", _TOPICS[sort])
        hidden = [post for post in self._export.posts if post.audience is Audience.UNKNOWN]
        own = [post for post in hidden if post.what != "comment"]
        if own:
            yield self._open(f"{_counted(own)} on {self._where.name}", Topic.POSTS)
        if len(own) < len(hidden):
            what = f"{_counted([post for post in hidden if post.what == 'comment'])} on {self._where.name}"
            why = "Comments show to whoever sees the post above them. No export says who that is."
            yield Looked(SOURCE, what, Verdict.UNCHECKED, why, platform=self._export.platform)
        located = [post for post in hidden if post.located]
        if located:
            yield self._open(f"Places in {_counted(located)} on {self._where.name}", Topic.PLACES)
        held = [post for post in self._export.posts if post.held and not post.located]
        if held:
            what = f"Places behind {_counted(held)} on {self._where.name}"
            step = self._where.step(Topic.PLACES)
            yield Looked(SOURCE, what, Verdict.UNCHECKED, f"{_HELD} {step.do}", step.url, self._export.platform)

    def _open(self, what: str, topic: Topic) -> Looked:
        step = self._where.step(topic)
        why = f"The export does not say who sees it. {step.do}"
        url = step.url or self._where.checkup
        return Looked(SOURCE, what, Verdict.UNCHECKED, why, url, self._export.platform)

    def _by_reach(self, wanted: Callable[[Post], bool]) -> Iterator[tuple[Reach, list[Post]]]:
        for audience, reach in _REACHES.items():
            posts = [post for post in self._export.posts if post.audience is audience and wanted(post)]
            if posts:
                yield reach, posts

    def _of_posts(self, topic: Topic, told: str, reach: Reach, posts: Sequence[Post], evidence: str) -> Exposure:
        dated = sorted(((p.when, p.url) for p in posts if p.when), key=lambda one: one[0])
        url = next((p.url for p in posts if p.url and (not dated or p.when == dated[0][0])), "")
        since = dated[-1][0].date() if dated else None
        return self._exposure(topic, told, reach, evidence, url=url or self._profile, since=since, count=len(posts))

    def _exposure(
        self,
        topic: Topic,
        told: str,
        reach: Reach,
        evidence: str,
        *,
        url: str = "",
        since: date | None = None,
        count: int = 1,
    ) -> Exposure:
        where = "words" if count > 1 or since else "profile"
        platform = self._export.platform
        key = self._name(SOURCE, platform, topic, reach, evidence if topic is not Topic.POSTS else "", where)
        return Exposure(key, SOURCE, platform, topic, told, reach, evidence, url, since, count)


def _topic(sort: Sort, value: str) -> Topic:
    """What sort of thing a detail is. A place without a number in it is a town."""
    return Topic.TOWN if sort is Sort.HOME and not _DIGIT.search(value) else _TOPICS[sort]


def masked_value(sort: Sort, value: str) -> str:
    """A value as it may be shown: enough for its owner to know which one it is, nothing for anybody else."""
    if sort is Sort.EMAIL:
        return mask_email(value)
    return mask_phone(value) if sort is Sort.PHONE else ""


def _stands_in(sort: Sort, value: str, text: str) -> bool:
    if sort is Sort.PHONE:
        digits = _OTHER.sub("", value)[-10:]
        return len(digits) >= _LEAST_DIGITS and digits in _OTHER.sub("", text)
    plain = " ".join(value.casefold().split())
    return re.search(rf"(?<![\w.+-]){re.escape(plain)}(?![\w-])", " ".join(text.casefold().split())) is not None


def _names_one(sort: Sort, values: Sequence[str], post: Post) -> bool:
    return any(_stands_in(sort, value, post.text) for value in values)


def _counted(posts: Sequence[Post]) -> str:
    sorts = {post.what for post in posts}
    one = next(iter(sorts)) if len(sorts) == 1 else "post"
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"{len(posts):,} {one if len(posts) == 1 else many}"


def _years(posts: Sequence[Post]) -> str:
    years = sorted({post.when.year for post in posts if post.when})
    if not years:
        return ""
    return f"from {years[0]}" if len(years) == 1 else f"from {years[0]} to {years[-1]}"


def _read(export: Export, where: Guide) -> Iterator[Looked]:
    details = len({detail.sort for detail in export.details if detail.audience is Audience.OWNER})
    hidden = f"{where.name} keeps {details} sorts of your details to itself." if details else ""
    if export.audience is Audience.FRIENDS:
        why = f"Your account is private: only people whom you let in see your posts. {hidden}".strip()
        yield Looked(SOURCE, f"Posts on {where.name}", Verdict.NOT_FOUND, why, platform=export.platform)
    elif hidden:
        yield Looked(SOURCE, f"Contact data on {where.name}", Verdict.NOT_FOUND, hidden, platform=export.platform)


def _unread(export: Export, where: Guide) -> Iterator[Looked]:
    for sentence in export.unseen:
        yield Looked(SOURCE, where.name, Verdict.UNCHECKED, sentence, where.checkup, export.platform)
    for left in export.left_out:
        yield Looked(
            SOURCE, f"{where.name}: {left.name}", Verdict.UNCHECKED, f"It {left.why}.", platform=export.platform
        )
