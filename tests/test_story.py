"""What a report tells, worked out from stored rows."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.judge import Judge, Said
from auditor.model import (
    Account,
    Blind,
    Coverage,
    Kind,
    Outcome,
    Reason,
    Severity,
    Status,
    Verdict,
)
from auditor.store.rows import StoredFinding, Tally
from reports.district import headline as district_headline
from reports.items import Item, divide, shortened, tasks
from reports.reach import Unjudged, Unseen
from reports.rollup import most_broken, row, unregistered
from reports.school import headline, start_with, what_was_seen
from reports.story import Week, shares, tell, weeks
from reports.words import State, Urgency, by_when, moment, month_day, plural, sentence, short
from tests import stories
from tests.stories import (
    AUDITS,
    DIARY,
    HELPS,
    LINCOLN,
    MCPS,
    NO_ROSTER,
    NOON,
    READING_CORNER,
    RIVERBEND,
    ROOM_12,
    ROOSEVELT,
    SITE_OF_LINCOLN,
    SITE_OF_ROOSEVELT,
    finding,
    fixed,
    memory,
    read,
    stored,
    told,
)

ALL_READ = [read(account) for account in RIVERBEND.accounts]
CRITICAL, MODERATE, MINOR = Severity.CRITICAL, Severity.MODERATE, Severity.MINOR


def text_of(page: str) -> str:
    """A page's words on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]))


# ------------------------------------------------------------------------------------------------ items


def test_one_subject_on_many_pages_is_one_item() -> None:
    pages = [stored(finding(page=page), 6) for page in ("b.html", "a.html", "c.html")]

    story = told(memory(pages, ALL_READ))

    (item,) = story.items
    assert [place.url for place in item.places] == [
        SITE_OF_LINCOLN.url + page for page in ("a.html", "b.html", "c.html")
    ]
    assert (item.pages, item.more_places) == (3, 0)
    assert story.open(Urgency.TODAY) == 1


def test_two_people_on_one_page_whose_masks_are_alike_are_two_items() -> None:
    one, other = finding(excerpt="Ann E*** j***@***.com"), finding(excerpt="Ben E*** j***@***.com")
    other = replace(other, fingerprint="of-another")
    elsewhere = finding(page="z.html")

    items = told(memory([stored(one), stored(other), stored(elsewhere)], ALL_READ)).items

    assert sorted(len(item.places) for item in items) == [1, 2]


def test_an_item_names_ten_pages_and_counts_the_others() -> None:
    pages = [stored(finding(page=f"{n}.html")) for n in range(14)]

    (item,) = told(memory(pages, ALL_READ)).items

    assert (len(item.places), item.more_places, item.pages) == (10, 4, 14)


def test_a_link_rule_tells_on_how_many_pages_its_one_finding_stands() -> None:
    dead = stored(finding("broken-link", subject="http://gone.example/", places=43))

    (item,) = told(memory([dead], ALL_READ)).quality

    assert (item.pages, len(item.places), item.is_address) == (43, 1, True)


def test_the_same_subject_in_two_accounts_is_two_items() -> None:
    both = [stored(finding()), stored(finding(account=ROOM_12))]

    assert [i.account for i in told(memory(both, ALL_READ)).items] == ["lincoln-grade3", "lincoln-site"]


def test_a_breach_and_a_question_about_one_subject_stay_apart() -> None:
    both = [stored(finding()), stored(finding(page="2.html", outcome=Outcome.REVIEW))]

    assert [i.question for i in told(memory(both, ALL_READ)).items] == [False, True]


def test_the_gravest_come_first_then_what_is_certain_then_children_then_the_oldest() -> None:
    mixed = [
        stored(finding(subject="new")),
        stored(finding(subject="old"), 3),
        stored(finding(subject="asked", outcome=Outcome.REVIEW), 1),
        stored(finding("unlinked-account", subject="minor", severity=MINOR), 1),
        stored(finding("student-contact", subject="critical", severity=CRITICAL)),
        stored(finding("unapproved-account", subject="no child"), 2),
    ]

    assert [i.subject for i in told(memory(mixed, ALL_READ)).items] == [
        *("critical", "old", "new", "no child", "asked", "minor")
    ]


