"""What the interfaces of YouTube, X, Vimeo and LinkedIn really answered is read with every field that it has."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from auditor.model import Account, Document, Kind
from spiders.answers import moment, text
from spiders.platform import Ask, Parsed
from spiders.platforms import linkedin, vimeo, x, youtube
from tests.recordings import recorded, value_after

CHANNEL = Account("a", Kind.OFFICIAL, "youtube", "https://www.youtube.com/@lincoln")
PROFILE = Account("a", Kind.OFFICIAL, "x", "https://x.com/lincoln")
MEMBER = Account("a", Kind.OFFICIAL, "vimeo", "https://vimeo.com/lincoln")
PAGE = Account("a", Kind.OFFICIAL, "linkedin", "https://www.linkedin.com/school/lincoln")

Row = Mapping[str, Any]


def read_in(parsed: Parsed) -> dict[str, Document]:
    """All documents of an answer, also those of which more is asked for."""
    found = [*parsed.documents, *(ask.about for ask in parsed.asks if ask.about is not None)]
    return {document.url: document for document in found}


def lacking(document: Document, wanted: Iterable[object]) -> list[str]:
    """Which of these texts stand nowhere in the document."""
    told = "\n".join([document.title, document.author, *(passage.text for passage in document.passages)])
    return [words for one in wanted if (words := text(one)) and words not in told]


# ------------------------------------------------------------------------------------------------ YouTube

KINDS = {
    "youtube#channelListResponse": "channel",
    "youtube#playlistItemListResponse": "uploads",
    "youtube#videoListResponse": "videos",
    "youtube#commentThreadListResponse": "comments",
    "youtube#commentListResponse": "comments",
}


def test_what_youtube_answered_is_read_with_every_field_that_it_has() -> None:
    asked: dict[str, int] = {}
    for file in recorded("sns-sdks/python-youtube", "testdata/apidata/**/*.json"):
        said = json.loads(file.read_bytes())
        what = KINDS.get(said.get("kind", "")) if isinstance(said, dict) else None
        if what is None or not said["items"]:
            continue
        about = Document("https://www.youtube.com/watch?v=1") if what == "comments" else None
        ask = Ask(what, "https://www.googleapis.com/youtube/v3/things?part=snippet", about)

        parsed = youtube.parse(CHANNEL, ask, 200, file.read_bytes())

        assert not parsed.blind, file
        asked[what] = asked.get(what, 0) + 1
        check = {"channel": of_channel, "uploads": of_uploads, "videos": of_videos, "comments": of_comments}[what]
        assert check(parsed, said["items"]) == [], file
    assert set(asked) == set(KINDS.values())


def of_channel(parsed: Parsed, items: list[Row]) -> list[object]:
    said, profile, (shown,) = items[0]["snippet"], parsed.profile, parsed.documents
    assert profile is not None
    assert (profile.id, profile.handle) == (items[0]["id"], said["customUrl"])
    assert profile.created_on == moment(said["publishedAt"])
    assert profile.posts == int(items[0].get("statistics", {}).get("videoCount", -1)) or profile.posts is None
    largest = max(said["thumbnails"].values(), key=lambda size: size.get("width", 0))["url"]
    return [*lacking(shown, (said["title"], said["description"])), *({largest} - {one.url for one in shown.images})]


def of_uploads(parsed: Parsed, items: list[Row]) -> list[object]:
    asked = "".join(ask.url for ask in parsed.asks)
    ids = [item.get("contentDetails", item["snippet"].get("resourceId")).get("videoId") for item in items]
    return [number for number in ids if not number or number not in asked]


def of_videos(parsed: Parsed, items: list[Row]) -> list[object]:
    documents, lacks = read_in(parsed), list[object]()
    for item in items:
        said = item.get("snippet", {})
        shown = documents[f"https://www.youtube.com/watch?v={item['id']}"]
        lacks += lacking(shown, [said.get(key) for key in ("title", "description", "channelTitle")])
        lacks += lacking(shown, said.get("tags", ()))
        assert shown.published_on == moment(said.get("publishedAt"))
        assert bool(shown.images) == bool(said.get("thumbnails"))
    return lacks


def of_comments(parsed: Parsed, items: list[Row]) -> list[object]:
    (shown,) = read_in(parsed).values()
    rows = [item["snippet"].get("topLevelComment", item) for item in items]
    rows += [reply for item in items for reply in item.get("replies", {}).get("comments", ())]
    told = {(comment.text, comment.author, comment.published_on) for comment in shown.comments}
    wanted = {
        (text(said.get("textOriginal") or said["textDisplay"]), said["authorDisplayName"], moment(said["publishedAt"]))
        for said in (row["snippet"] for row in rows)
    }
    return list(wanted - told)


# ------------------------------------------------------------------------------------------------ X


def test_what_x_answered_is_read_with_every_field_that_it_has() -> None:
    found = [
        *(json.loads(file.read_bytes()) for file in recorded("sns-sdks/python-twitter", "testdata/apis/**/*.json")),
        *of_cassettes(),
    ]
    posts = [said for said in found if isinstance(said, dict) and is_list_of_posts(said.get("data"))]
    users = [said for said in found if isinstance(said, dict) and "username" in dict_of(said.get("data"))]

    for said in posts:
        parsed = x.parse(PROFILE, Ask("posts", "https://api.x.com/2/users/1/tweets?"), 200, json.dumps(said).encode())

        documents = read_in(parsed)
        assert len(documents) == len({row["id"] for row in said["data"]})
        assert sum(ask.what == "posts" for ask in parsed.asks) == ("next_token" in said.get("meta", {}))
        for row in said["data"]:
            shown = documents[f"https://x.com/lincoln/status/{row['id']}"]
            assert shown.published_on == moment(row.get("created_at"))
            assert lacking(shown, words_of(row, said)) == []
            assert [url for url in targets(row) if url not in {link.url for link in shown.links}] == []
    for said in users:
        parsed = x.parse(PROFILE, Ask("profile", "https://api.x.com/2/users/1?"), 200, json.dumps(said).encode())

        profile = parsed.profile
        assert profile is not None
        assert profile.handle == said["data"]["username"]
        assert profile.posts == said["data"].get("public_metrics", {}).get("tweet_count")
        assert (
            lacking(parsed.documents[0], [said["data"][key] for key in ("name", "location") if key in said["data"]])
            == []
        )
    assert min(len(posts), len(users)) >= 2


def of_cassettes() -> Iterator[Any]:
    """The answers of version 2 among the cassettes of another client."""
    yaml = pytest.importorskip("yaml")
    for file in recorded("tweepy/tweepy", "cassettes/*client_get*.yaml"):
        for turn in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader).get("interactions", ()):
            body = turn["response"]["body"]["string"]
            raw = body.encode() if isinstance(body, str) else body
            yield json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw or b"{}")


def dict_of(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def is_list_of_posts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all("text" in dict_of(row) for row in value)


def words_of(row: Row, said: Row) -> list[str]:
    """The words of a post that stand before its first address or sign of HTML, unless another post stands in for it."""
    stands_in = {one["id"] for one in dict_of(said.get("includes")).get("tweets", ())}
    if any(one["id"] in stands_in and one["type"] == "retweeted" for one in row.get("referenced_tweets", ())):
        return []
    return [row["text"].partition("http")[0].partition("&")[0]]


def targets(row: Row) -> list[str]:
    urls = dict_of(row.get("entities")).get("urls", ())
    return [one["expanded_url"] for one in urls if not one.get("display_url", "").startswith("pic.")]


# ------------------------------------------------------------------------------------------------ Vimeo and LinkedIn


@pytest.mark.parametrize(
    ("repository", "name"),
    [("adonus19/relevant", "src/data/video-data.ts"), ("mazenmdimegh/VideoPlayer-ReactJs", "src/dumpData.js")],
)
def test_what_vimeo_answered_is_read_with_every_field_that_it_has(repository: str, name: str) -> None:
    (file,) = recorded(repository, name)
    said = value_after(file, "export const data =")
    page = said if isinstance(said, dict) else {"data": said}

    parsed = vimeo.parse(MEMBER, Ask("videos", "https://api.vimeo.com/users/1/videos"), 200, json.dumps(page).encode())

    documents = read_in(parsed)
    assert not parsed.blind
    assert len(documents) == len(page["data"])
    for row in page["data"]:
        shown = documents[row["link"]]
        assert lacking(shown, [row["name"], row["description"], row["user"]["name"]]) == []
        assert lacking(shown, [tag["name"] for tag in row["tags"]]) == []
        assert (shown.published_on, shown.language) == (moment(row["release_time"]), row["language"] or "")
        assert shown.images[0].url in {size["link"] for size in row["pictures"]["sizes"]}
        assert shown.comment_state == {"anybody": "open", "nobody": "closed"}[row["privacy"]["comments"]]


def test_what_linkedin_answered_is_read_with_every_field_that_it_has() -> None:
    (file,) = recorded(
        "PipedreamHQ/pipedream", "components/linkedin/sources/new-organization-post-created/test-event.mjs"
    )
    post = value_after(file, "export default")
    ask = linkedin.Batch("states", "https://api.linkedin.com/rest/socialMetadata?ids=List()", things=(post,))

    parsed = linkedin.parse(PAGE, ask, 200, b'{"results": {}}')

    (shown,) = read_in(parsed).values()
    assert shown.url == f"https://www.linkedin.com/feed/update/{post['id']}"
    assert [passage.text for passage in shown.passages] == [post["commentary"]]
    assert shown.published_on is not None
    assert shown.published_on == datetime.fromtimestamp(post["publishedAt"] / 1000, shown.published_on.tzinfo)
