"""`auditor footprint`: a person's private self-scan. What it finds is theirs; the district gets nothing of it."""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from auditor import __version__
from auditor.config import load, networks
from auditor.errors import Mistake
from auditor.footprint import consent, counted, proof
from auditor.footprint.dialogue import Dialogue
from auditor.footprint.exposure import Mine
from auditor.footprint.handles.manifest import check
from auditor.footprint.handles.manifest import load as load_manifest
from auditor.footprint.links import shelves
from auditor.footprint.mail import Mailer, mailer
from auditor.footprint.page_of import page_of
from auditor.footprint.person import Employment, Person, dumped, new, read
from auditor.footprint.probing import forget, keep, manifests
from auditor.footprint.report import page, told
from auditor.footprint.scanning import Network, bases, scan, unread
from auditor.footprint.selfcheck import Employer
from auditor.footprint.sources.asking import sources
from auditor.footprint.start import Start
from auditor.footprint.vault import Vault, destroy
from auditor.lock import held
from auditor.model import District, School
from auditor.policy import load as load_policy
from auditor.policy import shipped
from auditor.secret import TokenPlace
from auditor.toml_lines import did_you_mean
from auditor.toml_lines import shown as quoted
from auditor.wrong_usage import on_either_side
from reports import files
from spiders.handles import ProbeOptions, Tested, self_test
from spiders.reactor import run as run_to_the_end
from spiders.settings import Manners

HELP: Final = "a staff member's private self-scan: what strangers see of you"

EXAMPLES: Final = """\
examples:
  auditor footprint start                        answers a few questions; you can stop and come back
  auditor footprint scan --export facebook.zip   looks, and writes your private page
  auditor footprint scan --export a.zip,b.zip    an export that came in two parts
  auditor footprint status                       what is proved, agreed to, kept
  auditor footprint answer 3 no                  "is this you?" of your page
  auditor footprint withdraw gravatar            takes a consent back and deletes what came of it
  auditor footprint manifest import wmn-data.json  more sites where your handle may be in use
  auditor footprint delete                       deletes everything

All of it lies in a folder of your own, sealed with a passphrase. docs/footprint.md says what is looked at and how.

exit status: 0 done, 1 done but a source that was asked told nothing at all (it is named), 2 wrong usage (nothing was
asked), 3 stopped early (what you had answered is kept), 75 another run has your folder
"""

WHEN_STOPPED: Final = "what you had answered is kept"

