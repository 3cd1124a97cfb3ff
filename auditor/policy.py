"""Policies: a district's adopted sentences as data, and what each asks of the rules.

The five adopted policies lie in `auditor/policies`; a district may give the path of its own file instead. Such a file
is read whole before anything is said, so that every fault in it is told in one pass, each with its line.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from auditor.errors import Mistake
from auditor.grades import grades as read_grades
from auditor.model import SITE, Grades, Kind, Options, Severity
from auditor.rules import LEVELS, RULES, SITE_QUALITY, Form, Option
from auditor.toml_lines import KeyPath, did_you_mean
from auditor.toml_table import Table, TableReader

SHIPPED: Final = Path(__file__).parent / "policies"

ANSWERS: Final = ("rules", "attestation", "product", "silence")
"""What can be done about a clause: a rule checks it, a person attests it, the product heeds it, or it permits."""

POLICY_KEYS: Final = ("id", "name", "district", "short_names", "revised_on", "contact", "document", "clauses")
CLAUSE_KEYS: Final = ("id", "lines", "says", "quote", "checkable", *ANSWERS)
RULE_KEYS: Final = ("rule", "same_as", "severity", "at_most", "needs", "kinds", "grades")
CHECKABLE: Final = ("fully", "partly", "no")


@dataclass(frozen=True, slots=True)
class Demand:
    """What a policy asks of one rule: a check runs once for each. Clauses that ask the same share one.

    `clauses` are their ids, the one to cite first; none for site quality. `kinds` are the account kinds it is about,
    none where it is about the district itself. `grades` is None where it is about all. `at_most_review` keeps the
    outcome a question. `needs` says what must be settled before the demand may be judged; "" when nothing.
    """

    rule: str
    severity: Severity
    policy: str
    clauses: tuple[str, ...] = ()
    options: Options = field(default_factory=dict, hash=False)
    kinds: frozenset[Kind] = frozenset()
    grades: Grades | None = None
    at_most_review: bool = False
    needs: str = ""

    @property
    def clause(self) -> str:
        """The clause that a finding cites; "" for site quality."""
        return self.clauses[0] if self.clauses else ""

    def __str__(self) -> str:
        """What it asks, for a person: "serious; grades PK-8; allow first-name"."""
        parts = [f"{self.severity}, only as a question" if self.at_most_review else str(self.severity)]
        if self.kinds != RULES[self.rule].kinds:
            parts.append(f"on {' and '.join(kind for kind in Kind if kind in self.kinds)} accounts")
        if self.grades:
            parts.append(f"grades {self.grades}")
        parts += [f"{key.replace('_', ' ')} {_in_words(value)}" for key, value in self.options.items()]
        if self.needs:
            parts.append(f"not yet: {self.needs}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of a policy.

    `lines` is where it stands in the document ("85a": the first duty of line 85), `says` it in our words, `quote` in
    the document's own. Exactly one of `rules` (ids, also of demands that still wait for something), `attestation` (the
    question that a person signs), `product` (how the product itself heeds it) and `silence` is set; `silence` are the
    rules that it keeps quiet, and None where the clause is no permission.
    """

    id: str
    lines: str
    says: str
    quote: str = ""
    checkable: str = "partly"
    rules: tuple[str, ...] = ()
    attestation: str = ""
    product: str = ""
    silence: tuple[str, ...] | None = None

    @property
    def answer(self) -> str:
        """Which of `ANSWERS` the clause has."""
        return "silence" if self.silence is not None else next(word for word in ANSWERS if getattr(self, word))


@dataclass(frozen=True, slots=True)
class Policy:
    """A district's policy. `asked` are all its demands, gravest first, also those that wait for something."""

    id: str
    name: str
    district: str
    document: str
    contact: str
    short_names: tuple[str, ...] = ()
    revised_on: date | None = None
    clauses: tuple[Clause, ...] = field(default=(), repr=False)
    asked: tuple[Demand, ...] = field(default=(), repr=False)

    def demands(self, rule: str) -> tuple[Demand, ...]:
        """What the policy asks of that rule now, gravest first; empty where it is silent."""
        return tuple(demand for demand in self.asked if demand.rule == rule and not demand.needs)

    def waiting(self) -> tuple[Demand, ...]:
        """What the policy would ask, were something settled first: see each demand's `needs`."""
        return tuple(demand for demand in self.asked if demand.needs)

    def rules(self) -> frozenset[str]:
        """The rules that the policy asks for now."""
        return frozenset(demand.rule for demand in self.asked if not demand.needs)

    def clause(self, clause_id: str) -> Clause | None:
        """The clause of that id, or None: a stored finding may cite one that the policy no longer has."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)


def shipped() -> tuple[str, ...]:
    """The names of the policies that come with the product."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.toml")))


