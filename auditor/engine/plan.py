"""How an audit is cut into shards. Pure, and quick for a hundred thousand accounts.

What asks one host stays together, and with it what shares the host's domain or platform: whoever has it can be polite
to it without asking anybody else. Where there are few hosts, each process gets an equal share of the work at once;
where there are many, hosts that take about as long go together, the longest first, and each process fetches the next
shard when it is done with one.
"""

import heapq
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from auditor.config_engine import Engine
from auditor.engine.shard import Part, Shard, Stage
from auditor.model import Account
from auditor.outlets import platforms
from auditor.outlets.links import registrable
from spiders.pace import host_of

HOSTS: Final = 32
"""Most hosts of one shard: twice as many as a process reads side by side."""
FEW: Final = 8
"""Hosts up to which one process does best by itself; a second one is worth its start from twice as many on."""


def politeness_key(url: str) -> str:
    """What one address has in common with all those that must not be asked at the same time by anybody else: its
    platform, else its registered domain, else its host."""
    return _of_host(host_of(url).rstrip("."))


@lru_cache(4096)  # the links of an account come one after the other, and most lead to where it lies itself
def _of_host(host: str) -> str:
    return platforms.of(f"https://{host}/") or registrable(host) or host


def processes(engine: Engine, hosts: int) -> int:
    """How many processes on this machine are worth starting for so many hosts; 0 where this one does best."""
    if hosts <= FEW and engine.workers < 2:
        return 0
    wanted = engine.workers or min(os.cpu_count() or 1, hosts // FEW)
    return min(wanted, hosts) if hosts > 1 else 0


def by_host(accounts: Iterable[Account]) -> list[Part]:
    """The accounts of each host together, in the order in which they came."""
    groups: dict[str, list[str]] = defaultdict(list)
    for account in accounts:
        groups[politeness_key(account.url)].append(account.id)
    return [Part(key, tuple(ids)) for key, ids in groups.items()]


def by_address(urls: Iterable[str]) -> list[Part]:
    """The addresses of each host together, in the order in which they came."""
    groups: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        groups[politeness_key(url)].append(url)
    return [Part(key, tuple(found)) for key, found in groups.items()]


def by_school(accounts: Iterable[Account]) -> list[Part]:
    """The accounts of each school together: what is concluded of them comes from the same pages."""
    groups: dict[str, list[str]] = defaultdict(list)
    for account in accounts:
        groups[account.school].append(account.id)
    return [Part(school, tuple(ids)) for school, ids in groups.items()]


def cut(
    audit: int, stage: Stage, parts: Iterable[Part], workers: int, weight: Callable[[Part], float] | None = None
) -> list[Shard]:
    """The shards of a stage, for so many processes; one for 0. `weight` is how long a part takes, in whatever unit;
    left out, each of its things takes the same."""
    weighed = weight or (lambda part: len(part.things))
    heaviest_first = sorted(parts, key=lambda part: (-weighed(part), part.key))
    if not workers:
        bins = [heaviest_first] if heaviest_first else []
    elif len(heaviest_first) <= workers * HOSTS:
        bins = _shared_out(heaviest_first, workers, weighed)
    else:
        bins = [heaviest_first[at : at + HOSTS] for at in range(0, len(heaviest_first), HOSTS)]
    return [Shard(audit, stage, tuple(some)) for some in bins]


def _shared_out(parts: Sequence[Part], workers: int, weight: Callable[[Part], float]) -> list[list[Part]]:
    """The parts, heaviest first, each given to whoever has least so far."""
    bins: list[list[Part]] = [[] for _ in range(min(workers, len(parts)))]
    loads = [(0.0, number) for number in range(len(bins))]
    for part in parts:
        load, number = heapq.heappop(loads)
        bins[number].append(part)
        heapq.heappush(loads, (load + weight(part), number))
    return bins
