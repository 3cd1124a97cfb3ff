"""A Page on Facebook, as its Graph API tells of it."""

from spiders.platforms.facebook import parse
from tests.token_routes import Sample, next_page, said

HOME = "https://www.facebook.com/lincolnpage"
API = "/v26.0"
CDN = "https://scontent.example/v"
PAGES_OWN = "EXAMPLE-TOKEN-of-the-page-9876543210"


def comment(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": f"11_{number}",
        "message": words,
        "from": {"name": "Sam Rivers", "id": "77"},
        "created_time": "2026-11-06T08:00:00+0000",
        "is_hidden": False,
        "permalink_url": f"{HOME}/posts/11?comment_id={number}",
        **more,
    }


def post(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": f"946_{number}",
        "message": words,
        "created_time": "2026-11-05T15:00:00+0000",
        "permalink_url": f"{HOME}/posts/{number}",
        "is_published": True,
        "is_hidden": False,
        "privacy": {"value": "EVERYONE"},
        "from": {"name": "Lincoln Elementary"},
        **more,
    }


def picture(number: int, kind: str = "photo") -> dict[str, object]:
    return {
        "media_type": kind,
        "media": {"image": {"src": f"{CDN}/{number}_n.jpg?oh=1&oe=2", "width": 720, "height": 405}},
        "target": {"id": str(number), "url": f"https://www.facebook.com/photo.php?fbid={number}"},
        "url": f"https://www.facebook.com/photo.php?fbid={number}",
    }


ALBUM = post(
    11,
    "Book fair on Friday. https://lincoln.riverbend.example/fair",
    attachments={
        "data": [{**picture(501, "album"), "subattachments": {"data": [picture(501), picture(502)]}}],
    },
    comments={
        "data": [comment(1, "What a fine fair!"), comment(2, "Nobody sees this.", is_hidden=True)],
        "summary": {"can_comment": True, "total_count": 3},
        "paging": next_page("https://graph.facebook.com/v26.0/946_11/comments", "C2"),
    },
)
LINK = post(
    12,
    "Our menu",
    attachments={
        "data": [
            {
                "media_type": "link",
                "title": "Lunch in November",
                "description": "All meals of the month",
                "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Fmenus.example%2Flunch&h=AT0",
                "media": {"image": {"src": f"{CDN}/card.jpg", "width": 500, "height": 250}},
            }
        ]
    },
    comments={"data": [], "summary": {"can_comment": False, "total_count": 0}},
)

SAMPLE = Sample(
    platform="facebook",
    url=HOME,
    pages={
        f"{API}/lincolnpage": {
            "id": "946",
            "name": "Lincoln Elementary",
            "username": "lincolnpage",
            "about": "Grades K to 5 in Riverbend.",
            "description": "News of our school.",
            "website": "https://lincoln.riverbend.example/",
            "emails": ["office@riverbend.example"],
            "phone": "406-555-0100",
            "single_line_address": "1 School Street, Riverbend",
            "cover": {"source": f"{CDN}/cover.jpg"},
            "picture": {"data": {"url": f"{CDN}/profile.jpg"}},
            "is_published": True,
            "published_posts": {"data": [{"id": "946_11"}], "summary": {"total_count": 4}},
        },
        f"{API}/946/published_posts": {
            "data": [ALBUM, LINK, post(13, "For a few", privacy={"value": "CUSTOM"}), post(14, "", is_hidden=True)],
            "paging": next_page("https://graph.facebook.com/v26.0/946/published_posts", "P2"),
        },
        f"{API}/946/published_posts?after=P2": {"data": [post(15, "First day!")]},
        f"{API}/946/video_reels": {
            "data": [
                {
                    "id": "71",
                    "description": "The choir sings.",
                    "permalink_url": "/reel/71/",
                    "picture": f"{CDN}/reel.jpg",
                    "created_time": "2026-11-01T15:00:00+0000",
                }
            ]
        },
        f"{API}/946_11/comments?after=C2": {"data": [comment(3, "See you there.")]},
        f"{API}/": {
            "501": {"id": "501", "alt_text": "May be an image of books", "alt_text_custom": "A table of books"},
            "502": {"id": "502", "alt_text": "May be an image of a tent"},
        },
    },
    listing=f"{API}/946/published_posts",
    empty={"data": []},
    documents=(
        HOME,
        f"{HOME}/posts/11",
        f"{HOME}/posts/12",
        f"{HOME}/posts/15",
        "https://www.facebook.com/reel/71/",
    ),
    parse=parse,
    asks={
        "profile": f"https://graph.facebook.com{API}/lincolnpage?fields=id",
        "posts": f"https://graph.facebook.com{API}/946/published_posts?fields=id",
        "comments": f"https://graph.facebook.com{API}/?ids=501&fields=alt_text",
    },
    wrong=said({"error": {"message": "Error validating access token", "code": 190, "error_subcode": 463}}, 400),
    narrow=said(
        {"error": {"message": "(#10) This endpoint requires the 'pages_read_engagement' permission", "code": 10}}, 403
    ),
    lacks="lacks the permission pages_read_engagement.",
    parameter="access_token",
    words=(
        "Grades K to 5 in Riverbend.",
        "Book fair on Friday.",
        "A table of books",
        "May be an image of a tent",
        "Lunch in November",
        "The choir sings.",
    ),
    comments=("What a fine fair!", "See you there."),
    keys=(
        "id",
        "data",
        "message",
        "attachments",
        "media",
        "image",
        "src",
        "target",
        "subattachments",
        "comments",
        "paging",
        "cursors",
        "after",
        "next",
        "summary",
        "from",
        "name",
        "error",
        "code",
        "501",
        "alt_text",
        "emails",
        "published_posts",
        "permalink_url",
        "privacy",
        "value",
        "access_token",
    ),
)