PAGE: Final = "footprint.html"
DELAY: Final = 1.0
"""Seconds between two requests to one host."""
PAUSE: Final = 3.0
"""Seconds before a request that failed is tried again."""
LOCK: Final = "footprint"
_CONFIG: Final = Path("config.toml")


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    shared = on_either_side()
    shared.add_argument(
        "--folder", type=Path, metavar="DIR", help="where your sealed file and page lie [auditor-footprint at home]"
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, function, says in (
        ("start", _start, "who you are, that it is you, and what may be looked at"),
        ("scan", _scan, "looks, and writes your page"),
        ("status", _status, "what is proved, agreed to and kept"),
        ("report", _report, "writes your page again"),
        ("answer", _answer, '"is this you?": yes, no or unsure'),
        ("withdraw", _withdraw, "takes a consent back, and deletes what came of it"),
        ("delete", _delete, "deletes everything that is kept of you"),
        ("count", _count, "for the director: how many have completed a scan"),
    ):
        action = actions.add_parser(name, parents=[shared], help=says)
        action.set_defaults(action=function, name=name)
        if name == "scan":
            action.add_argument(
                "--export", action="append", default=[], metavar="ZIP", help="a data export; parts with commas between"
            )
            action.add_argument(
                "--base", action="append", default=[], metavar="NAME=URL", help="asks a source at another address"
            )
            action.add_argument(
                "--policy", metavar="P", help=f"your district's: one of {', '.join(shipped())}, or a file"
            )
            action.add_argument("--district", metavar="NAME", help="its name, where it is not the policy's own")
            action.add_argument("--email-domain", action="append", default=[], metavar="D", help="its addresses end so")
        elif name == "answer":
            action.add_argument("number", type=int, metavar="NUMBER", help="the number on your page")
            action.add_argument("answer", choices=("yes", "no", "unsure"), help="is it you?")
        elif name == "withdraw":
            action.add_argument("source", metavar="SOURCE", help=f"one of {', '.join(consent.sources())}")
        elif name == "delete":
            action.add_argument("--yes", action="store_true", help="without asking")
    _configure_manifest(actions.add_parser("manifest", help="the lists of sites where handles may be in use"), shared)


def _configure_manifest(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    taking = actions.add_parser("import", parents=[shared], help="keeps WhatsMyName's or sherlock's list, as it is")
    taking.add_argument("file", type=Path, metavar="FILE", help="wmn-data.json or data.json")
    taking.set_defaults(action=_import, name="manifest import")
    looking = actions.add_parser("check", parents=[shared], help="how old a list is, and what it cannot tell")
    looking.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a list [those that are in use]")
    looking.add_argument(
        "--self-test", action="store_true", help="asks each site for an account that is there, and for one that is not"
    )
    looking.set_defaults(action=_check, name="manifest check")


def run(args: argparse.Namespace) -> int:
    """Does it; 0 when done, 1 where a source that was asked told nothing."""
    args.folder = getattr(args, "folder", None) or Path.home() / "auditor-footprint"
    if args.config != _CONFIG and not args.config.is_file():
        raise Mistake(f"--config: {args.config}: there is no such file")
    if args.action in (_status, _count, _check):
        return int(args.action(args) or 0)
    if args.action not in (_start, _import, _delete):
        _kept(args)
    if args.action is _delete and not args.folder.is_dir():
        print("Nothing was kept.")
        return 0
    with held(args.folder, f"auditor footprint {args.name}", LOCK):
        status = int(args.action(args) or 0)
    if args.action is _delete:
        (args.folder / f"{LOCK}.lock").unlink(missing_ok=True)
    return status


# ------------------------------------------------------------------------------------------------ what each does


def _start(args: argparse.Namespace) -> None:
    dialogue = Dialogue()
    vault, person = _opened(args, dialogue, may_begin=True)
    manners = _manners(args)

    def keep(known: Person) -> None:
        vault.write(dumped(known))

    Start(dialogue, person, keep, mailer(), lambda url: page_of(url, manners)).run()
    dialogue.tell(f"\nAll is kept in {vault.file}, sealed. Next: auditor footprint scan --export YOUR.zip")


def _scan(args: argparse.Namespace) -> int:
    dialogue = Dialogue()
    vault, person = _opened(args, dialogue)
    now = datetime.now(UTC)
    exports = [_parts(given) for given in args.export]
    manners = _manners(args)
    network = Network(manners, bases(args.base, manners), _keys())
    person = replace(person, employment=_employment(args, person.employment))
    employer, lists, server = _employer(args, person), manifests(args.folder), mailer()
    dialogue.tell("Looking. Where many sites are asked, that takes a minute or two.")
    person = scan(person, exports, employer, now, network, lists)
    vault.write(dumped(person))
    _write(args, person)
    _notify(person, server)
    if args.config.is_file() and consent.current(person, "counted"):
        _count_in(args, person, now)
    silent = unread(person)
    for source, why in silent.items():
        print(f"auditor: {source}: nothing could be read there: {why}", file=sys.stderr)
    return 1 if silent else 0


def _parts(given: str) -> list[Path]:
    """The files of one export. A comma may stand in the name of a file or folder, too."""
    whole = Path(given)
    return [whole] if whole.exists() else [Path(part) for part in given.split(",")]


def _status(args: argparse.Namespace) -> None:
    _, person = _opened(args, Dialogue())
    lines = [f"Kept in {args.folder}, sealed with your passphrase."]
    lines += [f"Proved: {p.kind} {p.value}, by {_HOWS[p.how]}, on {p.at[:10]}" for p in person.proofs]
    own = [("email", value) for value in person.emails] + [("handle", value) for value in person.handles]
    lines += [f"Not proved yet: {kind} {value}" for kind, value in own if value not in person.proved(kind)]
    for source in consent.sources().values():
        given = next((c for c in person.consents if c.source == source.id), None)
        old = given is not None and not consent.current(person, source.id)
        word = f"yes, on {given.at[:10]}, to the text of {given.text}" if given else "no"
        lines.append(
            f"{source.title} ({source.id}): {word}{'; the text has changed since, so it rests' if old else ''}"
        )
    if person.judged_by:
        lines.append(f"Held against: {person.judged_by}")
    lines.append(f"Last scan: {person.last.at:%Y-%m-%d}" if person.last else "Last scan: none is kept")
    lines += ["What was done:", *(f"  {line}" for line in person.log[-20:])]
    print("\n".join(lines))


_HOWS: Final = {"code": "a mailed code", "token": "a token in a profile", "export": "a data export"}


def _report(args: argparse.Namespace) -> None:
    vault, person = _opened(args, Dialogue())
    vault.write(dumped(person))
    _write(args, person)


def _answer(args: argparse.Namespace) -> None:
    vault, person = _unsealed(args, Dialogue())
    found = person.last.exposures if person.last else ()
    if not 1 <= args.number <= len(found):
        raise Mistake(f"{args.number}: there is no such number on your page; it has {len(found)}")
    said = {"yes": Mine.YES, "no": Mine.NO, "unsure": Mine.UNSURE}[args.answer]
    # The numbers are those of the page as it was written: what is too old goes after that.
    person = replace(person, answers={**person.answers, found[args.number - 1].id: said}).aged(datetime.now(UTC))
    vault.write(dumped(person))
    _write(args, person)


def _withdraw(args: argparse.Namespace) -> None:
    if args.source not in consent.sources():
        raise Mistake(
            f"there is no source {quoted(args.source)}{did_you_mean(args.source, consent.sources())}; "
            f"there are {', '.join(consent.sources())}"
        )
    vault, person = _opened(args, Dialogue())
    person = consent.withdraw(person, args.source).noted(f"withdrawn: {args.source}", datetime.now(UTC))
    vault.write(dumped(person))
    if person.last is not None:
        _write(args, person)
    if args.source == "counted":
        _uncount(args, person)
    print(f"Withdrawn: {consent.sources()[args.source].title}. What came of it is deleted.")


def _delete(args: argparse.Namespace) -> None:
    vault = Vault(args.folder, "")
    if not args.yes and not Dialogue().is_yes(f"Delete all that is kept in {args.folder}?", "no"):
        print("Nothing was deleted.")
        return
    # What a run that was cut off in the middle of writing left behind goes, too.
    halves = [file for name in (PAGE, vault.file.name) for file in args.folder.glob(f".{name}.*")]
    gone = [vault.delete(), forget(args.folder), *map(destroy, (args.folder / PAGE, *halves))]
    print("Everything is deleted." if any(gone) else "Nothing was kept.")


def _import(args: argparse.Namespace) -> None:
    manifest = keep(args.file, args.folder)
    print(f"Kept: {len(manifest.sites)} sites. With your yes to it, the next scan asks them for your proved handles.")
    for line in (*manifest.credits, *check(manifest, datetime.now(UTC).date())):
        print(line)


def _check(args: argparse.Namespace) -> None:
    lists = (load_manifest(args.file),) if args.file else manifests(args.folder)
    for manifest in lists:
        told = f", version {manifest.version}" if manifest.version else ""
        until = f", good until {manifest.expires_on}" if manifest.expires_on else ""
        print(f"{manifest.name}: {manifest.format}, {len(manifest.sites)} sites{told}{until}")
        for line in check(manifest, datetime.now(UTC).date()):
            print(line)
        if args.self_test:
            tested: list[Tested] = []
            run_to_the_end(self_test(manifest.sites, ProbeOptions(_manners(args)), tested.append))
            for one in sorted(tested, key=lambda one: one.site.casefold()):
                print(f"{one.site}: {'answers as it should' if one.works else one.why}")
            print(f"{sum(one.works for one in tested)} of {len(tested)} sites answer as the list says.")


def _count(args: argparse.Namespace) -> None:
    config = load(args.config, datetime.now(UTC).date())
    print(counted.told(config.data, len(config.district.staff), counted.school_year(datetime.now(UTC))))


# ------------------------------------------------------------------------------------------------ with what


def _kept(args: argparse.Namespace) -> None:
    if not Vault(args.folder, "").file.exists():
        raise Mistake(f'{args.folder}: nothing is kept there yet; begin with "auditor footprint start"')


def _opened(args: argparse.Namespace, dialogue: Dialogue, *, may_begin: bool = False) -> tuple[Vault, Person]:
    """The sealed file, opened, and the person in it. Findings that are too old are gone."""
    vault, person = _unsealed(args, dialogue, may_begin=may_begin)
    return vault, person.aged(datetime.now(UTC))


def _unsealed(args: argparse.Namespace, dialogue: Dialogue, *, may_begin: bool = False) -> tuple[Vault, Person]:
    there = Vault(args.folder, "").file.exists()
    if not may_begin:
        _kept(args)
    vault = Vault(args.folder, dialogue.passphrase(fresh=not there))
    kept = vault.read()
    return vault, read(kept) if kept is not None else new()


def _manners(args: argparse.Namespace) -> Manners:
    allowed = tuple(map(str, networks(args.allow_network)))
    return Manners(version=__version__, delay=DELAY, allow_networks=allowed, pause=PAUSE)


def _keys() -> Mapping[str, TokenPlace]:
    """Where the keys of sources stand: in a variable, or in a file that a second variable names."""
    files = {source.id: os.environ.get(f"{source.key}_FILE", "") for source in sources().values() if source.key}
    return {name: TokenPlace("", Path(file)) for name, file in files.items() if file}


def _employment(args: argparse.Namespace, before: Employment | None) -> Employment | None:
    """Whom the person works for, as they name it now, or named it before."""
    if not args.policy and not args.district and not args.email_domain:
        return before
    if not args.policy and before is None:
        raise Mistake("--district and --email-domain go with --policy: say whose policy it is, too")
    own = before or Employment("")
    policy = str(Path(args.policy).resolve()) if args.policy and Path(args.policy).is_file() else args.policy
    return Employment(
        policy or own.policy, args.district or own.district, tuple(args.email_domain) or own.email_domains
    )


def _employer(args: argparse.Namespace, person: Person) -> Employer | None:
    """Whom the person works for: by what they said, else by the configuration that lies here; None where neither is."""
    named = person.employment
    if named is not None and (args.policy or args.config == _CONFIG):
        policy = load_policy(named.policy)
        schools = (School(id="own", name=person.school),) if person.school else ()
        name = named.district or policy.district
        return Employer(District(name, policy.id, email_domains=named.email_domains, schools=schools), policy)
    if not args.config.is_file():
        return None
    config = load(args.config, datetime.now(UTC).date())
    return Employer(config.district, config.policy)


def _write(args: argparse.Namespace, person: Person) -> None:
    if person.last is None:
        raise Mistake('there is no scan to report; run "auditor footprint scan"')
    telling = told(
        person.last,
        person.answers,
        school=person.school,
        policy=person.judged_by,
        known=person.known,
        before_at=datetime.fromisoformat(person.known_at) if person.known_at else None,
        shelves=shelves(person.names, person.school, (*person.emails, *person.handles)),
    )
    file = args.folder / PAGE
    try:
        files.write(file, page(telling))
    except OSError as problem:
        raise Mistake(f"{file}: cannot be written ({problem.strerror or 'no reason given'}).") from None
    print(f"Your page: {file.absolute().as_uri()}")


def _notify(person: Person, server: Mailer | None) -> None:
    """Word of the scan to each proved address, so that nobody scans in somebody's name unnoticed."""
    for number, address in enumerate(person.proved(proof.EMAIL), 1):
        if server is not None and (problem := server.send(address, proof.NOTICE_SUBJECT, proof.NOTICE)):
            print(f"auditor: word of this scan could not be sent to address {number}: {problem}", file=sys.stderr)


def _data(args: argparse.Namespace) -> Path:
    """The district's own folder, in which it is counted how many have completed a scan."""
    return load(args.config, datetime.now(UTC).date()).data


def _count_in(args: argparse.Namespace, person: Person, now: datetime) -> None:
    """Counts a completed scan; where that fails, the scan is done all the same."""
    year = counted.school_year(now)
    try:
        counted.count(_data(args), person.name("counted", year), year)
    except Mistake as fault:
        print(f"auditor: {fault}", file=sys.stderr)


def _uncount(args: argparse.Namespace, person: Person) -> None:
    if args.config.is_file():
        counted.uncount(_data(args), lambda year: person.name("counted", year))
    else:
        print("If you were counted, do this again where your district's config.toml lies: it takes you out.")
