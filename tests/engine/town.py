"""A district of many hosts: one school's site on each, all on loopback, and a look at who visits them."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psutil

from auditor import store as stores
from auditor.config import load
from auditor.store import Store
from auditor.store.rows import PageState
from tests import within
from tests.engine.evidence import alive
from tests.servers import Route, Site, serve

ROOT = Path(__file__).parents[2]
PAGES = 5
HEAD = """
[district]
name = "Riverbend School District"
policy = "mcps"
timezone = "America/Denver"
email_domains = ["riverbend.example"]

[store]
url = "{store}"

[crawl]
contact = "webmaster@riverbend.example"
delay = 0
allow_networks = ["127.0.0.0/8"]
render = "never"

[engine]
{engine}
"""
SCHOOL = """
[[schools]]
id = "s{n}"
name = "School {n}"
grades = "K-5"
website = "{url}"

[[accounts]]
id = "site-{n}"
school = "s{n}"
kind = "official"
platform = "website"
url = "{url}"
owner = "Dana Reyes"
admins = ["dreyes@riverbend.example"]
approved_by = "Superintendent"
approved_on = 2026-08-15
disclosed_on = 2026-08-15
reviewed_on = 2026-11-13
"""


class Town:
    """The running sites. `slowness` is how long each page takes; who reads a page of the host
    `deadly` is killed; `together` holds the hosts that two processes asked at
    the same time (a dead one asks nothing any more), and `visitors` the processes that each was asked by."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.slowness = 0.0
        self.deadly = ""
        self.together: set[str] = set()
        self.visitors: dict[str, set[int]] = {}
        self._now: dict[str, Counter[int]] = {}
        self._counting = threading.Lock()

    @property
    def asked(self) -> Counter[str]:
        """How often each page was asked for, robots.txt and the like left out."""
        return Counter(
            f"{site.url}{hit.partition(' /')[2]}" for site in self.sites for hit in site.hits if ".html" in hit
        )

    def forget(self) -> None:
        """Begins to count anew."""
        self.together.clear()
        self.visitors.clear()
        for site in self.sites:
            site.hits.clear()

    def pages(self, n: int) -> dict[str, Route]:
        """One school's pages: a front page, news that lead to older ones, a vote asked for, links that lead nowhere,
        and one to a neighbour."""
        news = '<a href="/p0.html">News</a>'
        pages: dict[str, Route] = {"/": f"<!DOCTYPE html><title>School {n}</title><main>{news}</main>"}
        for i in range(PAGES):
            words = f'<p>News {i} of school {n}.</p><a href="/gone-{i % 2}.html">menu</a>'
            words += f'<a href="/p{i + 1}.html">older</a>' if i + 1 < PAGES else ""
            if i == 1:
                words += "<p>Vote for Jo Example for school board on November 3!</p>"
            if i == 2 and self.sites:
                words += f'<a href="{self.sites[0].url}p0.html">our neighbours</a>'
            pages[f"/p{i}.html"] = self._page(f"<!DOCTYPE html><title>News {i}</title><main>{words}</main>")
        return pages

    def _page(self, html: str) -> Route:
        def answer(visit: BaseHTTPRequestHandler) -> str:
            host, pid = visit.connection.getsockname()[0], _process(visit)
            with self._counting:
                here = self._now.setdefault(host, Counter())
                here[pid] += 1
                self.visitors.setdefault(host, set()).add(pid)
                if sum(1 for one, count in here.items() if count and alive(one)) > 1:
                    self.together.add(host)
            if host == self.deadly:
                psutil.Process(pid).kill()
            time.sleep(self.slowness)
            with self._counting:
                here[pid] -= 1
            return html

        return answer

    def district(self, folder: Path, engine: str, store: str = "") -> "Office":
        """A district that has all the sites registered; each such folder has the same key, and so the same ids."""
        (folder / "data").mkdir(mode=0o700, parents=True)
        (folder / "data" / "store.key").write_bytes(bytes(range(32)))
        schools = "".join(SCHOOL.format(n=n, url=site.url) for n, site in enumerate(self.sites))
        head = HEAD.format(engine=engine, store=store or f"sqlite:///{folder.as_posix()}/data/auditor.db")
        (folder / "config.toml").write_text(head + schools, "utf-8")
        return Office(folder)


def _process(visit: BaseHTTPRequestHandler) -> int:
    """The process at the other end of the connection, looked up once for each."""
    known: int | None = getattr(visit, "asked_by", None)
    if known is None:
        end = visit.connection.getpeername()
        known = next((c.pid for c in psutil.net_connections("tcp4") if c.laddr == end and c.pid), 0)
        visit.__dict__["asked_by"] = known
    return known


class Office:
    """A district's folder, and the commands run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def alone(self) -> None:
        """From now on one process audits: `run` then needs no others."""
        config = self.folder / "config.toml"
        config.write_text(re.sub(r"(?m)^(workers|dask) = .*", "workers = 1", config.read_text("utf-8")), "utf-8")

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A command, running."""
        return subprocess.Popen(
            [sys.executable, "-m", "auditor", *words, "--config", str(self.folder / "config.toml")],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        """A command, done within the test: exit status, standard output and standard error."""
        done = within.auditor(*words, "--config", str(self.folder / "config.toml"))
        return done.returncode, done.stdout, done.stderr

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        """What is remembered there."""
        with stores.open(load(self.folder / "config.toml", date(2026, 11, 20))) as store:
            yield store

    def told(self) -> dict[str, list[str]]:
        """All that is stored and does not depend on when."""
        with self.store() as store:
            findings = [f"{one.status} {one.finding}" for one in store.findings()]
            coverages = [str(replace(one, fetched_at=datetime(2026, 11, 20, tzinfo=UTC))) for one in store.coverages()]
            return {
                "findings": sorted(findings),
                "coverage": sorted(coverages),
                "verdicts": sorted(map(str, store.verdicts())),
            }

    def pages(self, audit: int) -> set[str]:
        """The addresses of the pages that the audit has read."""
        with self.store() as store:
            (one,) = [one for one in store.audits() if one.id == audit]
            met = (met for account in one.accounts for met in store.pages_met(audit, account))
            return {page.url for page in met if page.state == PageState.READ}


@contextlib.contextmanager
def town(hosts: int, net: int = 81) -> Iterator[Town]:
    """So many sites, each on a host of its own."""
    made = Town()
    with contextlib.ExitStack() as serving:
        for n in range(hosts):
            made.sites.append(serving.enter_context(serve(made.pages(n), host=f"127.{net}.0.{n + 1}")))
        yield made
