"""`auditor accounts`: shows the registry, says what it lacks, finds and adds accounts."""

import argparse
import contextlib
import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from auditor import store
from auditor.commands.audit import with_networks
from auditor.commands.findings import load_config, local_now, remembered, table, tell
from auditor.config import Config, load
from auditor.engine.stages import crawl_options
from auditor.errors import Mistake
from auditor.judge import Judge, Said
from auditor.model import Account, AccountFacts, Blind, Coverage, Kind, LinkState, LinkUse, LinkVerdict, Outcome, Reason
from auditor.outlets.addresses import same_place
from auditor.outlets.draft import draft
from auditor.outlets.identify import WEBSITE
from auditor.outlets.platforms import PLATFORMS, makes_websites, name_of, named, of
from auditor.outlets.unregistered import Linked, Unregistered, link_pages, unregistered
from auditor.preflight import load_for_audit
from auditor.recall import HostBook
from auditor.registry import column_name
from auditor.store import Store
from auditor.toml_lines import did_you_mean, shown
from auditor.wrong_usage import check_known, on_either_side
from spiders import reactor
from spiders.browser_on_demand import BrowserOnDemand
from spiders.browser_search import find
from spiders.host_memory import HostMemory
from spiders.link_in_bio import LinkPage, links_on
from spiders.probe import look

HELP: Final = "the registry: shows, validates, finds and adds accounts"

EXAMPLES: Final = """\
examples:
  auditor accounts                            every registered account
  auditor accounts check                      what the registry lacks for the district's policy
  auditor accounts discover                   accounts that school sites link to and nobody registered
  auditor accounts add https://x.com/lincoln  the entry for config.toml, ready to copy; --write puts it in
"""

OF_THE_REGISTRY: Final = (
    "unapproved-account",
    "missing-administrator",
    "overdue-disclosure",
    "missing-notice",
    "overdue-review",
    "underage-audience",
)
"""Rules that can be judged from the registry alone."""

LINK_PAGES: Final = 20
"""Pages of links that are looked at; a district has a few."""
_PLAIN: Final = re.compile(r"[\w:/.@%+~-]+")
"""Words that no shell takes for something else."""

WRITTEN: Final = ("id", "school", "kind", "platform", "url")
"""What `add` fills in, in the order of the entry."""

