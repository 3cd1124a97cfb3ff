"""What the interfaces of Facebook and Instagram really answered is read with every field that it has."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.model import Account, Document, Kind, Reason
from spiders.answers import moment, text
from spiders.platform import Ask, Parse, Parsed
from spiders.platforms import facebook, instagram, threads
from tests.recordings import recorded

REPOSITORY = "sns-sdks/python-facebook"
PAGE = Account("a", Kind.OFFICIAL, "facebook", "https://www.facebook.com/lincoln")
GRAPH = "https://graph.facebook.com/v26.0"

Row = Mapping[str, Any]


def rows(file: Path) -> list[Row]:
    """The things in a recording: a list's, several by their numbers, or one."""
    said = json.loads(file.read_bytes())
    found = said["data"] if "data" in said else [said] if "id" in said else list(said.values())
    return [row for row in found if isinstance(row, dict)]


def told(parse: Parse, account: Account, ask: Ask, said: object) -> Parsed:
    return parse(account, ask, 200, json.dumps(said).encode())


def documents(parsed: Parsed) -> list[Document]:
    """All documents of an answer, also those of which more is asked for."""
    return [*parsed.documents, *(ask.about for ask in parsed.asks if ask.about is not None)]


def lacking(document: Document, wanted: Iterable[object]) -> list[str]:
    """Which of these texts stand nowhere in the document."""
    said = "\n".join([document.title, document.author, *(passage.text for passage in document.passages)])
    return [words for one in wanted if (words := text(one)) and words not in said]


def inside(value: object, key: str) -> Iterator[Any]:
    """All values under that key, wherever they stand."""
    if isinstance(value, dict):
        yield from ([value[key]] if key in value else [])
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(inner, key)


def test_pages_are_read_with_what_they_say_of_themselves() -> None:
    seen = 0
    for file in recorded(REPOSITORY, "testdata/facebook/**/*page*.json"):
        for row in rows(file):
            parsed = told(facebook.parse, PAGE, Ask("profile", f"{GRAPH}/lincoln?fields=id"), row)
            if "about" not in row and "name" not in row:
                continue
            assert parsed.profile is not None, file
            assert (parsed.profile.id, parsed.profile.name) == (row["id"], row.get("name", ""))
            wanted = [row.get(key) for key in ("name", "about", "description", "general_info", "website", "phone")]
            assert lacking(parsed.documents[0], wanted) == [], file
            cover = row.get("cover", {}).get("source")
            assert not cover or cover in {image.url for image in parsed.documents[0].images}
            seen += 1
    assert seen > 3


def test_posts_are_read_with_their_texts_pictures_and_links() -> None:
    seen = 0
    for file in recorded(REPOSITORY, "testdata/facebook/**/*.json"):
        if "posts" not in file.parts and file.name != "post.json":
            continue
        for row in rows(file):
            if "created_time" not in row:
                continue
            (shown,) = documents(
                told(facebook.parse, PAGE, Ask("posts", f"{GRAPH}/1/published_posts"), {"data": [row]})
            )
            attached = row.get("attachments", {})
            assert lacking(shown, [row.get("message"), *inside(attached, "description")]) == [], file
            assert shown.published_on == moment(row["created_time"])
            pictures = {picture["src"] for picture in inside(attached, "image")}
            assert pictures <= {image.url for image in shown.images}
            seen += 1
    assert seen > 10


def test_comments_and_photographs_are_read() -> None:
    whose = Document("https://www.facebook.com/1/posts/2")
    seen = 0
    for file in recorded(REPOSITORY, "testdata/facebook/apidata/comments/comment*.json"):
        found = rows(file)
        parsed = told(facebook.parse, PAGE, Ask("comments", f"{GRAPH}/1_2/comments", whose), {"data": found})
        (shown,) = parsed.documents
        assert [comment.text for comment in shown.comments] == [text(row["message"]) for row in found], file
        seen += len(shown.comments)
    assert seen > 5


def test_no_next_page_is_asked_for_with_anybodys_token() -> None:
    reads: Mapping[str, Callable[..., Parsed]] = {"facebook": facebook.parse, "instagram": instagram.parse}
    seen = 0
    for file in recorded(REPOSITORY, "testdata/*/apidata/**/*_p1.json"):
        said = json.loads(file.read_bytes())
        parse = reads.get(file.parts[file.parts.index("testdata") + 1])
        if parse is None or "next" not in said.get("paging", {}):
            continue
        parsed = told(parse, PAGE, Ask("posts", f"{GRAPH}/1/things?fields=id"), said)
        assert [ask.url for ask in parsed.asks if "access_token" in ask.url] == []
        assert any(ask.page == 2 for ask in parsed.asks), file
        seen += 1
    assert seen > 5


