"""TikTok's list of videos is whole only where it says so itself, and where it shows about as many as are counted."""

import json

import pytest

from auditor.model import Reason
from spiders.platform import Ask
from spiders.platforms.tiktok import parse
from tests.test_token_routes import read
from tests.token_routes.tiktok import SAMPLE, video, videos

LIST = "/v2/video/list/"


def test_a_list_that_ends_long_before_the_count_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(SAMPLE, monkeypatch, {LIST: videos(video(1, "Book fair"))})

    assert notes.why == ["Its platform counts 3 posts and shows 1 of them to visitors."]


def test_a_list_that_goes_on_without_saying_where_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"data": {"videos": [video(1, "Book fair")], "has_more": True}}

    notes, _ = read(SAMPLE, monkeypatch, {LIST: broken})

    assert notes.reasons == [Reason.PARTIAL_LISTING]
    assert notes.dead == []


@pytest.mark.parametrize("code", ["scope_not_authorized", "scope_permission_missed"])
def test_a_permission_is_lacking_by_either_of_its_names(code: str) -> None:
    refused = json.dumps({"data": {}, "error": {"code": code, "message": "No"}}).encode()

    parsed = parse(SAMPLE.account, Ask("posts", SAMPLE.asks["posts"]), 401, refused)

    assert [blind.reason for blind in parsed.blind] == [Reason.TOKEN_SCOPE]
