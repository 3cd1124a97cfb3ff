"""The district's policy as a self-check: the checks of an audit, on what an export shows of a personal account. Pure.

The policy speaks of what its staff write, whoever may read it, and apart from that of what strangers see. So the checks
run twice: on everything that others may see, and on what everybody sees. Nobody's roster is here: what needs one says
so, and is no pass.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from auditor.check import NO_ROSTER, Check, built
from auditor.detect.reading import Recogniser
from auditor.footprint import exposure
from auditor.footprint.exports.export import Audience, Export, Post, Sort
from auditor.footprint.exposure import Looked, PolicyItem, Scan, judged_at
from auditor.footprint.guide import guide
from auditor.footprint.shown import SOURCE, Name, account_of, place_of
from auditor.judge import Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    District,
    Document,
    Finding,
    Kind,
    Note,
    Outcome,
    Passage,
    Profile,
    Reading,
    Reason,
    Verdict,
)
from auditor.policy import Policy

MOST_POSTS: Final = 20_000
"""Posts that are judged, the newest; more than most people write in a life."""

OF_STRANGERS: Final = frozenset({"public-profile", "exposed-detail"})
"""Rules about what strangers see; all others are about what is written."""

_ROSTER: Final = "students are known only to the school's roster, which never leaves the school"
_NOT_SAID: Final = "the export does not say what everybody sees"


@dataclass(frozen=True, slots=True)
class Employer:
    """Whom a person works for, and by which policy."""

    district: District
    policy: Policy


def checked(export: Export, employer: Employer, now: datetime, name: Name, digest: Callable[[str], str]) -> Scan:
    """How the account stands to the policy."""
    where = guide(export.platform)
    account = Account(
        id=export.platform,
        kind=Kind.PERSONAL,
        platform=export.platform,
        url=where.profile_of(next(iter(export.handles), "")) or f"https://{export.platform}.invalid/",
        owner=next(iter(export.names), ""),
        consent_on=now.date(),
    )
    recogniser = Recogniser(employer.district, digest)
    written = _Pass(export, account, employer, now, name, _checks(strangers=False))
    seen = _Pass(export, account, employer, now, name, _checks(strangers=True))
    documents = list(_documents(export, account))
    for audience, document in documents:
        reading = recogniser.read(document, account)
        written.take(reading)
        if audience is Audience.EVERYBODY:
            seen.take(reading)
    items = [*written.items(), *seen.items()]
    looked = [] if len(export.posts) <= MOST_POSTS else [_too_many(export)]
    place = place_of(export, name)
    whole = account_of(export, name, passed=written.passed + seen.passed)
    return Scan(
        at=now,
        looked=tuple(replace(one, place=place) for one in looked),
        policy=tuple(replace(one, place=judged_at(place)) for one in items),
        accounts=(whole,),
    )


def _too_many(export: Export) -> Looked:
    why = f"The newest {MOST_POSTS:,} posts were held against the policy; older ones were not."
    return Looked(
        SOURCE, f"Old posts on {guide(export.platform).name}", exposure.Verdict.UNCHECKED, why, platform=export.platform
    )


def _checks(*, strangers: bool) -> Mapping[str, Check]:
    """The checks that judge what somebody writes, or what strangers see; none that asks the district's registry."""
    return {
        rule: check
        for rule, check in built().items()
        if Kind.PERSONAL in check.kinds
        and (check.reads is Reading or check.note_taker is not None)
        and (rule in OF_STRANGERS) is strangers
    }


