"""Stored findings for other programs: JSON, CSV and SARIF, as text. Pure.

JSON is written in ASCII, so that it survives every terminal's and shell's idea of an encoding.
"""

import csv
import io
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from auditor.model import Coverage, Outcome, Severity, Status
from auditor.rules import RULES
from auditor.store.columns import in_utc
from auditor.store.rows import Audit, StoredFinding

KEYS: Final = (
    *("id", "rule", "outcome", "severity", "policy", "clause", "school", "account", "url", "subject", "excerpt"),
    *("advice", "confidence", "status", "first_seen", "last_seen", "places"),
)
"""What is told of a finding, in this order, in JSON and CSV."""

LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.SERIOUS: "error",
    Severity.MODERATE: "warning",
    Severity.MINOR: "note",
}

_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠")


def finding_row(stored: StoredFinding) -> dict[str, Any]:
    """A finding as the contract's JSON object."""
    told = {
        "id": stored.id,
        "status": str(stored.status),
        "first_seen": moment(stored.first_seen),
        "last_seen": moment(stored.last_seen),
        "outcome": str(stored.finding.outcome),
        "severity": str(stored.finding.severity),
    }
    return {key: told[key] if key in told else getattr(stored.finding, key) for key in KEYS}


def coverage_row(coverage: Coverage) -> dict[str, Any]:
    """What was and was not seen of an account, as the contract's JSON object."""
    return {
        "account": coverage.account,
        "school": coverage.school,
        "route": coverage.route,
        "complete": coverage.complete,
        "documents": coverage.documents,
        "oldest": moment(coverage.oldest) if coverage.oldest else None,
        "blind": [{"what": b.what, "reason": str(b.reason), "remedy": b.remedy} for b in coverage.blind],
        "fetched_at": moment(coverage.fetched_at),
    }


def moment(at: datetime) -> str:
    """A moment to the second: "2026-11-16T06:00:04Z"."""
    return f"{in_utc(at).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def json_list(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON array."""
    return f"{json.dumps([*rows], indent=2)}\n"


def csv_table(rows: Iterable[Mapping[str, Any]]) -> str:
    """A table with a header, in which no cell is a formula when a spreadsheet opens it."""
    written = io.StringIO()
    # Every text in quotes: else a lone CR within one would end its row for some spreadsheets.
    table = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(KEYS)
    table.writerows([harmless(row[key]) for key in KEYS] for row in rows)
    return written.getvalue()


def harmless(value: object) -> object:
    """The cell with a quote in front where a spreadsheet would take its text for a formula."""
    if not isinstance(value, str):
        return value
    risky = value[:1] in ("\t", "\r", "\n") or value.lstrip()[:1] in _FORMULA_STARTS
    return f"'{value}" if risky and value.strip() else value


# ------------------------------------------------------------------------------------------------ SARIF


def sarif(
    findings: Sequence[StoredFinding], audits: Sequence[Audit], last_audits: Mapping[str, int], version: str
) -> str:
    """A SARIF 2.1.0 log. `audits` are the newest ones first; `last_audits` names the last audit of each account.

    A finding is "new" or "unchanged" since its account's audit before, "absent" when fixed; a dismissal is an accepted
    suppression. A question for a person has the kind "review", which by the standard has no level.
    """
    rules = sorted({s.finding.rule for s in findings})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "auditor",
                "semanticVersion": version,
                "rules": [_sarif_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(s, rules.index(s.finding.rule), last_audits) for s in findings],
    }
    if audits:
        run["automationDetails"] = {"id": f"audit/{audits[0].id}", "guid": _guid(audits[0])}
    if len(audits) > 1:
        run["baselineGuid"] = _guid(audits[1])
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return f"{json.dumps(log, indent=2)}\n"


def _sarif_rule(rule: str) -> dict[str, Any]:
    known = RULES.get(rule)
    if known is None:
        return {"id": rule}
    return {
        "id": rule,
        "shortDescription": {"text": known.fires},
        "defaultConfiguration": {"level": LEVELS[known.severity]},
    }


def _sarif_result(stored: StoredFinding, rule_index: int, last_audits: Mapping[str, int]) -> dict[str, Any]:
    f = stored.finding
    certain = f.outcome is Outcome.FAIL
    place = {"physicalLocation": {"artifactLocation": {"uri": quote(f.url, safe="%/:?#[]@!$&'()*+,;=~")}}}
    dismissed = {"kind": "external", "status": "accepted", "justification": stored.reason}
    told = finding_row(stored)
    return {
        "ruleId": f.rule,
        "ruleIndex": rule_index,
        "kind": "fail" if certain else "review",
        "level": LEVELS[f.severity] if certain else "none",
        "message": {"text": ". ".join(text.strip().rstrip(".") for text in (f.subject, f.excerpt, f.advice) if text)},
        "locations": [place] if f.url else [],
        "partialFingerprints": {"auditorFingerprint/v1": f.fingerprint},
        "baselineState": _baseline(stored, last_audits.get(f.account)),
        "suppressions": [dismissed] if stored.status is Status.DISMISSED else [],
        "occurrenceCount": max(f.places, 1),
        "properties": {
            key: told[key]
            for key in ("id", "severity", "policy", "clause", "school", "account", "subject", "confidence", "status")
        },
    }


def _baseline(stored: StoredFinding, last_audit: int | None) -> str:
    if stored.status is Status.FIXED:
        return "absent"
    return "new" if last_audit in (stored.first_audit, stored.came_back_audit) else "unchanged"


def _guid(audit: Audit) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:auditor:audit:{audit.id}:{audit.started_at.isoformat()}"))
