"""What WordPress, Flickr, Tumblr, Pinterest and Reddit really answered is read with every field that it has."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Account, CommentState, Document, Kind
from spiders.answers import moment, since_1970, text, words_of
from spiders.platform import Ask, Parsed
from spiders.platforms import feed, flickr, pinterest, reddit, tumblr, wordpress
from tests.recordings import recorded, value_after

Row = Mapping[str, Any]


def account(platform: str, url: str) -> Account:
    return Account("a", Kind.OFFICIAL, platform, url)


def documents(parsed: Parsed) -> list[Document]:
    """All documents of an answer, also those of which more is asked for."""
    return [*parsed.documents, *(ask.about for ask in parsed.asks if ask.about is not None)]


def lacking(document: Document, wanted: Iterable[str]) -> list[str]:
    """Which of these texts stand nowhere in the document."""
    told = "\n".join([document.title, document.author, *(passage.text for passage in document.passages)])
    return [words for words in wanted if words and words not in told]


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def test_lines_of_a_post_end_as_those_of_a_page() -> None:
    assert text("Jada\r\nDunmore\r\n") == "Jada\nDunmore"


# ------------------------------------------------------------------------------------------------ WordPress


def test_what_wordpress_answered_is_read_with_every_field_that_it_has() -> None:
    (file,) = recorded("ClassicPress/ClassicPress", "tests/qunit/fixtures/wp-api-generated.js")
    site = account("wordpress", "http://example.org/")
    lists = {"posts": "Posts", "pages": "Pages", "comments": "Comments", "media image": "Media"}
    found = {what: value_after(file, f"mockedApiResponse.{name}Collection =") for what, name in lists.items()}
    read = {
        what: wordpress.parse(site, Ask(what, "http://example.org/wp-json/wp/v2/x?page=1"), 200, body(rows))
        for what, rows in found.items()
    }

    for what in ("posts", "pages"):
        for row, shown in zip(found[what], read[what].documents, strict=True):
            assert (shown.url, shown.published_on) == (row["link"], moment(row["date_gmt"]))
            assert lacking(shown, [words_of(row[key]["rendered"]) for key in ("title", "content")]) == []
            assert shown.comment_state == {"closed": CommentState.CLOSED}.get(row["comment_status"])
    (said,) = read["comments"].documents[0].comments
    (row,) = found["comments"]
    assert (said.text, said.author, said.url, said.published_on) == (
        words_of(row["content"]["rendered"]),
        row["author_name"],
        row["link"],
        moment(row["date_gmt"]),
    )
    assert read["media image"].pages == tuple(row["source_url"] for row in found["media image"])


# ------------------------------------------------------------------------------------------------ feeds


def test_feeds_of_all_kinds_are_read_entry_by_entry() -> None:
    asked = Ask("feed", "https://blog.example/feed")
    files = [*recorded("kurtmckee/feedparser", "tests/**/*.xml"), *recorded("feedjira/feedjira", "spec/sample_feeds/*")]
    read = 0
    for file in files:
        entries = len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", file.read_bytes()))
        parsed = feed.parse(account("feed", asked.url), asked, 200, file.read_bytes())
        shown = [document for document in parsed.documents if document.depth]
        if shown or parsed.documents:
            assert len(shown) >= entries or parsed.blind, file.name
            assert len({document.url for document in shown}) >= len({d.passages for d in shown}), file.name
            read += len(shown)

    assert read > 1500


# ------------------------------------------------------------------------------------------------ Flickr


def test_what_flickrs_feed_answered_is_read_with_every_field_that_it_has() -> None:
    (file,) = recorded("nomanHasan/ramda-react-chart", "src/api/data.js")
    said = value_after(file, "export var data =")
    asked = Ask("feed", "https://api.flickr.com/services/feeds/photos_public.gne?id=1@N00")

    parsed = flickr.parse(account("flickr", "https://www.flickr.com/photos/1@N00"), asked, 200, body(said))

    head, *shown = parsed.documents
    assert head.title == said["title"]
    for row, document in zip(said["items"], shown, strict=True):
        assert (document.url, document.published_on) == (row["link"], moment(row["published"]))
        assert document.author in row["author"]
        assert document.author
        assert row["media"]["m"] in {image.url for image in document.images}
        assert (
            lacking(document, [text(row["title"]), text(row["tags"]), *words_of(row["description"]).splitlines()]) == []
        )


def test_what_flickrs_interface_answered_is_read_with_every_field_that_it_has() -> None:
    (file,) = recorded("snarfed/granary", "granary/tests/test_flickr.py")
    said = dict(literals(file, "PERSON_INFO", "PHOTO_COMMENTS"))
    whose = account("flickr", "https://www.flickr.com/photos/lincoln")
    rest = "https://api.flickr.com/services/rest/?method=x"

    person = flickr.parse(whose, Ask("person", rest), 200, body(said["PERSON_INFO"]))
    photo = Ask("comments", rest, Document("https://www.flickr.com/photos/lincoln/1/"))
    commented = flickr.parse(whose, photo, 200, body(said["PHOTO_COMMENTS"]))

    row, profile = said["PERSON_INFO"]["person"], person.profile
    assert profile is not None
    assert (profile.id, profile.handle, profile.name, profile.location, profile.bio) == (
        row["nsid"],
        row["path_alias"],
        row["realname"]["_content"],
        row["location"]["_content"],
        row["description"]["_content"],
    )
    rows = said["PHOTO_COMMENTS"]["comments"]["comment"]
    assert [(one.text, one.author, one.url, one.published_on) for one in commented.documents[0].comments] == [
        (row["_content"], row["realname"], row["permalink"], since_1970(row["datecreate"])) for row in rows
    ]


def literals(file: Path, *names: str) -> Iterator[tuple[str, Any]]:
    """Values that a Python file gives names at its top."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in names:
            yield node.targets[0].id, ast.literal_eval(node.value)


