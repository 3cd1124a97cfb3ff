"""What is still to be visited of an account, where there is more of it than anybody can remember."""

import pytest

from spiders import frontier
from spiders.frontier import Frontier

SITE = "http://lincoln.example/"


def test_beyond_the_most_pages_that_are_told_apart_the_rest_is_left_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frontier, "MAX_PAGES", 2)
    front = Frontier(SITE, (), max_depth=9)

    let_in = [front.fresh(f"{SITE}{page}.html") for page in "abaccb"]

    assert let_in == [f"{SITE}a.html", f"{SITE}b.html", "", "", "", ""]
    assert front.left == 1
