"""An account on TikTok, as its Display API tells of it."""

from spiders.platforms.tiktok import parse
from tests.token_routes import Sample, said

HOME = "https://www.tiktok.com/@lincolnelem"
CDN = "https://p16.tiktokcdn.example"
DONE = {"code": "ok", "message": "", "log_id": "2026"}


def video(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "create_time": 1793880000,
        "share_url": f"{HOME}/video/{number}?utm_campaign=tt4d_open_api",
        "title": words,
        "video_description": words,
        "cover_image_url": f"{CDN}/{number}.jpg",
        **more,
    }


def videos(*found: dict[str, object], cursor: int = 0, more: bool = False) -> dict[str, object]:
    return {"data": {"videos": list(found), "cursor": cursor, "has_more": more}, "error": DONE}


SAMPLE = Sample(
    platform="tiktok",
    url=HOME,
    pages={
        "/v2/user/info/": {
            "data": {
                "user": {
                    "open_id": "723f24d7",
                    "display_name": "Lincoln Elementary",
                    "username": "lincolnelem",
                    "bio_description": "Grades K to 5. https://lincoln.riverbend.example/",
                    "avatar_url": f"{CDN}/avatar.jpg",
                    "is_verified": False,
                    "video_count": 3,
                }
            },
            "error": DONE,
        },
        "/v2/video/list/": videos(
            video(1, "Book fair", video_description="Book fair on Friday. #books"),
            video(2, "First day!"),
            cursor=1793880000000,
            more=True,
        ),
        "/v2/video/list/?cursor=1793880000000": videos(video(3, "")),
    },
    listing="/v2/video/list/",
    empty=videos(),
    documents=(HOME, *(f"{HOME}/video/{number}" for number in (1, 2, 3))),
    parse=parse,
    asks={
        "profile": "https://open.tiktokapis.com/v2/user/info/?fields=open_id",
        "posts": "https://open.tiktokapis.com/v2/video/list/?fields=id",
    },
    wrong=said({"data": {}, "error": {"code": "access_token_invalid", "message": "The access token is invalid"}}, 401),
    narrow=said({"data": {}, "error": {"code": "scope_not_authorized", "message": "No scope"}}, 401),
    lacks="lacks the permission video.list.",
    header="Authorization",
    scheme="Bearer",
    words=("Grades K to 5.", "Book fair on Friday. #books", "First day!"),
    keys=("data", "user", "videos", "open_id", "username", "id", "cursor", "has_more", "error", "code", "share_url"),
)
