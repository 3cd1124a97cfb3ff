"""Instagram, by its JSON export: under `your_instagram_activity/`, under `content/`, and flat as before 2021."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
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
    moment,
    rows,
    stamped,
    table,
)

PLATFORM: Final = "instagram"

_PROFILE: Final = "personal_information.json"
_FLAT: Final = ("profile.json", "media.json", "connections.json")
_MEDIA: Final = r"(?:posts(?:_\d+)?|stories|reels|igtv_videos|archived_posts|recently_deleted_content)\.json"
_PLACES: Final = ("content", "media")
_HIDDEN: Final = ("archived_posts", "recently_deleted_content")
_COMMENTS: Final = r"(?:post_comments|reels_comments|hype)(?:_\d+)?\.json"
_COUNTED: Final = {
    "followers": r"followers(?:_\d+)?\.json",
    "accounts followed": r"following(?:_\d+)?\.json",
    "posts liked": r"liked_posts\.json",
    "posts saved": r"saved_posts\.json",
}
_YES: Final = frozenset({"true", "yes", "1"})
_ENGLISH: Final = {
    "benutzername": "username",
    "nombre de usuario": "username",
    "nombre": "name",
    "biografía": "bio",
    "biografie": "bio",
    "presentación": "bio",
    "telefonnummer": "phone number",
    "número de teléfono": "phone number",
    "geburtsdatum": "date of birth",
    "fecha de nacimiento": "date of birth",
    "privates konto": "private account",
    "cuenta privada": "private account",
}
"""Labels in other languages of the people that we write for, in English."""


def fits(archive: Archive) -> bool:
    """Whether the profile lies where Instagram puts it, or the files of the flat layout lie side by side."""
    if archive.called(r"personal_information\.(?:json|html)", ["personal_information"]):
        return True
    homes = [{name.rpartition("/")[0] for name in archive.ending(file)} for file in _FLAT]
    return bool(homes[0] & homes[1] | homes[0] & homes[2])


def read(archive: Archive) -> Export:
    """The account as the export tells it."""
    if archive.called(_PROFILE.replace(".", r"\."), ["personal_information"]):
        return _layered(archive)
    if archive.ending(_FLAT[0]):
        return _flat(archive)
    return Export(PLATFORM, unseen=(AS_JSON,), left_out=tuple(archive.left_out), messages=archive.messages)


# ------------------------------------------------------------------------------------------------ with folders


def _layered(archive: Archive) -> Export:
    words: dict[str, str] = {}
    file = ""
    for file in archive.called(_PROFILE.replace(".", r"\."), ["personal_information"]):
        loaded = json_file(archive, file)
        for entry in rows(at(loaded, "profile_user") or loaded):
            for label, value in labelled(entry).items():
                words.setdefault(_ENGLISH.get(label, label), value)
    audience = _audience(archive, words)
    return Export(
        PLATFORM,
        handles=tuple(filter(None, [words.get("username", "")])),
        names=tuple(filter(None, [words.get("name", "")])),
        about=tuple(filter(None, [words.get("bio", ""), words.get("website", "")])),
        details=tuple(_details(words, file)),
        posts=(*_posts(archive, audience), *_comments(archive)),
        audience=audience,
        counts={what: n for what, pattern in _COUNTED.items() if (n := _count(archive, pattern))},
        unseen=() if audience is not Audience.UNKNOWN else (_NOT_SAID,),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


_NOT_SAID: Final = "This export does not say whether the account is private."


def _audience(archive: Archive, words: Mapping[str, str]) -> Audience:
    """Who sees the posts: by the profile's own word, else by the last change of it."""
    said = next((value.casefold() for label, value in words.items() if label == "private account"), "")
    if said:
        return Audience.FRIENDS if said in _YES else Audience.EVERYBODY
    changes = [
        (when, mended(entry.get("title")).casefold())
        for name in archive.called(r"(?:account|profile)_privacy_changes\.json")
        for entry in rows(at(json_file(archive, name), "account_history_account_privacy_history"))
        if (when := stamped(entry))
    ]
    last = max(changes, default=(None, ""))[1]
    if "private" in last:
        return Audience.FRIENDS
    return Audience.EVERYBODY if "public" in last else Audience.UNKNOWN


def _details(words: Mapping[str, str], file: str) -> Iterator[Detail]:
    """What the profile has on record. Addresses are known by their shape, whatever language the labels are in."""
    for address in dict.fromkeys(found for value in words.values() for found in emails(value)):
        yield Detail(Sort.EMAIL, address, Audience.OWNER, file)
    for label, value in words.items():
        if label in ("phone number", "phone") and value:
            yield Detail(Sort.PHONE, value, Audience.OWNER, file)
        elif label in ("date of birth", "birthday") and value:
            yield Detail(Sort.BIRTHDAY, value, Audience.OWNER, file)


