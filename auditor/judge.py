"""From what was seen to findings and verdicts, the whole of it; pure but for the log line when a check itself breaks.

One `Judge` serves one audit. It is shown documents, links, pictures and facts in any order, and gives back at once
what its checks say of each (nothing of a page need be kept). It remembers nothing: whoever asks for the verdicts of an
account brings what was said of all of it, and another process may have been shown the one half.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from auditor.check import KNOWN, NO_ROSTER, Breach, Check, Seen, Unknown, built
from auditor.faults import place_of
from auditor.model import (
    Account,
    AccountFacts,
    Aside,
    Coverage,
    District,
    DistrictFacts,
    Finding,
    Grades,
    Kind,
    LinkUse,
    Note,
    Outcome,
    PictureUse,
    Reading,
    Remark,
    Severity,
    Sort,
    Verdict,
)
from auditor.policy import Demand, Policy, site_demands
from auditor.rules import RULES

log = logging.getLogger(__name__)

T = TypeVar("T")

DISTRICT = Account(id="district", kind=Kind.OFFICIAL, platform="", url="")
"""Stands for the district itself, where a rule is about no account."""

MISSING = {
    "roster": NO_ROSTER,
    "logos": "the district has registered no logos",
    "agreements": "the roster does not say who has signed the agreement",
}

Fingerprint = Callable[..., str]
"""Keyed digest of account, rule, place and identity; the store's."""


Past = Mapping[str, Mapping[str, object]]
"""What checks wrote down of a document at an earlier audit, by rule."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks say of one document, link, picture or account.

    `notes` are those that account-wide checks took of a document, by rule; `remarks` what was said beside findings.
    """

    findings: list[Finding]
    remarks: list[Remark]
    notes: list[tuple[str, Note]]


@dataclass(slots=True)
class Said:
    """What the checks said of one account, over everything of it that they were shown."""

    outcomes: dict[str, set[Outcome]] = field(default_factory=dict)
    remarks: Counter[Remark] = field(default_factory=Counter)

    def add(self, judged: Judged) -> list[Finding]:
        """Takes in what was said of one more subject; gives back its findings."""
        for finding in judged.findings:
            self.outcomes.setdefault(finding.rule, set()).add(finding.outcome)
        for remark in judged.remarks:
            self.remarks[remark] += 1
        return judged.findings

    def reasons(self, rule: str, aside: Aside) -> dict[str, int]:
        """What the rule said of that sort, and how often."""
        return {r.reason: n for r, n in self.remarks.items() if r.rule == rule and r.aside is aside}


