"""The self-scan stands apart: its code cannot reach what is written for principals, nor what the district stores."""

from functools import cache
from pathlib import Path

from tests.test_layers import FILES, ROOT, imports, name_of, within

OF_PRINCIPALS = (
    "reports.school",
    "reports.district",
    "reports.story",
    "reports.items",
    "reports.rollup",
    "reports.reach",
)
OF_THE_DISTRICT = ("auditor.store", "auditor.enrolment", "auditor.telling", "auditor.audit", "auditor.desk")
SCAN = "auditor.footprint"
COMMAND = "auditor.commands.footprint"
MODULES = {name_of(file): file for file in FILES}


@cache
def named(name: str) -> tuple[str, ...]:
    """What a module imports."""
    return tuple(imports(MODULES[name]))


@cache
def direct(name: str) -> frozenset[str]:
    """The modules of ours that a module imports."""
    return frozenset(found for one in named(name) for found in (one, one.rpartition(".")[0]) if found in MODULES)


def reached(start: str) -> set[str]:
    """Every module of ours that comes with a module, over however many others."""
    waiting, seen = [start], set[str]()
    while waiting:
        for inner in direct(waiting.pop()) - seen:
            seen.add(inner)
            waiting.append(inner)
    return seen


def test_nothing_that_the_self_scan_imports_leads_to_the_reports_of_principals_or_to_the_store() -> None:
    scan = [name for name in MODULES if within(name, SCAN)]
    assert len(scan) > 20

    reach = {name: reached(name) for name in (*scan, COMMAND)}

    for name, found in reach.items():
        wrong = [one for one in found for out in (*OF_PRINCIPALS, *OF_THE_DISTRICT) if within(one, out)]
        assert not wrong, f"{name} reaches {wrong}"


def test_nobody_but_its_own_commands_imports_the_self_scan() -> None:
    guests = {
        (name, one)
        for name in MODULES
        for one in named(name)
        if within(one, SCAN) and not within(name, SCAN) and name != COMMAND
    }

    # What asks sites for handles knows how their answers are understood, and nothing of a person.
    assert all(within(one, f"{SCAN}.handles") for _, one in guests)
    assert all(name == "auditor.commands.probe" or within(name, "spiders") for name, _ in guests)


def test_no_report_of_a_school_and_no_roll_up_knows_the_word() -> None:
    files = [ROOT / Path(*name.split(".")).with_suffix(".py") for name in OF_PRINCIPALS]
    files += [ROOT / "reports" / "templates" / f"{name}.html" for name in ("school", "district", "parts", "tasks")]

    assert [file for file in files if "footprint" in file.read_text("utf-8")] == []
