"""Stories to test reports with: a district with all that a report can tell, one with nothing, one that attacks.

All people, schools and addresses are invented.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from auditor.check import Help, built
from auditor.model import (
    SITE,
    Account,
    Blind,
    Coverage,
    District,
    Finding,
    Kind,
    Outcome,
    Reason,
    School,
    Severity,
    Status,
    Verdict,
)
from auditor.store.rows import StoredFinding, Tally
from reports.district import district_report
from reports.school import school_report
from reports.story import Memory, Story, tell, weeks
from tests.policies import load

NOON = datetime(2026, 11, 16, 19, 0, 4, tzinfo=UTC)
"""The end of audit 9, the last one; noon where the district is."""

WEEK = timedelta(weeks=1)
AUDITS = {n: NOON - (9 - n) * WEEK for n in range(1, 10)}
MCPS = load("mcps")
HELPS: dict[str, Help] = {rule: check.help for rule, check in built().items()}

LINCOLN = School("lincoln", "Lincoln Elementary", website="http://lincoln.riverbend.example/", principal="Dana Reyes")
ROOSEVELT = School("roosevelt", "Roosevelt Middle School", website="http://roosevelt.riverbend.example/")

SITE_OF_LINCOLN = Account(
    "lincoln-site",
    Kind.OFFICIAL,
    "website",
    "http://lincoln.riverbend.example/",
    school="lincoln",
    admins=("dreyes@riverbend.example", "tech@riverbend.example"),
    reviewed_on=date(2026, 11, 13),
    purpose="News and calendar for families",
)
ROOM_12 = Account(
    "lincoln-grade3",
    Kind.CLASSROOM,
    "website",
    "http://lincoln.riverbend.example/grade3/",
    school="lincoln",
    admins=("erivera@riverbend.example",),
    purpose="Room 12 class news",
)
PAGE_OF_LINCOLN = Account(
    "lincoln-facebook", Kind.OFFICIAL, "facebook", "https://www.facebook.com/lincoln.example", school="lincoln"
)
READING_CORNER = Account(
    "rivera-blog",
    Kind.PERSONAL,
    "website",
    "http://rivera.example/",
    school="lincoln",
    owner="Elena Rivera",
    consent_on=date(2026, 9, 1),
)
DIARY = replace(READING_CORNER, id="rivera-diary", url="http://diary.example/", share_with="self")
SITE_OF_ROOSEVELT = Account(
    "roosevelt-site",
    Kind.OFFICIAL,
    "website",
    "http://roosevelt.riverbend.example/",
    school="roosevelt",
    admins=("moyelaran@riverbend.example", "tech@riverbend.example"),
    reviewed_on=date(2026, 11, 13),
)

RIVERBEND = District(
    name="Riverbend School District",
    policy="mcps",
    timezone="America/Denver",
    schools=(LINCOLN, ROOSEVELT),
    accounts=(SITE_OF_LINCOLN, ROOM_12, PAGE_OF_LINCOLN, READING_CORNER, DIARY, SITE_OF_ROOSEVELT),
)


def finding(
    rule: str = "student-name",
    page: str = "news.html",
    subject: str = "J*** D***",
    *,
    account: Account = SITE_OF_LINCOLN,
    outcome: Outcome = Outcome.FAIL,
    severity: Severity = Severity.SERIOUS,
    clause: str | None = None,
    excerpt: str | None = None,
    advice: str = "Use the first name only, or an alias.",
    places: int = 1,
    confidence: float = 0.98,
    url: str | None = None,
) -> Finding:
    """A finding on a page of an account; the same arguments make the same one."""
    address = account.url + page if url is None else url
    asked = MCPS.demands(rule)
    return Finding(
        rule=rule,
        outcome=outcome,
        severity=severity,
        policy="mcps" if asked else SITE,
        clause=clause if clause is not None else (asked[0].clause if asked else ""),
        account=account.id,
        school=account.school,
        url=address,
        subject=subject,
        excerpt=f"Congratulations to {subject} (grade 3)" if excerpt is None else excerpt,
        advice=advice,
        confidence=confidence,
        fingerprint=blake2b(
            f"{account.id}|{rule}|{address}|{subject}".encode(errors="replace"), digest_size=8
        ).hexdigest(),
        places=places,
    )


def stored(found: Finding, first: int = 9, last: int = 9, **story: object) -> StoredFinding:
    """The finding as it is stored: first and last seen by these audits, and whatever else became of it."""
    known: dict[str, object] = {
        "status": Status.OPEN,
        "first_seen": AUDITS[first],
        "last_seen": AUDITS[last],
        "first_audit": first,
        "last_audit": last,
    }
    return StoredFinding(found, **{**known, **story})  # type: ignore[arg-type]


def fixed(found: Finding, first: int, by: int) -> StoredFinding:
    """A finding that an audit did not see again."""
    return stored(found, first, by - 1, status=Status.FIXED, fixed_at=AUDITS[by], fixed_audit=by)


def read(account: Account, *blind: Blind, documents: int = 40) -> Coverage:
    """How far the last audit could read an account: completely, where nothing is said of what it could not see."""
    return Coverage(account.id, account.school, "website", not blind, documents, NOON, blind=blind)


def memory(
    findings: Iterable[StoredFinding] = (),
    coverages: Iterable[Coverage] = (),
    verdicts: Iterable[Verdict] = (),
    history: Iterable[Tally] = (),
    accounts: Iterable[Account] = RIVERBEND.accounts,
    renewals: Mapping[str, datetime] | None = None,
) -> Memory:
    """What the store remembers after audit 9, which judged every account."""
    return Memory(
        findings=tuple(findings),
        verdicts=tuple(verdicts),
        coverages=tuple(coverages),
        history=tuple(history),
        last_audits={account.id: 9 for account in accounts} | {"district": 9},
        ended=AUDITS,
        renewals=renewals or {},
    )


def told(remembered: Memory, school: School | None = LINCOLN, district: District = RIVERBEND) -> Story:
    """The story of a school."""
    return tell(remembered, district, MCPS, HELPS, school)


def school_page(remembered: Memory, school: School = LINCOLN, district: District = RIVERBEND) -> str:
    """The school's report as HTML."""
    return school_report(told(remembered, school, district))


