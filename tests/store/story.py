"""A school's website over some weeks, told to the store in audits. All people are invented."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from auditor.model import (
    Account,
    Blind,
    Coverage,
    Document,
    Finding,
    Image,
    Kind,
    Link,
    LinkState,
    LinkVerdict,
    Outcome,
    Picture,
    Reason,
    Severity,
    Verdict,
)
from auditor.store import Store
from auditor.store.rows import Reach, StoredFinding, Untraced

SITE = "http://lincoln.example/"
LINCOLN = Account(id="lincoln-site", kind=Kind.OFFICIAL, platform="website", url=SITE, school="lincoln")
MONDAY = datetime(2026, 11, 16, 6, 0, 4, tzinfo=UTC)
WEEK = timedelta(days=7)

REACH = {
    "student-name": Reach.DOCUMENT,
    "broken-link": Reach.LINK,
    "unapproved-logo": Reach.PICTURE,
    "unregistered-account": Reach.ACCOUNT,
    "overdue-disclosure": Reach.ACCOUNT,
}


def as_it_stands(text: str) -> str:
    """A mask for texts in which nobody is named."""
    return text


def finding(
    rule: str = "student-name",
    path: str = "news.html",
    subject: str = "J*** D***",
    *,
    severity: Severity = Severity.SERIOUS,
    places: int = 1,
    policy: str = "mcps",
    fingerprint: str = "",
) -> Finding:
    """A finding on the school's website; the same arguments make the same one."""
    where = "" if REACH.get(rule) in (Reach.LINK, Reach.PICTURE) else path
    return Finding(
        rule=rule,
        outcome=Outcome.FAIL,
        severity=severity,
        policy=policy,
        clause=f"{policy}-k8-names",
        account=LINCOLN.id,
        school="lincoln",
        url=SITE + path,
        subject=subject,
        excerpt=f"Congratulations to {subject} (grade 3)",
        advice="Take the name off the page.",
        confidence=0.98,
        fingerprint=fingerprint or blake2b(f"{rule}|{where}|{subject}".encode(), digest_size=8).hexdigest(),
        places=places,
    )


NAMED = finding()
DEAD_LINK = finding("broken-link", subject="http://gone.example/")
OLD_SEAL = finding("unapproved-logo", subject=SITE + "old-seal.png")


class Story:
    """Audits of one account, a week apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = MONDAY - WEEK
        self.audit_id = 0

    def audit(
        self,
        pages: Mapping[str, Iterable[Finding]] | None = None,
        *,
        missed: Iterable[str] = (),
        gone: Iterable[str] = (),
        torn: Iterable[str] = (),
        unchanged: Iterable[str] = (),
        depths: Mapping[str, int] | None = None,
        links: Mapping[str, LinkVerdict] | None = None,
        link_kind: str = "",
        images: Mapping[str, str] | None = None,
        found: Iterable[Finding] = (),
        complete: bool = False,
        judged: Collection[str] = tuple(REACH),
        not_asked: Mapping[str, Outcome] | None = None,
        forgotten: Collection[str] = (),
        ends: bool = True,
        account: Account = LINCOLN,
    ) -> None:
        """One audit, a week after the one before.

        `pages` are those read, with their findings; `torn` were read in part, `unchanged` are as they were. `depths`
        tells how many links away a page lies (1). The first page read carries the `links` (with what came of visiting
        them, all of one `link_kind`) and the `images` (with why they could not be looked at, or ""). `found` are
        findings on links, images and the account. `judged` names the rules that ran, `not_asked` those that the policy
        asks of other accounts only, `forgotten` those that it asks no more.
        """
        self.now += WEEK
        store = self.store
        self.audit_id = store.begin_audit([account.id], "mcps", "schedule", self.now)
        with store.writer(self.audit_id, clock=lambda: self.now) as writer:
            for n, (path, seen) in enumerate((pages or {}).items()):
                uses = (tuple(map(Link, links or {})), tuple(map(Image, images or {}))) if n == 0 else ((), ())
                depth = (depths or {}).get(path, 1)
                document = Document(SITE + path, links=uses[0], images=uses[1], depth=depth)
                writer.saw(account.id, document, mask=as_it_stands, findings=seen, ground=b"the same law")
            for path in unchanged:
                writer.unchanged(account.id, SITE + path, (depths or {}).get(path, 1), Untraced())
            for path in torn:
                half = Document(SITE + path, problem="its end could not be read")
                writer.saw(account.id, half, mask=as_it_stands)
            for path in missed:
                writer.missed(account.id, SITE + path, Blind(path, Reason.UNREACHABLE))
            for path in gone:
                writer.gone(account.id, SITE + path)
        store.gather(self.audit_id, account.id)
        store.keep_link_states(
            [LinkState(url, verdict, kind=link_kind) for url, verdict in (links or {}).items()], self.now
        )
        store.keep_pictures([Picture(url, problem=why) for url, why in (images or {}).items()], "1", self.now)
        verdicts = [
            Verdict(account.id, rule, (not_asked or {}).get(rule, Outcome.PASS))
            for rule in REACH
            if rule not in forgotten
        ]
        store.conclude(
            self.audit_id,
            account,
            verdicts=verdicts,
            coverage=Coverage(account.id, account.school, "website", complete, len(pages or {}), self.now),
            judged={rule: REACH[rule] for rule in judged},
            findings=found,
            now=self.now,
        )
        if ends:
            store.finish_audit(self.audit_id, self.now)

    def told(self, finding: Finding = NAMED) -> StoredFinding:
        """The finding as it is stored, on the day of the last audit."""
        return self.store.finding(finding.id, self.now)

    def status(self, finding: Finding = NAMED) -> str:
        """The finding's status, on the day of the last audit."""
        return str(self.told(finding).status)

    def events(self, finding: Finding = NAMED) -> list[str]:
        """What happened to the finding, in words."""
        return [f"{e.what}: {e.reason}" if e.reason else e.what for e in self.store.events(finding.id)]
