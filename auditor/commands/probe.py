"""`auditor probe`: where handles answer, by a manifest of sites. JSON lines, in the manifest's order."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from auditor import __version__
from auditor.config import networks
from auditor.errors import Mistake
from auditor.footprint.handles.asking import bare, handle_problem
from auditor.footprint.handles.entry import shown
from auditor.footprint.handles.manifest import load
from auditor.footprint.handles.site import Probed, Site, Verdict
from spiders.handles import ProbeOptions, visit
from spiders.reactor import run as run_to_the_end
from spiders.settings import Manners

HELP: Final = "on which sites of a manifest a handle answers: found, not found, or could not check and why"

EXAMPLES: Final = """\
examples:
  auditor probe --manifest wmn-data.json --handle mrivera_room12
  auditor probe --manifest data.json --handle mrivera_room12 --handle coachdelgado > answers.jsonl

The manifest is WhatsMyName's wmn-data.json or sherlock's data.json. Each site and handle gives one line:
  {"site": ..., "handle": ..., "url": ..., "verdict": "found" | "not found" | "could not check", "why": ...}

"found" means that an account with this handle answers there: it may be somebody else's. Look only for handles of your
own: each one is sent to every site of the manifest.

exit status: 0 done, 1 done but no site at all could be checked, 2 wrong usage or a fault in the manifest (nothing was
asked), 3 stopped early (the lines printed so far stand)
"""

WHEN_STOPPED: Final = "the lines printed so far stand"

TIMEOUT: Final = 10.0
LONGEST: Final = 60
DELAY: Final = 0.2
MOST: Final = 50
_EVERY: Final = 25


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("--manifest", type=Path, required=True, metavar="FILE", help="the sites, and how they answer")
    parser.add_argument(
        "--handle", action="append", required=True, metavar="HANDLE", help="a name on sites; may be given again"
    )
    parser.add_argument(
        "--timeout", type=float, default=TIMEOUT, metavar="SECONDS", help=f"for one answer of a site [{TIMEOUT:g}]"
    )
    parser.add_argument(
        "--delay", type=float, default=DELAY, metavar="SECONDS", help=f"between requests to one site [{DELAY:g}]"
    )
    parser.add_argument(
        "--prove-absence",
        action="store_true",
        help='believe "not found" only of sites that show an account that is there: one request more to most',
    )


def run(args: argparse.Namespace) -> int:
    options = _options(args)
    handles = list(dict.fromkeys(map(bare, args.handle)))
    faults = [f"--handle: {shown(handle)} {problem}" for handle in handles if (problem := handle_problem(handle))]
    if len(handles) > MOST:
        faults.append(f"--handle: at most {MOST} handles can be asked for in one run")
    if faults:
        raise Mistake(*faults)
    sites = load(args.manifest).sites
    return run_to_the_end(_ask(sites, handles, options))


def _options(args: argparse.Namespace) -> ProbeOptions:
    allowed = networks(args.allow_network)
    if not 0 < args.timeout <= LONGEST:
        raise Mistake(f"--timeout: {args.timeout:g} is out of bounds; write seconds up to {LONGEST}")
    if not 0 <= args.delay <= LONGEST:
        raise Mistake(f"--delay: {args.delay:g} is out of bounds; write seconds from 0 to {LONGEST}")
    manners = Manners(
        version=__version__, delay=args.delay, allow_networks=tuple(map(str, allowed)), deadline=args.timeout
    )
    return ProbeOptions(manners, prove_absence=args.prove_absence)


async def _ask(sites: Sequence[Site], handles: Sequence[str], options: ProbeOptions) -> int:
    """Asks all sites; 1 where nothing at all could be checked."""
    count = Counter[Verdict]()
    progress = _Progress(len(sites), len(handles))
    printer = _InOrder(site.name for site in sites)

    def tell(told: Sequence[Probed]) -> None:
        count.update(probed.verdict for probed in told)
        printer.tell(told)
        progress.tell()

    try:
        await visit(sites, handles, options, tell)
    finally:
        printer.rest()
    progress.end(count)
    if count[Verdict.FOUND] or count[Verdict.NOT_FOUND]:
        return 0
    print(
        "auditor: no site could be checked; see why in each line, and whether this machine is online", file=sys.stderr
    )
    return 1


class _InOrder:
    """Prints the lines of the sites in their order, each as soon as those before it are known."""

    def __init__(self, names: Iterable[str]) -> None:
        self._waiting = list(reversed(list(names)))
        self._known: dict[str, Sequence[Probed]] = {}

    def tell(self, told: Sequence[Probed]) -> None:
        self._known[told[0].site] = told
        self._print()

    def _print(self) -> None:
        while self._waiting and self._waiting[-1] in self._known:
            for probed in self._known.pop(self._waiting.pop()):
                print(json.dumps(_row(probed), ensure_ascii=False))
        sys.stdout.flush()

    def rest(self) -> None:
        """Prints what is known of sites that come after one that nobody waits for any more."""
        self._waiting = [name for name in self._waiting if name in self._known]
        self._print()


class _Progress:
    """Tells on standard error how many sites have answered: in one line that changes, where somebody looks on."""

    def __init__(self, sites: int, handles: int) -> None:
        self._sites, self._done = sites, 0
        self._live = sys.stderr.isatty()
        handle = "1 handle" if handles == 1 else f"{handles} handles"
        self._say(f"asking {sites} site{'s' * (sites != 1)} for {handle}", last=True)

    def tell(self) -> None:
        """One more site is done."""
        self._done += 1
        if self._live and (self._done % _EVERY == 0 or self._done == self._sites):
            self._say(f"{self._done} of {self._sites} sites", last=False)

    def end(self, count: Counter[Verdict]) -> None:
        """All are done."""
        self._say(", ".join(f"{verdict} {count[verdict]}" for verdict in Verdict), last=True)

    def _say(self, words: str, *, last: bool) -> None:
        print(f"auditor: {words}", end="\n" if last else "\r", file=sys.stderr, flush=True)


def _row(probed: Probed) -> dict[str, str]:
    return {
        "site": probed.site,
        "handle": probed.handle,
        "url": probed.url,
        "verdict": str(probed.verdict),
        "why": probed.why,
    }
