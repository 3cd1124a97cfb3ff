"""What a finding quotes and what is kept of a page name nobody whom a school may not show."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import store as stores
from auditor.desk import Desk
from auditor.detect.reading import Recogniser
from auditor.judge import Judge
from auditor.masking import quote
from auditor.model import Account, Document, Image, Kind, Link, Passage, Sort
from spiders.reading import Trace
from tests.policies import load as load_policy
from tests.test_check_pages import BY_PAGE, TODAY, district, fingerprint, found_on, roster

SITE = "http://127.0.0.2:8001/"
ACCOUNT = Account("site", Kind.OFFICIAL, "website", SITE, school="lincoln")
A_LONG_PAGE = "<p>" + "The concert was long and the weather was nice. " * 10 + "</p>"
"""In a short text lone first names are looked for anyhow."""

SAID = [
    pytest.param("political-content", "mcps", "Vote for {} this November!", id="political"),
    pytest.param("offensive-content", "d547", "Next time I'll slap you. {} saw it.", id="offensive"),
    pytest.param("substance-content", "d547", "Free beer for {} tonight.", id="substance"),
    pytest.param("commercial-content", "mcps", "Buy now! 20% off, use code SAVE. Thanks to {}.", id="commercial"),
]


def quoted(rule: str, policy: str, words: str, account: str = "official") -> list[str]:
    """The excerpts of what the rule finds in a long page with these words on it."""
    page = f"<!-- policy: {policy} --><!-- account: {account} --><p>{words}</p>{A_LONG_PAGE}"
    return [finding.excerpt for finding in found_on(BY_PAGE[rule], page)]


@pytest.mark.parametrize(("rule", "policy", "words"), SAID)
def test_an_unknown_person_beside_language_is_masked(rule: str, policy: str, words: str) -> None:
    assert quoted(rule, policy, words.format("Emily Larson and Jonas Petersen")) == [
        words.format("E*** L*** and J*** P***")
    ]


@pytest.mark.parametrize(("rule", "policy", "words"), SAID)
def test_a_name_that_may_be_none_is_masked_all_the_same(rule: str, policy: str, words: str) -> None:
    assert quoted(rule, policy, words.format("Mitchell Beacham")) == [words.format("M*** B***")]


@pytest.mark.parametrize(("rule", "policy", "words"), SAID)
def test_a_students_lone_first_name_beside_language_is_masked(rule: str, policy: str, words: str) -> None:
    assert quoted(rule, policy, words.format("Jada and her sister")) == [words.format("J*** and her sister")]


@pytest.mark.parametrize(("rule", "policy", "words"), SAID)
def test_staff_and_public_figures_beside_language_are_shown(rule: str, policy: str, words: str) -> None:
    shown = "Dana Reyes, Barack Obama or Mayor Ruth Calloway"

    assert quoted(rule, policy, words.format(shown)) == [words.format(shown)]
    assert quoted(rule, policy, words.format(f"{shown}, Jada")) == [words.format(f"{shown}, J***")]


def test_an_unknown_person_is_masked_behind_any_space_that_an_excerpt_leaves_out() -> None:
    page = Document(SITE, (Passage("Vote YES on Measure 12!" + " " * 400 + "Emily Larson"),))

    reading = Recogniser(district(), fingerprint, roster()).read(page, ACCOUNT)
    said = next(s for s in reading.sightings if s.sort is Sort.POLITICAL)

    assert quote(reading, said) == "Vote YES on Measure 12! E*** L***"


def test_a_first_name_beside_a_stranger_or_a_record_is_masked() -> None:
    by_name = quoted("student-name", "mcps", "Congratulations to Emily Larson, grade 3, and her friend Jada.")
    by_record = quoted("student-record", "mcps", "Emily Larson, grade 3, was suspended last week. Jada was not.")

    assert by_name == ["Congratulations to E*** L***, grade 3, and her friend J***."]
    assert by_record == ["E*** L***, grade 3, was *** last week. J*** was not."]


def test_a_private_profile_shows_nobody_beside_its_owners_details() -> None:
    words = "I live in Helena. " + "The weather is nice. " * 3 + "My friends are Emily Larson and Jonas Petersen."

    assert quoted("exposed-detail", "d547", words, "personal") == [
        "I live in ***. " + "The weather is nice. " * 3 + "My friends are E*** L*** and J*** P***."
    ]


# ------------------------------------------------------------------------------------------- what is kept of a page

Kept = Callable[[Document], tuple[list[str], list[tuple[str, str, str]]]]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Gives the words of links, and the descriptions of pictures, that an audit keeps of a document."""
    store = stores.open_url(f"sqlite:///{tmp_path}/auditor.db", tmp_path)
    audit = store.begin_audit([ACCOUNT.id], "mcps", "command", datetime(2026, 11, 16, tzinfo=UTC))

    def kept(document: Document) -> tuple[list[str], list[tuple[str, str, str]]]:
        judge = Judge(district(), load_policy("mcps"), TODAY, fingerprint)
        with store.writer(audit) as writer:
            recogniser = Recogniser(district(), fingerprint, roster())
            Desk({ACCOUNT.id: ACCOUNT}, recogniser, judge, writer, lambda *_: None).saw(ACCOUNT.id, document, Trace())
        store.gather(audit, ACCOUNT.id)
        images = [use.image for use in store.picture_uses(ACCOUNT.id)]
        links = [use.link.words for use in store.link_uses(ACCOUNT.id)]
        return links, [(image.alt, image.caption, image.near) for image in images]

    yield kept
    store.close()


def test_words_of_links_and_pictures_are_kept_without_unknown_people(kept: Kept) -> None:
    links = (Link(f"{SITE}a", "Emily Larson"), Link(f"{SITE}b", "More about Jonas Petersen"))
    picture = Image(f"{SITE}p.png", "Emily Larson sings", "by Jonas Petersen", "The choir. " * 40)
    page = Document(SITE, (Passage("News"),), links, (picture,))

    words, (described,) = kept(page)

    assert words == ["E*** L***", "More about J*** P***"]
    assert described[:2] == ("E*** L*** sings", "by J*** P***")


def test_long_captions_are_kept_without_anybody_either(kept: Kept) -> None:
    long = "Emily Larson and Jada sang. " + "The choir was very good. " * 20
    page = Document(SITE, (Passage("News"),), (), (Image(f"{SITE}p.png", "", long),))

    _, ((_, caption, _),) = kept(page)

    assert caption.startswith("E*** L*** and J*** sang. The choir")


def test_words_of_links_that_name_staff_or_public_figures_are_kept(kept: Kept) -> None:
    links = (Link(f"{SITE}a", "Dana Reyes"), Link(f"{SITE}b", "Barack Obama"), Link(f"{SITE}c", "Lunch menu"))

    words, _ = kept(Document(SITE, (Passage("News"),), links))

    assert words == ["Dana Reyes", "Barack Obama", "Lunch menu"]
