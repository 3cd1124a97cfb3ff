"""What Mastodon servers and Bluesky's AppView really answered is read with every field that it has."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from auditor.model import Account, Document, Kind
from spiders.answers import moment, text, words_of
from spiders.platform import Ask
from spiders.platforms import bluesky, mastodon
from tests.recordings import recorded

Row = Mapping[str, Any]

ROOM = Account("a", Kind.CLASSROOM, "mastodon", "https://mastodon.social/@room7")
API = "https://mastodon.social/api/v1/accounts/7/statuses?limit=40"
SKY = Account("a", Kind.CLASSROOM, "bluesky", "https://bsky.app/profile/room7.example")
LISTS = "packages/bluesky/test/src/services/suite/app/bsky/feed/get{}.json"
FEED = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=x"


def told(document: Document) -> str:
    return "\n".join([document.title, *(passage.text for passage in document.passages)])


def answered() -> Iterator[Any]:
    """Everything that servers answered to the library that was recorded."""
    yaml = pytest.importorskip("yaml")
    for file in recorded("halcy/Mastodon.py", "tests/cassettes*/*.yaml"):
        for turn in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader).get("interactions", ()):
            body = turn["response"]["body"]["string"]
            try:
                yield json.loads(body)
            except ValueError:
                continue  # a picture, or nothing


def rows_of(said: object, *keys: str) -> Iterator[Row]:
    """The values that have all these keys: the answer itself, or what its list holds."""
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, dict) and one.keys() >= set(keys):
            yield one


def test_what_mastodon_servers_answered_is_read_with_every_field_that_it_has() -> None:
    posts = profiles = pictures = 0
    for said in answered():
        for row in rows_of(said, "acct", "note", "statuses_count"):
            parsed = mastodon.parse(ROOM, Ask("profile", API), 200, json.dumps(row).encode())
            assert parsed.profile is not None
            assert (parsed.profile.id, parsed.profile.handle) == (row["id"], row["acct"])
            assert (parsed.profile.posts, parsed.profile.created_on) == (
                row["statuses_count"],
                moment(row["created_at"]),
            )
            assert words_of(row["note"]) in told(parsed.documents[0])
            profiles += 1
        for row in rows_of(said, "visibility", "content", "media_attachments"):
            parsed = mastodon.parse(ROOM, Ask("posts", API), 200, json.dumps([row]).encode())
            shown = [*parsed.documents, *(ask.about for ask in parsed.asks if ask.about is not None)]
            if row["visibility"] not in ("public", "unlisted"):
                assert shown == []
                continue
            (post,) = shown
            said_by = row["reblog"] or row
            assert post.url == said_by["url"].partition("#")[0]
            assert post.published_on == moment(row["created_at"])
            assert all(line in told(post) for line in words_of(said_by["content"]).splitlines())
            assert said_by["spoiler_text"] in told(post)
            attached = [one for one in said_by["media_attachments"] if one["type"] == "image"]
            assert {image.alt for image in post.images} >= {one["description"] or "" for one in attached}
            posts += 1
            pictures += len(attached)

    assert (profiles > 20, posts > 50, pictures > 0) == (True, True, True)


def test_what_bluesky_answered_is_read_with_every_field_that_it_has() -> None:
    (file,) = recorded("MarshalX/atproto", "tests/test_atproto_client/models/test_data/thread_view_post_with_*.json")
    thread = json.loads(file.read_text("utf-8"))["thread"]
    post = thread["post"]
    feed = json.dumps({"feed": [{"post": {**post, "replyCount": 0}}]}).encode()
    profile = bluesky.parse(SKY, Ask("profile", FEED), 200, json.dumps(post["author"]).encode())

    (shown,) = bluesky.parse(SKY, Ask("posts", FEED), 200, feed).documents

    assert profile.profile is not None
    assert (profile.profile.id, profile.profile.name) == (post["author"]["did"], post["author"]["displayName"])
    assert profile.profile.messages_from == post["author"]["associated"]["chat"]["allowIncoming"]
    assert [image.url for image in profile.documents[0].images] == [post["author"]["avatar"]]
    assert shown.published_on == moment(post["record"]["createdAt"])
    assert shown.language == post["record"]["langs"][0]
    assert [image.url for image in shown.images] == [one["fullsize"] for one in post["embed"]["media"]["images"]]
    assert post["embed"]["record"]["record"]["value"]["text"] in told(shown)


def test_lists_of_bluesky_are_read_post_by_post() -> None:
    pictures = shared = 0
    for name in ("AuthorFeed", "Timeline", "ListFeed", "Feed"):
        (file,) = recorded("myConsciousness/atproto.dart", LISTS.format(name))
        parsed = bluesky.parse(SKY, Ask("posts", FEED), 200, file.read_bytes())
        told_of = [*parsed.documents, *(ask.about for ask in parsed.asks if ask.about is not None)]
        shown = {document.url.rpartition("/")[2]: document for document in told_of}
        for row in json.loads(file.read_bytes())["feed"]:
            record, drawn = row["post"]["record"], row["post"].get("embed", {}).get("images", [])
            post = shown[row["post"]["uri"].rpartition("/")[2]]
            assert text(record["text"]) in told(post)
            assert post.published_on == moment(row["reason"]["indexedAt"] if "reason" in row else record["createdAt"])
            pairs = [(one["fullsize"], one["alt"]) for one in drawn]
            assert [(image.url, image.alt) for image in post.images[: len(pairs)]] == pairs
            pictures, shared = pictures + len(pairs), shared + ("reason" in row)

    assert (pictures > 20, shared > 4) == (True, True)


def test_answers_on_bluesky_are_all_read() -> None:
    (file,) = recorded("myConsciousness/atproto.dart", LISTS.format("PostThread"))
    thread = json.loads(file.read_bytes())["thread"]
    asked = Ask("comments", FEED, Document("https://bsky.app/profile/x/post/y", depth=1))

    (shown,) = bluesky.parse(SKY, asked, 200, file.read_bytes()).documents

    assert [comment.text for comment in shown.comments] == [
        text(reply["post"]["record"]["text"]) for reply in thread["replies"]
    ]
    assert shown.comments_whole is True
