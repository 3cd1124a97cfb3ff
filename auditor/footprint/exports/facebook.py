"""Facebook, by its JSON export: the layouts with and without `your_facebook_activity/`, both spellings of entries."""

from collections.abc import Iterator, Mapping
from typing import Final

from auditor.footprint.exports.archive import Archive
from auditor.footprint.exports.export import AS_JSON, Audience, Detail, Export, Post, Sort
from auditor.footprint.exports.values import (
    at,
    emails,
    is_located,
    json_file,
    labelled,
    mended,
    rows,
    stamped,
    table,
)

PLATFORM: Final = "facebook"

_PROFILE: Final = ("profile_information/profile_information.json",)
_POSTS: Final = (
    r"(?:profile_posts(?:_\d+)?|your_posts(?:__check_ins__photos_and_videos)?(?:_\d+)?"
    r"|your_(?:uncategorized_photos|videos|photos))\.json"
)
_COUNTED: Final = {
    "friends": ("your_friends.json", "friends.json"),
    "groups": ("your_group_membership_activity.json",),
    "pages liked": ("pages_you've_liked.json", "pages_you_ve_liked.json"),
    "pages and profiles followed": ("pages_and_profiles_you_follow.json", "who_you_follow.json"),
    "searches kept": ("your_search_history.json",),
}
_NO_AUDIENCE: Final = (
    "Facebook's export does not say who may see a post. Its Privacy Checkup shows it, and can limit all past posts."
)
_TEXTS: Final = ("text", "message", "post", "post text", "caption", "comment", "description", "title")


def fits(archive: Archive) -> bool:
    """Whether the profile or posts lie where Facebook puts them."""
    return bool(archive.ending(*_PROFILE)) or bool(
        archive.called(_POSTS, ["posts"])
        or archive.ending("profile_information/profile_information.html", "posts/your_posts.html")
    )


