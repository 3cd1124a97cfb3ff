"""A member of Vimeo, as its interface tells of it to a token of the account's own."""

from spiders.platforms.vimeo import parse
from tests.token_routes import Sample, said

HOME = "https://vimeo.com/lincoln"
FILMS = "https://i.vimeo.example/video"

USER = {
    "uri": "/users/77",
    "name": "Lincoln Elementary",
    "link": "https://vimeo.com/lincoln",
    "location": "Riverbend, MT",
    "bio": "Concerts and plays. More at https://lincoln.riverbend.example/films",
    "created_time": "2021-08-20T15:00:00+00:00",
    "websites": [{"name": "Our school", "link": "https://lincoln.riverbend.example/", "description": "All news"}],
    "pictures": {
        "uri": "/users/77/pictures/1",
        "sizes": [
            {"width": 30, "height": 30, "link": f"{FILMS}/seal_30"},
            {"width": 300, "height": 300, "link": f"{FILMS}/seal_300"},
        ],
    },
    "metadata": {"connections": {"videos": {"uri": "/users/77/videos", "total": 4}}},
}


def video(number: int, name: str, written: int = 0, **privacy: str) -> dict[str, object]:
    return {
        "uri": f"/videos/{number}",
        "link": f"https://vimeo.com/{number}",
        "name": name,
        "description": f"{name}, filmed by the parents. https://riverbend.example/{number}",
        "created_time": "2026-11-04T15:00:00+00:00",
        "release_time": "2026-11-05T15:00:00+00:00",
        "language": "en",
        "tags": [{"name": "choir", "tag": "choir"}, {"name": "winter", "tag": "winter"}],
        "pictures": {"sizes": [{"width": 640, "height": 360, "link": f"{FILMS}/{number}_640"}]},
        "privacy": {"view": "anybody", "embed": "public", "download": False, "comments": "anybody", **privacy},
        "user": {"name": "Lincoln Elementary"},
        "metadata": {"connections": {"comments": {"uri": f"/videos/{number}/comments", "total": written}}},
    }


def comment(number: int, words: str, replies: int = 0) -> dict[str, object]:
    return {
        "uri": f"/videos/1/comments/{number}",
        "type": "video",
        "text": words,
        "created_on": "2026-11-06T08:00:00+00:00",
        "user": {"name": "Sam Rivers", "link": "https://vimeo.com/samrivers"},
        "metadata": {
            "connections": {"replies": {"uri": f"/videos/1/comments/{number}/replies", "total": replies}},
        },
    }


def listed(*found: object, total: int, page: int = 1, following: str | None = None) -> dict[str, object]:
    """One page of a list."""
    return {
        "total": total,
        "page": page,
        "per_page": 2,
        "paging": {"next": following, "previous": None, "first": "", "last": ""},
        "data": list(found),
    }


SAMPLE = Sample(
    platform="vimeo",
    url=HOME,
    pages={
        "/users/lincoln": USER,
        "/users/lincoln/videos": listed(
            video(1, "Winter concert", written=3),
            video(2, "Only for the staff", view="nobody"),
            total=4,
            following="/users/77/videos?page=2&per_page=2",
        ),
        "/users/77/videos?page=2": listed(
            video(3, "The play", comments="nobody"),
            video(4, "First day", view="unlisted", comments="contacts"),
            total=4,
            page=2,
        ),
        "/videos/1/comments": listed(
            comment(1, "What a fine choir!", replies=1), total=2, following="/videos/1/comments?page=2&per_page=1"
        ),
        "/videos/1/comments?page=2": listed(comment(2, "Encore!"), total=2, page=2),
        "/videos/1/comments/1/replies": listed(comment(3, "It was."), total=1),
    },
    listing="/users/lincoln/videos",
    empty=listed(total=0),
    documents=(HOME, "https://vimeo.com/1", "https://vimeo.com/3", "https://vimeo.com/4"),
    parse=parse,
    asks={
        "profile": "https://api.vimeo.com/users/lincoln",
        "videos": "https://api.vimeo.com/users/lincoln/videos?per_page=100",
        "comments": "https://api.vimeo.com/videos/1/comments?per_page=100",
    },
    wrong=said({"error": "You must provide a valid authenticated access token.", "error_code": 8003}, 401),
    narrow=said({"error": 'Your access token does not have the "public" scope'}, 403),
    lacks="lacks the permission to read what is public (scope public).",
    header="Authorization",
    scheme="Bearer",
    words=(
        "Concerts and plays.",
        "Riverbend, MT",
        "Our school: All news",
        "Winter concert, filmed by the parents.",
        "choir, winter",
    ),
    comments=("What a fine choir!", "Encore!", "It was."),
    keys=(
        "uri",
        "link",
        "name",
        "bio",
        "description",
        "websites",
        "pictures",
        "sizes",
        "width",
        "metadata",
        "connections",
        "videos",
        "comments",
        "replies",
        "total",
        "page",
        "per_page",
        "privacy",
        "view",
        "tags",
        "data",
        "paging",
        "next",
        "text",
        "user",
    ),
)
