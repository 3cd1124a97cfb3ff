"""A certificate that ends soon is spoken of before it does: the link is alive, and its row says until when."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from auditor.cli import main
from auditor.model import LinkState, LinkVerdict
from benchmarks.planted_certificates import end_of
from benchmarks.planted_links import HONEST, SOON, TRUSTED, PlantedLinks, moved
from spiders.link_certificate import SOON as NEAR
from spiders.link_walk import Patience
from spiders.links import Before, LinkAsk, LinkOptions, visit
from spiders.reactor import run
from spiders.settings import Manners

MANNERS = Manners(delay=0, deadline=2.0, allow_networks=("127.77.0.0/16",))


def look(url: str, **options: object) -> LinkState:
    told: list[LinkState] = []
    wanted = LinkOptions(manners=MANNERS, patience=Patience(pause=0.02), second_look=0.0, **options)  # type: ignore[arg-type]
    run(visit([LinkAsk(url)], wanted, told.append))
    (state,) = told
    return state


@pytest.fixture(scope="module")
def ends(web: PlantedLinks) -> datetime:
    return end_of(web.place(SOON))


@pytest.fixture(scope="module")
def says(ends: datetime) -> str:
    return f"Its certificate ends on {ends:%B} {ends.day}, {ends.year}."


def test_a_site_whose_certificate_ends_soon_is_alive_and_says_until_when(web: PlantedLinks, says: str) -> None:
    state = look(f"{web.place(SOON)}/")

    assert (state.verdict, state.why, state.kind) == (LinkVerdict.ALIVE, says, "")


def test_a_certificate_that_lasts_is_not_spoken_of(web: PlantedLinks, ends: datetime) -> None:
    assert look(f"{web.place(TRUSTED)}/").why == ""
    assert look(f"{web.place(SOON)}/", now=ends - NEAR - timedelta(days=1)).why == ""


def test_the_certificate_of_a_site_on_the_way_counts_too(web: PlantedLinks, says: str) -> None:
    web.serve(SOON, "/on", moved(f"{web.place(HONEST)}/plain"))

    assert look(f"{web.place(SOON)}/on").why == says


def test_it_is_told_where_only_the_headers_were_asked_for(web: PlantedLinks, says: str) -> None:
    url = f"{web.place(SOON)}/"
    known = Before(LinkState(url, LinkVerdict.ALIVE, "", 200, url), datetime.now(UTC))

    def before(urls: Sequence[str]) -> Mapping[str, Before]:
        return {url: known} if url in urls else {}

    assert look(url, before=before).why == says


def test_nobody_looks_at_a_certificate_where_connections_are_not_allowed(web: PlantedLinks) -> None:
    alone = Manners(delay=0, deadline=2.0, allow_networks=(f"{HONEST}/32",))
    told: list[LinkState] = []

    run(visit([LinkAsk(f"{web.place(SOON)}/")], LinkOptions(manners=alone, second_look=0.0), told.append))

    assert [(state.verdict, state.kind) for state in told] == [(LinkVerdict.BROKEN, "private")]


def test_the_command_says_so_in_the_row_of_the_link(
    web: PlantedLinks, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"{web.place(SOON)}/"

    main(["links", "--allow-network", "127.77.0.0/16", "--delay", "0", url])

    assert json.loads(capsys.readouterr().out) == {
        "url": url, "verdict": "alive", "why": says, "status": 200, "final_url": url, "class": None,
    }  # fmt: skip