@pytest.mark.parametrize(
    ("severity", "urgency", "due"),
    [
        (Severity.CRITICAL, Urgency.TODAY, date(2026, 11, 16)),
        (Severity.SERIOUS, Urgency.TODAY, date(2026, 11, 16)),
        (Severity.MODERATE, Urgency.WEEK, date(2026, 11, 23)),
        (Severity.MINOR, Urgency.TIDY, date(2026, 12, 16)),
    ],
)
def test_the_severity_says_how_soon_to_act_and_by_when(severity: Severity, urgency: Urgency, due: date) -> None:
    (item,) = told(memory([stored(finding(severity=severity))], ALL_READ)).items

    assert (item.urgency, item.due) == (urgency, due)


# ------------------------------------------------------------------------------------------------ over time


def state_of(*findings: StoredFinding) -> tuple[State, int]:
    (item,) = told(memory(findings, ALL_READ)).items
    return item.state, item.days_open


def test_what_the_last_audit_saw_first_is_new() -> None:
    assert state_of(stored(finding(), 9)) == (State.NEW, 0)


def test_what_an_earlier_audit_saw_is_still_open_for_so_many_days() -> None:
    assert state_of(stored(finding(), 6)) == (State.STILL_OPEN, 21)


def test_one_old_page_makes_the_item_old() -> None:
    assert state_of(stored(finding(), 9), stored(finding(page="2.html"), 8)) == (State.STILL_OPEN, 7)


def test_what_was_fixed_and_is_there_again_came_back_and_its_days_begin_anew() -> None:
    back = stored(finding(), 2, came_back_at=AUDITS[9], came_back_audit=9)

    assert state_of(back) == (State.CAME_BACK, 0)


def test_what_came_back_some_audits_ago_is_still_open_since_then() -> None:
    back = stored(finding(), 2, came_back_at=AUDITS[7], came_back_audit=7)

    assert state_of(back) == (State.STILL_OPEN, 14)


def test_what_an_interrupted_audit_saw_first_is_new() -> None:
    interrupted = replace(memory([stored(finding(), 9)], ALL_READ), last_audits={"lincoln-site": 8})

    (item,) = told(interrupted).items

    assert (item.state, item.days_open) == (State.NEW, 0)


def test_what_could_not_be_looked_at_again_says_so() -> None:
    (item,) = told(memory([stored(finding(), 5, 8)], ALL_READ)).items

    assert (item.state, item.seen_again, item.last_seen) == (State.STILL_OPEN, False, AUDITS[8])


def test_an_item_is_on_somebodys_desk_when_all_of_it_is_acknowledged() -> None:
    one, other = stored(finding(), status=Status.ACKNOWLEDGED), stored(finding(page="2.html"))

    assert told(memory([one], ALL_READ)).items[0].acknowledged
    assert not told(memory([one, other], ALL_READ)).items[0].acknowledged


def test_what_was_fixed_in_the_last_two_weeks_is_thanked_for() -> None:
    lately, long_ago = fixed(finding(subject="lately"), 3, 7), fixed(finding(subject="long ago"), 3, 6)

    story = told(memory([lately, long_ago], ALL_READ))

    assert [(i.subject, i.state, i.fixed_at) for i in story.fixed] == [("lately", State.FIXED, AUDITS[7])]
    assert story.count(State.FIXED, Urgency.TODAY) == 1


def test_what_the_policy_merely_no_longer_asks_for_is_not_called_fixed() -> None:
    withdrawn = fixed(finding(), 3, 9)
    not_asked = Verdict("lincoln-site", "student-name", Outcome.NOT_APPLICABLE, "the policy does not ask for it")

    assert told(memory([withdrawn], ALL_READ, [not_asked])).fixed == ()


