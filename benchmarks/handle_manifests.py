"""The sites of a handle world as WhatsMyName, sherlock and maigret would describe them. Pure."""

from collections.abc import Iterable

from benchmarks.handle_kinds import KNOWN, NOBODY, Detect, Planted


def whatsmyname(sites: Iterable[Planted]) -> dict[str, object]:
    """`wmn-data.json`."""
    return {
        "license": ["invented"],
        "authors": ["nobody"],
        "categories": ["misc"],
        "sites": [_whatsmyname(site, site.kind.detect(site)) for site in sites],
    }


def _whatsmyname(site: Planted, told: Detect) -> dict[str, object]:
    account = "{account}"
    entry: dict[str, object] = {
        "name": site.name,
        "uri_check": site.home + told.path.replace("{}", account),
        "uri_pretty": site.home + told.shown.replace("{}", account),
        "e_code": told.yes_code,
        "e_string": told.yes,
        "m_code": told.no_code,
        "m_string": told.no,
        "known": list(KNOWN),
        "cat": "misc",
    }
    if told.post:
        entry |= {"post_body": told.post.replace("{}", account), "headers": {"Content-Type": "application/json"}}
    return entry


def sherlock(sites: Iterable[Planted]) -> dict[str, object]:
    """`data.json`."""
    return {site.name: _sherlock(site, site.kind.detect(site)) for site in sites}


def _sherlock(site: Planted, told: Detect) -> dict[str, object]:
    entry: dict[str, object] = {"url": site.home + told.shown, "urlMain": site.home, "username_claimed": KNOWN[0]}
    if told.path != told.shown:
        entry["urlProbe"] = site.home + told.path
    if told.pattern:
        entry["regexCheck"] = told.pattern
    if told.post:
        entry |= {"request_method": "POST", "request_payload": {"name": "{}"}}
    elif "GET" in site.kind.methods and "HEAD" not in site.kind.methods:
        entry["request_method"] = "GET"
    return entry | _error(site, told)


def _error(site: Planted, told: Detect) -> dict[str, object]:
    if told.place:
        return {"errorType": "response_url", "errorUrl": site.home + told.place}
    if told.no_code != told.yes_code:
        return {"errorType": "status_code"}
    return {"errorType": "message", "errorMsg": told.no or "Nothing here"}


def maigret(sites: Iterable[Planted]) -> dict[str, object]:
    """A database for `maigret --db`."""
    return {"sites": {site.name: _maigret(site, site.kind.detect(site)) for site in sites}, "engines": {}, "tags": []}


def _maigret(site: Planted, told: Detect) -> dict[str, object]:
    username = "{username}"
    kind = "response_url" if told.place else "status_code" if told.no_code != told.yes_code else "message"
    entry: dict[str, object] = {
        "url": site.home + told.shown.replace("{}", username),
        "urlMain": site.home,
        "checkType": kind,
        "usernameClaimed": KNOWN[0],
        "usernameUnclaimed": NOBODY,
        "presenseStrs": [told.yes],
        "tags": [],
    }
    if told.no:
        entry["absenceStrs"] = [told.no]
    if told.path != told.shown:
        entry["urlProbe"] = site.home + told.path.replace("{}", username)
    if told.pattern:
        entry["regexCheck"] = told.pattern
    if told.place:
        entry["errorUrl"] = site.home + told.place
    if told.post:
        entry |= {
            "requestMethod": "POST",
            "requestPayload": {"name": username},
            "headers": {"Content-Type": "application/json"},
        }
    return entry