class Judge:
    """Holds what was seen against the district's policy.

    `available` names what checks may need and the district has.
    """

    def __init__(
        self,
        district: District,
        policy: Policy,
        today: date,
        fingerprint: Fingerprint,
        available: Iterable[str] = KNOWN,
        checks: Mapping[str, Check] | None = None,
    ) -> None:
        self.district = district
        self.policy = policy
        self.today = today
        self.fingerprint = fingerprint
        self.available = frozenset(available)
        self.checks = dict(checks if checks is not None else built())
        self.demands = {rule: (*policy.demands(rule), *site_demands(rule)) for rule in RULES}
        self._schools = {school.id: school for school in district.schools}
        self._calls: dict[tuple[Kind, Grades | None, type], tuple[tuple[Check, Demand, Mapping[str, object]], ...]] = {}

    # -------------------------------------------------------------------------------------------- what is shown

    def document(self, account: Account, reading: Reading, past: Past | None = None) -> Judged:
        """What is said of one document. `past` is what checks wrote down of it at an earlier audit, by rule; None where
        no earlier audit of the account has come to an end."""
        judged = self._ask(account, reading, reading.document.url, past=past)
        for check, demand, options in (*self._due(account, AccountFacts), *self._due(account, Reading)):
            if check.note_taker is None:
                continue
            try:
                facts = check.note_taker(self._seen(account, _with_past(check, reading, past), demand, options))
            except Exception as error:  # noqa: BLE001  one broken check must not silence the others
                judged.remarks.append(_broke(check, account, error))
                continue
            if facts is not None:
                judged.notes.append((check.id, Note(reading.document.url, dict(facts))))
        return judged

    def link(self, account: Account, use: LinkUse) -> Judged:
        """What is said of one distinct link of an account."""
        return self._ask(account, use, use.page, places=use.places, everywhere=True)

    def is_silent(self, account: Account, site: str) -> bool:
        """Whether nothing is said of any of the account's links to a page of that site that is there and of which its
        visit told nothing else."""
        for check, demand, options in self._due(account, LinkUse):
            try:
                if check.is_silent is None or not check.is_silent(self._seen(account, site, demand, options)):
                    return False
            except Exception as error:  # noqa: BLE001  one broken check must not silence the others
                _broke(check, account, error)
                return False
        return True

    def picture(self, account: Account, use: PictureUse) -> Judged:
        """What is said of one distinct image of an account."""
        return self._ask(account, use, use.page, places=use.places, everywhere=True)

    def account(self, facts: AccountFacts, notes: Mapping[str, tuple[Note, ...]]) -> Judged:
        """What is said of an account as a whole; each check sees the notes that it took itself."""
        return self._ask(facts.account, facts, facts.account.url, notes=notes)

    def of_district(self, facts: DistrictFacts) -> Judged:
        """What is said of the district itself."""
        return self._ask(DISTRICT, facts, "")

    @property
    def remembers(self) -> tuple[str, ...]:
        """The rules that compare a document with what they wrote down of it at an earlier audit."""
        return tuple(
            check.id
            for check in self.checks.values()
            if check.reads is Reading and check.note_taker and self.demands[check.id]
        )

    # -------------------------------------------------------------------------------------------- how it ended

    def verdicts(self, coverage: Coverage, account: Account, said: Said) -> list[Verdict]:
        """One verdict for every rule there is. `said` is all that checks said of the account in this audit."""
        return [
            Verdict(account.id, rule, *_with_excuses(said, rule, *self._verdict(rule, account, said, coverage)))
            for rule in RULES
        ]

    def judged(self, account: Account, said: Said, *, read: bool = True) -> dict[str, type]:
        """The rules that ran for the account from beginning to end, each with what it reads: their silence counts.

        Where nothing of the account was `read`, the silence of those that go by its documents says nothing. A rule that
        could not tell of one link or picture still tells of the others; which that was, is known with the link.
        """
        alone = {check.id for check in self.checks.values() if check.reads in (LinkUse, PictureUse)}
        failed = {
            r.rule
            for r in said.remarks
            if r.aside is Aside.BROKEN or (r.aside is Aside.UNKNOWN and r.rule not in alone)
        }
        return {
            check.id: check.reads
            for check in self.checks.values()
            if self._due(account, check.reads, check.id)
            and not check.needs - self.available
            and check.id not in failed
            and (read or check.note_taker is None)
        }

    def district_verdicts(self, said: Said) -> list[Verdict]:
        """The verdicts of the rules that are about the district itself."""
        return [
            Verdict(DISTRICT.id, rule, *self._verdict(rule, DISTRICT, said, None))
            for rule, word in RULES.items()
            if not word.kinds
        ]

    def _asked(self, rule: str, kind: Kind) -> tuple[Demand, ...]:
        """What is asked of the rule for accounts of that kind. A clause names fewer kinds than the rule's, or none."""
        return tuple(d for d in self.demands[rule] if kind in (d.kinds or RULES[rule].kinds))

    def _verdict(self, rule: str, account: Account, said: Said, coverage: Coverage | None) -> tuple[Outcome, str]:
        if not self.demands[rule]:
            return Outcome.NOT_APPLICABLE, "the policy does not ask for it"
        if not RULES[rule].kinds and account is not DISTRICT:
            return Outcome.NOT_APPLICABLE, "it is about the district, not about an account"
        check = self.checks.get(rule)
        asked = self._due(account, check.reads, rule) if check else self._asked(rule, account.kind)
        if not asked:
            return Outcome.NOT_APPLICABLE, f"the policy does not ask it of this {account.kind} account"
        if check is None:
            return Outcome.NOT_CHECKED, "this check is not built yet"
        for outcome in (Outcome.FAIL, Outcome.REVIEW):
            if outcome in said.outcomes.get(rule, ()):
                return outcome, ""
        if said.reasons(rule, Aside.BROKEN):
            return Outcome.NOT_CHECKED, "the check itself failed; see the log"
        if unknown := said.reasons(rule, Aside.UNKNOWN):
            return Outcome.NOT_CHECKED, min(unknown)
        for need in sorted(check.needs - self.available):
            return Outcome.NOT_CHECKED, MISSING[need]
        by_pages = check.reads is not AccountFacts or (check.note_taker is not None and not check.by_registry)
        if coverage is not None and by_pages:
            return _as_far_as_seen(coverage)
        return Outcome.PASS, ""

    # -------------------------------------------------------------------------------------------- asking the checks

    def _due(
        self, account: Account, reads: type, rule: str = ""
    ) -> tuple[tuple[Check, Demand, Mapping[str, object]], ...]:
        """The checks that judge such subjects of this account, each with a demand and its options."""
        school = self._schools.get(account.school)
        audience = account.grades or (school.grades if school else None)
        key = (account.kind, audience, reads)
        if key not in self._calls:
            self._calls[key] = tuple(self._find_due(*key))
        if not rule:
            return self._calls[key]
        return tuple(call for call in self._calls[key] if call[0].id == rule)

    def _find_due(
        self, kind: Kind, audience: Grades | None, reads: type
    ) -> Iterator[tuple[Check, Demand, Mapping[str, object]]]:
        whole = reads in (AccountFacts, DistrictFacts)
        for check in self.checks.values():
            if check.reads is not reads:
                continue
            for demand in self.demands[check.id] if reads is DistrictFacts else self._asked(check.id, kind):
                if whole and demand.grades and audience and not demand.grades.overlaps(audience):
                    continue
                options = {**demand.options, "grades": demand.grades} if demand.grades else demand.options
                yield check, demand, options

    def _seen(self, account: Account, subject: T, demand: Demand, options: Mapping[str, object]) -> Seen[T]:
        school = self._schools.get(account.school)
        return Seen(
            subject, account, school, self.district, options, self.today, demand.severity, self.available, self._keyed
        )

    def _keyed(self, *parts: str) -> str:
        """A name for what a check wants to know again."""
        return self.fingerprint("", "", "", json.dumps(parts))

    def _ask(
        self,
        account: Account,
        subject: object,
        url: str,
        *,
        places: int = 1,
        everywhere: bool = False,
        notes: Mapping[str, tuple[Note, ...]] | None = None,
        past: Past | None = None,
    ) -> Judged:
        kept: dict[str, Finding] = {}
        remarks: list[Remark] = []
        present = {sighting.sort for sighting in subject.sightings} if isinstance(subject, Reading) else set[Sort]()
        for check, demand, options in self._due(account, type(subject)):
            if check.needs - self.available or (check.looks_for and check.looks_for.isdisjoint(present)):
                continue
            shown = subject
            if isinstance(subject, AccountFacts):
                shown = replace(subject, notes=(notes or {}).get(check.id, ()))
            elif isinstance(subject, Reading):
                shown = _with_past(check, subject, past)
            try:
                answers = tuple(check.judge(self._seen(account, shown, demand, options)))
            except Exception as error:  # noqa: BLE001  one broken check must not silence the others
                remarks.append(_broke(check, account, error))
                continue
            for answer in answers:
                if not isinstance(answer, Breach):
                    aside = Aside.UNKNOWN if isinstance(answer, Unknown) else Aside.EXCUSED
                    remarks.append(Remark(check.id, aside, answer.reason))
                    continue
                finding = self._finding(check, demand, account, answer, url, places, everywhere)
                before = kept.get(finding.fingerprint)
                if before is None or _gravity(finding) < _gravity(before):
                    kept[finding.fingerprint] = finding
        return Judged(list(kept.values()), remarks, [])

    def _finding(
        self,
        check: Check,
        demand: Demand,
        account: Account,
        breach: Breach,
        url: str,
        places: int,
        everywhere: bool,
    ) -> Finding:
        outcome = Outcome.REVIEW if demand.at_most_review else breach.outcome
        address = breach.url or url
        identity = breach.identity or breach.subject
        where = "" if everywhere or breach.everywhere else address
        return Finding(
            rule=check.id,
            outcome=outcome,
            severity=breach.severity or demand.severity,
            policy=demand.policy,
            clause=demand.clause,
            account=account.id,
            school=account.school,
            url=address,
            subject=breach.subject,
            excerpt=breach.excerpt,
            advice=breach.advice or check.help.fix,
            confidence=round(breach.confidence, 2),
            fingerprint=self.fingerprint(account.id, check.id, where, identity),
            places=max(places, breach.places),
        )