def test_the_weeks_show_the_last_audit_of_each_and_a_week_without_trouble_as_0() -> None:
    history = [
        Tally(7, AUDITS[7], "lincoln", "mcps", "serious", 4),
        Tally(7, AUDITS[7], "lincoln", "mcps", "minor", 2),
        Tally(7, AUDITS[7], "lincoln", "site", "minor", 50),
        Tally(8, AUDITS[8], "roosevelt", "mcps", "serious", 3),
        Tally(9, AUDITS[9] - timedelta(hours=3), "lincoln", "mcps", "serious", 9),
        Tally(9, AUDITS[9], "lincoln", "mcps", "serious", 1),
    ]

    assert weeks(history, NOON, "lincoln") == (
        Week(date(2026, 11, 2), 6),
        Week(date(2026, 11, 9), 0),
        Week(date(2026, 11, 16), 1),
    )
    assert [week.open for week in weeks(history, NOON)] == [6, 3, 1]
    assert [week.open for week in weeks(history, AUDITS[8], "lincoln")] == [6, 0]


def test_a_school_is_told_of_as_of_its_own_last_audit() -> None:
    lately = replace(memory([stored(finding(), 5, 6)], ALL_READ), last_audits={"lincoln-site": 6, "roosevelt-site": 9})

    story = told(lately)

    assert story.told_at == AUDITS[6]
    assert story.items[0].days_open == 7
    assert told(lately, ROOSEVELT).told_at == AUDITS[9]


def test_dates_are_those_of_the_district() -> None:
    late = replace(RIVERBEND, timezone="Pacific/Auckland")

    assert told(memory([stored(finding())], ALL_READ), district=late).today == date(2026, 11, 17)


# ------------------------------------------------------------------------------------------------ tasks


def test_items_with_one_remedy_are_one_task_which_is_due_with_its_oldest() -> None:
    items = [stored(finding(subject=name), first) for name, first in (("A*** B***", 9), ("C*** D***", 6))]

    (task,) = told(memory(items, ALL_READ)).tasks

    assert [i.subject for i in task.items] == ["C*** D***", "A*** B***"]
    assert task.due == date(2026, 10, 26)
    assert task.states == ((State.NEW, 1), (State.STILL_OPEN, 1))


def test_a_question_another_clause_or_another_advice_is_a_task_of_its_own() -> None:
    items = [
        stored(finding(subject="A***")),
        stored(finding(subject="B***", outcome=Outcome.REVIEW)),
        stored(finding(subject="C***", clause="mcps-16")),
        stored(finding(subject="D***", advice="Take the list down.")),
    ]

    assert sorted(t.head.subject for t in told(memory(items, ALL_READ)).tasks) == ["A***", "B***", "C***", "D***"]


def test_a_long_list_is_divided_even_within_a_task() -> None:
    items = [stored(finding(subject=f"A{n:02}***")) for n in range(30)]
    tasks = told(memory(items, ALL_READ)).tasks

    first, rest = divide(tasks, 25)

    assert [len(task.items) for task in first] == [25]
    assert [i.subject for i in rest] == [f"A{n:02}***" for n in range(25, 30)]
    assert divide(tasks, 30) == (tasks, ())


def test_no_long_task_crowds_out_the_others_but_what_exposes_students_is_told_first() -> None:
    links = [stored(finding("unregistered-account", subject=f"http://x.example/{n:02}")) for n in range(40)]
    shops = [stored(finding("commercial-link", subject=f"http://y.example/{n}", severity=MODERATE)) for n in range(3)]
    names = [stored(finding(subject=f"A{n:02}***")) for n in range(14)]
    everyone = [stored(finding(subject=f"A{n:02}***")) for n in range(24)]

    def shares(*groups: list[StoredFinding]) -> list[tuple[str, int, int]]:
        first, _ = divide(told(memory([f for group in groups for f in group], ALL_READ)).tasks, 25)
        return [(task.head.rule, len(task.items), task.cases) for task in first]

    assert shares(links, shops) == [("unregistered-account", 22, 40), ("commercial-link", 3, 3)]
    assert shares(links, shops, names) == [
        ("student-name", 14, 14),
        ("unregistered-account", 10, 40),
        ("commercial-link", 1, 3),
    ]
    assert shares(links, everyone) == [("student-name", 24, 24), ("unregistered-account", 1, 40)]


