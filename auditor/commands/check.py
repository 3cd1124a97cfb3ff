"""`auditor check`: one address, no configuration needed."""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from auditor import store
from auditor.audit import Audit, Result
from auditor.check import Check, built
from auditor.commands.accounts import known_platform
from auditor.commands.audit import tell
from auditor.commands.findings import tell as say
from auditor.config import Config, Crawl, networks
from auditor.errors import Mistake
from auditor.grades import grades
from auditor.model import (
    Account,
    Coverage,
    District,
    DistrictFacts,
    Grades,
    Kind,
    Logo,
    Outcome,
    Status,
)
from auditor.outlets.addresses import web_problem
from auditor.outlets.identify import WEBSITE, identify
from auditor.outlets.platforms import PROFILE, of
from auditor.pictures.logos import LogoBook, references_in
from auditor.policy import Policy, load, shipped
from auditor.roster import key
from auditor.roster.intake import take_in
from auditor.store import Store, export
from auditor.store.rows import StoredFinding
from auditor.toml_lines import shown

HELP: Final = "look at one address, no configuration needed"

EXAMPLES: Final = """\
examples:
  auditor check https://school.example/news/spelling-bee
  auditor check https://school.example/ --pages 50 --policy cmcss
  auditor check https://blog.example/ms-rivera/ --kind personal --policy mmsd
  auditor check http://127.0.0.1:8000/ --allow-network 127.0.0.0/8
  auditor check https://school.example/ --roster oneroster/

It judges what can be seen there, and who can see it. Duties that only a district's records can tell (approvals,
administrators, notices, reviews, what is registered and linked) are left out. Nothing is kept. Look at a personal page
only where it is yours, or its owner asked you to.
exit status: 0 done, 1 the address could not be read, 2 wrong usage
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("url", metavar="URL", help="the address")
    parser.add_argument(
        "--policy", default="mcps", metavar="P", help=f"one of {', '.join(shipped())}, or a file [mcps]"
    )
    parser.add_argument(
        "--kind", choices=tuple(map(str, Kind)), default="official", help="for whom it speaks [official]"
    )
    parser.add_argument("--platform", metavar="P", help="what it is [told from the address]")
    parser.add_argument("--grades", metavar="G", help="its audience, such as K-5")
    parser.add_argument("--pages", type=int, default=1, metavar="N", help="how many pages to read from there on [1]")
    parser.add_argument("--roster", type=Path, metavar="DIR", help="a OneRoster export, to know who is a student")
    parser.add_argument("--logos", type=Path, metavar="DIR", help="a folder a logo, with its approved pictures")
    parser.add_argument(
        "--format", choices=("table", "json", "jsonl"), default="table", help="how it is printed [table]"
    )


def run(args: argparse.Namespace) -> int:
    """Looks, judges, prints, forgets."""
    policy = load(args.policy)
    account = _account(args)
    with tempfile.TemporaryDirectory(prefix="auditor-check-") as folder:
        config = _config(args, policy, account, Path(folder))
        with store.open(config) as memory:
            roster = None
            if args.roster:
                secret = key.load_or_create(config.data)
                roster = take_in(args.roster, None, (), secret, datetime.now(UTC).date()).roster
            result = Audit(config, memory, roster, lambda _words: None, _checks()).run([account])
            _print(args, policy, memory, result)
    return 1 if result.unread else 0


def _account(args: argparse.Namespace) -> Account:
    problem = web_problem(args.url)
    if problem:
        raise Mistake(f"{shown(args.url)} {problem}")
    if args.pages < 1:
        raise Mistake("--pages: read at least one page")
    return Account(
        id="the-address",
        kind=Kind(args.kind),
        platform=known_platform(args.platform) or _platform(args.url),
        url=args.url,
        grades=_grades(args.grades) if args.grades else None,
        # Whoever asks about a personal page says by asking that its owner agrees.
        consent_on=datetime.now(UTC).date() if args.kind == Kind.PERSONAL else None,
    )


def _platform(url: str) -> str:
    """What the address alone tells. On a host that nobody knows, only a profile is known by its form."""
    found = identify(url)
    return found.platform if found.what == PROFILE else of(url) or WEBSITE


def _config(args: argparse.Namespace, policy: Policy, account: Account, folder: Path) -> Config:
    crawl = Crawl(max_pages=args.pages, delay=0.5, allow_networks=networks(args.allow_network))
    return Config(
        path=folder / "config.toml",
        district=District(name=policy.district, policy=policy.id, accounts=(account,), logos=tuple(_logos(args.logos))),
        policy=policy,
        data=folder,
        store_url=f"sqlite:///{(folder / 'auditor.db').as_posix()}",
        crawl=crawl,
        platforms=MappingProxyType({}),
    )


def _grades(text: str) -> Grades:
    try:
        return grades(text)
    except ValueError as fault:
        raise Mistake(f"--grades: {fault}") from None


def _checks() -> dict[str, Check]:
    """The checks that need no records of a district."""
    return {rule: check for rule, check in built().items() if not (check.of_record or check.reads is DistrictFacts)}


def _logos(folder: Path | None) -> list[Logo]:
    """A sub-folder a logo, with its approved renditions; each is opened now, before anything is fetched."""
    if folder is None:
        return []
    references = references_in(folder)
    LogoBook(references).close()
    return [Logo(name, tuple(pictures)) for name, pictures in references.items()]


def _print(args: argparse.Namespace, policy: Policy, memory: Store, result: Result) -> None:
    found = memory.findings(Status.OPEN)
    if args.format != "table":
        write = export.json_lines if args.format == "jsonl" else export.json_list
        say(write(export.finding_row(stored) for stored in found))
    else:
        say("".join(_told(stored, policy) for stored in found))
    for coverage in memory.coverages():
        tell(_seen(coverage, len(found)))
        for blind in coverage.blind:
            tell(f"Not checked: {blind.what.rstrip('.')} ({blind.reason}). {_options(blind.remedy)}".rstrip())
    for words in _not_asked(args, memory):
        tell(f"Not checked: {words}")
    for account, _ in result.unread:
        tell(f"Could not be read: {account.url}")
    tell(
        f"Judged by {policy.name}; --policy chooses another." if args.policy == "mcps" else f"Judged by {policy.name}."
    )


OPTIONS: Final = {
    "max_pages under [crawl] in config.toml": "--pages",
    "allow_networks under [crawl] in config.toml, or with --allow-network": "--allow-network",
    "; a longer delay under [crawl] in config.toml helps": "",
    "The next audit tries again": "Try again later",
}
"""What a remedy calls a key of the configuration or an audit, and what is meant here, where there is neither."""


def _options(remedy: str) -> str:
    """The remedy in the words of this command."""
    for written, meant in OPTIONS.items():
        remedy = remedy.replace(written, meant)
    return remedy


AGES: Final = "underage-audience"


def _not_asked(args: argparse.Namespace, memory: Store) -> list[str]:
    """What nobody could look for, as nothing to look for was given: silence about it would read as "clean"."""
    ages = {verdict.rule: verdict.outcome for verdict in memory.verdicts()}.get(AGES)
    return [
        words
        for left_out, words in (
            (not args.roster, "students by name, their contact data and opt-outs. --roster DIR says who they are."),
            (not args.logos, "logos. --logos DIR says what they look like."),
            (
                ages is Outcome.NOT_CHECKED and not args.grades,
                "whether students are old enough for its platform. --grades says for which grades it is.",
            ),
        )
        if left_out
    ]


def _told(stored: StoredFinding, policy: Policy) -> str:
    found = stored.finding
    clause = policy.clause(found.clause)
    lines = [
        f"{found.outcome} ({found.severity}) {found.rule}: {found.subject}",
        f"  where:  {found.url}" + (f" and {found.places - 1} more" if found.places > 1 else ""),
        f"  saw:    {found.excerpt}" if found.excerpt else "",
        f"  clause: {clause.id}, line {clause.lines}: {clause.says}" if clause else "",
        f"  do:     {found.advice}",
    ]
    return "\n".join(line for line in lines if line) + "\n\n"


def _seen(coverage: Coverage, found: int) -> str:
    if not coverage.documents:
        return "Nothing could be read."
    pages = "1 page or file read" if coverage.documents == 1 else f"{coverage.documents} pages and files read"
    if not found and not coverage.complete:
        return f"{pages}; nothing was found in what could be read, but not everything could be."
    return f"{pages}; {found or 'nothing'} found."
