"""An account on X, as its interface tells of it."""

from spiders.platforms.x import parse
from tests.token_routes import Sample, said

HOME = "https://x.com/lincoln"
API = "/2"
MEDIA = "https://pbs.example/media"

USER = {
    "id": "77",
    "name": "Lincoln Elementary",
    "username": "Lincoln",
    "created_at": "2021-08-20T15:00:00.000Z",
    "description": "Grades K to 5 &amp; proud. https://t.co/abc",
    "location": "Riverbend",
    "url": "https://t.co/def",
    "entities": {
        "url": {"urls": [{"url": "https://t.co/def", "expanded_url": "https://lincoln.riverbend.example/"}]},
        "description": {
            "urls": [
                {
                    "url": "https://t.co/abc",
                    "expanded_url": "https://lincoln.riverbend.example/news",
                    "display_url": "lincoln.riverbend.example/news",
                }
            ]
        },
    },
    "profile_image_url": f"{MEDIA}/seal_normal.png",
    "profile_banner_url": f"{MEDIA}/banner",
    "protected": False,
    "verified": True,
    "verified_type": "government",
    "public_metrics": {"followers_count": 41, "following_count": 1, "tweet_count": 4, "listed_count": 0},
}


def post(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "text": words,
        "created_at": "2026-11-05T15:00:00.000Z",
        "lang": "en",
        "reply_settings": "everyone",
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 3, "quote_count": 0},
        **more,
    }


LONG = post(
    14,
    "Everything about our fair, from the first table to the… https://t.co/pic",
    note_tweet={"text": "Everything about our fair, from the first table to the last book."},
    attachments={"media_keys": ["3_1", "7_2"]},
    entities={"urls": [{"url": "https://t.co/pic", "display_url": "pic.x.com/pic", "media_key": "3_1"}]},
    geo={"place_id": "p1"},
    public_metrics={"retweet_count": 0, "reply_count": 3, "like_count": 3, "quote_count": 0},
    conversation_id="14",
)
POLL = post(
    13,
    "Which day? https://t.co/day",
    reply_settings="following",
    attachments={"poll_ids": ["p7"]},
    entities={
        "urls": [
            {
                "url": "https://t.co/day",
                "expanded_url": "https://riverbend.example/days",
                "display_url": "riverbend.example/days",
                "title": "School days",
                "description": "All days of the year",
            }
        ]
    },
)
SHARED = post(12, "RT @riverbend: Snow day tomor…", referenced_tweets=[{"type": "retweeted", "id": "900"}])
QUOTING = post(11, "So true!", referenced_tweets=[{"type": "quoted", "id": "901"}])
INCLUDES = {
    "media": [
        {"media_key": "3_1", "type": "photo", "url": f"{MEDIA}/1.jpg", "alt_text": "A table", "width": 9, "height": 6},
        {"media_key": "7_2", "type": "video", "preview_image_url": f"{MEDIA}/2.jpg"},
    ],
    "polls": [{"id": "p7", "options": [{"position": 1, "label": "Monday"}, {"position": 2, "label": "Friday"}]}],
    "places": [{"id": "p1", "full_name": "Riverbend, MT"}],
    "tweets": [
        {"id": "900", "text": "Snow day tomorrow: all schools are closed.", "lang": "en"},
        {"id": "901", "text": "Reading makes the day longer."},
    ],
}
LIST = f"{API}/users/77/tweets"
SEARCH = f"{API}/tweets/search/all"
ANSWERS = f"{SEARCH}?query=conversation_id:14 -from:lincoln"
SAMPLE = Sample(
    platform="x",
    url=HOME,
    pages={
        f"{API}/users/by/username/lincoln": {"data": USER},
        LIST: {
            "data": [LONG, POLL],
            "includes": INCLUDES,
            "meta": {"result_count": 2, "newest_id": "14", "oldest_id": "13", "next_token": "P2"},
        },
        f"{LIST}?pagination_token=P2": {
            "data": [SHARED, QUOTING],
            "includes": INCLUDES,
            "meta": {"result_count": 2},
            "errors": [{"title": "Not Found Error", "resource_type": "tweet", "resource_id": "902"}],
        },
        ANSWERS: {
            "data": [
                {"id": "20", "text": "@Lincoln See you &amp; all there!", "created_at": "2026-11-05T16:00:00.000Z"},
                {"id": "21", "text": "When?", "created_at": "2026-11-05T17:00:00.000Z"},
            ],
            "meta": {"result_count": 2, "next_token": "A2"},
        },
        f"{ANSWERS}&pagination_token=A2": {"data": [{"id": "22", "text": "At four."}], "meta": {"result_count": 1}},
    },
    listing=LIST,
    empty={"meta": {"result_count": 0}},
    documents=(HOME, *(f"{HOME}/status/{number}" for number in (14, 13, 12, 11))),
    parse=parse,
    asks={
        "profile": f"https://api.x.com{API}/users/by/username/lincoln?user.fields=name",
        "posts": f"https://api.x.com{LIST}?max_results=100",
        "answers": f"https://api.x.com{SEARCH}?query=conversation_id:14",
    },
    wrong=said({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}, 401),
    narrow=said(
        {
            "title": "Client Forbidden",
            "reason": "client-not-enrolled",
            "type": "https://api.x.com/2/problems/client-forbidden",
        },
        403,
    ),
    lacks="lacks the permission of an app that belongs to a project",
    header="Authorization",
    scheme="Bearer",
    words=(
        "Grades K to 5 & proud. lincoln.riverbend.example/news",
        "Everything about our fair, from the first table to the last book.",
        "A table",
        "Riverbend, MT",
        "Which day? riverbend.example/days",
        "Monday\nFriday",
        "All days of the year",
        "Snow day tomorrow: all schools are closed.",
        "So true!",
        "Reading makes the day longer.",
    ),
    comments=("@Lincoln See you & all there!", "When?", "At four."),
    keys=(
        "id",
        "data",
        "text",
        "username",
        "entities",
        "urls",
        "url",
        "expanded_url",
        "description",
        "protected",
        "public_metrics",
        "tweet_count",
        "reply_count",
        "attachments",
        "media_keys",
        "poll_ids",
        "includes",
        "media",
        "media_key",
        "tweets",
        "referenced_tweets",
        "referenced_posts",
        "type",
        "note_tweet",
        "article",
        "geo",
        "place_id",
        "meta",
        "next_token",
        "errors",
        "title",
    ),
)
