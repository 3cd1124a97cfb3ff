"""A machine without internet calls no link broken, and says that nobody looked."""

from auditor.model import LinkState, LinkVerdict
from spiders.link_step import Fault, Step, Trail
from spiders.links import OFFLINE, LinkAsk, of_nameless

PAGE = "https://www.facebook.com/LincolnLynx"
GONE = "https://gone.riverbend.example/menu"
CLUB = "https://www.chess-club-of-riverbend.org/"


def states(*urls: str, name_found: bool) -> dict[str, LinkState]:
    pages = {url: [LinkAsk(url)] for url in urls}
    trails = {url: Trail((url,), Step(url, fault=Fault.DNS)) for url in urls}
    return {state.url: state for state in of_nameless(pages, trails, name_found=name_found)}


def test_where_not_even_the_great_platforms_have_a_name_the_machine_is_offline() -> None:
    found = states(PAGE, CLUB, name_found=False)

    assert {(s.verdict, s.kind) for s in found.values()} == {(LinkVerdict.SKIPPED, OFFLINE)}


def test_a_name_that_never_was_real_is_broken_even_then() -> None:
    assert states(PAGE, GONE, name_found=False)[GONE].verdict is LinkVerdict.BROKEN


def test_one_name_that_was_found_is_proof_enough_that_the_others_are_dead() -> None:
    assert states(PAGE, CLUB, name_found=True)[CLUB].verdict is LinkVerdict.BROKEN


def test_a_lone_dead_name_is_broken() -> None:
    assert states(CLUB, name_found=False)[CLUB].verdict is LinkVerdict.BROKEN