def read(archive: Archive) -> Export:
    """The account as the export tells it."""
    profile: Mapping[str, object] = {}
    details: list[Detail] = []
    for name in archive.ending(*_PROFILE):
        loaded = table(json_file(archive, name))
        profile = table(loaded.get("profile_v2") or loaded.get("profile")) or _relabelled(loaded)
        details += _details(profile, name)
    as_html = not any(name.endswith(".json") for name in archive.names)
    posts = [*_posts(archive), *_comments(archive)]
    return Export(
        PLATFORM,
        handles=tuple(filter(None, [mended(profile.get("username")), *_own_address(profile)])),
        names=tuple(filter(None, [mended(at(profile, "name", "full_name"))])),
        about=tuple(
            filter(None, (mended(profile.get(key)) for key in ("intro_bio", "bio", "about_me", "favorite_quotes")))
        ),
        work=tuple(_work(profile)),
        details=tuple(details),
        posts=tuple(posts),
        counts={what: n for what, files in _COUNTED.items() if (n := _count(archive, files))},
        unseen=(AS_JSON,) if as_html else (_NO_AUDIENCE,) if posts else (),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


def _relabelled(loaded: Mapping[str, object]) -> Mapping[str, object]:
    """A profile in the newer spelling, a list of labels and values, by the keys of the older one."""
    words = labelled(loaded)
    return {
        "name": {"full_name": words.get("name", words.get("full name", ""))},
        "emails": {"emails": list(dict.fromkeys(found for value in words.values() for found in emails(value)))},
        "phone_numbers": [{"phone_number": value} for label, value in words.items() if "phone" in label],
        "birthday": words.get("birthday", ""),
        "username": words.get("username", ""),
        "intro_bio": words.get("bio", words.get("intro", "")),
        "current_city": {"name": words.get("current city", "")},
        "work_experiences": [{"employer": value} for label, value in words.items() if label in ("work", "employer")],
    }


def _own_address(profile: Mapping[str, object]) -> Iterator[str]:
    address = mended(profile.get("profile_uri"))
    last = address.rstrip("/").rpartition("/")[2]
    if last and "?" not in last:
        yield last


def _work(profile: Mapping[str, object]) -> Iterator[str]:
    for job in rows(profile.get("work_experiences")):
        yield " ".join(filter(None, (mended(job.get("title")), mended(job.get("employer")))))


def _details(profile: Mapping[str, object], file: str) -> Iterator[Detail]:
    def detail(sort: Sort, value: str) -> Iterator[Detail]:
        if value:
            yield Detail(sort, value, Audience.UNKNOWN, file)

    addresses = at(profile, "emails", "emails")
    for address in addresses if isinstance(addresses, list) else []:
        yield from detail(Sort.EMAIL, mended(address).casefold())
    for phone in rows(profile.get("phone_numbers")):
        yield from detail(Sort.PHONE, mended(phone.get("phone_number")))
    birthday = profile.get("birthday")
    parts = [at(birthday, key) for key in ("year", "month", "day")]
    yield from detail(Sort.BIRTHDAY, mended(birthday) or "-".join(str(part) for part in parts if isinstance(part, int)))
    for key in ("current_city", "hometown", "address"):
        yield from detail(Sort.HOME, mended(at(profile, key, "name")) or mended(profile.get(key)))
    family = len(rows(profile.get("family_members")))
    yield from detail(Sort.FAMILY, f"{family} named" if family else "")


def _posts(archive: Archive) -> Iterator[Post]:
    for name in archive.called(_POSTS, ["posts"]):
        loaded = json_file(archive, name)
        entries = loaded if isinstance(loaded, list) else next(iter(table(loaded).values()), None)
        for entry in rows(entries):
            words = [mended(data.get("post")) for data in rows(entry.get("data"))]
            words += [mended(at(media, "description")) for media in _media(entry)]
            said = "\n".join(dict.fromkeys(filter(None, words))) or _said(entry)
            pictured = any(True for _ in _media(entry))
            yield Post(
                "picture" if pictured and not said else "post",
                said,
                stamped(entry),
                Audience.UNKNOWN,
                located=_has_place(entry),
                held=is_located(entry),
                file=name,
            )


def _has_place(entry: Mapping[str, object]) -> bool:
    """Whether its owner said where they were; what the camera knew is not shown with a post."""
    data = (data for attachment in rows(entry.get("attachments")) for data in rows(attachment.get("data")))
    return any(table(one.get("place")) for one in (entry, *data)) or bool(labelled(entry).get("place"))


def _said(entry: Mapping[str, object]) -> str:
    """The words of an entry in the newer spelling."""
    words = labelled(entry)
    named = next((words[label] for label in _TEXTS if words.get(label)), "")
    return named or max((value for value in words.values() if " " in value and "://" not in value), key=len, default="")


def _media(entry: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield from rows(entry.get("media"))
    for attachment in rows(entry.get("attachments")):
        for data in rows(attachment.get("data")):
            if isinstance(data.get("media"), dict):
                yield table(data["media"])


def _comments(archive: Archive) -> Iterator[Post]:
    for name in archive.ending("comments.json", "your_comments_in_groups.json", "group_posts_and_comments.json"):
        loaded = json_file(archive, name)
        entries = loaded if isinstance(loaded, list) else next(iter(table(loaded).values()), None)
        for entry in rows(entries):
            inner = [table(data.get("comment")) for data in rows(entry.get("data"))]
            said = next((mended(one.get("comment")) for one in inner if one.get("comment")), "")
            said = said or next((mended(data["post"]) for data in rows(entry.get("data")) if data.get("post")), "")
            yield Post("comment", said or _said(entry), stamped(entry), Audience.UNKNOWN, file=name)


def _count(archive: Archive, files: tuple[str, ...]) -> int:
    """How many entries the first of the files has that is there."""
    for name in archive.ending(*files):
        loaded = json_file(archive, name)
        value = loaded if isinstance(loaded, list) else next(iter(table(loaded).values()), None)
        return len(value) if isinstance(value, list) else 0
    return 0
