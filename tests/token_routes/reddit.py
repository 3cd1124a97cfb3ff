"""A profile on Reddit, as its interface tells of it."""

from spiders.platforms.reddit import parse
from tests.token_routes import Sample, said

HOME = "https://www.reddit.com/user/lincolnelem"
POSTS = "https://www.reddit.com/r/riverbend/comments"
NOON = 1793880000.0


def post(number: int, title: str, **more: object) -> dict[str, object]:
    data = {
        "id": f"p{number}",
        "title": title,
        "selftext_html": None,
        "url": f"{POSTS}/p{number}/x/",
        "permalink": f"/r/riverbend/comments/p{number}/x/",
        "author": "lincolnelem",
        "created_utc": NOON,
        "is_self": True,
        "num_comments": 0,
        "locked": False,
    }
    return {"kind": "t3", "data": {**data, **more}}


def comment(number: int, words: str, replies: object = "", **more: object) -> dict[str, object]:
    data = {
        "id": f"c{number}",
        "link_id": "t3_p1",
        "body": words,
        "body_html": f'<div class="md"><p>{words}</p></div>',
        "author": "sam_rivers",
        "created_utc": NOON,
        "replies": replies,
    }
    return {"kind": "t1", "data": {**data, **more}}


def listing(*children: dict[str, object], after: str | None = None) -> dict[str, object]:
    return {"kind": "Listing", "data": {"children": list(children), "after": after, "before": None}}


SAMPLE = Sample(
    platform="reddit",
    url=HOME,
    pages={
        "/user/lincolnelem/about": {
            "kind": "t2",
            "data": {
                "id": "6c1xj",
                "name": "lincolnelem",
                "created_utc": NOON,
                "icon_img": "https://styles.redditmedia.example/icon.png",
                "hide_from_robots": False,
                "subreddit": {
                    "title": "Lincoln Elementary",
                    "public_description": "Grades K to 5. https://lincoln.riverbend.example/",
                    "banner_img": "",
                },
            },
        },
        "/user/lincolnelem/submitted": listing(
            post(
                1,
                "Book fair",
                selftext_html='<div class="md"><p>On <a href="https://lincoln.riverbend.example/fair">Friday</a></p></div>',
                num_comments=3,
            ),
            post(
                2,
                "Our posters",
                is_self=False,
                url="https://www.reddit.com/gallery/p2",
                gallery_data={"items": [{"media_id": "m1", "caption": "Made by hand"}]},
                media_metadata={"m1": {"s": {"u": "https://preview.redd.example/m1.jpg"}}},
                locked=True,
            ),
            after="t3_p2",
        ),
        "/user/lincolnelem/submitted?after=t3_p2": listing(post(3, "First day!")),
        "/user/lincolnelem/comments": listing(comment(9, "Thank you all.", author="lincolnelem", link_id="t3_q7")),
        "/comments/p1": [
            listing(post(1, "Book fair")),
            listing(
                comment(1, "What a fine fair!", listing(comment(2, "Indeed."))),
                comment(3, "[removed]", body="[removed]"),
            ),
        ],
    },
    listing="/user/lincolnelem/submitted",
    empty=listing(),
    documents=(
        HOME,
        *(f"{POSTS}/p{number}/x/" for number in (1, 2, 3)),
        "https://www.reddit.com/comments/q7/_/c9/",
    ),
    parse=parse,
    asks={
        "token": "https://www.reddit.com/api/v1/access_token",
        "profile": "https://oauth.reddit.com/user/lincolnelem/about?raw_json=1",
        "posts": "https://oauth.reddit.com/user/lincolnelem/submitted?limit=100",
        "said": "https://oauth.reddit.com/user/lincolnelem/comments?limit=100",
    },
    wrong=said({"message": "Unauthorized", "error": 401}, 401),
    narrow=said({"message": "Forbidden", "error": 403}, 403),
    lacks="lacks the permission read and history.",
    header="Authorization",
    scheme="Bearer",
    words=("Grades K to 5.", "On Friday", "Made by hand", "Thank you all."),
    comments=("What a fine fair!", "Indeed."),
    counts_posts=False,
    keys=(
        "kind",
        "data",
        "children",
        "after",
        "id",
        "title",
        "permalink",
        "replies",
        "gallery_data",
        "items",
        "subreddit",
    ),
)