def test_a_question_asks_to_look_once() -> None:
    seek = stored(finding(outcome=Outcome.REVIEW, advice="Look whether this is ours. If so, register it."))
    take = stored(finding(outcome=Outcome.REVIEW, advice="Take the name down."))

    assert "Only you can tell. Look whether this is ours." in text_of(stories.school_page(memory([seek], ALL_READ)))
    assert "Please look. If it is so: Take the name down." in text_of(stories.school_page(memory([take], ALL_READ)))


def test_a_link_that_is_written_wrong_is_shown_as_it_is_written() -> None:
    wrong = stored(
        finding("broken-link", subject="htto://x.example/a", excerpt="The address is not written correctly.")
    )

    assert "htto://x.example/a" in text_of(stories.school_page(memory([wrong], ALL_READ)))


def test_of_site_quality_what_stands_on_the_most_pages_comes_first() -> None:
    few = stored(finding("broken-link", subject="http://a.example/", places=2), 3)
    many = stored(finding("broken-link", subject="http://z.example/", places=400))

    (task,) = tasks(told(memory([few, many], ALL_READ)).quality)

    assert [item.subject for item in task.items] == ["http://z.example/", "http://a.example/"]


def test_of_a_task_without_end_only_the_pages_are_told() -> None:
    dead = [("a", "1.html"), ("b", "2.html"), ("c", "2.html"), ("d", "3.html"), ("e", "2.html")]
    found = [stored(finding("broken-link", subject=f"http://{name}.example/", page=page)) for name, page in dead]

    whole = tasks(told(memory(found, ALL_READ)).quality)
    (task,) = shortened(whole, 1)

    assert shortened(whole, 3) == whole
    assert ([item.subject for item in task.items], task.cases) == (["http://a.example/"], 5)
    assert [(url.rpartition("/")[2], count) for url, count in task.pages_of_rest] == [("2.html", 3), ("3.html", 1)]
    assert task.states == ((State.NEW, 5),)


def test_the_first_screen_names_each_kind_of_trouble_once() -> None:
    items = [
        stored(finding(subject="A***"), 8),
        stored(finding(subject="B***", advice="Take the list down.")),
        stored(finding(subject="C***", outcome=Outcome.REVIEW)),
        stored(finding("unlinked-account", severity=MINOR)),
        stored(finding("unapproved-account", severity=MODERATE)),
    ]

    first = start_with(told(memory(items, ALL_READ)).tasks)

    assert [(one.task.head.rule, one.task.head.question, one.number, one.cases) for one in first] == [
        ("student-name", False, 1, 2),
        ("student-name", True, 3, 1),
        ("unapproved-account", False, 4, 1),
    ]
    assert first[0].due == date(2026, 11, 9)


# ------------------------------------------------------------------------------------------------ why it matters


def test_a_finding_cites_the_clause_of_the_districts_own_policy() -> None:
    (item,) = told(memory([stored(finding())], ALL_READ)).items

    assert item.clause is not None
    assert item.clause.quote.startswith(
        "Students and student work should be identified only by the student's first name"
    )
    assert "MCPS Staff Procedures for Social Media, line 85a, clause mcps-60" in stories.school_page(
        memory([stored(finding())], ALL_READ)
    )


def test_site_quality_is_told_apart_and_cites_no_clause() -> None:
    dead = stored(finding("broken-link", subject="http://gone.example/", severity=MODERATE))
    story = told(memory([dead], ALL_READ))

    assert (story.items, [i.clause for i in story.quality]) == ((), [None])
    assert headline(story) == "Nothing found against the policy."
    assert sum(story.count(state, urgency) for state in State for urgency in Urgency) == 0


def test_a_clause_that_the_policy_no_longer_has_is_named_but_not_quoted() -> None:
    (item,) = told(memory([stored(finding(clause="mcps-999"))], ALL_READ)).items

    assert (item.clause, item.clause_id) == (None, "mcps-999")
    assert "Clause mcps-999, which the policy of today no longer has." in text_of(
        stories.school_page(memory([stored(finding(clause="mcps-999"))], ALL_READ))
    )


# ------------------------------------------------------------------------------------------------ what was seen


LOGIN = Blind("2 pages: the site asks for a login", Reason.LOGIN_WALL, "Make it open.")


