"""The arrows of docs/architecture.md hold: who may import whom, and nothing hides an import."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("auditor", "spiders", "reports")
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

WORDS = {
    "auditor",
    "auditor.model",
    "auditor.errors",
    "auditor.faults",
    "auditor.imported",
    "auditor.lazy_pattern",
}
READERS = {
    "auditor.masking",
    "auditor.unrecognised",
    "auditor.common_words",
    "auditor.vicinity",
    "auditor.visitors",
    "auditor.toml_lines",
    "auditor.grades",
    "auditor.rules",
    "auditor.toml_table",
    "auditor.config_engine",
    "auditor.config_file",
    "auditor.policy",
    "auditor.config",
    "auditor.preflight",
    "auditor.registry",
    "auditor.secret",
    "auditor.outlets",
    "auditor.pictures",
    "auditor.roster",
    "auditor.detect",
    "auditor.store",
}
EVERYTHING = {"auditor", "spiders", "reports"}

MAY_IMPORT = {
    "auditor.model": set(),
    "auditor.errors": set(),
    "auditor.compiled": set(),
    "auditor.faults": set(),
    **dict.fromkeys(READERS, WORDS | READERS),
    "auditor.check": {"auditor.model", "auditor.policy", "auditor.checks"},
    "auditor.public_event": {"auditor.lazy_pattern"},
    "auditor.whose": {"auditor.check", "auditor.lazy_pattern", "auditor.model", "auditor.vicinity"},
    "auditor.checks": {
        "auditor.check",
        "auditor.whose",
        "auditor.lazy_pattern",
        "auditor.model",
        "auditor.policy",
        "auditor.masking",
        "auditor.public_event",
        "auditor.vicinity",
        "auditor.visitors",
        "auditor.outlets",
        "auditor.grades",
    },
    "auditor.judge": WORDS | {"auditor.check", "auditor.checks", "auditor.policy", "auditor.rules"},
    "spiders": WORDS | {"auditor.outlets", "auditor.secret", "auditor.tidying", "auditor.footprint.handles", "spiders"},
    "reports": {
        "auditor",
        "auditor.model",
        "auditor.store.rows",
        "auditor.policy",
        "auditor.check",
        "auditor.grades",
        "auditor.outlets.platforms",
        "reports",
    },
    # What a person finds out about themselves is nobody else's: no store, no roster, no report of a principal.
    "auditor.footprint": (WORDS | READERS - {"auditor.store", "auditor.roster"})
    | {"auditor.check", "auditor.checks", "auditor.judge", "spiders", "reports.page", "reports.files"},
    "auditor.footprint.handles": WORDS | {"auditor.outlets"},
    "auditor.audit": EVERYTHING,
    "auditor.conduct": EVERYTHING,
    "auditor.engine": EVERYTHING,
    "auditor.slots": set(),
    "auditor.standard_input": WORDS,
    "auditor.lock": WORDS,
    "auditor.backlinks": WORDS | {"auditor.outlets"},
    "auditor.desk": EVERYTHING,
    "auditor.found_fit": EVERYTHING,
    "auditor.recall": EVERYTHING,
    "auditor.due": EVERYTHING,
    "auditor.errands": EVERYTHING,
    "auditor.renewals": EVERYTHING,
    "auditor.terms": EVERYTHING,
    "auditor.conclusions": EVERYTHING,
    "auditor.ground": WORDS | READERS | {"auditor.check", "spiders"},
    "auditor.enrolment": WORDS | READERS,
    "auditor.keepable": EVERYTHING,
    "auditor.telling": EVERYTHING,
    "auditor.weekly": EVERYTHING,
    "auditor.demo": EVERYTHING,
    "auditor.commands": EVERYTHING,
    "auditor.imported": set(),
    "auditor.lazy_pattern": set(),
    "auditor.tidying": set(),
    "auditor.wrong_usage": WORDS | {"auditor.toml_lines"},
    "auditor.cli": EVERYTHING,
    "auditor.__main__": EVERYTHING,
    "auditor": {"auditor.compiled"},
}
"""What each module or package may import of ours; the longest name that fits a file counts."""

HOMES = {
    "aiohttp": "spiders",
    "playwright": "spiders",
    "jinja2": "reports",
    "sqlalchemy": "auditor.store",
    "distributed": "auditor.engine",
}
"""Libraries that live in one place only."""


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(name: str, package: str) -> bool:
    return name == package or (package != "auditor" and name.startswith(package + "."))


@cache
def read(file: Path) -> tuple[frozenset[str], tuple[int, ...]]:
    """What a file imports, and the lines of those imports that stand inside a function."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    hidden = [n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
    return frozenset(imported(file, tree)), tuple(hidden)


def imports(file: Path) -> frozenset[str]:
    return read(file)[0]


def imported(file: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: says where it imports from in full"
            module = node.module or ""
            for alias in node.names:
                inner = ROOT / Path(*module.split(".")) / alias.name
                yield f"{module}.{alias.name}" if inner.with_suffix(".py").exists() or inner.is_dir() else module


def rule_for(name: str) -> set[str]:
    fitting = [package for package in MAY_IMPORT if within(name, package)]
    assert fitting, f"{name}: has no place in the layers; say in MAY_IMPORT what it may import"
    return MAY_IMPORT[max(fitting, key=len)] | {max(fitting, key=len)}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_imports_point_one_way(file: Path) -> None:
    name = name_of(file)
    allowed = rule_for(name)
    ours = {i for i in imports(file) if i.split(".")[0] in PACKAGES}

    wrong = {} if allowed >= EVERYTHING else {i for i in ours if not any(within(i, package) for package in allowed)}

    assert not wrong, f"{file} may not import {', '.join(sorted(wrong))}"


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_library_stays_in_its_home(file: Path) -> None:
    name = name_of(file)

    strays = {
        i
        for i in imports(file)
        for library, home in HOMES.items()
        if i.split(".")[0] == library and not within(name, home)
    }

    assert not strays, f"{file} may not import {', '.join(sorted(strays))}"


def test_every_library_that_is_used_is_asked_for() -> None:
    product = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked_for = {
        re.split(r"[^\w-]", line)[0] for line in product["dependencies"] + product["optional-dependencies"]["cluster"]
    }
    used = {i.split(".")[0] for file in FILES for i in imports(file)} - {*PACKAGES, *sys.stdlib_module_names}

    assert {packages_distributions()[library][0].lower() for library in used} <= asked_for


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_import_hides_inside_a_function(file: Path) -> None:
    _, hidden = read(file)

    assert not hidden, f"{file}: imports at lines {[*hidden]} belong at the top"


@pytest.mark.parametrize("file", sorted((ROOT / "auditor" / "checks").glob("[a-z]*.py")), ids=name_of)
def test_a_check_never_imports_another(file: Path) -> None:
    others = {i for i in imports(file) if i.startswith("auditor.checks")}

    assert not others
