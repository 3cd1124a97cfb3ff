"""Nothing that a finding says names a student or repeats a value, on any page of any rule."""

import csv
import re
from pathlib import Path

import pytest

from auditor.roster.names import parts
from tests.test_check_pages import BY_PAGE, HERE, PAGES, found_on

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def names(file: Path, *columns: str) -> set[str]:
    with file.open(encoding="utf-8", newline="") as opened:
        return {
            word
            for row in csv.DictReader(opened)
            if row.get("role", "student") == "student"
            for column in columns
            for word in parts(row[column])
            if len(word) > 2
        }


OF_STUDENTS = names(HERE / "district" / "oneroster" / "users.csv", "givenName", "familyName", "middleName")
OF_ADULTS = names(HERE / "district" / "staff.csv", "name")
# Words that stand in every text, or in the names of our schools.
ORDINARY = {"mark", "may", "hope", "will", "grace", "young", "lincoln", "madison", "parks", "del", "van", "der"}


@pytest.mark.parametrize(("rule", "file"), PAGES)
def test_no_finding_names_a_student_or_repeats_a_number(rule: str, file: Path) -> None:
    for finding in found_on(BY_PAGE[rule], file.read_text("utf-8")):
        # The addresses of pages and pictures are kept as they stand; what is said of them is not.
        said = "" if finding.subject.startswith("http") else finding.subject
        if not said and not finding.rule.startswith("student-"):
            continue
        said = f"{said} {finding.excerpt} {finding.advice}"
        said = re.sub(r"\bS-[0-9A-F]{8}\b", "", said)

        words = {part for word in WORD.findall(said) for part in parts(word)}
        assert not words & (OF_STUDENTS - OF_ADULTS - ORDINARY)
        if rule.startswith("student-") or rule in {"missing-agreement", "private-contact", "exposed-detail"}:
            assert not re.search(r"\d{4}|@[A-Za-z]", said)
