"""An account on Threads, as its interface tells of it to the account's own token."""

from spiders.platforms.threads import parse
from tests.token_routes import Sample, next_page, said

HOME = "https://www.threads.com/@lincolnelem"
API = "/v1.0"
CDN = "https://scontent.cdninstagram.example/t"


def post(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "media_product_type": "THREADS",
        "media_type": "TEXT_POST",
        "permalink": f"{HOME}/post/D{number}",
        "username": "lincolnelem",
        "text": words,
        "timestamp": "2026-11-05T15:00:00+0000",
        "has_replies": False,
        "reply_audience": "EVERYONE",
        **more,
    }


def answer(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "text": words,
        "username": "sam.rivers",
        "permalink": f"https://www.threads.com/@sam.rivers/post/E{number}",
        "timestamp": "2026-11-06T08:00:00+0000",
        "hide_status": "NOT_HUSHED",
        **more,
    }


SAMPLE = Sample(
    platform="threads",
    url=HOME,
    pages={
        f"{API}/me": {
            "id": "255",
            "username": "lincolnelem",
            "name": "Lincoln Elementary",
            "threads_profile_picture_url": f"{CDN}/profile.jpg",
            "threads_biography": "Grades K to 5.",
            "is_verified": False,
        },
        f"{API}/me/threads": {
            "data": [
                post(
                    41,
                    "Which book next?",
                    has_replies=True,
                    media_type="CAROUSEL_ALBUM",
                    children={"data": [{"media_type": "IMAGE", "media_url": f"{CDN}/41.jpg", "alt_text": "Two books"}]},
                    poll_attachment={"option_a": "The red one", "option_b": "The blue one"},
                    link_attachment_url="https://lincoln.riverbend.example/books",
                ),
                post(42, "", quoted_post={"permalink": "https://www.threads.com/@x/post/F1", "text": "Fun for all"}),
            ],
            "paging": next_page("https://graph.threads.com/v1.0/me/threads", "P2"),
        },
        f"{API}/me/threads?after=P2": {"data": [post(43, "First day!", reply_audience="ACCOUNTS_YOU_FOLLOW")]},
        f"{API}/me/replies": {"data": [post(44, "Thank you for coming.")]},
        f"{API}/41/conversation": {
            "data": [answer(1, "The red one!"), answer(2, "Nobody sees this.", hide_status="HIDDEN")],
            "paging": next_page("https://graph.threads.com/v1.0/41/conversation", "C2"),
        },
        f"{API}/41/conversation?after=C2": {
            "data": [answer(3, "Neither."), answer(4, "Not yet.", reply_approval_status="PENDING")]
        },
    },
    listing=f"{API}/me/threads",
    empty={"data": []},
    documents=(HOME, *(f"{HOME}/post/D{number}" for number in (41, 42, 43, 44))),
    parse=parse,
    asks={
        "profile": f"https://graph.threads.com{API}/me?fields=id",
        "posts": f"https://graph.threads.com{API}/me/threads?fields=id",
        "replies": f"https://graph.threads.com{API}/me/replies?fields=id",
    },
    wrong=said({"error": {"message": "Error validating access token", "type": "OAuthException", "code": 190}}, 401),
    narrow=said({"error": {"message": "(#10) requires threads_basic", "type": "OAuthException", "code": 10}}, 403),
    lacks="lacks the permission threads_basic.",
    parameter="access_token",
    words=("Grades K to 5.", "Which book next?", "Two books", "The blue one", "Fun for all", "Thank you for coming."),
    comments=("The red one!", "Neither."),
    counts_posts=False,
    keys=(
        *("id", "data", "username", "text", "children", "paging", "cursors", "after", "next", "media_url", "alt_text"),
        *("permalink", "has_replies", "reply_audience", "quoted_post", "poll_attachment", "error", "code", "message"),
    ),
)
