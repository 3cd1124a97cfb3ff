"""Pictures whose addresses platforms sign anew for each who asks, and that are good for a short time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from auditor import config as configs
from auditor import store as stores
from auditor.audit import Audit
from auditor.outlets import media
from auditor.outlets.media import has_expired, lasting
from tests.servers import Reply, serve
from tests.test_audit import District, page
from tests.token_routes import TOKEN, said

SEAL = Path(__file__).parent / "district" / "logos" / "seal.png"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MORE = """
[platforms.facebook]
base = "{base}"
token_env = "EXAMPLE_TOKEN"

[[logos]]
id = "seal"
images = ["{seal}"]

[[accounts]]
id = "page"
school = "lincoln"
kind = "official"
platform = "facebook"
url = "https://www.facebook.com/lincolnpage"
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://scontent-iad3-1.xx.fbcdn.net/v/t39.30808-6/1_2_n.jpg?oh=00_A&oe=6920AAAA",
            "https://scontent-lga3-2.xx.fbcdn.net/v/t39.30808-6/1_2_n.jpg?oh=00_B&oe=6929BBBB",
        ),
        (
            "https://p16-sign-va.tiktokcdn.com/obj/a~c5.jpeg?x-expires=1700000000",
            "https://p77-sign-va.tiktokcdn.com/obj/a~c5.jpeg?x-expires=1800000000",
        ),
    ],
)
def test_a_picture_is_the_same_under_the_address_of_another_day(one: str, other: str) -> None:
    assert lasting(one) == lasting(other)
    assert lasting(one) != lasting(one.replace(".jp", "b.jp"))


@pytest.mark.parametrize(
    "text",
    ["J*** D***", "https://lincoln.example/seal.png?v=2", "https://fbcdn.net.example/1.jpg?oe=1", "http://[::1"],
)
def test_everything_else_is_what_it_is(text: str) -> None:
    assert lasting(text) == text
    assert not has_expired(text, NOON)


@pytest.mark.parametrize(
    ("query", "expired"),
    [("oe=6920AAAA", True), ("oe=7F20AAAA", False), ("oe=zzz", False), ("oe=", False), ("", False), ("oe=0", False)],
)
def test_an_address_says_until_when_it_is_good(query: str, expired: bool) -> None:
    later = datetime.fromtimestamp(0x6920AAAA + 60, UTC)

    assert has_expired(f"https://scontent.xx.fbcdn.net/v/1_n.jpg?{query}", later) is expired


class Page:
    """A Page with one picture, whose address changes."""

    def __init__(self) -> None:
        self.picture = ""
        self.refuses = False

    def __call__(self, handler: BaseHTTPRequestHandler) -> Any:
        path = handler.path.partition("?")[0]
        if path == "/v/seal.png":
            return Reply(status=403) if self.refuses else Reply(SEAL.read_bytes(), type="image/png")
        post = {
            "id": "1_2",
            "message": "Book fair",
            "full_picture": self.picture,
            "permalink_url": "/lincolnpage/posts/2",
        }
        answers: Mapping[str, object] = {
            "/v26.0/lincolnpage": {"id": "1", "name": "Lincoln"},
            "/v26.0/1/published_posts": {"data": [] if "after" in handler.path else [post]},
            "/v26.0/1/video_reels": {"data": []},
        }
        return page("Lincoln") if path == "/" else said(answers.get(path, {}))


def test_a_finding_on_a_picture_outlives_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_TOKEN", TOKEN)
    monkeypatch.setattr(media, "_servers", lambda: {"127.0.0.1": "oe"})
    server, district = Page(), District(tmp_path)
    seen = []
    with serve({"*": server, "/robots.txt": Reply(status=404)}) as site:
        district.configure(site.url, more=MORE.format(base=site.url, seal=SEAL.as_posix()))
        config = configs.load(district.config, datetime.now(UTC).date())
        account = next(account for account in config.district.accounts if account.id == "page")
        with stores.open(config) as store:
            for signature, refuses in (("oh=1&oe=7F20AAAA", False), ("oh=2&oe=7F20AAAA", False), ("oe=6020AAAA", True)):
                server.picture, server.refuses = site.at(f"/v/seal.png?{signature}"), refuses
                Audit(config, store, None, lambda _: None).run([account])
                coverage = next(one for one in store.coverages() if one.account == "page")
                found = [(one.id, one.status.value) for one in store.findings(rule="unapproved-logo")]
                seen.append((found, [blind.reason.value for blind in coverage.blind]))

    (first, _), *_ = seen
    assert [status for _, status in first] == ["open"]
    assert seen == [(first, []), (first, []), (first, ["expired_media"])]
