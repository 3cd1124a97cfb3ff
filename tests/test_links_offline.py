"""A machine without internet calls no link broken, and says that nobody looked."""

import socket
from collections.abc import Iterable

import pytest

from auditor.model import LinkState, LinkVerdict
from spiders.links import ALWAYS_THERE, OFFLINE, LinkAsk, LinkOptions, visit
from spiders.reactor import run
from spiders.settings import Manners

CLUB = "https://www.chess-club-of-riverbend.org/"
SCHOOL = "https://www.riverbend-lynx.org/"
HERE = "http://localhost:9/"
SHOP = "https://www.teacherspayteachers.com/Product/Fractions-1"
GONE = "https://gone.riverbend.example/menu"


def states(monkeypatch: pytest.MonkeyPatch, names: Iterable[str], *urls: str) -> dict[str, LinkState]:
    """What a visit tells on a machine that can find these names and no other."""

    def look_up(host: str, port: int | None = None, *_: object, **__: object) -> list[object]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port or 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    told: list[LinkState] = []
    options = LinkOptions(manners=Manners(delay=0, deadline=3.0, allow_networks=("127.0.0.0/8",)), second_look=0)
    run(visit([LinkAsk(url) for url in urls], options, told.append))
    return {state.url: state for state in told}


def test_a_machine_that_finds_no_name_at_all_calls_none_of_them_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    found = states(monkeypatch, (), CLUB, SCHOOL)

    assert {(s.verdict, s.kind) for s in found.values()} == {(LinkVerdict.SKIPPED, OFFLINE)}


def test_a_single_link_is_not_called_dead_there_either(monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(monkeypatch, (), CLUB)[CLUB].kind == OFFLINE


def test_a_name_that_never_was_real_is_broken_even_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(monkeypatch, (), CLUB, GONE)[GONE].verdict is LinkVerdict.BROKEN


def test_a_name_is_dead_where_the_machine_finds_what_is_always_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(monkeypatch, (ALWAYS_THERE,), CLUB)[CLUB].kind == "dns"


def test_a_name_is_dead_where_the_machine_finds_another(monkeypatch: pytest.MonkeyPatch) -> None:
    found = states(monkeypatch, ("localhost",), CLUB, HERE)

    assert (found[CLUB].verdict, found[CLUB].kind) == (LinkVerdict.BROKEN, "dns")


def test_a_dead_shop_is_broken_and_still_a_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    found = states(monkeypatch, (ALWAYS_THERE,), SHOP)[SHOP]

    assert (found.verdict, found.link_class) == (LinkVerdict.BROKEN, "commercial")


def test_a_shop_is_a_shop_where_nobody_could_look(monkeypatch: pytest.MonkeyPatch) -> None:
    found = states(monkeypatch, (), SHOP)[SHOP]

    assert (found.verdict, found.link_class) == (LinkVerdict.SKIPPED, "commercial")