def test_what_could_not_be_seen_is_told_by_reason_in_plain_words() -> None:
    robots = [Blind(f"/{n}", Reason.ROBOTS) for n in range(5)]

    story = told(memory(coverages=[read(SITE_OF_LINCOLN, LOGIN, *robots)]))

    account = story.accounts[0]
    assert (account.complete, account.kind) == (False, "speaks for the school")
    assert account.unseen == (
        Unseen(("2 pages: the site asks for a login",), 0, "It does not let every visitor in.", "Make it open."),
        Unseen(("/0", "/1", "/2"), 2, "The site asks programs like ours to stay out.", ""),
    )


def test_an_account_that_no_audit_looked_at_says_so() -> None:
    story = told(memory(accounts=()))

    assert [a.unseen for a in story.accounts] == [(Unseen((), 0, "No audit has looked at it yet.", ""),)] * 4
    assert (story.told_at, headline(story)) == (None, "No audit has looked here yet.")


def test_rules_that_nobody_could_judge_are_told_by_reason() -> None:
    verdicts = [
        Verdict("lincoln-site", "student-name", Outcome.NOT_CHECKED, NO_ROSTER),
        Verdict("lincoln-grade3", "student-name", Outcome.NOT_CHECKED, NO_ROSTER),
        Verdict("lincoln-site", "student-opt-out", Outcome.NOT_CHECKED, NO_ROSTER),
        Verdict("lincoln-site", "overdue-review", Outcome.PASS),
        Verdict("lincoln-grade3", "overdue-review", Outcome.NOT_CHECKED, "the check itself failed; see the log"),
        Verdict("lincoln-site", "broken-link", Outcome.NOT_CHECKED, "site quality is no rule of the policy"),
        Verdict("lincoln-site", "political-link", Outcome.NOT_APPLICABLE, "not asked"),
        Verdict("roosevelt-site", "student-record", Outcome.NOT_CHECKED, "another school"),
    ]

    story = told(memory(coverages=ALL_READ, verdicts=verdicts))

    named = [stories.HELPS[rule].title.rstrip(".") for rule in ("student-name", "student-opt-out")]
    review = stories.HELPS["overdue-review"].title.rstrip(".")
    assert story.unjudged == (
        Unjudged(NO_ROSTER, tuple(sorted(named)), ()),
        Unjudged("the check itself failed; see the log", (review,), ("lincoln-grade3",)),
    )
    assert story.rules_unjudged == 3


def test_a_school_tells_the_same_of_its_own_share_as_of_all_that_is_remembered() -> None:
    parts = shares(stories.everything(), RIVERBEND)

    for school in (None, *RIVERBEND.schools):
        part = parts[school.id if school else ""]
        alone = tell(part.memory, RIVERBEND, MCPS, HELPS, school, part.accounts)
        assert alone == tell(stories.everything(), RIVERBEND, MCPS, HELPS, school)


def test_a_verdict_of_an_account_read_in_part_is_told_without_its_codes_and_addresses() -> None:
    judge = Judge(RIVERBEND, MCPS, date(2026, 11, 16), lambda *parts: "|".join(parts))
    half = Coverage(SITE_OF_LINCOLN.id, "lincoln", "website", False, 3, NOON, blind=(LOGIN,))
    none = replace(half, account=ROOM_12.id, documents=0)
    verdicts = [*judge.verdicts(half, SITE_OF_LINCOLN, Said()), *judge.verdicts(none, ROOM_12, Said())]

    reasons = {one.reason for one in told(memory(coverages=[half, none], verdicts=verdicts)).unjudged}

    assert reasons >= {"not all pages of the account could be read", "the account could not be read"}
    assert not [reason for reason in reasons if "login_wall" in reason]


# ------------------------------------------------------------------------------------------------ the one sentence


def test_nothing_found_is_said_only_where_every_account_was_read_completely() -> None:
    whole = stories.clean()
    in_part = memory(coverages=[read(SITE_OF_LINCOLN, LOGIN), *ALL_READ[1:]])
    not_at_all = memory(coverages=ALL_READ[1:])

    assert "Nothing found" in stories.school_page(whole)
    for partly in (in_part, not_at_all, memory(accounts=())):
        for page in (stories.school_page(partly), stories.district_page(partly)):
            assert not re.search("nothing (was )?found", text_of(page), re.IGNORECASE)
    assert headline(told(in_part)) == "We saw no trouble in what we could read. But we could not read everything."
    assert what_was_seen(told(in_part)) == "We read 160 pages and files. 1 of 4 accounts could not be read completely."


