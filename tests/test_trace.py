"""How a page is known again: nothing that is read in it can change unnoticed."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Comment, CommentState, Document, Image, Link, Passage, Place, Profile
from spiders.trace import content

TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(['", "', "]], [[", "\\u00e9", "\ud83d\ude00", "\0"])
DATES = st.none() | st.datetimes(timezones=st.just(UTC))
NUMBERS = st.integers(0, 3000)
PASSAGES = st.builds(Passage, TEXTS, st.sampled_from(Place), TEXTS)
LINKS = st.builds(Link, TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3).map(tuple))
IMAGES = st.builds(Image, TEXTS, TEXTS, TEXTS, TEXTS, NUMBERS, NUMBERS)
COMMENTS = st.builds(Comment, TEXTS, TEXTS, TEXTS, DATES)
TRUTHS = st.sampled_from([None, False, True])
STATES = st.none() | st.sampled_from(CommentState)
PROFILES = st.builds(
    Profile, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, DATES, is_private=TRUTHS, messages_from=TEXTS, comment_state=STATES
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "url": TEXTS,
    "passages": st.lists(PASSAGES, max_size=4).map(tuple),
    "links": st.lists(LINKS, max_size=4).map(tuple),
    "images": st.lists(IMAGES, max_size=3).map(tuple),
    "comments": st.lists(COMMENTS, max_size=3).map(tuple),
    "title": TEXTS,
    "language": TEXTS,
    "media_type": TEXTS,
    "author": TEXTS,
    "published_on": DATES,
    "anchors": st.frozensets(TEXTS, max_size=4),
    "digest": TEXTS,
    "rendered": st.booleans(),
    "problem": TEXTS,
    "is_shell": st.booleans(),
    "comment_state": STATES,
    "comments_whole": TRUTHS,
    "made_for_kids": TRUTHS,
    "profile": st.none() | PROFILES,
}
PARTS = {"passages": PASSAGES, "links": LINKS, "images": IMAGES, "comments": COMMENTS}
DOCUMENTS = st.builds(Document, **FIELDS)


def test_every_field_of_a_document_counts_but_its_depth() -> None:
    assert {field.name for field in fields(Document)} - {*FIELDS} == {"depth"}


@given(DOCUMENTS, st.sampled_from(sorted(FIELDS)), st.data())
def test_a_document_with_any_other_field_has_other_content(document: Document, name: str, data: st.DataObject) -> None:
    other = replace(document, **{name: data.draw(FIELDS[name])})

    assert (content(other) == content(document)) == (other == document)


@pytest.mark.parametrize("name", sorted(PARTS))
@given(data=st.data())
def test_a_part_with_any_other_field_makes_other_content(name: str, data: st.DataObject) -> None:
    document = data.draw(DOCUMENTS)
    parts = data.draw(st.lists(PARTS[name], min_size=1, max_size=4))
    at = data.draw(st.integers(0, len(parts) - 1))
    part: Any = parts[at]
    model = data.draw(PARTS[name])
    field = data.draw(st.sampled_from([field.name for field in fields(part)]))
    changed: list[Any] = [*parts[:at], replace(part, **{field: getattr(model, field)}), *parts[at + 1 :]]

    before, after = _with(document, name, parts), _with(document, name, changed)

    assert (content(after) == content(before)) == (after == before)


def _with(document: Document, field: str, parts: list[Any]) -> Document:
    given_: dict[str, Any] = {field: tuple(parts)}
    return replace(document, **given_)


@given(DOCUMENTS, DOCUMENTS)
def test_two_documents_have_one_content_only_where_they_say_the_same(one: Document, other: Document) -> None:
    assert (content(one) == content(other)) == (one == other)


@given(DOCUMENTS, st.integers(0, 100))
def test_how_deep_a_page_lies_is_no_content(document: Document, depth: int) -> None:
    assert content(replace(document, depth=depth)) == content(document)


@given(st.lists(TEXTS, max_size=5), st.lists(TEXTS, max_size=5))
def test_words_that_move_from_one_passage_to_the_next_change_the_content(one: list[str], other: list[str]) -> None:
    documents = [Document("http://a.example/", tuple(map(Passage, texts))) for texts in (one, other)]

    assert (content(documents[0]) == content(documents[1])) == (one == other)


@given(st.frozensets(TEXTS, max_size=6))
def test_the_order_in_which_places_are_found_is_no_content(anchors: frozenset[str]) -> None:
    documents = [Document("http://a.example/", anchors=frozenset(order)) for order in (sorted(anchors), anchors)]

    assert content(documents[0]) == content(documents[1])


def test_what_the_rough_digest_takes_for_a_counter_is_seen() -> None:
    one = Document("http://a.example/", (Passage("Call Ana at 406-555-0101"),), digest="same")
    other = replace(one, passages=(Passage("Call Ana at 406-555-9999"),))

    assert content(one) != content(other)
    assert content(replace(one, published_on=datetime(2026, 11, 5, tzinfo=UTC))) != content(one)


def test_a_profile_is_known_again_though_one_more_post_is_counted() -> None:
    before = Document("https://social.example/@room7", profile=Profile("1", "room7", "", posts=40))
    after = Document("https://social.example/@room7", profile=Profile("1", "room7", "", posts=41))

    assert content(before) == content(after)
