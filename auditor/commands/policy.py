"""`auditor policy`: the policies, their clauses, and what is checked, attested, or not built yet."""

import argparse
import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from auditor.check import built
from auditor.errors import Mistake
from auditor.policy import Clause, Demand, Policy, load, shipped
from auditor.rules import RULES

HELP: Final = "policies, their clauses, what is checked and what a person attests"

EXAMPLES: Final = """\
examples:
  auditor policy                         the policies that come with the product
  auditor policy show mcps               every clause, and what it asks
  auditor policy coverage my-policy.toml which clauses are checked, attested, or not built yet
  auditor policy compare mcps d547       rule by rule, what each asks
"""

WANTED: Final[Mapping[str, int]] = {"list": 0, "show": 1, "coverage": 1, "compare": 2}
"""How many policies each action is about."""

WIDTH: Final = 110

CHECKED, NOT_BUILT, WAITS = "checked", "not built yet", "waits"

Row = Mapping[str, object]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("action", nargs="?", default="list", choices=tuple(WANTED), help="what to show [list]")
    parser.add_argument(
        "policies", nargs="*", metavar="P", help="a shipped policy's name, or the path of a policy file"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table", help="how it is printed [table]")


def run(args: argparse.Namespace) -> int:
    wanted = WANTED[args.action]
    if len(args.policies) != wanted:
        policies = {0: "no policy", 1: "one policy", 2: "two policies"}[wanted]
        raise Mistake(
            f'"auditor policy {args.action}" is about {policies}, not {len(args.policies)}; '
            f"the shipped ones are {', '.join(shipped())}"
        )
    given = [load(name) for name in args.policies or (shipped() if args.action == "list" else ())]
    rows, lines = {"list": _list, "show": _show, "coverage": _coverage, "compare": _compare}[args.action](given)
    print(json.dumps(rows, indent=2, ensure_ascii=False) if args.format == "json" else "\n".join(lines))
    return 0


# ------------------------------------------------------------------------------------------------ list


def _list(policies: Sequence[Policy]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = [
        {
            "id": policy.id,
            "name": policy.name,
            "district": policy.district,
            "revised_on": policy.revised_on.isoformat() if policy.revised_on else None,
            "clauses": len(policy.clauses),
            "rules": len(policy.rules()),
        }
        for policy in policies
    ]
    header = ("policy", "clauses", "rules", "revised on", "name")
    cells = [(r["id"], r["clauses"], r["rules"], r["revised_on"] or "not dated", r["name"]) for r in rows]
    return rows, list(_table([header, *cells]))


# ------------------------------------------------------------------------------------------------ show


def _show(policies: Sequence[Policy]) -> tuple[Row, list[str]]:
    (policy,) = policies
    revised = f"revised on {policy.revised_on}" if policy.revised_on else "not dated"
    lines = [policy.name, f"{policy.district}; {revised}; taken from {policy.document}", f"Questions: {policy.contact}"]
    for clause in policy.clauses:
        lines += ["", f"{clause.id}  {where(clause)}"]
        lines += wrapped(clause.says)
        if clause.quote:
            lines += wrapped(f'"{clause.quote}"')
        lines += [line for what in _asked(policy, clause) for line in wrapped(f"-> {what}", hang=3)]
    row = {
        "id": policy.id,
        "name": policy.name,
        "district": policy.district,
        "short_names": list(policy.short_names),
        "revised_on": policy.revised_on.isoformat() if policy.revised_on else None,
        "contact": policy.contact,
        "document": policy.document,
        "clauses": [_clause_row(policy, clause) for clause in policy.clauses],
    }
    return row, lines


def _asked(policy: Policy, clause: Clause) -> Iterator[str]:
    """What the clause asks, in words."""
    for demand in _demands(policy, clause):
        same = "" if demand.clause == clause.id else f" (as {demand.clause})"
        yield f"{demand.rule}: {demand}{same}"
    if clause.attestation:
        yield f"a person attests: {clause.attestation}"
    if clause.product:
        yield f"the product: {clause.product}"
    if clause.silence is not None:
        yield f"permits; keeps quiet: {', '.join(clause.silence) or 'nothing in particular'}"


def _clause_row(policy: Policy, clause: Clause) -> Row:
    row: dict[str, object] = {
        "id": clause.id,
        "lines": clause.lines,
        "says": clause.says,
        "quote": clause.quote,
        "checkable": clause.checkable,
        "answer": clause.answer,
    }
    match clause.answer:
        case "rules":
            row["rules"] = [demand_row(demand) for demand in _demands(policy, clause)]
        case "silence":
            row["silence"] = list(clause.silence or ())
        case answer:
            row[answer] = getattr(clause, answer)
    return row


def demand_row(demand: Demand) -> Row:
    """A demand as plain JSON values."""
    return {
        "rule": demand.rule,
        "severity": demand.severity,
        "at_most": "review" if demand.at_most_review else "fail",
        "kinds": sorted(demand.kinds),
        "grades": str(demand.grades) if demand.grades else None,
        "options": demand.options,
        "needs": demand.needs,
        "clauses": list(demand.clauses),
    }


# ------------------------------------------------------------------------------------------------ coverage


def _coverage(policies: Sequence[Policy]) -> tuple[Row, list[str]]:
    (policy,) = policies
    clauses: list[Row] = []
    cells: list[tuple[object, ...]] = [("clause", "line", "rule", "state")]
    for clause in policy.clauses:
        states = dict(_states(policy, clause))
        clauses.append({"id": clause.id, "lines": clause.lines, "answer": clause.answer, "rules": states})
        answers = states or {"-": _without_rule(clause)}
        for index, (rule, state) in enumerate(answers.items()):
            cells.append((clause.id, clause.lines, rule, state) if index == 0 else ("", "", rule, state))
    totals = _totals(policy)
    return {"policy": policy.id, "clauses": clauses, "totals": totals}, [*_table(cells), "", *_in_words(totals)]


def _states(policy: Policy, clause: Clause) -> Iterator[tuple[str, str]]:
    """Each rule of the clause, and whether its check is built and asked."""
    for rule in clause.rules:
        waiting = [demand.needs for demand in _demands(policy, clause) if demand.rule == rule and demand.needs]
        if rule not in built():
            yield rule, NOT_BUILT
        elif waiting:
            yield rule, f"{WAITS}: {waiting[0]}"
        else:
            yield rule, CHECKED


def _without_rule(clause: Clause) -> str:
    match clause.answer:
        case "attestation":
            return "attested in the annual review"
        case "silence":
            return f"permits: {', '.join(clause.silence or ()) or 'nothing is reported'}"
    return "the product heeds it"


def _totals(policy: Policy) -> dict[str, int]:
    answers = Counter(clause.answer for clause in policy.clauses)
    states = Counter(
        state.partition(":")[0] for clause in policy.clauses for state in set(dict(_states(policy, clause)).values())
    )
    asked = policy.rules() | {demand.rule for demand in policy.waiting()}
    return {
        "clauses": len(policy.clauses),
        "by_rules": answers["rules"],
        "attested": answers["attestation"],
        "by_product": answers["product"],
        "permissions": answers["silence"],
        "fully_checked": sum(
            bool(clause.rules) and set(dict(_states(policy, clause)).values()) == {CHECKED} for clause in policy.clauses
        ),
        "with_a_check_not_built": states[NOT_BUILT],
        "with_a_check_that_waits": states[WAITS],
        "rules": len(asked),
        "rules_not_built": len(asked - built().keys()),
    }


def _in_words(totals: Mapping[str, int]) -> Iterator[str]:
    yield (
        f"{totals['clauses']} clauses: {totals['by_rules']} by rules, {totals['attested']} attested, "
        f"{totals['by_product']} heeded by the product, {totals['permissions']} permissions"
    )
    yield (
        f"Of the {totals['by_rules']} by rules: {totals['fully_checked']} checked in full, "
        f"{totals['with_a_check_not_built']} with a check that is not built yet, "
        f"{totals['with_a_check_that_waits']} with one that waits for something to be settled"
    )
    yield f"{totals['rules']} rules are asked for; {totals['rules_not_built']} of them have no check yet"


# ------------------------------------------------------------------------------------------------ compare


def _compare(policies: Sequence[Policy]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    lines: list[str] = []
    width = max(len(policy.id) for policy in policies)
    for rule, word in RULES.items():
        asked = [[demand for demand in policy.asked if demand.rule == rule] for policy in policies]
        if not any(asked):
            continue
        rows.append(
            {"rule": rule, **{p.id: [demand_row(d) for d in ds] for p, ds in zip(policies, asked, strict=True)}}
        )
        lines += ["", f"{rule} ({word.severity})"] if lines else [f"{rule} ({word.severity})"]
        for policy, demands in zip(policies, asked, strict=True):
            for what in [f"{demand} [{', '.join(demand.clauses)}]" for demand in demands] or ["silent"]:
                lines += wrapped(f"{policy.id:<{width}}  {what}", hang=width + 2)
    return rows, lines


# ------------------------------------------------------------------------------------------------ laying out


def _demands(policy: Policy, clause: Clause) -> Iterator[Demand]:
    return (demand for demand in policy.asked if clause.id in demand.clauses)


def where(clause: Clause) -> str:
    """Where in its document the clause stands: "line 85a"."""
    return f"line{'s' if '-' in clause.lines else ''} {clause.lines}"


def wrapped(text: str, indent: int = 2, hang: int = 0) -> list[str]:
    """The text in lines of readable length; lines after the first stand `hang` further in."""
    first, later = " " * indent, " " * (indent + hang)
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def _table(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Columns as wide as they need to be; the last one is left ragged."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)][:-1]
    for *cells, last in texts:
        yield "  ".join((*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), last)).rstrip()