# ------------------------------------------------------------------------------------------------ Tumblr, Pinterest


@pytest.mark.parametrize(
    ("name", "module", "asked"),
    [("tumblr", tumblr, "https://x.tumblr.com/rss"), ("pinterest", pinterest, "https://www.pinterest.com/x/feed.rss")],
)
def test_what_the_feeds_of_tumblr_and_pinterest_answered_is_read_entry_by_entry(
    name: str, module: Any, asked: str
) -> None:
    (file,) = recorded("feeddeck/feeddeck", f"supabase/functions/_shared/feed/{name}_test.ts")
    feeds = [part for part in file.read_text("utf-8").split("`")[1::2] if part.lstrip().startswith("<?xml")]

    for listed in feeds:
        parsed = module.parse(account(name, asked.rpartition("/")[0]), Ask("feed", asked), 200, listed.encode())

        shown = [document for document in parsed.documents if document.depth]
        assert len(shown) == listed.count("<item>")
        assert all(document.published_on and document.url.startswith("https://") for document in shown)
        assert sum(len(document.images) for document in shown) >= listed.count("<item>") / 4
    assert feeds


def test_what_tumblrs_interface_answered_is_read_with_every_field_that_it_has() -> None:
    for file in recorded("jmooserific/mooserific-blogify", ".github/instructions/Sample-Tumblr-*.md"):
        said = value_after(file, "```json")
        whose, root = account("tumblr", "https://x.tumblr.com"), "https://api.tumblr.com/v2/blog/x"
        blog = tumblr.parse(whose, Ask("blog", f"{root}/info"), 200, body(said))
        parsed = tumblr.parse(whose, Ask("posts", f"{root}/posts?offset=0"), 200, body(said))

        told, profile = said["response"]["blog"], blog.profile
        assert profile is not None
        assert (profile.name, profile.handle, profile.posts) == (told["title"], told["name"], told["posts"])
        shown = {document.url: document for document in documents(parsed)}
        for row in said["response"]["posts"]:
            document = shown[row["post_url"]]
            assert document.published_on == since_1970(row["timestamp"])
            assert document.author == row["blog_name"]
            assert lacking(document, [f"#{tag}" for tag in row["tags"]]) == []
            assert {photo["original_size"]["url"] for photo in row.get("photos", ())} <= {
                image.url for image in document.images
            }


def test_what_pinterests_interface_answered_is_read_with_every_field_that_it_has() -> None:
    (file,) = recorded("sns-sdks/python-pinterest", "tests/data/pins/pin_data.json")
    row = json.loads(file.read_bytes())
    asked = Ask("pins", "https://api.pinterest.com/v5/boards/1/pins")

    parsed = pinterest.parse(account("pinterest", "https://www.pinterest.com/x"), asked, 200, body({"items": [row]}))

    (shown,) = parsed.documents
    assert (shown.title, shown.author, shown.published_on) == (
        row["title"],
        row["board_owner"]["username"],
        moment(row["created_at"]),
    )
    assert lacking(shown, [row["description"]]) == []
    assert [image.url for image in shown.images] == [row["media"]["images"]["1200x"]["url"]]


# ------------------------------------------------------------------------------------------------ Reddit


def test_what_reddit_answered_is_read_with_every_field_that_it_has() -> None:
    counted = dict.fromkeys(("profile", "posts", "said", "comments"), 0)
    for url, value in cassettes():
        what = sort_of(url)
        if not what:
            continue
        about = Document("https://www.reddit.com/x") if what == "comments" else None
        parsed = reddit.parse(
            account("reddit", "https://www.reddit.com/user/x"), Ask(what, url, about), 200, body(value)
        )
        assert not parsed.blind, url
        counted[what] += 1
        if isinstance(value, dict) and what == "profile":
            assert parsed.profile is not None
            assert parsed.profile.created_on == since_1970(value["data"]["created_utc"])
        elif what == "comments":
            answered = [row["data"]["id"] for row in value[1]["data"]["children"] if row["kind"] == "t1"]
            assert len(parsed.documents[0].comments) >= len(answered)
        else:
            rows = [child["data"] for child in value["data"]["children"]]
            shown = documents(parsed)
            assert len(shown) == len(rows)
            assert {document.published_on for document in shown} == {since_1970(row["created_utc"]) for row in rows}
            assert {document.author for document in shown} == {row["author"] for row in rows}
            told = [words_of(row.get("selftext_html") or row.get("body_html") or "") for row in rows]
            everything = {passage.text for document in shown for passage in document.passages}
            assert [words for words in told if words and words not in everything] == []
    assert min(counted.values()) >= 1


def cassettes() -> Iterator[tuple[str, Any]]:
    for file in recorded("praw-dev/praw", "tests/integration/cassettes/*.json"):
        tape = json.loads(file.read_bytes())
        for turn in tape.get("http_interactions") or tape["interactions"]:
            if turn["response"]["status"]["code"] == 200:
                yield turn["request"]["uri"], json.loads(turn["response"]["body"].get("string") or "null")


def sort_of(url: str) -> str:
    """What was asked for at an address, in our words; "" for what is none of ours."""
    path = url.partition("?")[0].removeprefix("https://oauth.reddit.com/").strip("/").split("/")
    whose, last = path[0], path[-1]
    if whose in ("user", "r") and len(path) == 3:
        return {"about": "profile", "submitted": "posts", "new": "posts", "comments": "said"}.get(last, "")
    return "comments" if whose == "comments" and len(path) == 2 else ""
