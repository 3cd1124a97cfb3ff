"""`auditor explain RULE`: what a rule looks for, why, how to fix it, what it cannot see, and who asks for it."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Final

from auditor.check import built
from auditor.commands.policy import demand_row, where, wrapped
from auditor.errors import Mistake
from auditor.model import Kind
from auditor.policy import Policy, load, shipped
from auditor.rules import RULES, SITE_QUALITY, RuleWord
from auditor.toml_lines import did_you_mean, shown

HELP: Final = "what a rule looks for, why, how to fix it, what it cannot see, which policies ask for it"

EXAMPLES: Final = """\
examples:
  auditor explain                          every rule in one line
  auditor explain missing-disclaimer       one rule
  auditor explain student-name --policy my-policy.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id; left out: all rules in one line each")
    parser.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="P",
        help="a policy file to look into as well; may be given again",
    )
    parser.add_argument("--format", choices=("table", "json"), default="table", help="how it is printed [table]")


def run(args: argparse.Namespace) -> int:
    if args.rule is None:
        rows = [{"rule": rule, "severity": word.severity, "fires": word.fires} for rule, word in RULES.items()]
        print(json.dumps(rows, indent=2) if args.format == "json" else "\n".join(_overview()))
        return 0
    rule = args.rule.strip().casefold().replace("_", "-")
    if rule not in RULES:
        raise Mistake(
            f'there is no rule {shown(args.rule)}{did_you_mean(rule, RULES)}; "auditor explain" lists them all'
        )
    policies = [load(name) for name in dict.fromkeys((*shipped(), *args.policy))]
    if args.format == "json":
        print(json.dumps(_row(rule, policies), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_page(rule, policies)))
    return 0


def _overview() -> Iterator[str]:
    width = max(map(len, RULES)) + 2
    for rule, word in RULES.items():
        yield from wrapped(f"{rule:<{width}}{word.fires}", indent=0, hang=width)


def _page(rule: str, policies: Sequence[Policy]) -> Iterator[str]:
    word, check = RULES[rule], built().get(rule)
    yield f"{rule} ({word.severity})"
    yield ""
    if check:
        yield from wrapped(check.help.title, indent=0)
    yield from wrapped(f"Fires when: {word.fires}.", indent=0)
    yield f"Judges: {_judged(word)}."
    if check is None:
        yield ""
        yield "The check of this rule is not built yet: until it is, the rule finds nothing, and says so."
    else:
        sections = (
            ("Why it matters", check.help.why),
            ("How to fix", check.help.fix),
            ("What it cannot see", check.help.blind),
        )
        for heading, text in sections:
            yield from ("", heading, *wrapped(text))
    yield from ("", "Who asks for it")
    yield from _askers(rule, policies)


def _judged(word: RuleWord) -> str:
    kinds = [kind for kind in Kind if kind in word.kinds]
    return f"{', '.join(kinds)} accounts" if kinds else "the district itself"


def _askers(rule: str, policies: Sequence[Policy]) -> Iterator[str]:
    if rule in SITE_QUALITY:
        yield "  The product itself, under every policy (site quality). No policy asks for it."
        return
    silent = []
    for policy in policies:
        demands = [demand for demand in policy.asked if demand.rule == rule]
        if not demands:
            silent.append(policy.id)
        for demand in demands:
            first, *others = [clause for clause in policy.clauses if clause.id in demand.clauses]
            cited = policy.clause(demand.clause) or first
            yield from wrapped(f"{cited.id}, {where(cited)}: {demand}", hang=2)
            yield from wrapped(f'"{cited.quote}"', indent=4)
            also = [f"{clause.id} ({where(clause)})" for clause in (first, *others) if clause is not cited]
            if also:
                yield from wrapped(f"also {', '.join(also)}", indent=4)
    if silent:
        yield f"  Silent, so it never fires there: {', '.join(silent)}"


def _row(rule: str, policies: Sequence[Policy]) -> dict[str, object]:
    word, check = RULES[rule], built().get(rule)
    told = check.help if check else None
    return {
        "rule": rule,
        "severity": word.severity,
        "kinds": sorted(word.kinds),
        "fires": word.fires,
        "built": check is not None,
        "title": told.title if told else None,
        "why": told.why if told else None,
        "fix": told.fix if told else None,
        "cannot_see": told.blind if told else None,
        "site_quality": rule in SITE_QUALITY,
        "asked_by": [
            {
                "policy": policy.id,
                **demand_row(demand),
                "clauses": [
                    {"id": clause.id, "lines": clause.lines, "quote": clause.quote}
                    for clause in map(policy.clause, demand.clauses)
                    if clause
                ],
            }
            for policy in policies
            for demand in policy.asked
            if demand.rule == rule
        ],
    }