ASKED: Final = {
    "owner": '""',
    "owner_email": '""',
    "admins": "[]",
    "approved_by": '""',
    "approved_on": "2026-08-15",
    "disclosed_on": "2026-08-15",
    "notice_on": "2026-09-01",
    "comments": '"off"',
}
"""What a person still has to find out, with how it is written."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.set_defaults(action="list", format="table")
    shared = on_either_side()
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", parents=[shared], help="shows every account (without ACTION: this)")
    listing.add_argument("--format", choices=("table", "jsonl"), default="table", help="how it is printed [table]")
    checking = actions.add_parser("check", parents=[shared], help="says what each account lacks")
    finding = actions.add_parser("discover", parents=[shared], help="finds accounts that nobody registered")
    finding.add_argument("--format", choices=("table", "jsonl"), default="table", help="how it is printed [table]")
    adding = actions.add_parser("add", parents=[shared], help="prints the entry for an address")
    adding.add_argument("url", metavar="URL", help="the address of the website or profile")
    adding.add_argument("--id", help="its id [a guess]")
    adding.add_argument("--school", metavar="ID", help="the school it belongs to [a guess]")
    adding.add_argument("--kind", choices=[str(kind) for kind in Kind], help="for whom it speaks [a guess]")
    adding.add_argument("--platform", metavar="P", help="what it is [its address tells, else its front page is asked]")
    adding.add_argument("--write", action="store_true", help="puts the entry into the registry")
    for action, sub in {"list": listing, "check": checking, "discover": finding, "add": adding}.items():
        sub.set_defaults(action=action)


def run(args: argparse.Namespace) -> int:
    # What says that the configuration is valid has looked at all of it.
    config = load_for_audit(args.config) if args.action == "check" else load_config(args)
    for note in config.notes:
        print(f"auditor: {note}", file=sys.stderr)
    return {"list": _list, "check": _check, "discover": _discover, "add": _add}[args.action](config, args)


# ------------------------------------------------------------------------------------------------ list


def _list(config: Config, args: argparse.Namespace) -> int:
    accounts = config.district.accounts
    if args.format == "jsonl":
        tell("".join(f"{json.dumps(_row(account), ensure_ascii=False)}\n" for account in accounts))
    elif accounts:
        head = ["id", "kind", "platform", "school", "grades", "url"]
        rows = [[a.id, a.kind, a.platform, a.school or "-", str(a.grades or "-"), a.url] for a in accounts]
        tell(table([head, *rows]))
    else:
        print('auditor: no account is registered yet; "auditor accounts add URL" begins', file=sys.stderr)
    return 0


def _row(account: Account) -> Mapping[str, object]:
    """The account as JSON values; what is not on record is null."""
    values = {**asdict(account), "grades": str(account.grades) if account.grades else None}
    dated = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
    return {key: None if value == "" else value for key, value in dated.items()}


# ------------------------------------------------------------------------------------------------ check


def _check(config: Config, args: argparse.Namespace) -> int:  # noqa: ARG001  all actions are called alike
    lacking = [(account, list(_lacks(config, account))) for account in config.district.accounts]
    for account, lacks in lacking:
        tell("".join(f"{line}\n" for line in ([account.id, *(f"  - {words}" for words in lacks)] if lacks else ())))
    good = sum(not lacks for _, lacks in lacking)
    print(
        f"auditor: the configuration is valid; {good} of {len(lacking)} accounts lack nothing that the policy"
        f" {config.policy.id} asks of the registry",
        file=sys.stderr,
    )
    return 0


def _lacks(config: Config, account: Account) -> Iterator[str]:
    """One line for each thing that is missing, each with its remedy."""
    if account.kind is Kind.PERSONAL and account.consent_on is None:
        yield "its owner has not offered it, so it is never read: write the day of the offer into consent_on"
    twin = next((a for a in config.district.accounts if a != account and _same(a, account)), None)
    if twin:
        yield f'has the same address as "{twin.id}": keep one of the two'
    now = local_now(config)
    judge = Judge(config.district, config.policy, now.date(), fingerprint=lambda *parts: "\0".join(parts))
    unread = Coverage(account.id, account.school, "none", complete=False, documents=0, fetched_at=now)
    said = Said()
    for finding in said.add(judge.account(AccountFacts(account, unread), {})):
        if finding.rule in OF_THE_REGISTRY:
            yield f"{finding.excerpt} {finding.advice} ({finding.rule}, {finding.clause})"
    for verdict in judge.verdicts(unread, account, said):
        if verdict.rule in OF_THE_REGISTRY and verdict.outcome is Outcome.NOT_CHECKED:
            yield f"{verdict.rule} cannot be judged: {verdict.reason}"


def _same(one: Account, other: Account) -> bool:
    return same_place(one.url) == same_place(other.url)


# ------------------------------------------------------------------------------------------------ discover


def _discover(config: Config, args: argparse.Namespace) -> int:
    config = with_networks(config, args.allow_network)
    with remembered(config) as memory:
        if memory is None or memory.last_audit() is None:
            return 0
        links = list(_links(memory, config))
        behind, unread = _behind(link_pages(links), config, HostBook(memory))
    found = unregistered((*links, *behind), config.district)
    if args.format == "jsonl":
        rows = [{**asdict(account), "add": _line(account, config, args.config)} for account in found]
        tell("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    elif found:
        cells = [[account.platform, account.url, str(account.places), account.page] for account in found]
        tell(table([["platform", "url", "pages", "first page"], *cells]))
        tell("".join(["\n", *(f"{_line(account, config, args.config)}\n" for account in found)]))
    print(
        f"auditor: {len(found)} linked account{'' if len(found) == 1 else 's'} in no registry;"
        ' for those that are yours, "auditor accounts add URL"',
        file=sys.stderr,
    )
    for url, blind in unread.items():
        print(f"auditor: {url}: {blind.what}; look yourself which accounts it leads to", file=sys.stderr)
    return 1 if unread else 0


def _links(memory: Store, config: Config) -> Iterator[Linked]:
    """The links that the last audit found on the sites that speak for the district."""
    speaking = {account.id: account for account in config.district.accounts if account.kind is not Kind.PERSONAL}
    for name in memory.concluded_in():
        if name in speaking:
            yield from (Linked(use, speaking[name].school) for use in memory.link_uses(name))


def _behind(pages: Mapping[str, Linked], config: Config, memory: HostMemory) -> tuple[list[Linked], dict[str, Blind]]:
    """What pages of links lead to that the sites link to, and of which of them not all was seen, and why. Those that
    are registered were read by the audit."""
    own = {same_place(account.url) for account in config.district.accounts}
    fresh = [url for url in pages if same_place(url) not in own]
    if not fresh:
        return [], {}
    seen = reactor.run(_seen_on(fresh[:LINK_PAGES], config, memory))
    unvisited = LinkState("", LinkVerdict.SKIPPED)
    behind = [
        Linked(LinkUse(link, url, 1, unvisited), pages[url].school) for url, page in seen.items() for link in page.links
    ]
    unread = {url: page.blind for url, page in seen.items() if page.blind is not None}
    left_out = Blind(f"only {LINK_PAGES} pages of links are opened", Reason.LIMIT)
    return behind, {**unread, **dict.fromkeys(fresh[LINK_PAGES:], left_out)}


async def _seen_on(pages: Sequence[str], config: Config, memory: HostMemory) -> Mapping[str, LinkPage]:
    """The pages as an audit sees them: in a browser where that shows more, and there is one."""
    options = crawl_options(config)
    browser = find(config.crawl.browser) if config.crawl.render != "never" else None
    if browser is None:
        return await links_on(pages, options, None, memory)
    async with BrowserOnDemand(browser, options.manners) as renderer:
        return await links_on(pages, options, renderer, memory)


def _line(account: Unregistered, config: Config, file: Path) -> str:
    """The command that registers it, ready to be copied."""
    words = ["auditor", "accounts", "add", account.url]
    guess = draft(account.url, config.district)
    if account.school and not guess.school:
        words += ["--school", account.school]
    if file != Path("config.toml"):
        words += ["--config", str(file)]
    return " ".join(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in words)


# ------------------------------------------------------------------------------------------------ add


def _add(config: Config, args: argparse.Namespace) -> int:
    district = config.district
    check_known(args.school, "--school", "school", [school.id for school in district.schools])
    check_new(args.id, config)
    guess, found = _guessed(config, args)
    account = replace(guess, id=args.id or guess.id)
    if found:
        print(f"auditor: {account.url}: {found}", file=sys.stderr)
    if not args.write:
        tell(_entry(account))
        print("auditor: id, school and kind are guesses; look them over", file=sys.stderr)
    elif account.platform:
        _write(account, config)
    return 0 if account.platform else 1


def _write(account: Account, config: Config) -> None:
    """Puts the account into the registry."""
    file = config.registry or config.path
    write = _with_row if config.registry else _with_entry
    _put(file, write(file.read_bytes(), account, file), config)
    print(f'auditor: "{account.id}" is in {file} now; open it and fill in the rest', file=sys.stderr)


def _guessed(config: Config, args: argparse.Namespace) -> tuple[Account, str]:
    """The account as the command line and its address tell; where that is on no platform's host, as its front page
    does, and what that showed, as a sentence."""
    district = config.district
    guess = partial(
        draft, district=district, kind=args.kind and Kind(args.kind), school=district.school(args.school or "")
    )
    account = guess(args.url, platform=known_platform(args.platform))
    if args.platform or of(args.url) is not None:
        return account, ""
    if account.kind is Kind.PERSONAL:
        return (
            account,
            f"nobody looked, for its owner has to offer it first; it is entered as {name_of(account.platform)}",
        )
    config = with_networks(config, args.allow_network)
    with store.open(config) if store.exists(config) else contextlib.nullcontext() as memory:
        seen = reactor.run(look(args.url, crawl_options(config), HostBook(memory) if memory else None))
    if of(seen.url) is not None:
        return guess(seen.url), f"this is where {args.url} leads"
    if seen.blind is not None:
        why = f"{seen.blind.what.rstrip('.')}, so nobody could tell which platform it is on"
        if account.platform != WEBSITE:
            return account, f"{why}; by the form of its address, it is entered as {name_of(account.platform)}"
        unwritten = "; nothing was written" if args.write else ""
        return replace(account, platform=""), f'{why}{unwritten}; say it with --platform ("website" for none)'
    if not seen.platform:
        return account, f"it shows nothing of a platform, so it is entered as {name_of(account.platform)}"
    account = guess(args.url, platform=seen.platform)
    kept = "" if account.platform == seen.platform else "; as the district's own site, it is entered as a website"
    made = "made with" if makes_websites(seen.platform) else "on"
    return account, f"what it shows tells that it is {made} {name_of(seen.platform)}{kept}"


def known_platform(word: str | None) -> str:
    """The id of the platform that is named on the command line; "" for none, a `Mistake` for one that nobody knows."""
    found = named(word) if word else ""
    if found is None:
        raise Mistake(
            f"--platform: {shown(word)} is no platform that auditor knows{did_you_mean(word or '', PLATFORMS)}"
        )
    return found


def check_new(account_id: str | None, config: Config) -> None:
    """That id is free."""
    if account_id and account_id.casefold() in {account.id.casefold() for account in config.district.accounts}:
        raise Mistake(f'--id: "{account_id}" is taken; choose another')


def _entry(account: Account) -> str:
    """The account as a table of `config.toml`."""
    lines = [
        f"{key} = {json.dumps(str(value), ensure_ascii=False)}" for key in WRITTEN if (value := getattr(account, key))
    ]
    left = {"platform": '"website"', **ASKED} if not account.platform else ASKED
    return "\n".join(["[[accounts]]", *lines, *(f"# {key} = {example}" for key, example in left.items()), ""])


def _with_entry(raw: bytes, account: Account, file: Path) -> bytes:  # noqa: ARG001
    text = raw.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith("\n") else newline
    return raw + (gap + newline + _entry(account).replace("\n", newline)).encode()


def _with_row(raw: bytes, account: Account, file: Path) -> bytes:
    text = raw.decode("utf-8-sig", "replace")
    newline = "\r\n" if "\r\n" in text else "\n"
    head = next(cells for cells in csv.reader(io.StringIO(text, newline="")) if any(cells))
    columns = [column_name(cell) for cell in head]
    if account.school and "school" not in columns:
        raise Mistake(f"{file}: has no column school; add one")
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=newline).writerow(
        [str(getattr(account, column)) if column in WRITTEN else "" for column in columns]
    )
    return raw + (("" if text.endswith("\n") else newline) + line.getvalue()).encode()


def _put(file: Path, content: bytes, config: Config) -> None:
    """Writes the file in one step. If the configuration is then no longer valid, the old file comes back."""
    target = file.resolve()
    before = target.read_bytes()
    _replace(target, content)
    try:
        load(config.path, datetime.now(UTC).date())
    except Mistake:
        _replace(target, before)
        raise


def _replace(target: Path, content: bytes) -> None:
    fresh = target.with_name(f"{target.name}.new")
    try:
        fresh.write_bytes(content)
        shutil.copymode(target, fresh)
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Mistake(f"{target}: cannot be written ({error.strerror}); check who may write it") from None
