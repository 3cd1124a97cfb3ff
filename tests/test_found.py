"""What is found in a text does not overlap with what was found there before."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.detect.found import Found, apart
from auditor.model import Sort


def found(start: int, length: int) -> Found:
    return Found(Sort.PHONE, start, start + length, "")


SOME = st.lists(st.builds(found, st.integers(0, 40), st.integers(1, 12)), max_size=12)


def test_what_begins_where_another_ends_stays() -> None:
    taken = [found(10, 5), found(20, 5)]
    beside = [found(15, 5), found(0, 10), found(25, 1)]

    assert apart(beside, taken) == beside


def test_what_lies_in_around_or_across_another_goes() -> None:
    taken = [found(20, 5), found(10, 5)]
    across = [found(11, 2), found(5, 30), found(8, 3), found(14, 6), found(24, 9)]

    assert apart(across, taken) == []


@given(SOME, SOME)
def test_what_shares_no_character_with_anything_taken_stays_in_its_order(more: list[Found], taken: list[Found]) -> None:
    there = {at for t in taken for at in range(t.start, t.end)}

    kept = apart(more, taken)

    assert kept == [one for one in more if there.isdisjoint(range(one.start, one.end))]