def _with_past(check: Check, reading: Reading, past: Past | None) -> Reading:
    """The reading with what the check itself wrote down of the document at an earlier audit."""
    if past is None or check.note_taker is None:
        return reading
    return replace(reading, past=past.get(check.id, {}))


def _broke(check: Check, account: Account, error: Exception) -> Remark:
    log.error("check %s failed on %s: %s", check.id, account.id, place_of(error))
    return Remark(check.id, Aside.BROKEN)


def _gravity(finding: Finding) -> tuple[bool, int]:
    return finding.outcome is not Outcome.FAIL, Severity(finding.severity).rank


_MOST_EXCUSES = 5


def _with_excuses(said: Said, rule: str, outcome: Outcome, reason: str) -> tuple[Outcome, str]:
    """The verdict, and what an exception of the policy let pass: nobody may take it for overlooked."""
    excuses = said.reasons(rule, Aside.EXCUSED)
    told = [
        f"let pass by the policy's own exception{f' ({times} times)' if times > 1 else ''}: {why}"
        for why, times in sorted(excuses.items(), key=lambda told: (-told[1], told[0]))[:_MOST_EXCUSES]
    ]
    return outcome, "; ".join([*([reason] if reason else []), *told])


def _as_far_as_seen(coverage: Coverage) -> tuple[Outcome, str]:
    """Nothing found is a pass only where everything was read."""
    if coverage.complete:
        return Outcome.PASS, ""
    reasons = "; ".join(dict.fromkeys(f"{blind.what} ({blind.reason})" for blind in coverage.blind))
    how = "read only in part" if coverage.documents else "could not be read"
    return Outcome.NOT_CHECKED, f"{how}: {reasons}" if reasons else how
