"""What a platform tells of an account's settings and visitors reaches the rules, by the way that an audit takes."""

import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from auditor import config as configs
from auditor import store as stores
from auditor.audit import Audit
from auditor.check import built
from auditor.model import Finding
from tests.servers import Reply, serve
from tests.test_audit import CONFIG, page

MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)
RULES = (
    "public-profile",
    "exposed-detail",
    "district-contact",
    "unmoderated-comments",
    "offensive-comment",
    "spam-comment",
)
PERSONAL = """
[[accounts]]
id = "elena"
school = "lincoln"
kind = "personal"
platform = "mastodon"
url = "{site}@elena"
owner = "Elena Rivera"
consent_on = 2026-09-01
"""
CLASSROOM = """
[[accounts]]
id = "room7"
school = "lincoln"
kind = "classroom"
platform = "bluesky"
url = "https://bsky.app/profile/room7.riverbend.example"
owner = "Elena Rivera"
{declared}

[platforms.bluesky]
base = "{site}"
"""
MASTODON = {
    "/api/v1/accounts/lookup": {
        "id": "7",
        "acct": "elena",
        "display_name": "Elena Rivera",
        "note": "<p>Teacher, Lincoln Elementary. erivera@riverbend.example</p>",
        "hide_collections": False,
        "indexable": True,
        "noindex": False,
        "statuses_count": 0,
    },
    "/api/v1/accounts/7/statuses": [],
}
POST = {
    "uri": "at://did:plc:x/app.bsky.feed.post/3k1",
    "record": {"text": "Our sunflowers are two feet tall.", "createdAt": "2026-11-05T15:00:00Z"},
    "replyCount": 2,
}
REPLIES = [
    {
        "post": {
            "uri": f"at://did:plc:{n}/app.bsky.feed.post/{n}",
            "author": {"did": f"did:plc:{n}"},
            "record": {"text": words},
        }
    }
    for n, words in (("s1", "What a stupid fucking flower."), ("s2", "Best online casino bonus https://win.example/"))
]
BLUESKY = {
    "/xrpc/app.bsky.actor.getProfile": {"did": "did:plc:x", "displayName": "Room 7", "postsCount": 1},
    "/xrpc/app.bsky.feed.getAuthorFeed": {"feed": [{"post": POST}]},
    "/xrpc/app.bsky.feed.getPostThread": {"thread": {"post": POST, "replies": REPLIES}},
}


def audited(folder: Path, policy: str, account: str, answers: dict[str, Any], **words: str) -> dict[str, str]:
    """What an audit of that account alone finds: outcome and severity by rule and subject."""
    found = findings(folder, policy, account, answers, **words)
    return {f"{f.rule}: {f.subject}": f"{f.outcome} {f.severity}" for f in found}


def findings(folder: Path, policy: str, account: str, answers: dict[str, Any], **words: str) -> list[Finding]:
    """The findings of an audit of that account alone."""

    def answer(handler: BaseHTTPRequestHandler) -> str | Reply:
        path = handler.path.partition("?")[0]
        if path == "/":
            return page("Lincoln")
        return json.dumps(answers[path]) if path in answers and "max_id" not in handler.path else Reply(status=404)

    with serve({"*": answer}) as site:
        file = folder / "config.toml"
        more = account.format(site=site.url, **words)
        file.write_text(CONFIG.format(site=site.url, policy=policy, roster="", more=more), "utf-8")
        config = configs.load(file, MONDAY.date())
        with stores.open(config) as store:
            one = Audit(config, store, None, lambda _: None, {rule: built()[rule] for rule in RULES})
            one.now = MONDAY
            one.run(config.district.accounts[-1:])
            found: list[Finding] = [kept.finding for kept in store.findings()]
    assert not [f for f in found if f.rule not in RULES]
    return found


def test_the_settings_of_a_profile_that_was_offered_are_held_against_the_policy(tmp_path: Path) -> None:
    assert audited(tmp_path, "cmcss", PERSONAL, MASTODON) == {
        "district-contact: e***@***": "fail minor",
        "exposed-detail: friends": "fail minor",
        "public-profile: search engines": "review minor",
    }


def test_who_tells_too_much_in_a_bio_is_shown_where_that_is_written(tmp_path: Path) -> None:
    bio = "<p>Teacher. My cell: 303-555-0188. Born May 3, 1985.</p>"
    answers = {**MASTODON, "/api/v1/accounts/lookup": {"id": "7", "acct": "elena", "note": bio, "statuses_count": 0}}

    found = findings(tmp_path, "cmcss", PERSONAL, answers)

    where = "Open Public profile, “Edit profile”, and take it out of the bio and the extra fields."
    assert {f.subject: f.advice for f in found if f.rule == "exposed-detail"} == {
        "***-***-****": f"Ask the owner to hide this phone from strangers. {where}",
        "birthday": f"Ask the owner to hide this from strangers: birthday. {where}",
    }


def test_visitors_and_what_they_write_under_posts_are_held_against_the_policy(tmp_path: Path) -> None:
    assert audited(tmp_path, "mcps", CLASSROOM, BLUESKY, declared="") == {
        "unmoderated-comments: comments": "review moderate",
        "offensive-comment: obscene word: f***": "fail serious",
        "spam-comment: spam: gambling": "fail moderate",
    }


def test_comments_that_somebody_looks_at_are_fine_and_what_stands_in_them_is_judged_all_the_same(
    tmp_path: Path,
) -> None:
    found = audited(tmp_path, "mcps", CLASSROOM, BLUESKY, declared='comments = "moderated"')

    assert sorted(found) == ["offensive-comment: obscene word: f***", "spam-comment: spam: gambling"]
