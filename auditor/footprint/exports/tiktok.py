"""TikTok, by its one JSON file: the roots of 2024 and later ("Profile And Settings"), and those before ("Profile").

Chats stand in the same file; they are passed over.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from auditor.footprint.exports.archive import Archive
from auditor.footprint.exports.export import Audience, Detail, Export, Post, Sort
from auditor.footprint.exports.values import Table, at, emails, json_file, moment, rows, table, text

PLATFORM: Final = "tiktok"

_FILE: Final = r"user_data(?:_tiktok)?\.json"
_AUDIENCES: Final = {
    "public": Audience.EVERYBODY,
    "everyone": Audience.EVERYBODY,
    "friends": Audience.FRIENDS,
    "followers": Audience.FRIENDS,
    "only me": Audience.OWNER,
    "private": Audience.OWNER,
}
_PRIVATE: Final = {
    **dict.fromkeys(("enabled", "on", "true", "yes"), Audience.FRIENDS),
    **dict.fromkeys(("disabled", "off", "false", "no"), Audience.EVERYBODY),
}
_NOT_SAID: Final = "This export does not say whether the account is private."


def fits(archive: Archive) -> bool:
    """Whether the file is called as TikTok calls it."""
    return bool(archive.called(_FILE))


def read(archive: Archive) -> Export:
    """The account as the export tells it."""
    roots = [table(json_file(archive, name)) for name in archive.called(_FILE)]
    profile = _profile(roots)
    settings = _first(
        roots, ("Profile And Settings", "Settings", "SettingsMap"), ("App Settings", "Settings", "SettingsMap")
    )
    private = next((text(v).casefold() for k, v in settings.items() if k.casefold() == "private account"), "")
    audience = _PRIVATE.get(private, Audience.UNKNOWN)
    return Export(
        PLATFORM,
        handles=tuple(filter(None, [text(profile.get("userName"))])),
        names=tuple(filter(None, [text(profile.get("displayName"))])),
        about=tuple(filter(None, [text(profile.get("bioDescription"))])),
        details=tuple(_details(profile, roots)),
        posts=tuple(_posts(roots, audience)),
        audience=audience,
        counts={what: n for what, n in _counts(roots) if n},
        unseen=() if audience is not Audience.UNKNOWN else (_NOT_SAID,),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


def _first(roots: list[Table], *paths: tuple[str, ...]) -> Table:
    """The first object that stands at any of the paths."""
    return next((found for root in roots for path in paths if (found := table(at(root, *path)))), {})


def _profile(roots: list[Table]) -> Table:
    return _first(
        roots,
        ("Profile And Settings", "Profile Info", "ProfileMap"),
        ("Profile And Settings", "Profile Information", "ProfileMap"),
        ("Profile", "Profile Information", "ProfileMap"),
        ("Profile", "Profile Info", "ProfileMap"),
    )


def _details(profile: Table, roots: list[Table]) -> Iterator[Detail]:
    autofill = _first(roots, ("Profile And Settings", "Autofill"), ("Profile", "Autofill"))
    found: dict[tuple[Sort, str], None] = {}
    for value in (profile.get("emailAddress"), autofill.get("Email")):
        found.update(dict.fromkeys((Sort.EMAIL, address) for address in emails(text(value))))
    for value in (profile.get("telephoneNumber"), autofill.get("PhoneNumber")):
        if text(value).strip("- "):
            found[Sort.PHONE, text(value)] = None
    if text(profile.get("birthDate")):
        found[Sort.BIRTHDAY, text(profile.get("birthDate"))] = None
    if text(autofill.get("Address")):
        found[Sort.HOME, text(autofill.get("Address"))] = None
    for sort, value in found:
        yield Detail(sort, value, Audience.OWNER, "user_data_tiktok.json")


def _posts(roots: list[Table], audience: Audience) -> Iterator[Post]:
    for root in roots:
        listed = (
            at(root, "Post", "Posts", "VideoList"),
            at(root, "Your Activity", "Posts", "VideoList"),
            at(root, "Video", "Videos", "VideoList"),
        )
        for video in (video for videos in listed for video in rows(videos)):
            yield _video(video, audience)
        comments = at(root, "Comment", "Comments", "CommentsList")
        for comment in rows(comments):
            said, when = _text(comment, "comment"), moment(_text(comment, "date"))
            yield Post("comment", said, when, Audience.UNKNOWN, file="user_data_tiktok.json")


def _video(video: Mapping[str, object], audience: Audience) -> Post:
    """A video. Newer exports say who may see it; what a private account shows, at most its friends see."""
    own = _AUDIENCES.get(_text(video, "whocanview").casefold(), audience)
    narrower = own if audience is not Audience.FRIENDS or own is Audience.OWNER else audience
    return Post(
        "video",
        "\n".join(filter(None, (_text(video, "title"), _text(video, "alttext")))),
        moment(_text(video, "date")),
        narrower,
        located=_text(video, "location").casefold() not in ("", "n/a", "no", "disabled"),
        file="user_data_tiktok.json",
    )


def _text(entry: Mapping[str, object], key: str) -> str:
    """The text under that key, however TikTok spells it today."""
    return next((text(value) for name, value in entry.items() if name.replace(" ", "").casefold() == key), "")


def _counts(roots: list[Table]) -> Iterator[tuple[str, int]]:
    for what, paths in {
        "followers": (("Profile And Settings", "Follower", "FansList"), ("Activity", "Follower List", "FansList")),
        "accounts followed": (
            ("Profile And Settings", "Following", "Following"),
            ("Activity", "Following List", "Following"),
        ),
        "searches kept": (
            ("Your Activity", "Searches", "SearchList"),
            ("Activity", "Search History", "SearchList"),
        ),
        "videos watched": (
            ("Your Activity", "Watch History", "VideoList"),
            ("Activity", "Video Browsing History", "VideoList"),
        ),
    }.items():
        yield what, sum(len(rows(at(root, *path))) for root in roots for path in paths)