def _posts(archive: Archive, audience: Audience) -> Iterator[Post]:
    """Posts, each once: newer exports tell them in two spellings, and those that are archived once more.

    A story is seen for a day, or for ever where it is kept among the highlights, of which the export does not tell.
    """
    found: dict[object, Post] = {}
    for name in sorted(archive.called(_MEDIA, _PLACES), key=_newest_last):
        loaded = json_file(archive, name)
        entries = loaded if isinstance(loaded, list) else next(iter(table(loaded).values()), None)
        story, hidden = "stories.json" in name, any(word in name for word in _HIDDEN)
        seen_by = Audience.OWNER if hidden else Audience.UNKNOWN if story else audience
        for number, entry in enumerate(rows(entries)):
            post = _post(entry, "story" if story else "post", seen_by, name)
            key = (post.what, post.when) if post.when else (name, number)
            found[key] = replace(post, held=post.held or (key in found and found[key].held))
    yield from found.values()


def _newest_last(name: str) -> tuple[bool, bool, str]:
    return any(word in name for word in _HIDDEN), name.endswith("/posts.json"), name


def _post(entry: Mapping[str, object], what: str, audience: Audience, file: str) -> Post:
    """One entry. The place that it carries is the camera's, which Instagram does not show."""
    media = rows(entry.get("media")) if entry.get("media") else [entry]
    told = labelled(entry)
    words = [mended(entry.get("title")), *(mended(one.get("title")) for one in media)]
    words += [told.get("caption", "") or told.get("text", "")]
    return Post(
        what,
        "\n".join(dict.fromkeys(filter(None, words))),
        stamped(entry) or next((when for one in media if (when := stamped(one))), None),
        audience,
        held=is_located(entry),
        file=file,
    )


def _comments(archive: Archive) -> Iterator[Post]:
    """Comments stand under somebody's post: who sees that one, nobody can tell from here."""
    for name in archive.called(_COMMENTS, ["comments"]):
        loaded = json_file(archive, name)
        entries = loaded if isinstance(loaded, list) else next(iter(table(loaded).values()), None)
        for entry in rows(entries):
            yield Post("comment", labelled(entry).get("comment", ""), stamped(entry), Audience.UNKNOWN, file=name)


def _count(archive: Archive, pattern: str) -> int:
    counted = 0
    for name in archive.called(pattern):
        loaded = json_file(archive, name)
        value = loaded if isinstance(loaded, list) else next(iter(table(loaded).values()), None)
        counted += len(value) if isinstance(value, list | dict) else 0
    return counted


# ------------------------------------------------------------------------------------------------ flat


def _flat(archive: Archive) -> Export:
    (file, *_) = archive.ending(_FLAT[0])
    profile = table(json_file(archive, file))
    private = profile.get("private_account")
    audience = Audience.UNKNOWN
    if isinstance(private, bool):
        audience = Audience.FRIENDS if private else Audience.EVERYBODY
    words = {
        "email": mended(profile.get("email")),
        "phone number": mended(profile.get("phone_number")),
        "date of birth": mended(profile.get("date_of_birth")),
    }
    return Export(
        PLATFORM,
        handles=tuple(filter(None, [mended(profile.get("username"))])),
        names=tuple(filter(None, [mended(profile.get("name"))])),
        about=tuple(filter(None, [mended(profile.get("biography")), mended(profile.get("website"))])),
        details=tuple(_details(words, file)),
        posts=(*_flat_posts(archive, audience), *_flat_comments(archive)),
        audience=audience,
        counts={what: n for what, n in _flat_counts(archive) if n},
        unseen=() if audience is not Audience.UNKNOWN else (_NOT_SAID,),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


def _flat_posts(archive: Archive, audience: Audience) -> Iterator[Post]:
    for name in archive.ending("media.json"):
        loaded = table(json_file(archive, name))
        for what in ("photos", "videos", "stories"):
            for entry in rows(loaded.get(what)):
                said, when = mended(entry.get("caption")), moment(entry.get("taken_at"))
                seen_by, kind = (Audience.UNKNOWN, "story") if what == "stories" else (audience, "post")
                located = bool(entry.get("location"))
                yield Post(kind, said, when, seen_by, located=located, held=is_located(entry), file=name)


def _flat_comments(archive: Archive) -> Iterator[Post]:
    for name in archive.ending("comments.json"):
        listed = at(json_file(archive, name), "media_comments")
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, list) and len(entry) > 1:
                yield Post("comment", mended(entry[1]), moment(entry[0]), Audience.UNKNOWN, file=name)


def _flat_counts(archive: Archive) -> Iterator[tuple[str, int]]:
    for name in archive.ending("connections.json"):
        loaded = table(json_file(archive, name))
        for key, what in (("followers", "followers"), ("following", "accounts followed")):
            value = loaded.get(key)
            yield what, len(value) if isinstance(value, dict | list) else 0
