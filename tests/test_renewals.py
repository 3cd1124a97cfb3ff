"""The certificate of a site of the district's own is spoken of in its report before it ends."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auditor.check import in_words
from benchmarks.planted_certificates import end_of
from benchmarks.planted_links import SOON, TRUSTED, PlantedLinks
from reports.story import Renewal
from tests.stories import DIARY, NOON, PAGE_OF_LINCOLN, READING_CORNER, ROOM_12, ROOSEVELT, memory, told
from tests.stories import SITE_OF_LINCOLN as SITE
from tests.test_audit import District


@pytest.mark.parametrize(("host", "is_soon"), [(SOON, True), (TRUSTED, False)])
def test_a_school_is_told_that_the_certificate_of_its_site_ends_soon_and_it_is_no_finding(
    web: PlantedLinks, tmp_path: Path, host: str, is_soon: bool
) -> None:
    district = District(tmp_path)
    district.configure(f"{web.place(host)}/")

    done = district.auditor("audit")

    report = next((tmp_path / "data" / "reports").glob("lincoln.html")).read_text("utf-8")
    ends = end_of(web.place(host)).astimezone(ZoneInfo("America/Denver"))
    line = f"Coming up: the certificate of <bdi>{host}</bdi> ends on {in_words(ends)}."
    assert done.returncode == 0, done.stderr
    assert (line in report, "Coming up" in report) == (is_soon, is_soon)
    assert not [finding for finding in district.lines("findings") if "certificate" in str(finding)]


def test_each_server_is_told_once_to_the_school_whose_it_is_the_first_to_end_first() -> None:
    ends = NOON + timedelta(days=3)
    remembered = memory(
        renewals={
            SITE.id: ends + timedelta(days=5),
            ROOM_12.id: ends + timedelta(days=5),
            READING_CORNER.id: ends,
            DIARY.id: ends,
        }
    )

    assert told(remembered).renewals == (
        Renewal("rivera.example", ends.date()),
        Renewal("lincoln.riverbend.example", (ends + timedelta(days=5)).date()),
    )
    assert told(remembered, ROOSEVELT).renewals == ()


def test_a_certificate_that_was_over_when_the_report_was_told_is_not_coming_up() -> None:
    assert told(memory(renewals={PAGE_OF_LINCOLN.id: NOON - timedelta(days=1)})).renewals == ()
