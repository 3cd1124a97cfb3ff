"""A whole audit beside the least that a crawler can do, and beside link checkers: the same sites, one run.

    python -m benchmarks.audit [--hosts 1] [--pages 5000] [--rounds 2] [--only auditor,spider,linkchecker,linkinator]

Every check that is built judges every page, against a roster of 10,000 invented students, with no delay and without a
browser. The spider only fetches pages and follows links (see `bare_spider.py`); linkchecker and linkinator only check
links. Each runs as it does best: an audit of one host takes one process, since nobody else may ask that host at the
same time; of twenty hosts it takes two, where there are two cores. What tells most are processor seconds and the
ratios: the tools take turns on the same machine. Of each tool the best round counts, in time and in processor time.
"""

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from auditor.check import built
from auditor.rules import RULES, SITE_QUALITY
from benchmarks import process, school_site
from benchmarks.process import Cost

PAGES: Final = 5_000
DEADLINE: Final = 1_800
NET: Final = "127.93.0"
OPTIONS: Final[Mapping[str, str]] = {
    "student-opt-out": "any = true",
    "missing-disclaimer": 'says = ["own-views"]',
}
"""What rules need to have something to judge by."""


SCHOOL: Final = """
[[schools]]
id = "school-{n}"
name = "School {n}"
grades = "6-11"
website = "{url}"

[[accounts]]
id = "site-{n}"
school = "school-{n}"
kind = "official"
platform = "website"
url = "{url}"
owner = "Dana Reyes"
logos = ["seal"]
"""
"""One more school, with a website on a host of its own."""


def main(words: Sequence[str]) -> int:
    """Runs all tools in turns and prints what each took, and the ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--pages", type=int, default=PAGES, help="of all hosts together")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default=",".join(TOOLS))
    asked = parser.parse_args(words)
    each = asked.pages // asked.hosts
    with tempfile.TemporaryDirectory() as scratch, sites(Path(scratch), asked.hosts, each) as (urls, lost):
        costs = _in_turns(asked.only.split(","), asked.rounds, Path(scratch), urls)
    print(f"{asked.pages:,} pages of {school_site.PAGE_BYTES // 1000} KB, {lost:,} addresses that lead nowhere\n")
    _tell(costs, asked.pages)
    return 0


@contextlib.contextmanager
def sites(scratch: Path, hosts: int, pages: int) -> Iterator[tuple[list[str], int]]:
    """Serves a site of so many pages on each of so many hosts, each with news of its own: what two hosts say alike, one
    process need understand only once. Gives where they begin, and how many of their addresses lead nowhere."""
    names = [f"{NET}.{n + 1}" for n in range(hosts)]
    lost = sum(school_site.write_site(scratch / "sites" / name, pages, n) for n, name in enumerate(names))
    with school_site.serving(scratch / "sites", names) as url:
        yield [url.replace(names[0], name) for name in names], lost


def audit(scratch: Path, urls: Sequence[str], pages: int = PAGES, workers: int = 0) -> Cost:
    """One whole audit in a new folder, the roster loaded beforehand; every finding is in its reports. `workers`: by so
    many processes (0: as it does best)."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    config = write_config(folder, urls[0], pages, urls[1:], workers)
    auditor = [sys.executable, "-m", "auditor"]
    process.run([*auditor, "roster", "import", str(folder / "roster"), "--config", config], deadline=DEADLINE)
    cost = process.run([*auditor, "audit", "--config", config], deadline=DEADLINE)
    shutil.rmtree(folder)
    return cost


def write_config(folder: Path, url: str, pages: int, others: Sequence[str] = (), workers: int = 0) -> str:
    """A district with a school for each address, the policy that asks for every rule, the roster and a logo; returns
    the config."""
    school_site.write_roster(folder / "roster")
    (folder / "seal.png").write_bytes(school_site.picture(0))
    (folder / "policy.toml").write_text(_policy(), encoding="utf-8")
    file = folder / "config.toml"
    file.write_text(
        f"""
[district]
name = "Riverbend School District"
policy = "policy.toml"
timezone = "America/Denver"
email_domains = ["riverbend.example"]
phones = ["406-555"]
roster = "roster/"
designees = ["tech@riverbend.example"]
data = "data/"

[crawl]
contact = "tech@riverbend.example"
max_pages = {2 * pages}
delay = 0
allow_networks = ["127.0.0.0/8"]
render = "never"

[[schools]]
id = "school"
name = "Riverbend School"
grades = "6-11"
website = "{url}"
principal = "Dana Reyes"
principal_email = "dreyes@riverbend.example"

[[logos]]
id = "seal"
images = ["seal.png"]

[[accounts]]
id = "site"
school = "school"
kind = "official"
platform = "website"
url = "{url}"
owner = "Dana Reyes"
owner_email = "dreyes@riverbend.example"
logos = ["seal"]
{"".join(SCHOOL.format(n=n, url=other) for n, other in enumerate(others, 1))}
[engine]
workers = {workers}
""",
        encoding="utf-8",
    )
    return str(file)


