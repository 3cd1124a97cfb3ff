"""Google Takeout: profile, YouTube, reviews, Blogger and the places in photos. Folders are called in the person's own
language, so files are known by their own names or by what they hold. Mail, chats and histories are never opened.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from auditor.footprint.exports.archive import Archive
from auditor.footprint.exports.export import Audience, Detail, Export, Post, Sort
from auditor.footprint.exports.values import at, csv_rows, emails, is_located, json_file, moment, rows, table, text
from spiders.answers import words_of

PLATFORM: Final = "google"

_ROOT: Final = "takeout"
_MOST_PHOTOS: Final = 5_000
"""Photos whose data are looked at; whoever has more learns from these."""
_PHOTO: Final = r".+\.(?:jpe?g|png|heic|webp|gif|mp4|mov)(?:\.supplemental-metadata|\.suppl[\w-]*)?(?:\(\d+\))?\.json"
_IN_HTML: Final = "The comments of this export are in HTML and were not read. Newer exports have them as a table."
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_BLOGGER: Final = "{http://schemas.google.com/blogger/2018}"
_AUDIENCES: Final = {"public": Audience.EVERYBODY, "unlisted": Audience.FRIENDS, "private": Audience.OWNER}


def fits(archive: Archive) -> bool:
    """Whether the files lie in the folder that every Takeout has, or its table of contents is there."""
    return any(name.casefold().startswith(f"{_ROOT}/") for name in archive.names) or bool(
        archive.ending("archive_browser.html")
    )


def read(archive: Archive) -> Export:
    """The account as the export tells it."""
    profiles = [table(json_file(archive, name)) for name in archive.called(r"Profile\.json")]
    return Export(
        PLATFORM,
        names=tuple(filter(None, (_name(profile) for profile in profiles))),
        details=tuple(_details(profiles)),
        posts=(*_comments(archive), *_videos(archive), *_reviews(archive), *_blogs(archive), *_photos(archive)),
        counts={what: n for what, n in _counts(archive) if n},
        unseen=(_IN_HTML,) if archive.called(r"my-(?:comments|live-chat-messages)\.html") else (),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


def _name(profile: Mapping[str, object]) -> str:
    name = profile.get("name")
    return text(profile.get("displayName")) or text(at(name, "formattedName")) or text(name)


def _details(profiles: list[Mapping[str, object]]) -> Iterator[Detail]:
    for profile in profiles:
        for entry in rows(profile.get("emails")):
            for address in emails(text(entry.get("value"))):
                yield Detail(Sort.EMAIL, address, Audience.UNKNOWN, "Profile.json")
        if born := text(profile.get("birthday")):
            yield Detail(Sort.BIRTHDAY, born, Audience.UNKNOWN, "Profile.json")


def _comments(archive: Archive) -> Iterator[Post]:
    """Comments on YouTube; everybody sees them. In newer exports each text is JSON again, by which it is known in any
    language; in older ones it is plain, under English names."""
    for name in archive.called(r".+\.csv"):
        plain = _OWN_WORDS.fullmatch(PurePosixPath(name).stem.casefold()) is not None
        for row in csv_rows(archive, name):
            said = next((value for value in row.values() if value.startswith(_PIECES)), "")
            if not said and plain:
                said = next((row[column] for column in _TEXTS if row.get(column)), "")
            if not said:
                break  # a table of something else
            when = next((when for value in row.values() if len(value) > _DAY and (when := moment(value))), None)
            video = next((value for value in row.values() if _VIDEO.fullmatch(value)), "")
            yield Post(
                "comment",
                _plain(said),
                when,
                Audience.EVERYBODY,
                url=f"https://www.youtube.com/watch?v={video}" if video else "",
                file=name,
            )


_OWN_WORDS: Final = re.compile(r"(?:comments|live chats|my-comments|my-live-chat-messages)(?:\(\d+\))?")
_TEXTS: Final = ("comment text", "live chat text", "comment")
_PIECES: Final = ('{"text":', '{"text" :')
_VIDEO: Final = re.compile(r"[\w-]{11}")
_DAY: Final = len("2015-01-01")


def _plain(said: str) -> str:
    """The words of a comment out of the pieces in which Google keeps them."""
    if not said.startswith(("{", "[")):
        return said
    try:
        pieces = json.loads(f"[{said}]")
    except (ValueError, RecursionError):
        return said
    told = (piece.get("text") for piece in rows(pieces))
    return text("".join(words for words in told if isinstance(words, str)))


def _videos(archive: Archive) -> Iterator[Post]:
    for name in archive.called(r"videos(?:\(\d+\))?\.csv"):
        for row in csv_rows(archive, name):
            said = [value for column, value in row.items() if "title" in column or "description" in column]
            video = row.get("video id", "")
            yield Post(
                "video",
                "\n".join(said),
                moment(row.get("video publish timestamp", "") or row.get("video create timestamp", "")),
                _AUDIENCES.get(row.get("privacy", row.get("video privacy", "")).casefold(), Audience.UNKNOWN),
                url=f"https://www.youtube.com/watch?v={video}" if video else "",
                file=name,
            )


def _reviews(archive: Archive) -> Iterator[Post]:
    """Reviews of places and apps; everybody sees them, and those of places tell where somebody lives."""
    for name in archive.called(r"Reviews\.json"):
        loaded = json_file(archive, name)
        for feature in rows(at(loaded, "features")):
            told = table(feature.get("properties"))
            said = text(told.get("review_text_published")) or text(told.get("Review Comment"))
            when = moment(told.get("date")) or moment(told.get("Published"))
            url = text(told.get("google_maps_url")) or text(told.get("Google Maps URL"))
            yield Post("review", said, when, Audience.EVERYBODY, url=url, located=True, file=name)
        for entry in rows(loaded) if isinstance(loaded, list) else []:
            review = table(entry.get("review"))
            said = "\n".join(filter(None, (text(review.get("title")), text(review.get("comment")))))
            yield Post("review", said, moment(review.get("creationTime")), Audience.EVERYBODY, file=name)


def _blogs(archive: Archive) -> Iterator[Post]:
    """Posts of blogs that are out; drafts and comments of others are passed over."""
    for name in archive.called(r"feed\.atom"):
        body = archive.read(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            feed = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError):
            archive.leave(name, "is no feed that can be read")
            continue
        for entry in feed.iter(f"{_ATOM}entry"):
            kind, status = entry.findtext(f"{_BLOGGER}type") or "POST", entry.findtext(f"{_BLOGGER}status") or "LIVE"
            if (kind, status) not in (("POST", "LIVE"), ("PAGE", "LIVE")):
                continue
            title, content = entry.findtext(f"{_ATOM}title") or "", entry.findtext(f"{_ATOM}content") or ""
            said = text(f"{title}\n{words_of(content) or content}")
            when = moment(entry.findtext(f"{_ATOM}published") or "")
            yield Post("post", said, when, Audience.EVERYBODY, url=_alternate(entry), file=name)


def _alternate(entry: "etree._Element") -> str:
    links = entry.iter(f"{_ATOM}link")
    return next((str(link.get("href", "")) for link in links if link.get("rel", "alternate") == "alternate"), "")


def _photos(archive: Archive) -> Iterator[Post]:
    """Photos that carry a place. Who sees an album stands nowhere in the export."""
    sidecars = archive.called(_PHOTO)
    for name in sidecars[_MOST_PHOTOS:]:
        archive.leave(name, "was not read: there are more photos than are looked at")
        break
    for name in sidecars[:_MOST_PHOTOS]:
        loaded = json_file(archive, name)
        if is_located(at(loaded, "geoData")) or is_located(at(loaded, "geoDataExif")):
            when = moment(at(loaded, "photoTakenTime", "timestamp"))
            yield Post("picture", "", when, Audience.UNKNOWN, held=True, file=name)


def _counts(archive: Archive) -> Iterator[tuple[str, int]]:
    yield "channels followed", sum(1 for n in archive.called(r"subscriptions\.csv") for _ in csv_rows(archive, n))
    yield "files of your location history", len(archive.called(r"(?:Records|Timeline Edits)\.json"))
    yield "files of your activity", len(archive.called(r"MyActivity\.(?:json|html)"))
