"""Every rule ends for every account in exactly one way, and silence is never taken for a pass."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from auditor.check import Answer, Check, Help, Seen, Silence, Unknown
from auditor.judge import DISTRICT, Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    District,
    Document,
    Kind,
    LinkUse,
    Outcome,
    Reading,
    Reason,
    Severity,
)
from auditor.rules import RULES
from tests.policies import load

SITE = Account("lincoln-site", Kind.OFFICIAL, "website", "http://lincoln.example/", school="lincoln")
BLOG = Account("rivera-blog", Kind.PERSONAL, "website", "http://rivera.example/", school="lincoln")
MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)
HELP = Help("A student is named", "why", "Use the first name.", "nothing")


def coverage(*blind: Blind, documents: int = 3) -> Coverage:
    return Coverage(SITE.id, SITE.school, "website", not blind and documents > 0, documents, MONDAY, blind=blind)


def judge(policy: str, *checks: Check, available: tuple[str, ...] = ("roster", "logos")) -> Judge:
    district = District("Riverbend", policy, accounts=(SITE, BLOG))
    return Judge(
        district, load(policy), date(2026, 11, 16), lambda *parts: "/".join(parts), available, {c.id: c for c in checks}
    )


def finds(*answers: Answer | Exception, needs: frozenset[str] = frozenset(), rule: str = "student-name") -> Check:
    def look(_: Seen[Reading]) -> Iterator[Answer]:
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
            yield answer

    word = RULES[rule]
    return Check(rule, Reading, word.severity, word.kinds, look, HELP, needs)


PAGE = Reading(Document("http://lincoln.example/news"))


def verdict(judge: Judge, rule: str, seen: Coverage) -> tuple[Outcome, str]:
    """How the rule ends for the site when one page of it was shown."""
    said = Said()
    said.add(judge.document(SITE, PAGE))
    (found,) = (v for v in judge.verdicts(seen, SITE, said) if v.rule == rule)
    return found.outcome, found.reason


def test_every_rule_has_one_verdict_for_an_account_and_the_districts_own_stand_apart() -> None:
    judged = judge("mcps")

    assert sorted(v.rule for v in judged.verdicts(coverage(), SITE, Said())) == sorted(RULES)
    assert {(v.account, v.rule) for v in judged.district_verdicts(Said())} == {
        (DISTRICT.id, "stale-policy"),
        (DISTRICT.id, "stale-roster"),
    }


def test_read_completely_and_nothing_found_is_a_pass() -> None:
    assert verdict(judge("mcps", finds()), "student-name", coverage()) == (Outcome.PASS, "")


def test_read_in_part_and_nothing_found_is_not_a_pass() -> None:
    seen = coverage(Blind("9 more pages", Reason.LIMIT))

    outcome, reason = verdict(judge("mcps", finds()), "student-name", seen)

    assert outcome is Outcome.NOT_CHECKED
    assert "9 more pages" in reason


def test_what_was_found_counts_however_little_was_read() -> None:
    seen = coverage(Blind("9 more pages", Reason.LIMIT))
    breach = Seen(Reading(Document("")), SITE, None, District("", ""), {}, MONDAY.date(), Severity.SERIOUS).fail("J***")

    assert verdict(judge("mcps", finds(breach)), "student-name", seen)[0] is Outcome.FAIL


def test_silent_means_silent() -> None:
    breach = Seen(Reading(Document("")), SITE, None, District("", ""), {}, MONDAY.date(), Severity.SERIOUS).fail("J***")
    judged = judge("cmcss", finds(breach, rule="political-link"))

    found = judged.document(SITE, PAGE).findings

    assert found == []
    assert verdict(judged, "political-link", coverage())[0] is Outcome.NOT_APPLICABLE


def test_a_check_that_breaks_is_not_checked_and_silences_no_other(caplog: pytest.LogCaptureFixture) -> None:
    other = finds(rule="student-contact")
    judged = judge("mcps", finds(ValueError("Jada Dunmore")), other)

    assert verdict(judged, "student-name", coverage()) == (
        Outcome.NOT_CHECKED,
        "the check itself failed; see the log",
    )
    assert verdict(judged, "student-contact", coverage())[0] is Outcome.PASS
    assert "student-name failed on lincoln-site: ValueError" in caplog.text
    assert "Jada" not in caplog.text


def test_a_check_that_could_not_tell_says_why() -> None:
    judged = judge("mcps", finds(Unknown("nobody knows")))

    assert verdict(judged, "student-name", coverage()) == (Outcome.NOT_CHECKED, "nobody knows")


def test_without_what_it_needs_a_check_is_not_run() -> None:
    judged = judge("mcps", finds(ValueError(), needs=frozenset({"roster"})), available=())

    outcome, reason = verdict(judged, "student-name", coverage())

    assert outcome is Outcome.NOT_CHECKED
    assert "no roster" in reason


def test_a_rule_that_is_not_built_is_not_checked_where_the_policy_asks_for_it() -> None:
    judged = judge("mcps")

    assert verdict(judged, "student-record", coverage())[0] is Outcome.NOT_CHECKED
    assert verdict(judged, "missing-agreement", coverage())[0] is Outcome.NOT_APPLICABLE


def test_one_subject_under_several_clauses_is_one_finding_the_gravest() -> None:
    seen = Seen(Reading(Document("")), SITE, None, District("", ""), {}, MONDAY.date(), Severity.SERIOUS)
    judged = judge("mcps", finds(seen.review("J*** D***", identity="t"), seen.fail("J*** D***", identity="t")))

    (found,) = judged.document(SITE, PAGE).findings

    assert (found.outcome, found.clause) == (Outcome.FAIL, "mcps-60")


def test_what_looks_alike_when_masked_stays_apart() -> None:
    seen = Seen(Reading(Document("")), SITE, None, District("", ""), {}, MONDAY.date(), Severity.SERIOUS)
    judged = judge("mcps", finds(seen.fail("J*** D***", identity="1"), seen.fail("J*** D***", identity="2")))

    found = judged.document(SITE, PAGE).findings

    assert len({f.id for f in found}) == 2


def test_a_should_weighs_less_than_a_must() -> None:
    seen = Seen(Reading(Document("")), SITE, None, District("", ""), {}, MONDAY.date(), Severity.SERIOUS)
    found = {}
    for policy in ("mtc", "d547"):
        judged = judge(policy, finds(seen.fail("J*** D***")))
        (found[policy],) = judged.document(SITE, PAGE).findings

    assert (found["mtc"].severity, found["d547"].severity) == (Severity.SERIOUS, Severity.MODERATE)


def test_notes_reach_only_the_check_that_took_them() -> None:
    def conclude(seen: Seen[AccountFacts]) -> Iterator[Answer]:
        yield seen.fail(f"{len(seen.subject.notes)} notes")

    word = RULES["missing-disclaimer"]
    check = Check("missing-disclaimer", AccountFacts, word.severity, word.kinds, conclude, HELP)
    check.notes(lambda seen: {"url": seen.subject.document.url})
    judged = judge("mmsd", check)

    notes = judged.document(BLOG, Reading(Document("http://rivera.example/about"))).notes
    facts = AccountFacts(BLOG, coverage())
    with_them = judged.account(facts, {"missing-disclaimer": tuple(note for _, note in notes)})
    without = judged.account(facts, {"public-profile": tuple(note for _, note in notes)})

    assert [f.subject for f in with_them.findings] == ["1 notes"]
    assert [f.subject for f in without.findings] == ["0 notes"]


def of_links(silence: Silence | None) -> Check:
    word = RULES["broken-link"]
    return Check("broken-link", LinkUse, word.severity, word.kinds, lambda _: iter(()), HELP, is_silent=silence)


def test_where_one_check_may_speak_of_links_they_are_all_shown(caplog: pytest.LogCaptureFixture) -> None:
    def breaks(_: Seen[str]) -> bool:
        raise ValueError("Jada Dunmore")

    def on_lincoln(seen: Seen[str]) -> bool:
        return seen.subject == "http://lincoln.example"

    silent = {
        what: [judge("mcps", of_links(what)).is_silent(SITE, f"http://{host}.example") for host in ("lincoln", "oak")]
        for what in (None, breaks, on_lincoln)
    }

    assert silent == {None: [False, False], breaks: [False, False], on_lincoln: [True, False]}
    assert "broken-link failed on lincoln-site: ValueError" in caplog.text
    assert "Jada" not in caplog.text
