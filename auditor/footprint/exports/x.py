"""X, once Twitter, by its archive: `data/*.js`, each a line of JavaScript with JSON behind it."""

from collections.abc import Iterator, Mapping
from typing import Final

from auditor.footprint.exports.archive import Archive
from auditor.footprint.exports.export import Audience, Detail, Export, Post, Sort
from auditor.footprint.exports.values import at, emails, is_located, loaded, moment, rows, table, text

PLATFORM: Final = "x"

_HOMES: Final = ("data",)
_TWEETS: Final = r"tweets?(?:-part\d+)?\.js"
_CUT: Final = 200
"""Letters by which a long post, which the list of posts cuts off, is known in the list of long ones."""
_COUNTED: Final = {
    "followers": r"followers?(?:-part\d+)?\.js",
    "accounts followed": r"following(?:-part\d+)?\.js",
    "likes": r"likes?(?:-part\d+)?\.js",
    "contacts uploaded": r"contacts?(?:-part\d+)?\.js",
    "connected apps": r"connected-applications?\.js",
}
_MONTHS: Final = (
    "X lists changes of “Protect your posts” of the last six months only, and there are none: open "
    "x.com/settings/audience_and_tagging to see how it is set."
)


def fits(archive: Archive) -> bool:
    """Whether the account's own file lies in `data/`."""
    return bool(archive.called(r"account\.js", _HOMES))


def read(archive: Archive) -> Export:
    """The account as the archive tells it."""
    accounts = [table(entry.get("account")) for entry in _entries(archive, r"account\.js")]
    profiles = [table(at(entry, "profile", "description")) for entry in _entries(archive, r"profile\.js")]
    handle = next((text(account.get("username")) for account in accounts), "")
    audience = _audience(archive)
    return Export(
        PLATFORM,
        handles=(handle,) if handle else (),
        names=tuple(filter(None, (text(account.get("accountDisplayName")) for account in accounts))),
        about=tuple(
            filter(None, (text(profile.get(key)) for profile in profiles for key in ("bio", "website", "location")))
        ),
        details=tuple(_details(archive, accounts, profiles)),
        posts=tuple(_posts(archive, handle, audience)),
        audience=audience,
        counts={what: n for what, pattern in _COUNTED.items() if (n := sum(1 for _ in _entries(archive, pattern)))},
        unseen=(_MONTHS,) if audience is Audience.UNKNOWN else (),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


def _entries(archive: Archive, pattern: str) -> Iterator[Mapping[str, object]]:
    """The entries of all files called so: what stands behind the first "= " is JSON."""
    for name in archive.called(pattern, _HOMES):
        body = archive.read(name)
        head, mark, rest = body.partition(b"= ")
        if not mark or b"[" in head or b"{" in head:
            head, mark, rest = body.partition(b"=")
        value = loaded(rest.strip().rstrip(b";")) if mark else None
        if body and value is None:
            archive.leave(name, "is not written as X writes it")
        yield from rows(value)


def _audience(archive: Archive) -> Audience:
    """Who sees the posts, by the last change of that setting."""
    changes = [
        (when, text(at(entry, "protectedHistory", "action")).casefold())
        for entry in _entries(archive, r"protected-history\.js")
        if (when := moment(at(entry, "protectedHistory", "protectedAt")))
    ]
    last = max(changes, default=(None, ""))[1]
    if last == "protect":
        return Audience.FRIENDS
    return Audience.EVERYBODY if last == "unprotect" else Audience.UNKNOWN


def _details(
    archive: Archive, accounts: list[Mapping[str, object]], profiles: list[Mapping[str, object]]
) -> Iterator[Detail]:
    for account in accounts:
        for address in emails(text(account.get("email"))):
            yield Detail(Sort.EMAIL, address, Audience.OWNER, "account.js")
    for entry in _entries(archive, r"phone-number\.js"):
        if number := text(at(entry, "device", "phoneNumber")):
            yield Detail(Sort.PHONE, number, Audience.OWNER, "phone-number.js")
    for entry in _entries(archive, r"ageinfo\.js"):
        born = at(entry, "ageMeta", "ageInfo", "birthDate") or at(entry, "ageMeta", "inferredAgeInfo", "birthDate")
        if text(born):
            yield Detail(Sort.BIRTHDAY, text(born), Audience.UNKNOWN, "ageinfo.js")
    for profile in profiles:
        if place := text(profile.get("location")):
            yield Detail(Sort.HOME, place, Audience.EVERYBODY, "profile.js")


def _posts(archive: Archive, handle: str, audience: Audience) -> Iterator[Post]:
    notes = [
        text(at(entry, "noteTweet", "core", "text")) for entry in _entries(archive, r"note-tweet(?:-part\d+)?\.js")
    ]
    whole = {note[:_CUT]: note for note in notes if len(note) > _CUT}
    for entry in _entries(archive, _TWEETS):
        tweet = table(entry.get("tweet")) or entry
        said = text(tweet.get("full_text")) or text(tweet.get("text"))
        number = text(tweet.get("id_str")) or text(tweet.get("id"))
        said = whole.get(said[:_CUT], said)
        if said.startswith("RT @"):
            said = ""  # somebody else's words
        yield Post(
            "post",
            said,
            moment(tweet.get("created_at")),
            audience,
            url=f"https://x.com/{handle}/status/{number}" if handle and number.isdigit() else "",
            located=is_located(tweet)
            or bool(at(tweet, "geo", "coordinates") or at(tweet, "coordinates", "coordinates")),
            file="tweets.js",
        )
