"""Which sites are about what nobody's employer need know; the list is `sensitive.toml`. Pure."""

import tomllib
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from auditor.footprint.handles.site import HANDLE, Site


def is_sensitive(site: Site) -> bool:
    """Whether an account there says much of somebody, by its manifest or by its host."""
    return site.sensitive or any(_is_listed(url) for url in (site.url, site.shown))


def _is_listed(url: str) -> bool:
    host = urlsplit(url.replace(HANDLE, "a")).hostname or ""
    parts = host.split(".")
    return any(".".join(parts[n:]) in _hosts() for n in range(len(parts)))


@cache
def _hosts() -> frozenset[str]:
    data = tomllib.loads(resources.files("auditor.footprint.handles").joinpath("sensitive.toml").read_text("utf-8"))
    return frozenset(host for hosts in data.values() for host in hosts)
