"""LinkedIn, by its tables: flat or in a folder, basic or complete, with or without a number behind their names."""

from collections.abc import Iterator, Mapping
from typing import Final

from auditor.footprint.exports.archive import Archive
from auditor.footprint.exports.export import Audience, Detail, Export, Post, Sort
from auditor.footprint.exports.values import csv_rows, emails, moment

PLATFORM: Final = "linkedin"

_ID: Final = r"(?:_\d+)?\.csv"
_AUDIENCES: Final = {"public": Audience.EVERYBODY, "anyone": Audience.EVERYBODY, "connections": Audience.FRIENDS}
_COUNTED: Final = {
    "connections": rf"Connections{_ID}",
    "invitations": rf"Invitations{_ID}",
    "guesses about you": rf"Inferences_about_you{_ID}",
    "recommendations": rf"Recommendations_Received{_ID}",
}
_NOT_SAID: Final = (
    "LinkedIn's export does not say who may see your profile: open linkedin.com/public-profile/settings to see it."
)


def fits(archive: Archive) -> bool:
    """Whether two of the tables that every export has lie side by side."""
    homes = [
        {name.rpartition("/")[0] for name in archive.called(rf"{table}{_ID}")}
        for table in ("Profile", "Email Addresses", "Positions", "Connections", "Registration")
    ]
    return any(homes[a] & homes[b] for a in range(len(homes)) for b in range(a))


def read(archive: Archive) -> Export:
    """The account as the export tells it."""
    profiles = list(_rows(archive, "Profile"))
    names = (f"{row.get('first name', '')} {row.get('last name', '')}".strip() for row in profiles)
    return Export(
        PLATFORM,
        names=tuple(filter(None, names)),
        about=tuple(
            filter(None, (row.get(key, "") for row in profiles for key in ("headline", "summary", "websites")))
        ),
        work=tuple(_work(archive)),
        details=tuple(_details(archive, profiles)),
        posts=tuple(_posts(archive)),
        counts={what: n for what, pattern in _COUNTED.items() if (n := _count(archive, pattern))},
        unseen=(_NOT_SAID,),
        left_out=tuple(archive.left_out),
        messages=archive.messages,
    )


def _rows(archive: Archive, table: str, escape: str | None = None) -> Iterator[Mapping[str, str]]:
    for name in archive.called(rf"{table}{_ID}"):
        yield from csv_rows(archive, name, escape)


def _count(archive: Archive, pattern: str) -> int:
    return sum(1 for name in archive.called(pattern) for _ in csv_rows(archive, name))


def _work(archive: Archive) -> Iterator[str]:
    for row in _rows(archive, "Positions"):
        if words := " ".join(filter(None, (row.get("title", ""), row.get("company name", "")))):
            yield words


def _details(archive: Archive, profiles: list[Mapping[str, str]]) -> Iterator[Detail]:
    for row in _rows(archive, "Email Addresses"):
        for address in emails(row.get("email address", "")):
            yield Detail(Sort.EMAIL, address, Audience.UNKNOWN, "Email Addresses.csv")
    for row in (*_rows(archive, "PhoneNumbers"), *_rows(archive, "Whatsapp Phone Numbers")):
        if number := row.get("number", ""):
            yield Detail(Sort.PHONE, number, Audience.UNKNOWN, "PhoneNumbers.csv")
    for row in profiles:
        for sort, key in ((Sort.BIRTHDAY, "birth date"), (Sort.HOME, "address")):
            if value := row.get(key, ""):
                yield Detail(sort, value, Audience.UNKNOWN, "Profile.csv")


def _posts(archive: Archive) -> Iterator[Post]:
    for row in _rows(archive, "Shares"):
        audience = _AUDIENCES.get(row.get("visibility", "").casefold(), Audience.UNKNOWN)
        when, url = moment(row.get("date", "")), row.get("sharelink", "")
        yield Post("post", _unquoted(row.get("sharecommentary", "")), when, audience, url=url, file="Shares.csv")
    for row in _rows(archive, "Comments", escape="\\"):
        said, when = row.get("message", ""), moment(row.get("date", ""))
        yield Post("comment", said, when, Audience.UNKNOWN, url=row.get("link", ""), file="Comments.csv")


def _unquoted(said: str) -> str:
    """A share's words; LinkedIn puts each of its lines into quotes of its own."""
    return "\n".join(line.strip('"') for line in said.split("\n"))
