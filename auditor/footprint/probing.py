"""Where the person's proved handles are in use, by the sites of manifests: an account that answers, and a question.

Whose account it is nobody can tell from outside, so each is a question ("is this you?") and weighs nothing until it is
answered. Sites about sensitive things are asked only with a yes of their own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from auditor.errors import Mistake
from auditor.footprint.exposure import Credit, Exposure, Looked, Reach, Scan, Topic, Verdict
from auditor.footprint.guide import guides
from auditor.footprint.handles.manifest import Manifest, check, load, shipped
from auditor.footprint.handles.sensitive import is_sensitive
from auditor.footprint.handles.site import Probed, Site
from auditor.footprint.person import Person
from auditor.footprint.vault import destroy
from auditor.outlets import platforms
from reports import files
from spiders import handles, reactor
from spiders.settings import Manners

PLAIN: Final = "handles"
SENSITIVE: Final = "sensitive"
"""The sources, as consent knows them: sites of every day, and those about sensitive things."""

FILE: Final = "manifest.json"
"""An imported manifest, as it came, beside the sealed file."""


def manifests(folder: Path) -> tuple[Manifest, ...]:
    """The manifests in use: the one that comes with the product, and the imported one."""
    own = folder / FILE
    return (shipped(), load(own)) if own.is_file() else (shipped(),)


def keep(source: Path, folder: Path) -> Manifest:
    """Keeps a manifest as it is, with its licence and authors in it. A `Mistake` with every fault where it has any."""
    manifest = load(source)
    try:
        files.write(folder / FILE, source.read_bytes())
    except OSError as problem:
        raise Mistake(f"{folder / FILE}: cannot be written ({problem.strerror or 'no reason given'}).") from None
    return manifest


def forget(folder: Path) -> bool:
    """Deletes the imported manifest; whether there was one."""
    return destroy(folder / FILE)


def probe(
    lists: Sequence[Manifest], owned: Sequence[str], person: Person, now: datetime, manners: Manners, *, sensitive: bool
) -> Scan:
    """What the sites of these manifests say of the handles."""
    sites = [site for site in _each_once(lists) if sensitive or not is_sensitive(site)]
    dear = {site.name for site in sites if is_sensitive(site)}
    told: list[Probed] = []
    if owned and sites:
        options = handles.ProbeOptions(manners)
        reactor.run(handles.visit(sites, owned, options, told.extend))
    told.sort(key=lambda one: (one.site.casefold(), one.handle))
    sources = {one: SENSITIVE if one.site in dear else PLAIN for one in told}
    return Scan(
        now,
        tuple(_exposure(one, sources[one], person) for one in told if one.verdict is Verdict.FOUND),
        (*_old(lists, now), *(_looked(one, sources[one], person) for one in told)),
        credits=tuple(credit for manifest in lists[1:] for credit in _credits(manifest)) if told else (),
    )


def _each_once(lists: Iterable[Manifest]) -> Iterable[Site]:
    """The sites, each once by the page that it shows; of two, the one of the first manifest.

    Platforms that let no program look are left to the person, whatever an imported manifest makes of them.
    """
    every = [site for manifest in lists for site in manifest.sites if site.refused or not _lets_nobody_look(site)]
    return {site.shown.casefold().replace("://www.", "://").rstrip("/"): site for site in reversed(every)}.values()


def _lets_nobody_look(site: Site) -> bool:
    return any(platforms.of(url) in _left_to_the_person() for url in (site.url, site.shown))


@cache
def _left_to_the_person() -> frozenset[str | None]:
    """The platforms that the product's own manifest names and nobody asks."""
    return frozenset(platforms.of(site.shown) for site in shipped().sites if site.refused) - {None}


def _exposure(one: Probed, source: str, person: Person) -> Exposure:
    key = person.name(source, one.site, one.handle)
    told = f"An account with your handle answers at {one.site}."
    return Exposure(
        key, source, _platform(one), Topic.ACCOUNT, told, Reach.EVERYBODY, one.handle, one.url, proved=False, place=key
    )


def _platform(one: Probed) -> str:
    """The platform's id where there is a guide for it, else the site's own name."""
    found = platforms.of(one.url) or ""
    return found if found in guides() else one.site


def _looked(one: Probed, source: str, person: Person) -> Looked:
    place = person.name(source, one.site, one.handle)
    return Looked(source, one.site, one.verdict, one.why, one.url, place=place, about=one.handle)


def _old(lists: Iterable[Manifest], now: datetime) -> Iterable[Looked]:
    """Word of a manifest that is too old to be believed."""
    for manifest in lists:
        for line in check(manifest, now.date()):
            if "expired on" in line or "last checked on" in line:
                yield Looked(PLAIN, "The list of sites", Verdict.UNCHECKED, line)


def _credits(manifest: Manifest) -> Iterable[Credit]:
    if manifest.credits:
        words = f"List of sites ({Path(manifest.name).name}): {'; '.join(manifest.credits[:5])}."
        yield Credit(PLAIN, words[:600])
