"""How findings live from audit to audit, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.errors import Mistake
from auditor.model import Account, Kind, LinkVerdict, Outcome, Severity, Status
from auditor.store import Store
from auditor.store.rows import StoredFinding
from tests.store.story import DEAD_LINK, LINCOLN, MONDAY, NAMED, OLD_SEAL, SITE, WEEK, Story, finding

ALIVE, BROKEN, BLOCKED = LinkVerdict.ALIVE, LinkVerdict.BROKEN, LinkVerdict.BLOCKED
GONE, SEAL = DEAD_LINK.subject, OLD_SEAL.subject


@pytest.fixture
def story(store: Store) -> Story:
    return Story(store)


def test_a_finding_is_stored_as_it_was_found(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    assert story.store.findings(now=MONDAY) == [
        StoredFinding(NAMED, Status.OPEN, MONDAY, MONDAY, story.audit_id, story.audit_id)
    ]


def test_a_finding_seen_again_keeps_its_first_day(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    first = story.audit_id

    graver = replace(NAMED, severity=Severity.CRITICAL, excerpt="J*** D*** won")
    story.audit({"news.html": [graver]})

    assert story.told() == StoredFinding(graver, Status.OPEN, MONDAY, MONDAY + WEEK, first, story.audit_id)


# ------------------------------------------------------------------------------------------- silence and documents


def test_a_page_read_again_without_it_fixes_a_finding(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit({"news.html": []})

    told = story.told()
    assert (told.status, told.fixed_at, told.fixed_audit) == (Status.FIXED, MONDAY + WEEK, story.audit_id)
    assert story.events() == ["fixed"]


def test_a_page_that_is_gone_fixes_a_finding(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit(gone=["news.html"])

    assert story.status() == "fixed"


def test_an_unread_page_never_fixes_a_finding(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit({"other.html": []}, missed=["news.html"])

    assert story.status() == "open"


def test_a_page_that_nobody_asked_for_fixes_nothing_even_when_all_else_was_read(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit({"other.html": []}, complete=True)

    assert story.status() == "open"


def test_a_page_read_in_part_fixes_nothing(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit(torn=["news.html"])

    assert story.status() == "open"


def test_a_check_that_broke_fixes_nothing(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit({"news.html": []}, judged=["broken-link"])

    assert story.status() == "open"


def test_one_page_of_an_account_read_in_part_is_enough_to_fix_what_was_on_it(story: Story) -> None:
    elsewhere = finding(path="club.html")
    story.audit({"news.html": [NAMED], "club.html": [elsewhere]})

    story.audit({"news.html": []}, missed=["club.html"])

    assert (story.status(), story.status(elsewhere)) == ("fixed", "open")


def test_another_account_s_audit_fixes_nothing(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit({"news.html": []}, account=replace(LINCOLN, id="lincoln-blog"))

    assert story.status() == "open"


def test_open_pages_are_those_to_ask_for_again(story: Story) -> None:
    fixed, dismissed = finding(path="a.html"), finding(path="b.html")
    story.audit({"news.html": [NAMED], "a.html": [fixed], "b.html": [dismissed]})
    story.store.dismiss(dismissed.id, "An invented name", "dreyes", MONDAY)

    story.audit({"a.html": []}, missed=["news.html", "b.html"])

    assert story.store.open_pages(LINCOLN.id) == (SITE + "b.html", SITE + "news.html")


# ------------------------------------------------------------------------------------------- silence, links, images


def test_a_link_that_answers_again_fixes_its_finding(story: Story) -> None:
    story.audit({"news.html": []}, links={GONE: BROKEN}, found=[DEAD_LINK])

    story.audit({"news.html": []}, links={GONE: ALIVE})

    assert story.status(DEAD_LINK) == "fixed"


@pytest.mark.parametrize(("verdict", "kind"), [(BLOCKED, "403"), (LinkVerdict.SUSPICIOUS, "garbled")])
def test_a_link_whose_far_side_would_not_talk_to_us_fixes_nothing(
    story: Story, verdict: LinkVerdict, kind: str
) -> None:
    story.audit({"news.html": []}, links={GONE: BROKEN}, found=[DEAD_LINK])

    story.audit({"news.html": []}, links={GONE: verdict}, link_kind=kind, complete=True)

    assert story.status(DEAD_LINK) == "open"


def test_a_link_taken_off_its_only_page_fixes_its_finding(story: Story) -> None:
    story.audit({"news.html": []}, links={GONE: BROKEN}, found=[DEAD_LINK])

    story.audit({"news.html": []})

    assert story.status(DEAD_LINK) == "fixed"


def test_a_link_taken_off_one_of_many_pages_may_stand_on_one_that_was_not_read(story: Story) -> None:
    everywhere = replace(DEAD_LINK, places=12)
    story.audit({"news.html": []}, links={GONE: BROKEN}, found=[everywhere])

    story.audit({"news.html": []})
    after_part = story.status(DEAD_LINK)
    story.audit({"news.html": []}, complete=True)

    assert (after_part, story.status(DEAD_LINK)) == ("open", "fixed")


def test_an_image_that_could_not_be_looked_at_fixes_nothing(story: Story) -> None:
    story.audit({"news.html": []}, images={SEAL: ""}, found=[OLD_SEAL])

    story.audit({"news.html": []}, images={SEAL: "the file is no picture"}, complete=True)
    unseen = story.status(OLD_SEAL)
    story.audit({"news.html": []}, images={SEAL: ""})

    assert (unseen, story.status(OLD_SEAL)) == ("open", "fixed")


# ------------------------------------------------------------------------------------------- silence and accounts


def test_a_rule_about_the_registry_needs_nothing_read(story: Story) -> None:
    overdue = finding("overdue-disclosure", path="", subject="disclosure")
    story.audit(found=[overdue])

    story.audit(missed=[""])

    assert story.status(overdue) == "fixed"


def test_an_account_rule_s_finding_on_a_page_needs_the_page(story: Story) -> None:
    stranger = finding("unregistered-account", path="links.html", subject="https://social.example/lincoln")
    story.audit({"links.html": []}, found=[stranger])

    story.audit({"news.html": []}, missed=["links.html"])
    unread = story.status(stranger)
    story.audit({"links.html": []})

    assert (unread, story.status(stranger)) == ("open", "fixed")


def test_an_account_rule_s_finding_of_a_thing_on_the_front_page_needs_the_front_page(story: Story) -> None:
    stranger = finding("unregistered-account", path="", subject="https://social.example/lincoln")
    story.audit({"": []}, found=[stranger])

    story.audit({"news.html": []}, missed=[""])
    unread = story.status(stranger)
    story.audit({"": []})

    assert (unread, story.status(stranger)) == ("open", "fixed")


def test_a_rule_that_the_policy_asks_no_more_withdraws_its_findings(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit(missed=["news.html"], forgotten=["student-name"])

    assert story.status() == "fixed"
    assert story.events() == ["withdrawn: the policy no longer asks for it"]


def test_a_rule_that_no_longer_applies_to_the_account_withdraws_its_findings(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit(missed=["news.html"], not_asked={"student-name": Outcome.NOT_APPLICABLE})

    assert story.status() == "fixed"
    assert story.events() == ["withdrawn: the rule no longer applies"]


def test_an_account_that_nobody_registers_any_more_is_retired(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.store.retire_accounts(["lincoln-blog"], MONDAY + WEEK)

    assert story.status() == "fixed"
    assert story.events() == ["withdrawn: the account is no longer registered"]
    assert (story.store.verdicts(), story.store.coverages()) == ((), ())


def test_pages_that_are_no_longer_the_account_s_take_their_findings_with_them(story: Story) -> None:
    moved = finding(path="old.html")
    story.audit({"news.html": [NAMED], "old.html": [moved]})

    story.store.withdraw_pages(LINCOLN.id, [moved.url], "the account has another address now", MONDAY)

    assert (story.status(), story.status(moved)) == ("open", "fixed")
    assert story.events(moved) == ["withdrawn: the account has another address now"]


# ------------------------------------------------------------------------------------------- back again


def test_a_fixed_finding_that_is_seen_again_came_back(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    first = story.audit_id
    story.audit({"news.html": []})

    story.audit({"news.html": [NAMED]})

    assert story.told() == StoredFinding(
        NAMED,
        Status.OPEN,
        first_seen=MONDAY,
        last_seen=MONDAY + 2 * WEEK,
        first_audit=first,
        last_audit=story.audit_id,
        came_back_at=MONDAY + 2 * WEEK,
        came_back_audit=story.audit_id,
    )
    assert story.events() == ["fixed", "came back"]


# ------------------------------------------------------------------------------------------- what people decide


def test_an_acknowledged_finding_stays_acknowledged_while_it_is_seen(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.store.acknowledge(NAMED.id, "dreyes", MONDAY)

    story.audit({"news.html": [NAMED]})

    assert (story.told().status, story.told().who) == (Status.ACKNOWLEDGED, "dreyes")


def test_a_dismissed_finding_stays_dismissed_until_its_last_day_is_over(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.store.dismiss(NAMED.id, "A character in a play", "dreyes", MONDAY, until=(MONDAY + WEEK).date())

    story.audit({"news.html": [NAMED]})
    on_its_last_day = story.status()
    story.audit({"news.html": [NAMED]})

    assert (on_its_last_day, story.status()) == ("dismissed", "open")
    assert story.events() == ["dismissed: A character in a play", "lapsed: the dismissal's last day is over"]


def test_a_dismissal_that_is_over_shows_before_any_audit_notices(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.store.dismiss(NAMED.id, "A character in a play", "dreyes", MONDAY, until=MONDAY.date())

    before = story.store.open_by_account(MONDAY)
    stored = story.store.findings(Status.OPEN, now=MONDAY + timedelta(days=1))
    after = story.store.open_by_account(MONDAY + timedelta(days=1))

    assert [s.id for s in stored] == [NAMED.id]
    assert (before, after) == ({}, {NAMED.account: 1})


def test_a_false_alarm_that_flickers_stays_dismissed(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.store.dismiss(NAMED.id, "A character in a play", "dreyes", MONDAY)
    story.audit({"news.html": []})
    away = story.status()

    story.audit({"news.html": [NAMED]})

    assert (away, story.status()) == ("fixed", "dismissed")


def test_a_dismissal_says_who_why_and_until_when(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    told = story.store.dismiss(NAMED.id, "  A character in a play ", "dreyes", MONDAY)

    assert (told.status, told.who, told.reason, told.until) == (
        Status.DISMISSED,
        "dreyes",
        "A character in a play",
        date(2027, 5, 15),
    )


def test_a_reopened_finding_is_as_if_nothing_had_been_decided(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.store.dismiss(NAMED.id, "A character in a play", "dreyes", MONDAY)

    story.store.reopen(NAMED.id, "mlopez", MONDAY)

    told = story.told()
    assert (told.status, told.until, told.reason, told.who) == (Status.OPEN, None, "", "mlopez")
    assert story.events() == ["dismissed: A character in a play", "reopened"]


@pytest.mark.parametrize(
    ("reason", "until", "fault"),
    [
        ("", None, "--reason: say why this is no trouble; the annual review shows it"),
        ("x", date(2026, 11, 15), "--until: 2026-11-15 is in the past"),
        (
            "x",
            date(2027, 11, 18),
            "--until: 2027-11-18 is over a year away; the last day possible is 2027-11-17",
        ),
    ],
)
def test_a_dismissal_without_a_reason_or_a_sound_date_is_refused(
    story: Story, reason: str, until: date | None, fault: str
) -> None:
    story.audit({"news.html": [NAMED]})

    with pytest.raises(Mistake) as refused:
        story.store.dismiss(NAMED.id, reason, "dreyes", MONDAY, until)

    assert refused.value.faults == (fault,)
    assert story.status() == "open"


def test_an_unknown_finding_is_a_mistake_with_a_hint(story: Story) -> None:
    known = finding(fingerprint="abcdefghij234567")
    story.audit({"news.html": [known]})

    with pytest.raises(Mistake) as typo:
        story.store.acknowledge("f-abcdefghij234568", "dreyes", MONDAY)
    with pytest.raises(Mistake) as invented:
        story.store.acknowledge("zzz", "dreyes", MONDAY)

    assert str(typo.value) == 'there is no finding "f-abcdefghij234568". Did you mean "f-abcdefghij234567"?'
    assert str(invented.value) == 'there is no finding "zzz". "auditor findings" lists them.'


def test_what_is_fixed_can_be_neither_dismissed_nor_acknowledged(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.audit({"news.html": []})

    with pytest.raises(Mistake, match="is fixed already"):
        story.store.dismiss(NAMED.id, "x", "dreyes", story.now)
    with pytest.raises(Mistake, match="is fixed already"):
        story.store.acknowledge(NAMED.id, "dreyes", story.now)


# ------------------------------------------------------------------------------------------- asked for


def test_findings_come_gravest_first_and_can_be_chosen(story: Story) -> None:
    grave = finding("student-contact", severity=Severity.CRITICAL)
    story.audit({"news.html": [NAMED, grave]})

    everything = [s.finding.rule for s in story.store.findings(now=MONDAY)]
    one_rule = [s.finding.rule for s in story.store.findings(rule="student-name", now=MONDAY)]
    other_school = story.store.findings(school="jefferson", now=MONDAY)
    fixed = story.store.findings(Status.FIXED, now=MONDAY)

    assert everything == ["student-contact", "student-name"]
    assert (one_rule, other_school, fixed) == (["student-name"], [], [])


def test_a_district_s_own_findings_need_no_account(story: Story) -> None:
    district = Account(id="district", kind=Kind.OFFICIAL, platform="", url="")
    stale = replace(finding("overdue-disclosure", subject="roster"), account="district", school="", url="")
    story.audit(account=district, found=[stale])

    story.audit(account=district)

    assert story.status(stale) == "fixed"