def test_what_an_error_really_says_is_understood() -> None:
    for file in recorded(REPOSITORY, "testdata/**/error*.json"):
        parsed = facebook.parse(PAGE, Ask("profile", f"{GRAPH}/lincoln?fields=id"), 400, file.read_bytes())

        assert [blind.reason for blind in parsed.blind] == [Reason.TOKEN_SCOPE], file


def test_instagrams_accounts_are_read() -> None:
    for file in recorded(REPOSITORY, "testdata/instagram/**/*user*.json"):
        for row in rows(file):
            if "biography" not in row:
                continue
            account = Account("a", Kind.OFFICIAL, "instagram", f"https://www.instagram.com/{row['username']}")
            parsed = told(instagram.parse, account, Ask("profile", f"{GRAPH}/me?fields=id"), row)
            assert parsed.profile is not None
            assert parsed.profile.posts == row["media_count"]
            assert lacking(parsed.documents[0], [row["biography"], row["name"]]) == []


def test_instagrams_posts_and_comments_are_read() -> None:
    account = Account("a", Kind.OFFICIAL, "instagram", "https://www.instagram.com/lincoln")
    posts = comments = 0
    for file in recorded(REPOSITORY, "testdata/instagram/**/*.json"):
        for row in rows(file) if "insight" not in file.name else []:
            if "permalink" in row and "timestamp" in row:
                ask = Ask("posts", f"{GRAPH}/me/media?fields=id")
                (shown,) = documents(told(instagram.parse, account, ask, {"data": [row]}))
                assert (shown.url, shown.published_on) == (row["permalink"], moment(row["timestamp"])), file
                assert lacking(shown, [row.get("caption")]) == []
                parts = row.get("children", {}).get("data", [row])
                stills = {part.get("media_url") for part in parts if part.get("media_type") == "IMAGE"}
                assert stills <= {None, *(image.url for image in shown.images)}, file
                posts += 1
            elif "text" in row and "timestamp" in row:
                whose = Document("https://www.instagram.com/p/A/")
                ask = Ask("comments", f"{GRAPH}/1/comments?fields=id", whose)
                (shown,) = told(instagram.parse, account, ask, {"data": [row]}).documents
                assert [comment.text for comment in shown.comments][:1] == [text(row["text"])]
                comments += 1
    assert (posts > 5, comments > 5) == (True, True)


def test_what_threads_answers_by_its_own_samples_is_read() -> None:
    folder = "src/test/resources/json/threads"
    account = Account("a", Kind.OFFICIAL, "threads", "https://www.threads.com/@threadsapitestuser")
    said = {file.stem: json.loads(file.read_bytes()) for file in recorded("restfb/restfb", f"{folder}/*.json")}
    media = [said["basic-media"], {**said["media-with-poll"], "permalink": "https://www.threads.com/@x/post/poll"}]

    profile = told(threads.parse, account, Ask("profile", "https://x.example/v1.0/me"), said["basic-profile"])
    posts = told(threads.parse, account, Ask("posts", "https://x.example/v1.0/me/threads"), {"data": media})
    about = Ask("comments", "https://x.example/v1.0/1/conversation", posts.documents[0])
    answers = told(threads.parse, account, about, said["basic-list-reply"])
    gone = threads.parse(account, about, 400, json.dumps(said["exception"]).encode())

    assert profile.profile is not None
    assert (profile.profile.name, profile.profile.bio) == ("Test User", said["basic-profile"]["threads_biography"])
    first, poll = posts.documents
    assert (first.url, first.published_on) == (said["basic-media"]["permalink"], moment("2023-10-17T05:42:03+0000"))
    assert lacking(first, [said["basic-media"]["text"]]) == []
    assert (
        lacking(poll, [words for key, words in said["media-with-poll"]["poll_attachment"].items() if key[-2:-1] == "_"])
        == []
    )
    rows_ = said["basic-list-reply"]["data"]
    assert [one.text for one in answers.documents[0].comments] == [
        row["text"] for row in rows_ if row["hide_status"] != "HIDDEN"
    ]
    assert [why.what for _, why in gone.missed] == ["the answers to it could not be read"]
