"""An account on Pinterest, as its API tells of it."""

from spiders.platforms.pinterest import parse
from tests.token_routes import Sample, said

HOME = "https://www.pinterest.com/lincolnelem"
CDN = "https://i.pinimg.example"


def pin(number: int, words: str, **more: object) -> dict[str, object]:
    sizes = {
        "150x150": {"width": 150, "url": f"{CDN}/s{number}.jpg"},
        "1200x": {"width": 1200, "url": f"{CDN}/{number}.jpg"},
    }
    return {
        "id": str(number),
        "created_at": "2026-11-05T15:00:00",
        "title": words,
        "description": "",
        "link": None,
        "alt_text": None,
        "board_id": "81",
        "board_owner": {"username": "lincolnelem"},
        "media": {"media_type": "image", "images": sizes},
        **more,
    }


SAMPLE = Sample(
    platform="pinterest",
    url=HOME,
    pages={
        "/v5/user_account": {
            "username": "lincolnelem",
            "account_type": "BUSINESS",
            "business_name": "Lincoln Elementary",
            "about": "Grades K to 5.",
            "website_url": "https://lincoln.riverbend.example/",
            "profile_image": f"{CDN}/profile.jpg",
            "board_count": 2,
        },
        "/v5/boards": {
            "items": [
                {"id": "81", "name": "Book fair!", "description": "What we read", "privacy": "PUBLIC", "pin_count": 3},
                {"id": "82", "name": "Only for us", "description": "Not seen", "privacy": "SECRET"},
            ],
            "bookmark": "B2",
        },
        "/v5/boards?bookmark=B2": {"items": [{"id": "83", "name": "Art", "privacy": "PUBLIC"}], "bookmark": None},
        "/v5/boards/81/pins": {
            "items": [pin(1, "A shelf", alt_text="A table of books", link="https://books.example/1"), pin(2, "")],
            "bookmark": "P2",
        },
        "/v5/boards/81/pins?bookmark=P2": {"items": [pin(3, "Posters", description="Made by hand")]},
        "/v5/boards/83/pins": {"items": [], "bookmark": ""},
    },
    listing="/v5/boards/81/pins",
    empty={"items": [], "bookmark": None},
    documents=(
        HOME,
        f"{HOME}/book-fair/",
        *(f"https://www.pinterest.com/pin/{number}/" for number in (1, 2, 3)),
        f"{HOME}/art/",
    ),
    parse=parse,
    asks={
        "profile": "https://api.pinterest.com/v5/user_account",
        "boards": "https://api.pinterest.com/v5/boards?page_size=250",
        "pins": "https://api.pinterest.com/v5/boards/81/pins?page_size=250",
    },
    wrong=said({"code": 2, "message": "Authentication failed."}, 401),
    narrow=said({"code": 7, "message": "Not authorized to access the resource."}, 403),
    lacks="lacks the permission pins:read.",
    header="Authorization",
    scheme="Bearer",
    words=("Grades K to 5.", "What we read", "A shelf", "A table of books", "Made by hand"),
    counts_posts=False,
    keys=("items", "bookmark", "id", "name", "privacy", "media", "images", "url", "width", "username", "link", "title"),
)
