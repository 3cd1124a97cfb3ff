"""The bundled demo district: as large, as mixed and as seldom at fault as a real one."""

import csv
import re
from datetime import date
from pathlib import Path

from auditor.commands.demo import CONFIG
from auditor.config import load
from auditor.demo.sites import HERE, sites

PAGES = {
    f"http://127.0.0.1:{site.port}{path}": body.decode()
    for site in sites()
    for path, (media, body) in site.pages.items()
    if media.startswith("text/html") and not path.startswith("/api/")
}
POSTS = {url: text for url, text in PAGES.items() if re.search(r"/\d{4}/\d\d/\d\d/", url)}


def students() -> set[str]:
    """First and last names of the demo's invented students."""
    with Path(HERE / "oneroster" / "users.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {f"{row['givenName']} {row['familyName']}" for row in rows if row["role"] == "student"}


def test_it_has_schools_an_office_accounts_and_pages_in_the_styles_of_school_systems() -> None:
    district = load(CONFIG, date(2026, 11, 16)).district

    assert [school.id for school in district.schools] == ["district-office", "lincoln", "roosevelt", "madison-high"]
    assert len(district.accounts) >= 20
    assert len(PAGES) >= 150
    assert len({file.stem for file in (HERE / "shells").iterdir()}) >= 5
    assert {told[1] for text in PAGES.values() if (told := re.search(r'<html[^>]*lang="?(\w+)', text))} == {"en", "es"}
    assert {file.suffix for file in (HERE / "files").iterdir()} >= {".pdf", ".xlsx", ".docx"}


def test_about_four_of_a_hundred_posts_identify_a_student() -> None:
    names = students()

    found = sum(any(name in text for name in names) for text in POSTS.values())

    assert 0.03 <= found / len(POSTS) <= 0.05
    assert len(names) > 100


def test_nobody_real_can_be_reached_from_it() -> None:
    addresses = {host for text in PAGES.values() for host in re.findall(r"[\w.+-]+@([\w.-]+\w)", text)}
    numbers = {number for text in PAGES.values() for number in re.findall(r"\d{3}-\d{3}-\d{4}", text)}

    assert all(host.endswith((".example", ".invalid", "example.org", "example.com")) for host in addresses), addresses
    assert all(number[4:7] == "555" for number in numbers), numbers
