"""Accounts on platforms, audited from the outside: the command, servers that speak the platforms' interfaces, and what
is told afterwards."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Reply, Site, serve
from tests.test_audit import District, page

BLUESKY = "https://bsky.app/profile/lincoln.riverbend.example"

ACCOUNTS = """
[[accounts]]
id = "lincoln-bluesky"
school = "lincoln"
kind = "official"
platform = "bluesky"
url = "{bluesky}"
owner = "Dana Reyes"

[[accounts]]
id = "room7"
school = "lincoln"
kind = "classroom"
platform = "mastodon"
url = "{mastodon}"
owner = "Dana Reyes"

[[accounts]]
id = "lincoln-instagram"
school = "lincoln"
kind = "official"
platform = "instagram"
url = "https://www.instagram.com/lincoln"
owner = "Dana Reyes"

[platforms.bluesky]
base = "{base}"
"""


class Network:
    """A Bluesky and a Mastodon server at one address; its posts may be changed while it runs."""

    def __init__(self) -> None:
        self.posts = {"3k1": "Book fair on Friday.", "3k2": "Those damn assholes stole our sign."}
        self.statuses: object = [{"id": "9", "content": "<p>Reading night</p>", "created_at": "2026-11-05T15:00:00Z"}]
        self.home = ""
        self.answers = 0
        self.thread = Reply(status=404)

    def __call__(self, handler: BaseHTTPRequestHandler) -> Any:
        path = handler.path.partition("?")[0]
        if "max_id" in handler.path:
            return "[]"
        answer = {
            "/": page("Lincoln"),
            "/xrpc/app.bsky.actor.getProfile": {"did": "did:plc:x", "displayName": "Lincoln", "postsCount": 2},
            "/xrpc/app.bsky.feed.getAuthorFeed": {"feed": [{"post": self._post(key)} for key in self.posts]},
            "/xrpc/app.bsky.feed.getPostThread": self.thread,
            "/api/v1/accounts/lookup": {"id": "7", "acct": "room7", "display_name": "Room 7", "statuses_count": 1},
            "/api/v1/accounts/7/statuses": self.statuses,
        }.get(path, Reply(status=404))
        return answer if isinstance(answer, Reply | str) else json.dumps(answer)

    def _post(self, key: str) -> dict[str, object]:
        record = {"text": self.posts[key], "createdAt": "2026-11-05T15:00:00Z"}
        return {"uri": f"at://did:plc:x/app.bsky.feed.post/{key}", "record": record, "replyCount": self.answers}


@pytest.fixture
def network() -> Iterator[tuple[Network, Site]]:
    server = Network()
    with serve({"*": server, "/robots.txt": Reply(status=404)}) as site:
        yield server, site


def test_accounts_on_platforms_are_audited_and_what_could_not_be_seen_is_told(
    tmp_path: Path, network: tuple[Network, Site]
) -> None:
    server, site = network
    district = District(tmp_path)
    accounts = ACCOUNTS.format(bluesky=BLUESKY, mastodon=site.at("/@room7"), base=site.url)
    district.configure(site.url, more=accounts)

    done = district.auditor("audit")

    assert done.returncode == 1, done.stderr
    seen = {row["account"]: row for row in district.lines("coverage")}
    assert {name: (row["route"], row["complete"], row["documents"]) for name, row in seen.items()} == {
        "lincoln-site": ("website", True, 1),
        "lincoln-bluesky": ("bluesky", True, 3),
        "room7": ("mastodon", True, 2),
        "lincoln-instagram": ("none", False, 0),
    }
    assert [blind["reason"] for blind in seen["lincoln-instagram"]["blind"]] == ["no_token"]
    offensive = district.open_findings("offensive-content")
    assert {finding["url"] for finding in offensive} == {f"{BLUESKY}/post/3k2"}

    del server.posts["3k2"]
    server.statuses = {"error": "This API requires an authenticated user"}
    district.auditor("audit")

    seen = {row["account"]: row for row in district.lines("coverage")}
    assert district.open_findings("offensive-content") == []
    assert seen["lincoln-bluesky"]["complete"]
    assert (seen["room7"]["complete"], seen["room7"]["blind"][0]["reason"]) == (False, "platform_outage")


def test_a_post_that_cannot_be_listed_today_keeps_its_finding(tmp_path: Path, network: tuple[Network, Site]) -> None:
    server, site = network
    district = District(tmp_path)
    server.posts = {"3k2": "Those damn assholes stole our sign."}
    accounts = ACCOUNTS.format(bluesky=BLUESKY, mastodon=site.at("/@room7"), base=site.url)
    district.configure(site.url, more=accounts)
    district.auditor("audit", "--account", "lincoln-bluesky")
    before = [finding["id"] for finding in district.open_findings("offensive-content")]

    server.posts = {}
    district.auditor("audit", "--account", "lincoln-bluesky")

    assert before
    assert [finding["id"] for finding in district.open_findings("offensive-content")] == before


@pytest.mark.parametrize(
    ("thread", "reason"),
    [
        (Reply(status=502), "platform_outage"),
        (Reply(status=403), "login_wall"),
        (Reply('{"thread": {"post": {"replyCount": 1}, "replies": []}}'), "partial_listing"),
    ],
)
def test_why_the_answers_to_a_post_were_not_read_is_told(
    tmp_path: Path, network: tuple[Network, Site], thread: Reply, reason: str
) -> None:
    server, site = network
    district = District(tmp_path)
    server.answers, server.thread = 1, thread
    accounts = ACCOUNTS.format(bluesky=BLUESKY, mastodon=site.at("/@room7"), base=site.url)
    district.configure(site.url, more=accounts)

    district.auditor("audit", "--account", "lincoln-bluesky")

    (seen,) = [row for row in district.lines("coverage") if row["account"] == "lincoln-bluesky"]
    assert (seen["complete"], seen["documents"]) == (False, 3)
    assert [blind["reason"] for blind in seen["blind"]] == [reason]