def district_page(remembered: Memory, district: District = RIVERBEND) -> str:
    """The district's report as HTML."""
    stories = [told(remembered, school, district) for school in district.schools]
    story = told(remembered, None, district)
    return district_report(story, stories, weeks(remembered.history, NOON))


# ------------------------------------------------------------------------------------------------ with everything


LOGIN = Blind(
    "2 pages: the site asks for a login", Reason.LOGIN_WALL, "Make the account open to all, or link it to us."
)
NO_ROSTER = "no roster is loaded, so nobody can tell who is a student"


def everything() -> Memory:
    """Every state, urgency, kind of finding and blind spot that a report can tell of."""
    quote = "To join the trip, call the family of J*** D*** at ***-***-****."
    findings = [
        stored(
            finding(
                "student-contact",
                "trip.html",
                "***-***-****",
                severity=Severity.CRITICAL,
                excerpt=quote,
                advice="Take it down today. Give the school's own number where people need one.",
            )
        ),
        stored(finding(), 6, 9),
        stored(finding(page="news/2.html"), 6, 9),
        stored(finding(subject="A*** L*** V***", page="clubs/chess.html"), 9, 9),
        stored(
            finding(subject="R*** O***", page="team.html"),
            2,
            9,
            came_back_at=AUDITS[9],
            came_back_audit=9,
        ),
        stored(finding(subject="T*** N***", page="old.html", account=ROOM_12), 5, 8),
        stored(
            finding("student-name", "band.html", "M***", outcome=Outcome.REVIEW, confidence=0.6, account=ROOM_12), 8, 9
        ),
        stored(
            finding(
                "unapproved-logo",
                subject="http://lincoln.riverbend.example/img/seal-green.png",
                excerpt="The seal is there, but its colors were changed.",
                places=14,
                account=ROOM_12,
            ),
            7,
            9,
            status=Status.ACKNOWLEDGED,
            who="dreyes@riverbend.example",
        ),
        stored(
            finding(
                "missing-notice",
                "",
                "notice",
                account=ROOM_12,
                severity=Severity.MODERATE,
                excerpt="The registry has no day on which families were told.",
                advice="Tell the families. Then note the day in the registry.",
            ),
            4,
            9,
        ),
        stored(
            finding(
                "unregistered-account",
                "contact.html",
                "https://www.instagram.com/lincoln_lions",
                excerpt="One page links to this account as our own. Nobody registered it.",
                advice="Register it, or take the link off the page.",
            )
        ),
        stored(
            finding(
                "unlinked-account",
                "",
                "no link",
                account=ROOM_12,
                severity=Severity.MINOR,
                excerpt="We found no link to this account on the school's website.",
                advice="Link to it from the school's website.",
            )
        ),
        *(
            stored(
                finding(
                    "broken-link",
                    "links.html",
                    f"http://gone.example/{n}?a=1&b=2",
                    severity=Severity.MODERATE,
                    excerpt="The page is not there any more (404).",
                    advice="Take the link out, or point it to where the page is now.",
                    places=n,
                ),
                8,
                9,
            )
            for n in range(1, 5)
        ),
        stored(
            finding(
                "inactive-account",
                "",
                "inactive",
                severity=Severity.MINOR,
                account=ROOM_12,
                excerpt="The newest post that we could read is of March 2, 2026, 259 days ago.",
                advice="Ask the owner to post again. Or close the account, and take it off the registry.",
            )
        ),
        fixed(finding(subject="K*** P***", page="awards.html"), 3, 9),
        fixed(finding("private-contact", "staff.html", "e***@***.com", severity=Severity.MODERATE), 2, 8),
        stored(
            finding(subject="L*** B***", page="author.html"),
            3,
            9,
            status=Status.DISMISSED,
            reason="An author of books, not a student.",
            who="dreyes@riverbend.example",
            until=date(2027, 5, 1),
        ),
        stored(finding(account=DIARY, subject="Kept to herself")),
        stored(
            finding("unapproved-account", "", "approval", account=SITE_OF_ROOSEVELT, excerpt="No approval is on file.")
        ),
        stored(
            replace(
                finding(
                    "stale-roster", subject="roster", excerpt="No roster is loaded.", url="", advice="Load the roster."
                ),
                account="district",
                school="",
                severity=Severity.MINOR,
            )
        ),
    ]
    return memory(
        findings,
        [
            read(SITE_OF_LINCOLN, documents=312),
            read(
                ROOM_12,
                LOGIN,
                Blind("http://lincoln.riverbend.example/grade3/a.pdf: it could not be opened", Reason.NOT_IN_ROUTE),
            ),
            read(PAGE_OF_LINCOLN, Blind("everything", Reason.TERMS, "Look at the page yourself."), documents=0),
            read(READING_CORNER, documents=12),
            read(DIARY, documents=3),
            read(SITE_OF_ROOSEVELT, documents=95),
        ],
        [
            Verdict("lincoln-site", "student-name", Outcome.FAIL),
            Verdict("lincoln-site", "student-photo-alone", Outcome.NOT_CHECKED, "this check is not built yet"),
            Verdict("lincoln-grade3", "student-name", Outcome.FAIL),
            Verdict(
                "lincoln-grade3", "student-contact", Outcome.NOT_CHECKED, "read only in part: 2 pages (login_wall)"
            ),
            Verdict("lincoln-facebook", "student-name", Outcome.NOT_CHECKED, "could not be read: everything (terms)"),
            Verdict("lincoln-site", "student-opt-out", Outcome.NOT_CHECKED, NO_ROSTER),
            Verdict("rivera-diary", "public-profile", Outcome.NOT_CHECKED, "a secret of the diary"),
        ],
        [Tally(n, AUDITS[n], "lincoln", "mcps", "serious", 14 - n) for n in range(1, 10)],
        renewals={"lincoln-site": NOON + timedelta(days=10)},
    )