def _policy() -> str:
    """A policy that asks for every rule whose check is built."""
    asked = [rule for rule in RULES if rule in built() and rule not in SITE_QUALITY]
    clauses = "".join(
        f'[[clauses]]\nid = "all-{n}"\nlines = "{n}"\nsays = "{rule}"\nquote = "{rule}"\ncheckable = "fully"\n'
        f'[[clauses.rules]]\nrule = "{rule}"\n{OPTIONS.get(rule, "")}\n\n'
        for n, rule in enumerate(asked, 1)
    )
    return (
        'id = "all"\nname = "Everything"\ndistrict = "Riverbend School District"\ndocument = "none"\n'
        f'contact = "tech@riverbend.example"\nshort_names = ["Riverbend"]\n\n{clauses}'
    )


def spider(scratch: Path, urls: Sequence[str]) -> Cost:  # noqa: ARG001
    """The bare spider."""
    return process.run([sys.executable, "-m", "benchmarks.bare_spider", *urls], deadline=DEADLINE)


def linkchecker(scratch: Path, urls: Sequence[str]) -> Cost:
    """linkchecker with every brake off; it lists what is broken."""
    settings = scratch / "linkcheckerrc"
    settings.write_text(
        "[checking]\nthreads=16\nmaxrequestspersecond=100000\n[filtering]\nignorerobotstxt=1\n"
        "[output]\nlog=csv\nstatus=0\n",
        encoding="utf-8",
    )
    for path in (scratch, settings):
        path.chmod(0o755)  # run by root it becomes somebody else
    # It ends with 1 where it found a broken link.
    return process.run(["linkchecker", "-f", str(settings), *urls], fine=(0, 1), deadline=DEADLINE)


def linkinator(scratch: Path, urls: Sequence[str]) -> Cost:  # noqa: ARG001
    """linkinator, a hundred requests at a time as it comes; it lists what is broken."""
    cost = process.run(["linkinator", *urls, "--recurse", "--verbosity", "error"], fine=(0, 1), deadline=DEADLINE)
    if "[0]" in cost.said:
        raise RuntimeError("linkinator lost connections, and with them pages: its time tells nothing")
    return cost


TOOLS: Final[Mapping[str, Callable[[Path, Sequence[str]], Cost]]] = {
    "auditor": audit,
    "spider": spider,
    "linkchecker": linkchecker,
    "linkinator": linkinator,
}


def _in_turns(names: Sequence[str], rounds: int, scratch: Path, urls: Sequence[str]) -> dict[str, Cost]:
    best: dict[str, Cost] = {}
    for _ in range(rounds):
        for name in names:
            if name in (linkchecker.__name__, linkinator.__name__) and not shutil.which(name):
                continue
            cost = TOOLS[name](scratch, urls)
            before = best.get(name, cost)
            best[name] = Cost(min(cost.wall, before.wall), min(cost.cpu, before.cpu), max(cost.peak, before.peak))
    return best


def _tell(costs: Mapping[str, Cost], pages: int) -> None:
    print(f"{'tool':<12}{'wall s':>9}{'CPU s':>9}{'ms CPU/page':>13}{'pages/s':>9}{'peak MB':>9}")
    for name, cost in costs.items():
        rate = f"{1000 * cost.cpu / pages:>13.2f}{pages / cost.wall:>9.0f}{cost.peak:>9.0f}"
        print(f"{name:<12}{cost.wall:>9.1f}{cost.cpu:>9.1f}{rate}")
    ratios = {}
    if "auditor" in costs and "spider" in costs:
        ratios["CPU, auditor / spider"] = costs["auditor"].cpu / costs["spider"].cpu
    for checker in ("linkchecker", "linkinator"):
        if "auditor" in costs and checker in costs:
            ratios[f"pages/s, auditor / {checker}"] = costs[checker].wall / costs["auditor"].wall
    print()
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f}")
    print(json.dumps({name: round(ratio, 2) for name, ratio in ratios.items()}), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
