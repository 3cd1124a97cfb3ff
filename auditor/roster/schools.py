"""Which of our schools a student goes to: the export's organisations matched with the `[[schools]]` of the district."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from auditor.model import School
from auditor.roster.archive import Archive
from auditor.roster.names import plain
from auditor.roster.tables import Notes, Row, Table

_NO_SCHOOLS: Final = frozenset({"district", "department", "local", "state", "national"})
_SHORT: Final = {
    **dict.fromkeys(("elem", "el", "es"), "elementary"),
    "ms": "middle",
    "hs": "high",
    "jr": "junior",
    "sr": "senior",
    "ctr": "center",
    "acad": "academy",
    "sch": "school",
    "mt": "mount",
    "st": "saint",
}
_LEFT_OUT: Final = frozenset({"school", "schools", "the"})


class SchoolFinder:
    """Finds our school ids for the export's organisations, and for students of whom it names none, by enrollment."""

    def __init__(self, archive: Archive, schools: Sequence[School], notes: Notes) -> None:
        self._archive, self._notes = archive, notes
        self._ours = _by_name(schools)
        self._orgs = self._read_orgs() if "orgs.csv" in archive.files else {}
        self._enrolled: dict[str, frozenset[str]] | None = None
        self._unknown: set[str] = set()

    def schools(self, orgs: Iterable[str], row: Row) -> frozenset[str]:
        """The schools of a student whose row names these organisations; empty for the district at large."""
        found = self._of(orgs, row.number, "users.csv", "orgSourcedIds")
        return found or self._enrollments().get(row["sourcedId"], frozenset())

    def _of(self, orgs: Iterable[str], number: int, file: str, column: str) -> frozenset[str]:
        found: set[str] = set()
        for org in orgs:
            known = self._orgs.get(org)
            if known is None:
                known = self._ours.get(_plain_name(org), frozenset())
                if not known and org not in self._unknown and self._ours:
                    self._unknown.add(org)
                    self._notes.add(
                        file, number, column, "an organisation that is neither in orgs.csv nor in config.toml"
                    )
            found |= known
        return frozenset(found)

    def _read_orgs(self) -> Mapping[str, frozenset[str]]:
        """Our schools by the export's `sourcedId`; empty for a district, a department or a school that is not ours."""
        found: dict[str, frozenset[str]] = {}
        parents: dict[str, str] = {}
        wanted = ("sourcedId", "status", "name", "type", "identifier", "parentSourcedId")
        with self._archive.files["orgs.csv"]() as opened:
            for row in Table("orgs.csv", opened, self._notes, wanted).rows():
                org = row["sourcedId"]
                names = (org, row["identifier"], row["name"])
                found[org] = next((ours for name in names if (ours := self._ours.get(_plain_name(name)))), frozenset())
                parents[org] = row["parentSourcedId"]
                if not found[org] and row["type"].casefold() not in _NO_SCHOOLS and self._ours:
                    what = "no school in config.toml has this id or name; its students count for the district"
                    self._notes.add("orgs.csv", row.number, "name", what)
        return {org: found[org] or found.get(parents[org], frozenset()) for org in found}

    def _enrollments(self) -> Mapping[str, frozenset[str]]:
        """Our schools by user, from enrollments.csv and classes.csv; read only where somebody needs them."""
        if self._enrolled is None:
            self._enrolled = {}
            if "enrollments.csv" in self._archive.files:
                self._read_enrollments(self._enrolled, self._read_classes())
        return self._enrolled

    def _read_enrollments(self, enrolled: dict[str, frozenset[str]], classes: Mapping[str, str]) -> None:
        wanted = ("status", "classSourcedId", "schoolSourcedId", "userSourcedId", "role")
        with self._archive.files["enrollments.csv"]() as opened:
            for row in Table("enrollments.csv", opened, self._notes, wanted).rows():
                if row["status"].casefold() == "tobedeleted" or row["role"].casefold() not in ("student", ""):
                    continue
                school = row["schoolSourcedId"] or classes.get(row["classSourcedId"], "")
                if school:
                    ours = self._of([school], row.number, "enrollments.csv", "schoolSourcedId")
                    enrolled[row["userSourcedId"]] = enrolled.get(row["userSourcedId"], frozenset()) | ours

    def _read_classes(self) -> Mapping[str, str]:
        if "classes.csv" not in self._archive.files:
            return {}
        with self._archive.files["classes.csv"]() as opened:
            table = Table("classes.csv", opened, self._notes, ("sourcedId", "schoolSourcedId"))
            return {row["sourcedId"]: row["schoolSourcedId"] for row in table.rows()}


def _by_name(schools: Sequence[School]) -> Mapping[str, frozenset[str]]:
    """School ids by whatever they are called; where two are called the same, the name finds neither."""
    found: dict[str, set[str]] = {}
    for school in schools:
        for name in {_plain_name(school.id), _plain_name(school.name)} - {""}:
            found.setdefault(name, set()).add(school.id)
    return {name: frozenset(ids) for name, ids in found.items() if len(ids) == 1}


def _plain_name(name: str) -> str:
    """ "LINCOLN Elem. School" and "Lincoln Elementary" are the same school."""
    words = re.findall(r"\w+", plain(name).replace("'", "").replace("_", " ").casefold())
    kept = [_SHORT.get(word, word) for word in words if _SHORT.get(word, word) not in _LEFT_OUT]
    return " ".join(kept or words)
