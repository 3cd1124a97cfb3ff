"""What a platform is: a place where accounts live, and how an account there is read, or why it is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.model import Account, Blind

Settings = Mapping[str, object]
"""The table `[platforms.<id>]` of `config.toml`; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Route:
    """How an account is read. `name` goes into its coverage; `seeds` are addresses to visit beside its own."""

    name: str
    seeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an account is not read at all. It is never fetched, and never clean."""

    blind: Blind


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform, or several that are read alike, by their ids in `config.toml`."""

    ids: tuple[str, ...]
    plan: Callable[[Account, Settings], Route | Refusal]