def load(name_or_path: str | Path) -> Policy:
    """The shipped policy of that name, or the one in that file.

    Raises `Mistake` with every fault of the file, each with its line.
    """
    name = str(name_or_path)
    if name in shipped():
        return _PolicyFile(SHIPPED / f"{name}.toml").policy()
    if not Path(name).is_file():
        raise Mistake(
            f'there is no policy "{name}"{did_you_mean(name, shipped())}; '
            f"use one of {', '.join(shipped())}, or the path of a policy file"
        )
    return _PolicyFile(Path(name)).policy()


def site_demands(rule: str) -> tuple[Demand, ...]:
    """What the product itself asks of a site-quality rule, under every policy; empty for all other rules."""
    if rule not in SITE_QUALITY:
        return ()
    word = RULES[rule]
    return (Demand(rule, word.severity, SITE, options=SITE_QUALITY[rule], kinds=word.kinds),)


@dataclass(frozen=True, slots=True)
class _Sharing:
    """A clause's word that of this rule it asks what other clauses ask already."""

    rule: str
    clause: str
    others: tuple[str, ...]
    at: KeyPath


class _PolicyFile(TableReader):
    """Reads one policy. What clauses ask is gathered on the way and joined at the end."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.id = ""
        self.own: list[Demand] = []
        self.shared: list[_Sharing] = []

    def policy(self) -> Policy:
        """The policy, or `Mistake` with every fault of the file."""
        top = self.table
        self.only((), top, POLICY_KEYS, "a policy")
        self.id = self.text((), top, "id", required=True)
        if self.id and (self.id == SITE or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", self.id)):
            self.fault(("id",), f'"{self.id}" cannot be an id; use small letters, digits and hyphens, and not "{SITE}"')
        clauses = [self._clause(at, table) for at, table in self.tables((), top, "clauses")]
        if not clauses:
            self.fault(("clauses",), "the policy has no clause; write each sentence of it under a line [[clauses]]")
        self._told_apart(clauses)
        policy = Policy(
            id=self.id,
            name=self.text((), top, "name", required=True),
            district=self.text((), top, "district", required=True),
            document=self.text((), top, "document", required=True),
            contact=self.text((), top, "contact", required=True),
            short_names=self.texts((), top, "short_names"),
            revised_on=self.date((), top, "revised_on"),
            clauses=tuple(clauses),
            asked=self._joined(),
        )
        self.faults.settle()
        return policy

    # -------------------------------------------------------------------------------------------- clauses

    def _clause(self, at: KeyPath, table: Table) -> Clause:
        self.only(at, table, CLAUSE_KEYS, "a clause")
        clause_id = self.text(at, table, "id", required=True)
        given = [answer for answer in ANSWERS if not self.lacks(at, table, answer)]
        if len(given) != 1:
            found = f"has {' and '.join(given)}" if given else "has no answer"
            self.fault(at, f'clause "{clause_id}" {found}; give it exactly one of {", ".join(ANSWERS)}')
        asked = self.tables(at, table, "rules")
        if table.get("rules") == []:
            self.fault((*at, "rules"), f'clause "{clause_id}" lists no rule; add one under a line [[clauses.rules]]')
        if asked and self.lacks(at, table, "quote"):
            self.fault(at, f'clause "{clause_id}" has no quote; copy the sentence that its rules are held to')
        return Clause(
            id=clause_id,
            lines=self.text(at, table, "lines", required=True),
            says=self.text(at, table, "says", required=True),
            quote=self.text(at, table, "quote"),
            checkable=self.word(at, table, "checkable", CHECKABLE) or "partly",
            rules=tuple(dict.fromkeys(self._asked(place, rule, clause_id) for place, rule in asked)),
            attestation=self.text(at, table, "attestation"),
            product=self.text(at, table, "product"),
            silence=self.texts(at, table, "silence", RULES) if "silence" in table else None,
        )

    def _told_apart(self, clauses: list[Clause]) -> None:
        seen: set[str] = set()
        for index, clause in enumerate(clauses):
            if clause.id and clause.id in seen:
                self.fault(("clauses", index, "id"), f'two clauses have the id "{clause.id}"; give this one another')
            seen.add(clause.id)

    # -------------------------------------------------------------------------------------------- what they ask

    def _asked(self, at: KeyPath, table: Table, clause_id: str) -> str:
        """Notes what the clause asks of one rule, and returns the rule's id."""
        rule = self.text(at, table, "rule", required=True)
        if rule and rule not in RULES:
            self.fault((*at, "rule"), f'there is no rule "{rule}"{did_you_mean(rule, RULES)}; see "auditor explain"')
        elif rule in SITE_QUALITY:
            self.fault((*at, "rule"), f'"{rule}" is site quality and always judged; leave it out of the policy')
        elif "same_as" in table:
            self.only(at, table, ("rule", "same_as"), 'a rule with "same_as"')
            self.shared.append(_Sharing(rule, clause_id, self.texts(at, table, "same_as"), (*at, "same_as")))
        elif rule:
            self.own.append(self._demand(at, table, rule, clause_id))
        return rule

    def _demand(self, at: KeyPath, table: Table, rule: str, clause_id: str) -> Demand:
        word = RULES[rule]
        self.only(at, table, (*RULE_KEYS, *word.options), f'rule "{rule}"')
        if word.wants and not any(option in table for option in word.wants):
            self.fault(at, f'rule "{rule}" has nothing to judge by; set {" or ".join(word.wants)}')
        kinds = self.texts(at, table, "kinds", tuple(Kind))
        if kinds and not word.kinds:
            self.fault((*at, "kinds"), f'rule "{rule}" is about the district itself; leave out kinds')
        elif beyond := [kind for kind in kinds if kind in tuple(Kind) and Kind(kind) not in word.kinds]:
            self.fault((*at, "kinds"), f'rule "{rule}" never judges {" or ".join(beyond)} accounts; leave that out')
        return Demand(
            rule=rule,
            severity=Severity(self.word(at, table, "severity", tuple(Severity)) or word.severity),
            policy=self.id,
            clauses=(clause_id,),
            options={key: self._option(at, table, key, word.options[key]) for key in word.options if key in table},
            kinds=frozenset(kind for kind in Kind if kind in kinds) or word.kinds,
            grades=self._grades(at, table),
            at_most_review=self.word(at, table, "at_most", ("review",)) == "review",
            needs=self.text(at, table, "needs"),
        )

    def _grades(self, at: KeyPath, table: Table) -> Grades | None:
        text = self.text(at, table, "grades")
        try:
            return read_grades(text) if text else None
        except ValueError as error:
            self.fault((*at, "grades"), str(error))
            return None

    def _option(self, at: KeyPath, table: Table, key: str, option: Option) -> object:
        """An option's value with its lists as tuples."""
        value = table[key]
        match option.form:
            case Form.TEXT:
                return self.text(at, table, key)
            case Form.ONE_OF:
                return self.word(at, table, key, option.words)
            case Form.LIST | Form.SOME_OF:
                return self.texts(at, table, key, option.words)
            case Form.LEVELS if isinstance(value, dict):
                self.only((*at, key), value, LEVELS, f'"{key}"')
                return {level: self.texts((*at, key), value, level, option.words) for level in value}
            case Form.FLAG if isinstance(value, bool):
                return value
            case Form.NUMBER if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
        self.fault((*at, key), f'"{key}" wants {option}')
        return None

    # -------------------------------------------------------------------------------------------- equal demands

    def _joined(self) -> tuple[Demand, ...]:
        """One demand for all clauses that ask the same, the clause to cite first; gravest first."""
        clauses: dict[Demand, list[str]] = {}
        owners: dict[tuple[str, str], list[Demand]] = {}
        for demand in _united(self.own):
            bare = replace(demand, clauses=())
            clauses.setdefault(bare, []).append(demand.clause)
            owners.setdefault((demand.rule, demand.clause), []).append(bare)
        for sharing in self.shared:
            for index, other in enumerate(sharing.others):
                if (sharing.rule, other) not in owners:
                    self._nothing_shared(sharing, index, other, owners)
                for bare in owners.get((sharing.rule, other), ()):
                    clauses[bare].append(sharing.clause)
        joined = (replace(bare, clauses=tuple(dict.fromkeys(ids))) for bare, ids in clauses.items())
        return tuple(sorted(joined, key=lambda demand: (demand.at_most_review, demand.severity.rank)))

    def _nothing_shared(self, sharing: _Sharing, index: int, other: str, owners: Iterable[tuple[str, str]]) -> None:
        known = [clause for rule, clause in owners if rule == sharing.rule]
        say = f"; name one of {', '.join(known)}" if known else f'; no clause says what it asks of "{sharing.rule}"'
        self.fault((*sharing.at, index), f'clause "{other}" asks nothing of rule "{sharing.rule}" itself{say}')


def _united(demands: Iterable[Demand]) -> list[Demand]:
    """The demands, of which those about opt-outs that are read as a union have the levels of every clause."""
    asked = list(demands)
    together: dict[str, tuple[str, ...]] = {}
    for table in (d.options.get("levels") for d in asked):
        for level, fields in table.items() if isinstance(table, Mapping) else ():
            together[level] = tuple(dict.fromkeys((*together.get(level, ()), *fields)))
    return [
        replace(d, options={**d.options, "levels": together}) if d.options.get("reading") == "union" else d
        for d in asked
    ]


def _in_words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case dict():
            return " / ".join(f"{key}: {_in_words(inner)}" for key, inner in value.items())
    return str(value)