def test_where_nothing_is_found_the_rules_that_nobody_could_check_are_not_passed_over() -> None:
    blind = [Verdict("lincoln-site", "student-name", Outcome.NOT_CHECKED, NO_ROSTER)]

    assert headline(told(memory(coverages=ALL_READ, verdicts=blind))) == (
        "Nothing found. But 1 rule could not be checked."
    )


def test_a_school_without_accounts_is_not_praised() -> None:
    bare = replace(RIVERBEND, accounts=(SITE_OF_ROOSEVELT,))

    story = told(stories.clean(), district=bare)

    assert what_was_seen(story) == "No account is registered here, so there was nothing to read."


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([(CRITICAL, Outcome.FAIL)], "1 thing needs you today."),
        ([(CRITICAL, Outcome.FAIL), (MODERATE, Outcome.FAIL)], "1 thing needs you today, 1 more this week."),
        ([(MODERATE, Outcome.FAIL)] * 2, "2 things need you this week."),
        ([(MINOR, Outcome.FAIL)], "Nothing is urgent. There is 1 small thing to tidy up."),
        ([(CRITICAL, Outcome.REVIEW)] * 2, "2 questions wait for your answer."),
        (
            [(MODERATE, Outcome.FAIL), (CRITICAL, Outcome.REVIEW)],
            "1 thing needs you this week. 1 question waits for your answer.",
        ),
    ],
)
def test_one_sentence_says_what_needs_doing(findings: list[tuple[Severity, Outcome]], sentence: str) -> None:
    several = [
        stored(finding(subject=f"{n}***", severity=severity, outcome=outcome))
        for n, (severity, outcome) in enumerate(findings)
    ]

    story = told(memory(several, ALL_READ))

    assert headline(story) == sentence
    assert district_headline([story]) == sentence.replace("you ", "somebody ").replace("your", "an")


def test_a_question_is_asked_and_never_told_as_a_breach() -> None:
    page = text_of(stories.school_page(memory([stored(finding(outcome=Outcome.REVIEW))], ALL_READ)))

    assert "Is this so? A student is named" in page
    assert "A question for you" in page
    assert "Only you can tell." in page
    assert "We are not sure. Only a person can tell." in page


# ------------------------------------------------------------------------------------------------ private accounts


def test_what_an_owner_keeps_to_themselves_is_in_no_report_and_no_figure() -> None:
    private = [stored(finding("exposed-detail", subject="her own affair", account=DIARY, severity=MODERATE))]
    secret = [Verdict(DIARY.id, "exposed-detail", Outcome.NOT_CHECKED, "a secret")]

    told_of = memory(private, ALL_READ, secret)

    assert [a.id for a in told(told_of).accounts] == [a.id for a in RIVERBEND.accounts if a.school == "lincoln"][:4]
    for page in (stories.school_page(told_of), stories.district_page(told_of)):
        assert not [word for word in ("diary", "her own affair", "a secret") if word in page]
    without = replace(RIVERBEND, accounts=tuple(a for a in RIVERBEND.accounts if a is not DIARY))
    assert stories.school_page(told_of) == stories.school_page(stories.clean(), district=without)


def test_no_report_lists_those_who_did_not_offer_their_own_account() -> None:
    reluctant = replace(READING_CORNER, id="shy-corner", url="http://shy.example/", consent_on=None)
    asked = replace(RIVERBEND, accounts=(*RIVERBEND.accounts, reluctant))
    waiting = [Verdict(reluctant.id, "exposed-detail", Outcome.NOT_CHECKED, "not offered")]

    told_of = memory((), ALL_READ, waiting)

    for page in (stories.school_page, stories.district_page):
        assert page(told_of, district=asked) == page(memory((), ALL_READ), district=RIVERBEND)


