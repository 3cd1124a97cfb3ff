"""Turns a story into one self-contained HTML file: offline, without JavaScript, with a hash for its one style sheet."""

import base64
import hashlib
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

STYLE = (Path(__file__).parent / "templates" / "style.css").read_text("utf-8")

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
"""The page's Content-Security-Policy: nothing is loaded from anywhere, only our own style sheet is applied."""


def day(when: date | datetime | None) -> str:
    """A date as people write it: 16 November 2026."""
    return f"{when.day} {when:%B %Y}" if when else "never"


def moment(when: datetime | None) -> str:
    """A date with its time of day."""
    return f"{day(when)}, {when:%H:%M}" if when else "never"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 page, 2 pages."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


# Everything is escaped, whatever a template's file is called: crawled text must never become markup.
environment = Environment(
    loader=PackageLoader("reports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters.update(day=day, moment=moment, plural=plural)
environment.globals.update(policy_header=POLICY)


def render(template: str, **told: object) -> str:
    """The page of that template, with our style sheet inside."""
    # The style sheet is ours and its hash stands in the header: it must arrive byte by byte, so it is put in last.
    return environment.get_template(template).render(**told).replace("/*style*/", STYLE)
