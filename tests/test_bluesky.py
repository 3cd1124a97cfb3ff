"""Bluesky is read by its open interface: all that a stranger sees, and nothing that its owner keeps from them."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import PlatformSettings
from auditor.model import Account, Blind, Comment, CommentState, Image, Kind, Link, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.bluesky import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.visits import Ledger, Notes, visit_route

HOME = "https://bsky.app/profile/lincoln.riverbend.example"
ACCOUNT = Account("lincoln-bluesky", Kind.OFFICIAL, "bluesky", HOME, school="lincoln")
DID = "did:plc:lincoln234"
CDN = "https://cdn.bsky.example"

PROFILE = {
    "did": DID,
    "handle": "lincoln.riverbend.example",
    "displayName": "Lincoln Elementary",
    "description": "News of our school. More at https://lincoln.riverbend.example/news.",
    "avatar": f"{CDN}/avatar.jpg",
    "createdAt": "2025-08-01T12:00:00.000Z",
    "postsCount": 3,
    "labels": [],
    "associated": {"chat": {"allowIncoming": "none"}},
}


def author(name: str = "Lincoln Elementary", did: str = DID, *labels: str) -> dict[str, object]:
    return {"did": did, "handle": f"{did[-5:]}.example", "displayName": name, "labels": [{"val": v} for v in labels]}


def post(key: str, words: str, *, replies: int = 0, did: str = DID, **more: Any) -> dict[str, Any]:
    record: dict[str, Any] = {"text": words, "createdAt": f"2026-11-0{1 + len(key) % 9}T15:00:00.000Z", "langs": ["en"]}
    record |= {name: more.pop(name) for name in ("facets",) if name in more}
    whose = author(did=did)
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{key}",
        "author": whose,
        "record": record,
        "replyCount": replies,
        **more,
    }


def feed(*posts: Mapping[str, object], cursor: str = "") -> str:
    items = [item if "post" in item else {"post": item} for item in posts]
    return json.dumps({"feed": items, **({"cursor": cursor} if cursor else {})})


def thread(*replies: Mapping[str, object], counted: int = 0) -> str:
    return json.dumps({"thread": {"post": {"replyCount": counted}, "replies": list(replies)}})


def read(pages: Mapping[str, object], witness: Notes | None = None, **options: Any) -> tuple[Notes, Site]:
    """Reads the account from a server that answers each method, or the page of a cursor, with what is given."""

    def answer(handler: BaseHTTPRequestHandler) -> Any:
        parts = urlsplit(handler.path)
        asked = parse_qs(parts.query)
        method = parts.path.rpartition(".")[2]
        page = pages.get(
            f"{method} {asked.get('cursor', asked.get('uri', ['']))[0]}".strip(), pages.get(method, Reply(status=404))
        )
        return page(handler) if callable(page) else page

    notes = witness if witness is not None else Notes()
    with serve({"*": answer, "/robots.txt": Reply(status=404)}) as site:
        planned = plan(ACCOUNT, {"bluesky": PlatformSettings(site.url)})
        assert isinstance(planned, Route)
        visit_route(Assignment(ACCOUNT, route=planned, **options), notes)
    return notes, site


# ------------------------------------------------------------------------------------------------ the plan


def test_the_open_interface_is_asked_who_the_account_is() -> None:
    planned = plan(ACCOUNT, {})

    url = "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=lincoln.riverbend.example"
    assert planned == Route("bluesky", (Ask("profile", url),), parse)


def test_a_profile_that_was_entered_as_a_website_is_read_by_the_open_interface() -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "website", f"https://bsky.app/profile/{DID}"), {})

    assert isinstance(planned, Route)
    assert planned.asks[0].url.endswith("getProfile?actor=did%3Aplc%3Alincoln234")


@pytest.mark.parametrize("url", ["https://bsky.app/", f"{HOME}/post/3k1", "https://bsky.app/search?q=x"])
def test_what_is_no_profile_is_refused_with_what_to_write_instead(url: str) -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "bluesky", url), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.NOT_IN_ROUTE
    assert planned.blind.remedy.startswith("Write the profile's address")


def test_a_personal_profile_is_read_only_where_its_owner_offered_it() -> None:
    private = Account("a", Kind.PERSONAL, "bluesky", HOME)
    offered = Account("a", Kind.PERSONAL, "bluesky", HOME, consent_on=date(2026, 9, 1))

    refused, read_ = plan(private, {}), plan(offered, {})

    assert isinstance(refused, Refusal)
    assert refused.blind.reason is Reason.NO_CONSENT
    assert isinstance(read_, Route)


# ------------------------------------------------------------------------------------------------ what is seen


def test_the_profile_and_all_posts_are_read_page_by_page() -> None:
    notes, site = read(
        {
            "getProfile": json.dumps(PROFILE),
            "getAuthorFeed": feed(post("3k1", "Book fair on Friday."), cursor="2 /x"),
            "getAuthorFeed 2 /x": feed(post("3k2", "Picture day."), cursor="3"),
            "getAuthorFeed 3": feed(post("3k3", "Welcome back!")),
        }
    )

    assert notes.urls == [HOME, f"{HOME}/post/3k1", f"{HOME}/post/3k2", f"{HOME}/post/3k3"]
    assert notes.gaps == []
    profile, first, *_ = notes.documents
    assert profile.passages == (
        Passage("Lincoln Elementary", Place.TITLE),
        Passage("News of our school. More at https://lincoln.riverbend.example/news."),
        Passage("Profile picture", Place.ALT, f"{CDN}/avatar.jpg"),
    )
    assert [link.url for link in profile.links] == ["https://lincoln.riverbend.example/news"]
    assert (profile.depth, first.depth, first.language) == (0, 1, "en")
    assert first.published_on == datetime(2026, 11, 4, 15, tzinfo=UTC)
    assert [hit.partition("?")[0] for hit in site.hits] == [
        "GET /robots.txt",
        "GET /xrpc/app.bsky.actor.getProfile",
        *["GET /xrpc/app.bsky.feed.getAuthorFeed"] * 3,
    ]


def test_each_part_of_a_post_stands_in_its_place() -> None:
    words = "Niños 🎉 see our news"
    start = len("Niños 🎉 see ".encode())
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://lincoln.riverbend.example/news"}
    quoted = {"uri": "at://did:plc:madison/app.bsky.feed.post/3kq", "author": author("Madison", "did:plc:madison")}
    said = feed(
        post(
            "3k1",
            words,
            facets=[{"index": {"byteStart": start, "byteEnd": start + 8}, "features": [link]}],
            embed={
                "$type": "app.bsky.embed.recordWithMedia#view",
                "media": {
                    "$type": "app.bsky.embed.images#view",
                    "images": [
                        {
                            "fullsize": f"{CDN}/1.jpg",
                            "alt": "Two teachers at a desk",
                            "aspectRatio": {"width": 4, "height": 3},
                        }
                    ],
                },
                "record": {"record": {**quoted, "value": {"text": "We won the game."}}},
            },
        ),
        post(
            "3k2",
            "A card",
            embed={
                "$type": "app.bsky.embed.external#view",
                "external": {
                    "uri": "https://shop.example/",
                    "title": "Shirts",
                    "description": "Buy now",
                    "thumb": f"{CDN}/c.jpg",
                },
            },
        ),
        post(
            "3k3",
            "A film",
            embed={"$type": "app.bsky.embed.video#view", "thumbnail": f"{CDN}/v.jpg", "alt": "The choir"},
        ),
    )

    parsed = parse(ACCOUNT, Ask("posts", "https://a.example/xrpc/x?actor=y"), 200, said.encode())

    picture, card, film = parsed.documents
    assert picture.passages == (
        Passage(words),
        Passage("We won the game."),
        Passage("Two teachers at a desk", Place.ALT, f"{CDN}/1.jpg"),
    )
    assert picture.links == (
        Link("https://lincoln.riverbend.example/news", "our news"),
        Link("https://bsky.app/profile/did:plc:madison/post/3kq"),
    )
    assert picture.images == (Image(f"{CDN}/1.jpg", "Two teachers at a desk", width=4, height=3),)
    assert card.passages[1] == Passage("Shirts\nBuy now", Place.DESCRIPTION)
    assert card.links == (Link("https://shop.example/", "Shirts"),)
    assert film.images == (Image(f"{CDN}/v.jpg", "The choir"),)


def test_answers_to_a_post_are_its_comments_however_deep_they_stand() -> None:
    inner = {"post": post("3kr2", "Me too", did="did:plc:stranger2")}
    hidden = {
        "post": {**post("3kr3", "Not for strangers"), "author": author("Kim", "did:plc:kim", "!no-unauthenticated")}
    }
    notes, _ = read(
        {
            "getProfile": json.dumps(PROFILE),
            "getAuthorFeed": feed(post("3k1", "Book fair", replies=3), post("3k2", "Picture day")),
            f"getPostThread at://{DID}/app.bsky.feed.post/3k1": thread(
                {"post": post("3kr1", "I come", did="did:plc:stranger1"), "replies": [inner]}, hidden, {"blocked": True}
            ),
        }
    )

    first = notes.documents[2]
    assert [(comment.text, comment.url) for comment in first.comments] == [
        ("I come", "https://bsky.app/profile/did:plc:stranger1/post/3kr1"),
        ("Me too", "https://bsky.app/profile/did:plc:stranger2/post/3kr2"),
    ]
    assert isinstance(first.comments[0], Comment)
    assert [p for p in first.passages if p.place is Place.COMMENT] == [
        Passage("I come", Place.COMMENT),
        Passage("Me too", Place.COMMENT),
    ]
    assert notes.urls == [HOME, f"{HOME}/post/3k2", f"{HOME}/post/3k1"]
    assert notes.gaps == []


def test_what_the_account_shares_of_others_is_read_under_its_own_address() -> None:
    shared = {
        "post": post("3kx", "Vote for me", did="did:plc:stranger"),
        "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "indexedAt": "2026-11-20T08:00:00.000Z"},
    }
    pinned = {"post": post("3ky", "Our own"), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}

    parsed = parse(ACCOUNT, Ask("posts", "https://a.example/xrpc/x?actor=y"), 200, feed(shared, pinned).encode())

    assert [(document.url, str(document.published_on)[:10]) for document in parsed.documents] == [
        ("https://bsky.app/profile/did:plc:stranger/post/3kx", "2026-11-20"),  # the day on which it was shared
        (f"{HOME}/post/3ky", "2026-11-04"),
    ]


def test_what_a_profile_tells_strangers_is_known() -> None:
    parsed = parse(ACCOUNT, Ask("profile", "https://a.example/xrpc/x"), 200, json.dumps(PROFILE).encode())

    profile = parsed.profile
    assert profile is not None
    assert (profile.id, profile.posts, profile.is_private, profile.messages_from) == (DID, 3, False, "none")
    assert profile.created_on == datetime(2025, 8, 1, 12, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------ what is not seen


def test_who_asks_not_to_be_shown_to_strangers_is_not_read() -> None:
    profile = {**PROFILE, "labels": [{"src": DID, "val": "!no-unauthenticated"}]}

    notes, site = read({"getProfile": json.dumps(profile), "getAuthorFeed": feed(post("3k1", "Book fair"))})

    assert notes.documents == []
    assert notes.reasons == [Reason.LABEL_OPT_OUT]
    assert "bsky.app/settings" in notes.gaps[0][1].remedy
    assert not any("getAuthorFeed" in hit for hit in site.hits)


def test_who_asks_for_patience_gets_it() -> None:
    waits = iter([Reply(status=429, headers={"Retry-After": "0"}), Reply(status=429, headers={"Retry-After": "0"})])

    notes, _ = read(
        {"getProfile": json.dumps(PROFILE), "getAuthorFeed": lambda _: next(waits, feed(post("3k1", "Hello")))}
    )

    assert notes.urls == [HOME, f"{HOME}/post/3k1"]
    assert notes.gaps == []


OUT = [
    (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
    (Reply(status=503), Reason.PLATFORM_OUTAGE),
    (Reply(status=403), Reason.LOGIN_WALL),
    (Reply(status=999), Reason.LOGIN_WALL),
    (Reply(status=302, headers={"Location": "/login"}), Reason.LOGIN_WALL),
    (Reply("<html><title>Log in</title><form><input type=password></form>"), Reason.LOGIN_WALL),
    (Reply("<html><h1>Down for maintenance</h1>"), Reason.PLATFORM_OUTAGE),
    (Reply("{}"), Reason.PLATFORM_OUTAGE),
    (Reply("[" * 100_000), Reason.PLATFORM_OUTAGE),
    (Reply('{"error":"InvalidRequest","message":"Profile not found"}', status=400), Reason.UNREACHABLE),
]


@pytest.mark.parametrize(("reply", "reason"), OUT)
def test_no_answer_is_never_an_empty_account(reply: Reply, reason: Reason) -> None:
    notes, _ = read({"getProfile": reply})

    assert notes.documents == []
    assert notes.reasons == [reason]
    assert notes.why[0][-1] == "."


@pytest.mark.parametrize(("reply", "reason"), OUT)
def test_what_was_read_before_a_list_broke_off_is_kept_and_the_rest_told(reply: Reply, reason: Reason) -> None:
    notes, _ = read(
        {
            "getProfile": json.dumps(PROFILE),
            "getAuthorFeed": feed(post("3k1", "Hello"), cursor="2"),
            "getAuthorFeed 2": reply,
        }
    )

    assert notes.urls == [HOME, f"{HOME}/post/3k1"]
    assert notes.reasons == [reason]


@pytest.mark.parametrize(
    ("thread_", "why"),
    [
        ({"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}, "the answers to it could not be read"),
        ({"post": {"replyCount": 2}, "replies": []}, "answers to it are counted, and none of them is shown"),
    ],
)
def test_answers_that_are_counted_and_not_shown_are_told(thread_: object, why: str) -> None:
    asked = f"getPostThread at://{DID}/app.bsky.feed.post/3k1"
    listed = feed(post("3k1", "Hello", replies=2))

    notes, _ = read(
        {"getProfile": json.dumps(PROFILE), "getAuthorFeed": listed, asked: json.dumps({"thread": thread_})}
    )

    assert notes.gaps == [(f"{HOME}/post/3k1", Blind(why, Reason.PARTIAL_LISTING))]


def test_an_answer_that_the_account_hid_is_none_that_visitors_see() -> None:
    away, here = (post(key, words, did="did:plc:stranger1") for key, words in (("3kr1", "You fools"), ("3kr2", "Nice")))
    gate = {"threadgate": {"record": {"hiddenReplies": [away["uri"]]}}}
    told = {"thread": {"post": {"replyCount": 2, **gate}, "replies": [{"post": away}, {"post": here}]}}

    notes, _ = read(
        {
            "getProfile": json.dumps(PROFILE),
            "getAuthorFeed": feed(post("3k1", "Hello", replies=2)),
            f"getPostThread at://{DID}/app.bsky.feed.post/3k1": json.dumps(told),
        }
    )

    assert [comment.text for comment in notes.documents[1].comments] == ["Nice"]
    assert notes.documents[1].comments_whole is True


def test_a_post_whose_answers_cannot_be_read_is_read_without_them() -> None:
    notes, _ = read({"getProfile": json.dumps(PROFILE), "getAuthorFeed": feed(post("3k1", "Hello", replies=2))})

    assert notes.documents[1].problem == "the answers to it could not be read"
    assert notes.gaps == [(f"{HOME}/post/3k1", Blind("the answers to it could not be read", Reason.PARTIAL_LISTING))]


def test_no_post_where_the_platform_counts_some_is_told() -> None:
    notes, _ = read({"getProfile": json.dumps(PROFILE), "getAuthorFeed": feed()})

    assert notes.urls == [HOME]
    assert notes.reasons == [Reason.PARTIAL_LISTING]


def test_an_account_that_never_posted_is_complete() -> None:
    notes, _ = read({"getProfile": json.dumps({**PROFILE, "postsCount": 0}), "getAuthorFeed": feed()})

    assert (notes.urls, notes.gaps) == ([HOME], [])


def test_a_list_that_leads_in_a_circle_ends() -> None:
    again = feed(post("3k1", "Hello"), cursor="2")

    notes, _ = read({"getProfile": json.dumps(PROFILE), "getAuthorFeed": again, "getAuthorFeed 2": again})

    assert notes.urls == [HOME, f"{HOME}/post/3k1"]
    assert notes.reasons == [Reason.PARTIAL_LISTING]


def test_rules_for_programs_are_kept() -> None:
    with serve({"/robots.txt": Reply("User-agent: *\nDisallow: /", type="text/plain"), "*": "{}"}) as site:
        planned = plan(ACCOUNT, {"bluesky": PlatformSettings(site.url)})
        assert isinstance(planned, Route)
        notes = Notes()
        visit_route(Assignment(ACCOUNT, route=planned), notes)

    assert (notes.documents, notes.reasons, site.hits) == ([], [Reason.ROBOTS], ["GET /robots.txt"])


def test_no_more_posts_are_read_than_may_be() -> None:
    notes = Notes()
    with serve(
        {"*": lambda h: json.dumps(PROFILE) if "getProfile" in h.path else feed(post("3k1", "a"), post("3k2", "b"))}
    ) as site:
        planned = plan(ACCOUNT, {"bluesky": PlatformSettings(site.url)})
        assert isinstance(planned, Route)
        visit_route(Assignment(ACCOUNT, route=planned), notes, max_pages=1)

    assert notes.urls == [HOME, f"{HOME}/post/3k1"]
    assert notes.reasons == [Reason.LIMIT]


# ------------------------------------------------------------------------------------------------ from audit to audit


def test_what_says_the_same_is_not_told_anew_and_what_is_gone_is_told() -> None:
    ledger = Ledger()
    first = {"getProfile": json.dumps(PROFILE), "getAuthorFeed": feed(post("3k1", "Hello"), post("3k2", "Oops"))}
    then = {"getProfile": json.dumps(PROFILE), "getAuthorFeed": feed(post("3k1", "Hello"), post("3k3", "New"))}
    read(first, ledger, memory=ledger)
    ledger.documents.clear()

    read(then, ledger, memory=ledger, seeds=(f"{HOME}/post/3k2",))

    assert ledger.urls == [f"{HOME}/post/3k3"]
    assert ledger.same == [(HOME, 0), (f"{HOME}/post/3k1", 1)]
    assert ledger.dead == [(f"{HOME}/post/3k2", 404)]


def test_nothing_is_gone_where_not_everything_could_be_listed() -> None:
    notes, _ = read(
        {"getProfile": json.dumps(PROFILE), "getAuthorFeed": Reply(status=503)}, seeds=(f"{HOME}/post/3k2",)
    )

    assert notes.dead == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("at://did:plc:x/app.bsky.feed.post/1"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "feed",
                    "post",
                    "uri",
                    "author",
                    "record",
                    "text",
                    "embed",
                    "$type",
                    "replies",
                    "thread",
                    "facets",
                    "index",
                    "labels",
                    "val",
                    "cursor",
                    "did",
                    "images",
                    "replyCount",
                    "createdAt",
                    "description",
                    "features",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.binary(max_size=30) | JSON.map(lambda value: json.dumps(value).encode()), st.sampled_from([200, 400, 404]))
def test_no_answer_breaks_the_reader(body: bytes, status: int) -> None:
    for what in ("profile", "posts"):
        assert isinstance(parse(ACCOUNT, Ask(what, "https://a.example/xrpc/x?actor=y"), status, body), Parsed)


@pytest.mark.parametrize(
    ("gate", "state"),
    [
        ({}, CommentState.OPEN),
        ({"threadgate": {"record": {"allow": []}}}, CommentState.CLOSED),
        ({"threadgate": {"uri": f"at://{DID}/app.bsky.feed.threadgate/3k1"}}, None),
        ({"threadgate": {"record": {"hiddenReplies": []}}}, CommentState.OPEN),
        (
            {"threadgate": {"record": {"allow": [{"$type": "app.bsky.feed.threadgate#followingRule"}]}}},
            CommentState.MODERATED,
        ),
        (
            {"threadgate": {"record": {"allow": [{"$type": "app.bsky.feed.threadgate#followerRule"}]}}},
            CommentState.OPEN,
        ),
    ],
)
def test_who_may_answer_a_post_is_what_its_gate_says(gate: dict[str, object], state: CommentState | None) -> None:
    notes, _ = read({"getProfile": json.dumps(PROFILE), "getAuthorFeed": feed({**post("3k1", "Book fair"), **gate})})

    (_, shown) = notes.documents
    assert (shown.comment_state, shown.comments_whole) == (state, True)


@pytest.mark.parametrize(("counted", "whole"), [(1, True), (2, None)])
def test_answers_that_the_list_leaves_out_may_be_there_all_the_same(counted: int, whole: bool | None) -> None:
    notes, _ = read(
        {
            "getProfile": json.dumps(PROFILE),
            "getAuthorFeed": feed(post("3k1", "Book fair", replies=counted)),
            f"getPostThread at://{DID}/app.bsky.feed.post/3k1": thread(
                {"post": post("3kr1", "I come", did="did:plc:stranger1")}, counted=counted
            ),
        }
    )

    assert notes.documents[1].comments_whole is whole
