"""Sites as WhatsMyName describes them (`wmn-data.json`): status and text of the answer for somebody, and for nobody."""

from typing import Final

from auditor.footprint.handles.entry import Entry
from auditor.footprint.handles.site import HANDLE, Marks, Site

SENSITIVE: Final = frozenset({"xx NSFW xx", "dating", "political", "health", "finance"})
"""Categories in which an account says what an employer must not know."""
BROKEN: Final = "the manifest says that this site cannot be checked at present"


def site(entry: Entry) -> Site:
    """The site of one entry. Faults are noted in the entry; the site is then of no use."""
    body = entry.text("post_body")
    if body and HANDLE not in body and HANDLE not in entry.text("uri_check"):
        entry.fault(f'"post_body" does not say where the handle goes; write {HANDLE} there')
    url = entry.address("uri_check", required=True, placed=not body)
    exists, missing = entry.statuses("e_code", required=True), entry.statuses("m_code", required=True)
    e_text, m_text = entry.text("e_string"), entry.text("m_string")
    if "e_string" not in entry.table:
        entry.fault('"e_string" is missing; add it, "" where there is none')
    if exists and exists == missing and not e_text and not m_text:
        entry.fault('"e_code" and "m_code" are the same, and no text tells the answers apart; add "e_string"')
    headers, refused = entry.headers()
    if not entry.truth("valid", default=True):
        refused = entry.text("refused") or BROKEN
    category = entry.text("cat")
    return Site(
        name=entry.name,
        url=url,
        shown=entry.address("uri_pretty") or url,
        # Redirects are what many of its sites are told apart by, so only another spelling of the page is followed.
        marks=Marks(exists, e_text, missing - exists, (m_text,) if m_text else ()),
        known=entry.texts("known"),
        body=body,
        headers=headers,
        dropped=entry.text("strip_bad_char"),
        category=category,
        sensitive=category in SENSITIVE,
        refused=refused,
    )
