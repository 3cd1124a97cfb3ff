"""One scan: what a person's exports show, how that stands to the policy, and what the agreed sources tell.

It wires, and holds no rule. Nothing is looked at that was not agreed to, and nobody is asked about what is not proved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from auditor.errors import Mistake
from auditor.footprint import consent, probing, proof
from auditor.footprint.exports.export import Export
from auditor.footprint.exports.reading import read_export
from auditor.footprint.exposure import Looked, Scan, Verdict, together
from auditor.footprint.guide import guide
from auditor.footprint.handles.manifest import Manifest
from auditor.footprint.person import Person
from auditor.footprint.selfcheck import Employer, checked
from auditor.footprint.shown import shown
from auditor.footprint.sources.asking import ask, sources
from auditor.outlets.addresses import web_problem
from auditor.secret import TokenPlace
from spiders import reactor
from spiders.settings import Manners


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is asked: manners, other base addresses of sources, and where keys stand."""

    manners: Manners = field(default_factory=Manners)
    bases: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, TokenPlace] = field(default_factory=dict)


NO_POLICY: Final = (
    "No policy is known here. Name your district's with --policy, or run this where its config.toml lies."
)


def scan(
    person: Person,
    exports: Sequence[Sequence[Path]],
    employer: Employer | None,
    now: datetime,
    network: Network,
    lists: Sequence[Manifest] = (),
) -> Person:
    """The person after one scan. Each of `exports` are the files of one export; `lists` say at which sites a handle may
    be in use. Raises `Mistake` before anything is asked of anybody."""
    if exports and not consent.current(person, "export"):
        raise Mistake('exports are read only with your consent: run "auditor footprint start" and say yes to it')
    read = [_theirs(person, sources_of, read_export(sources_of)) for sources_of in exports]
    for export in read:
        person = proof.by_export(person, export, now)
    parts = [_of_exports(person, read, employer, now)]
    chosen = [source for name, source in sources().items() if consent.current(person, name)]
    based = [replace(source, base=network.bases.get(source.id, source.base)) for source in chosen]
    if based:
        parts.append(reactor.run(ask(person, based, now, network.manners, network.keys)))
    parts.append(_not_asked(person, now))
    if consent.current(person, probing.PLAIN):
        sensitive = consent.current(person, probing.SENSITIVE)
        owned = person.proved(proof.HANDLE)
        parts.append(probing.probe(lists, owned, person, now, network.manners, sensitive=sensitive))
    found = together(now, parts)
    if employer is not None and read and consent.current(person, "policy"):
        person = replace(person, judged_by=employer.policy.name)
    return person.scanned(found).noted(f"scan: {len(read)} exports, {len(based)} sources", now)


def unread(person: Person) -> Mapping[str, str]:
    """The sources that were asked in the last scan and told nothing at all: title -> why, in the words of the first."""
    looked = person.last.looked if person.last else ()
    told: dict[str, str] = {}
    for source in consent.sources().values():
        asked = [one for one in looked if one.source == source.id and one.place]
        network = source.id in (*sources(), probing.PLAIN, probing.SENSITIVE) and consent.current(person, source.id)
        if network and asked and all(one.verdict is Verdict.UNCHECKED for one in asked):
            told[source.title] = asked[0].why
    return told


def bases(given: Sequence[str], manners: Manners) -> Mapping[str, str]:
    """Other base addresses of sources, given as NAME=URL. Without encryption only on networks that were named."""
    told: dict[str, str] = {}
    for word in given:
        name, _, url = word.partition("=")
        if name not in sources():
            raise Mistake(f"--base: {name!r} is none of {', '.join(sources())}")
        if problem := web_problem(url):
            raise Mistake(f"--base: the address of {name} {problem}")
        if url.lower().startswith("http:") and not manners.guard().names(urlsplit(url).hostname or ""):
            raise Mistake(f"--base: the address of {name} is not encrypted; write one that begins with https://")
        told[name] = url
    return told


def _theirs(person: Person, given: Sequence[Path], export: Export) -> Export:
    if proof.is_theirs(person, export):
        return export
    raise Mistake(
        f"{given[0]}: this {guide(export.platform).name} export carries no address, handle or name of yours, and other "
        'people\'s are not read. Is it your account? Add its address with "auditor footprint start" first.'
    )


def _of_exports(person: Person, read: Sequence[Export], employer: Employer | None, now: datetime) -> Scan:
    parts = [shown(export, now, person.name) for export in read]
    if read and consent.current(person, "policy"):
        if employer is None:
            parts.append(Scan(now, looked=(Looked("policy", "The district's policy", Verdict.UNCHECKED, NO_POLICY),)))
        else:
            parts += [checked(export, employer, now, person.name, person.name) for export in read]
    return together(now, parts)


def _not_asked(person: Person, now: datetime) -> Scan:
    """What nobody was asked about, as it was not proved: silence about it would read as "not found"."""
    sorts = (("email address", proof.EMAIL, person.emails), ("handle", proof.HANDLE, person.handles))
    open_ones = [
        f"{called} {n}"
        for called, kind, own in sorts
        for n, value in enumerate(own, 1)
        if value not in person.proved(kind)
    ]
    why = "You have not proved yet that it is yours, so nobody was asked about it."
    return Scan(now, looked=tuple(Looked("proof", f"Your {what}", Verdict.UNCHECKED, why) for what in open_ones))