def test_a_shared_personal_account_is_told_of() -> None:
    shown = [stored(finding("exposed-detail", subject="telephone number", account=READING_CORNER))]

    assert [i.account for i in told(memory(shown, ALL_READ)).items] == ["rivera-blog"]


# ------------------------------------------------------------------------------------------------ the district


def test_a_schools_row_tells_what_a_director_looks_after() -> None:
    story = told(stories.everything())

    line = row(story, RIVERBEND.accounts)

    assert (line.today, line.week, line.tidy, line.questions, line.quality) == (8, 1, 1, 1, 5)
    assert (line.oldest, line.days_to_fix) == (35, 42)
    assert (line.published, line.looked_at, line.lonely) == (3, 1, ("lincoln-grade3", "lincoln-facebook"))


def test_the_roll_up_counts_rules_over_all_schools_and_leaves_questions_out() -> None:
    several = [
        stored(finding(subject="A***")),
        stored(finding(subject="B***")),
        stored(finding(subject="C***", outcome=Outcome.REVIEW)),
        stored(finding("unapproved-account", subject="approval", account=SITE_OF_ROOSEVELT)),
        stored(finding(subject="D***", account=SITE_OF_ROOSEVELT)),
    ]
    both = [told(memory(several, ALL_READ), school) for school in (LINCOLN, ROOSEVELT)]

    assert most_broken(both) == [
        (stories.HELPS["student-name"].title.rstrip("."), 3, 2),
        (stories.HELPS["unapproved-account"].title.rstrip("."), 1, 1),
    ]


def test_unregistered_accounts_are_gathered_for_the_director() -> None:
    lions = stored(finding("unregistered-account", "contact.html", "https://www.instagram.com/lincoln_lions"))

    found: list[Item] = unregistered([told(memory([lions], ALL_READ)), told(memory([lions], ALL_READ), ROOSEVELT)])

    assert [i.subject for i in found] == ["https://www.instagram.com/lincoln_lions"]


def test_what_is_about_the_district_itself_stands_in_the_districts_report_only() -> None:
    page = stories.district_page(stories.everything())

    assert "For the district itself" in page
    assert "The district as a whole" in page
    assert "No roster is loaded." not in stories.school_page(stories.everything())


def test_accounts_of_the_district_office_are_read_in_the_districts_report() -> None:
    office = Account("office-site", Kind.OFFICIAL, "website", "http://office.riverbend.example/")
    district = replace(RIVERBEND, accounts=(*RIVERBEND.accounts, office))
    found = memory([stored(finding(account=office, subject="O*** F***"))], [*ALL_READ, read(office)])

    page = stories.district_page(replace(found, last_audits={"office-site": 9}), district)

    assert "O*** F***" in page
    assert "http://office.riverbend.example/news.html" in page


# ------------------------------------------------------------------------------------------------ words


def test_days_are_told_as_people_say_them() -> None:
    today = date(2026, 11, 16)

    assert by_when(date(2026, 11, 16), today) == "Today, November 16, 2026."
    assert by_when(date(2026, 11, 23), today) == "By November 23, 2026."
    assert by_when(date(2026, 11, 15), today) == "It was due on November 15, 2026, 1 day ago."
    assert moment(NOON) == "November 16, 2026, 7:00 p.m."
    assert moment(NOON.replace(hour=0)) == "November 16, 2026, 12:00 a.m."
    assert (moment(None), month_day(today)) == ("never", "Nov 16")


def test_counts_agree_with_their_nouns() -> None:
    assert [plural(n, "page") for n in (0, 1, 1200)] == ["0 pages", "1 page", "1,200 pages"]
    assert plural(2, "page or file", "pages and files") == "2 pages and files"


def test_a_reason_is_told_as_a_sentence() -> None:
    told = ["this check is not built yet", "It does not let every visitor in.", "http://a.example/: no answer"]

    assert [sentence(reason) for reason in told] == [
        "This check is not built yet.",
        "It does not let every visitor in.",
        "http://a.example/: no answer.",
    ]


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    assert short("abc", 3) == "abc"
    assert short("a" * 100 + "b" * 100, 30) == "a" * 20 + " … " + "b" * 7
    assert len(short("x" * 999, 120)) == 120
