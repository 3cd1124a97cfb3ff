"""Sites as sherlock describes them (`data.json`): only the answer for nobody; every other one is for somebody."""

import json
from typing import Final

from auditor.footprint.handles.entry import Entry
from auditor.footprint.handles.pattern import Unusable, is_followed
from auditor.footprint.handles.site import HANDLE, Marks, Site

MARK: Final = "{}"
_KINDS: Final = frozenset({"message", "status_code", "response_url"})
_CHANGES: Final = "it would have to be asked in a way that may change something there"


def site(entry: Entry) -> Site:
    """The site of one entry. Faults are noted in the entry; the site is then of no use."""
    kinds = entry.texts("errorType")
    if not kinds or not set(kinds) <= _KINDS:
        entry.fault('"errorType" wants "message", "status_code" or "response_url"')
    texts = entry.texts("errorMsg") if "message" in kinds else ()
    if "message" in kinds and not any(texts):
        entry.fault('"errorMsg" is missing; add what the page for nobody says')
    payload = _payload(entry)
    method = (entry.text("request_method") or "GET").upper()
    if method not in ("GET", "HEAD", "POST", "PUT"):
        entry.fault('"request_method" wants "GET", "HEAD" or "POST"')
    shown = entry.address("url", required=True, mark=MARK)
    probe = entry.address("urlProbe", mark=MARK)
    url = probe or shown
    if url and HANDLE not in url and HANDLE not in payload:
        entry.fault(f'"{"urlProbe" if probe else "url"}" does not say where the handle goes; write {MARK} there')
    headers, refused = entry.headers()
    if payload and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    if method == "PUT":
        refused = _CHANGES
    return Site(
        name=entry.name,
        url=url,
        shown=shown,
        marks=Marks(
            no_codes=entry.statuses("errorCode") if "status_code" in kinds else frozenset(),
            no_texts=tuple(text for text in texts if text),
            no_place=_place(entry) if "response_url" in kinds else "",
            follows="response_url" not in kinds,
        ),
        known=entry.texts("username_claimed"),
        body=payload if method == "POST" else "",
        headers=headers,
        pattern=_pattern(entry),
        sensitive=entry.truth("isNSFW", default=False),
        refused=refused,
    )


def _payload(entry: Entry) -> str:
    """What is posted, as JSON."""
    value = entry.table.get("request_payload")
    if value is None:
        return ""
    if not isinstance(value, dict):
        entry.fault('"request_payload" wants a table')
        return ""
    # Within texts only: an empty table is written as the mark is.
    return json.dumps(_marked(value))


def _marked(value: object) -> object:
    if isinstance(value, str):
        return value.replace(MARK, HANDLE)
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value


def _place(entry: Entry) -> str:
    return entry.text("errorUrl").replace(MARK, HANDLE)


def _pattern(entry: Entry) -> str:
    """What the site allows as a handle; "" where that is not said in a way that can be followed here."""
    pattern = entry.text("regexCheck")
    try:
        return pattern if pattern and is_followed(pattern) else ""
    except Unusable as why:
        entry.fault(f'"regexCheck" {why}')
        return ""
