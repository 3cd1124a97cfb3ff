"""A professional account on Instagram, as its interface tells of it to the account's own token."""

from spiders.platforms.instagram import parse
from tests.token_routes import Sample, next_page, said

HOME = "https://www.instagram.com/lincolnelem"
API = "/v26.0"
CDN = "https://scontent.cdninstagram.example/v"


def comment(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "text": words,
        "username": "sam.rivers",
        "timestamp": "2026-11-06T08:00:00+0000",
        "hidden": False,
        **more,
    }


def post(number: int, caption: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "caption": caption,
        "media_type": "IMAGE",
        "media_url": f"{CDN}/{number}.jpg?oh=1&oe=2",
        "permalink": f"https://www.instagram.com/p/C{number}/",
        "timestamp": "2026-11-05T15:00:00+0000",
        "username": "lincolnelem",
        "is_comment_enabled": True,
        "comments_count": 0,
        **more,
    }


SAMPLE = Sample(
    platform="instagram",
    url=HOME,
    pages={
        f"{API}/me": {
            "id": "178",
            "user_id": "178",
            "username": "LincolnElem",
            "name": "Lincoln Elementary",
            "biography": "Grades K to 5. https://lincoln.riverbend.example/",
            "website": "https://lincoln.riverbend.example/",
            "profile_picture_url": f"{CDN}/profile.jpg",
            "media_count": 4,
        },
        f"{API}/me/media": {
            "data": [
                post(
                    31,
                    "Field day!",
                    media_type="CAROUSEL_ALBUM",
                    children={
                        "data": [
                            {"media_type": "IMAGE", "media_url": f"{CDN}/31a.jpg", "alt_text": "A race on the grass"},
                            {"media_type": "VIDEO", "media_url": f"{CDN}/31b.mp4", "thumbnail_url": f"{CDN}/31b.jpg"},
                        ]
                    },
                    comments_count=4,
                    comments={
                        "data": [
                            comment(
                                1,
                                "Well run!",
                                replies={
                                    "data": [comment(2, "Thank you.")],
                                    "paging": next_page("https://graph.instagram.com/v26.0/1/replies", "R2"),
                                },
                            ),
                            comment(3, "Nobody sees this.", hidden=True),
                        ],
                        "paging": next_page("https://graph.instagram.com/v26.0/31/comments", "C2"),
                    },
                ),
                post(32, "Closed to comments", alt_text="A closed door", is_comment_enabled=False, comments_count=2),
            ],
            "paging": next_page("https://graph.instagram.com/v26.0/me/media", "P2"),
        },
        f"{API}/me/media?after=P2": {"data": [post(33, "First day!")], "paging": {"cursors": {"after": "P3"}}},
        f"{API}/me/media?after=P3": {
            "data": [post(34, "The choir", media_type="VIDEO", media_url="", thumbnail_url=f"{CDN}/34.jpg")]
        },
        f"{API}/me/media?after=P4": {"data": []},
        f"{API}/31/comments?after=C2": {"data": [comment(4, "See you next year.")]},
        f"{API}/1/replies?after=R2": {"data": [comment(5, "So did we.")]},
    },
    listing=f"{API}/me/media",
    empty={"data": []},
    documents=(HOME, *(f"https://www.instagram.com/p/C{number}/" for number in (31, 32, 33, 34))),
    parse=parse,
    asks={
        "profile": f"https://graph.instagram.com{API}/me?fields=id",
        "accounts": f"https://graph.facebook.com{API}/me/accounts?fields=id",
        "posts": f"https://graph.instagram.com{API}/me/media?fields=comments.limit(5){{id}}",
    },
    wrong=said({"error": {"message": "Session has expired", "type": "OAuthException", "code": 190}}, 401),
    narrow=said({"error": {"message": "(#10) Application does not have permission for this action", "code": 10}}, 403),
    lacks="lacks the permission instagram_basic.",
    parameter="access_token",
    words=("Grades K to 5.", "Field day!", "A race on the grass", "A closed door", "The choir"),
    comments=("Well run!", "Thank you.", "So did we.", "See you next year."),
    keys=(
        *("id", "data", "username", "caption", "children", "comments", "replies", "paging", "cursors", "after", "next"),
        *("media_url", "alt_text", "permalink", "is_comment_enabled", "comments_count", "error", "code", "message"),
        "instagram_business_account",
    ),
)