def clean() -> Memory:
    """Nothing to do, and everything read completely."""
    return memory(coverages=[read(account) for account in RIVERBEND.accounts])


# ------------------------------------------------------------------------------------------------ hostile


ATTACKS = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "</style><b>bold</b>",
    "{{7*7}} {% for x in y %}",
    "</title></head><h1>mine</h1>",
    "<!-- ]]> --><img src=x onerror=alert(1)>",
    "\u202egnp.exe\u202c \u200f\u2067",
    "/*style*/ &lt;b&gt; &#0; &bogus;",
    "nul \x00 esc \x1b[31m c1 \x85 \x9f vt \x0b non \ufffe \U0001ffff \ufdd0 lone \ud800",
    "W" * 5_000,
)

ADDRESSES = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "https://good.example\\@evil.example/",
    "https://user:word@evil.example/",
    "http://",
    "http://[::bad/",
    "https://x.example/\"onmouseover='alert(1)'",
    "https://x.example/" + "a&b=" * 500,
    "vbscript:x",
)


def hostile() -> Memory:
    """Everything that comes from the web, or from a person, attacks the page that shows it."""
    findings = []
    for n, attack in enumerate(ATTACKS):
        where = ADDRESSES[n % len(ADDRESSES)]
        findings += [
            stored(finding(subject=attack, excerpt=f"{attack} {n}", advice=attack, url=where)),
            stored(finding("broken-link", subject=where, excerpt=attack, url=where)),
            fixed(finding("commercial-link", subject=attack + "?", url=where), 3, 9),
            stored(
                finding("private-contact", subject=attack, url=where),
                status=Status.DISMISSED,
                reason=attack,
                who=attack,
                until=date(2027, 1, 1),
            ),
        ]
    findings += [stored(finding("unregistered-account", subject=where, url=where)) for where in ADDRESSES]
    blind = [Blind(attack, reason, attack) for attack, reason in zip(ATTACKS, Reason, strict=False)]
    verdicts = [
        Verdict("lincoln-site", rule, Outcome.NOT_CHECKED, attack)
        for rule, attack in zip(sorted(MCPS.rules()), ATTACKS, strict=False)
    ]
    return memory(findings, [read(SITE_OF_LINCOLN, *blind)], verdicts)


HOSTILE_NAMES = replace(
    RIVERBEND,
    name=ATTACKS[4],
    schools=(replace(LINCOLN, name=ATTACKS[0] + ATTACKS[7], principal=ATTACKS[1]), replace(ROOSEVELT, name="R" * 300)),
    accounts=(replace(SITE_OF_LINCOLN, purpose=ATTACKS[5], url=ADDRESSES[0]),),
)