class _Pass:
    """One run of some checks over the documents of one account."""

    def __init__(
        self,
        export: Export,
        account: Account,
        employer: Employer,
        now: datetime,
        name: Name,
        checks: Mapping[str, Check],
    ) -> None:
        self._export, self._account, self._employer, self._now, self._checks = export, account, employer, now, checks
        self._judge = Judge(employer.district, employer.policy, now.date(), name, (), checks)
        self._said = Said()
        self._notes: dict[str, list[Note]] = {}
        self._findings: list[Finding] = []
        self._documents = 0
        self.passed = 0

    def take(self, reading: Reading) -> None:
        """Judges one document."""
        judged = self._judge.document(self._account, reading)
        self._findings += self._said.add(judged)
        self._documents += 1
        for rule, note in judged.notes:
            self._notes.setdefault(rule, []).append(note)

    def items(self) -> Iterator[PolicyItem]:
        """What the policy has to say: one item a rule and subject; counts what passed."""
        coverage = self._coverage()
        failure = "" if self._documents else _NOT_SAID
        facts = AccountFacts(self._account, coverage, failure=failure)
        notes = {rule: tuple(taken) for rule, taken in self._notes.items()}
        self._findings += self._said.add(self._judge.account(facts, notes))
        yield from self._told(self._findings)
        for verdict in self._judge.verdicts(coverage, self._account, self._said):
            if verdict.rule in self._checks and verdict.outcome is Outcome.PASS:
                self.passed += 1
            elif verdict.rule in self._checks and verdict.outcome is Outcome.NOT_CHECKED:
                yield self._item(verdict.rule, Outcome.NOT_CHECKED, self._why(verdict))

    def _why(self, verdict: Verdict) -> str:
        if "roster" in self._checks[verdict.rule].needs or verdict.reason == NO_ROSTER:
            return _ROSTER
        return verdict.reason if self._documents else _NOT_SAID

    def _told(self, findings: Sequence[Finding]) -> Iterator[PolicyItem]:
        alike: dict[tuple[str, str, Outcome], list[Finding]] = {}
        for finding in findings:
            alike.setdefault((finding.rule, finding.subject, finding.outcome), []).append(finding)
        for (rule, subject, outcome), found in alike.items():
            first = found[0]
            clause = self._employer.policy.clause(first.clause)
            yield PolicyItem(
                id=self._judge.fingerprint(self._account.id, rule, subject),
                platform=self._account.platform,
                rule=rule,
                outcome=str(outcome),
                told=self._checks[rule].help.title,
                says=(clause.quote or clause.says) if clause else "",
                clause=first.clause,
                excerpt=first.excerpt or subject,
                advice=first.advice,
                url=first.url if not first.url.partition("//")[2].partition("/")[0].endswith(".invalid") else "",
                places=len(found),
            )

    def _item(self, rule: str, outcome: Outcome, why: str) -> PolicyItem:
        demand = next(iter(self._employer.policy.demands(rule)), None)
        clause = self._employer.policy.clause(demand.clause) if demand else None
        return PolicyItem(
            id=self._judge.fingerprint(self._account.id, rule, "not-checked"),
            platform=self._account.platform,
            rule=rule,
            outcome=str(outcome),
            told=self._checks[rule].help.title,
            says=(clause.quote or clause.says) if clause else "",
            clause=demand.clause if demand else "",
            excerpt=why,
        )

    def _coverage(self) -> Coverage:
        blind = [Blind(f"{left.name} {left.why}", Reason.LIMIT) for left in self._export.left_out]
        if self._export.audience is Audience.FRIENDS:
            # Strangers meet a closed door: that is what the policy asks for.
            blind.append(Blind("the account is private", Reason.LOGIN_WALL))
        whole = not self._export.left_out and self._documents > 0
        return Coverage(self._account.id, "", "export", whole, self._documents, self._now, blind=tuple(blind))


def _documents(export: Export, account: Account) -> Iterator[tuple[Audience, Document]]:
    """The profile and the posts as pages, with who sees each; what only its owner sees is none."""
    # Whoever may not see the posts sees the profile all the same.
    yield Audience.UNKNOWN if export.audience is Audience.UNKNOWN else Audience.EVERYBODY, _profile(export, account)
    if used := _used(export):
        yield Audience.UNKNOWN, Document(account.url, used)
    posts = [post for post in export.posts if post.audience is not Audience.OWNER and post.text]
    for number, post in enumerate(sorted(posts, key=_newest, reverse=True)[:MOST_POSTS], 1):
        yield (
            post.audience,
            Document(
                url=post.url or f"{account.url.rstrip('/')}/#{post.what}-{number}",
                passages=(Passage(post.text),),
                published_on=post.when,
                depth=1,
            ),
        )


def _newest(post: Post) -> float:
    return post.when.timestamp() if post.when else 0.0


def _profile(export: Export, account: Account) -> Document:
    handle = next(iter(export.handles), "")
    own = "\n".join((*export.about, *(f"Works at {work}" for work in export.work)))
    private = {Audience.FRIENDS: True, Audience.EVERYBODY: False}.get(export.audience)
    return Document(
        url=account.url,
        passages=(Passage(own),) if own else (),
        profile=Profile(handle, handle, account.url, account.owner, own, is_private=private),
    )


def _used(export: Export) -> tuple[Passage, ...]:
    """The addresses and numbers on record: a policy may forbid that they are used, whoever sees them."""
    return (
        *(Passage(f"The email of this account: {value}") for value in export.recorded(Sort.EMAIL)),
        *(Passage(f"The phone of this account: {value}") for value in export.recorded(Sort.PHONE)),
    )
