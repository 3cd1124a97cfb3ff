"""A channel on YouTube, as its Data API tells of it."""

from spiders.platforms.youtube import parse
from tests.token_routes import Sample, said

HOME = "https://www.youtube.com/@lincoln"
API = "/youtube/v3"
NUMBER = "UCLincolnElementary00001"
WATCH = "https://www.youtube.com/watch?v="
FILMS = "https://i.ytimg.example/vi"

CHANNEL = {
    "kind": "youtube#channel",
    "id": NUMBER,
    "snippet": {
        "title": "Lincoln Elementary",
        "description": "Concerts and plays. More at https://lincoln.riverbend.example/films",
        "customUrl": "@lincoln",
        "publishedAt": "2021-08-20T15:00:00Z",
        "country": "US",
        "thumbnails": {
            "default": {"url": f"{FILMS}/channel=s88", "width": 88, "height": 88},
            "high": {"url": f"{FILMS}/channel=s800", "width": 800, "height": 800},
        },
    },
    "statistics": {
        "viewCount": "900",
        "subscriberCount": "41",
        "hiddenSubscriberCount": False,
        "videoCount": "3",
        "commentCount": "2",
    },
    "status": {"privacyStatus": "public", "isLinked": True, "madeForKids": False},
    "brandingSettings": {
        "channel": {"keywords": "school riverbend", "unsubscribedTrailer": "aaaaaaaaaa1"},
        "image": {"bannerExternalUrl": f"{FILMS}/banner"},
    },
    "contentDetails": {"relatedPlaylists": {"uploads": "UULincolnElementary00001"}},
}


def listed(number: str) -> dict[str, object]:
    return {
        "snippet": {"title": number, "resourceId": {"kind": "youtube#video", "videoId": number}},
        "contentDetails": {"videoId": number, "videoPublishedAt": "2026-11-05T15:00:00Z"},
    }


def video(number: str, title: str, comments: str | None, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "snippet": {
            "title": title,
            "description": f"{title}, filmed by the parents. https://riverbend.example/{number}",
            "tags": ["choir", "winter"],
            "publishedAt": "2026-11-05T15:00:00Z",
            "channelId": NUMBER,
            "channelTitle": "Lincoln Elementary",
            "defaultAudioLanguage": "en",
            "thumbnails": {"high": {"url": f"{FILMS}/{number}/hq.jpg", "width": 480, "height": 360}},
        },
        "status": {"privacyStatus": "public", "madeForKids": False, "embeddable": True, **more},
        "statistics": {"viewCount": "9", **({} if comments is None else {"commentCount": comments})},
    }


def comment(number: str, words: str, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "snippet": {
            "textDisplay": words,
            "textOriginal": words,
            "authorDisplayName": "@sam-rivers",
            "authorChannelUrl": "http://www.youtube.com/@sam-rivers",
            "publishedAt": "2026-11-06T08:00:00Z",
            **more,
        },
    }


def thread(number: str, words: str, *replies: object, answered: int = 0) -> dict[str, object]:
    return {
        "id": number,
        "snippet": {
            "topLevelComment": comment(number, words),
            "canReply": True,
            "totalReplyCount": answered,
            "isPublic": True,
        },
        **({"replies": {"comments": list(replies)}} if replies else {}),
    }


def failed(code: int, reason: str, message: str = "", **more: object) -> dict[str, object]:
    """An error, as Google's interfaces tell it."""
    row = {"domain": "youtube.api", "reason": reason, "message": message}
    return {"error": {"code": code, "message": message, "errors": [row], **more}}


SAMPLE = Sample(
    platform="youtube",
    url=HOME,
    pages={
        f"{API}/channels?forHandle=@lincoln": {"kind": "youtube#channelListResponse", "items": [CHANNEL]},
        f"{API}/playlistItems": {
            "nextPageToken": "P2",
            "pageInfo": {"totalResults": 3, "resultsPerPage": 50},
            "items": [listed("aaaaaaaaaa1"), listed("aaaaaaaaaa2")],
        },
        f"{API}/playlistItems?pageToken=P2": {"items": [listed("aaaaaaaaaa3")]},
        f"{API}/videos?id=aaaaaaaaaa1,aaaaaaaaaa2": {
            "items": [video("aaaaaaaaaa1", "Winter concert", "4"), video("aaaaaaaaaa2", "The play", None)]
        },
        f"{API}/videos?id=aaaaaaaaaa3": {"items": [video("aaaaaaaaaa3", "First day", "0")]},
        f"{API}/commentThreads?videoId=aaaaaaaaaa1": {
            "nextPageToken": "C2",
            "items": [thread("c1", "What a fine choir!", comment("c1.1", "It was."), answered=2)],
        },
        f"{API}/commentThreads?videoId=aaaaaaaaaa1&pageToken=C2": {"items": [thread("c2", "Encore!")]},
        f"{API}/comments?parentId=c1": {"items": [comment("c1.1", "It was."), comment("c1.2", "So proud.")]},
        f"{API}/commentThreads?videoId=aaaaaaaaaa2": said(failed(403, "commentsDisabled"), 403),
    },
    listing=f"{API}/playlistItems",
    empty={"items": []},
    documents=(HOME, *(f"{WATCH}aaaaaaaaaa{number}" for number in (1, 2, 3))),
    parse=parse,
    asks={
        "channel": f"https://www.googleapis.com{API}/channels?forHandle=@lincoln",
        "uploads": f"https://www.googleapis.com{API}/playlistItems?playlistId=UU1",
        "videos": f"https://www.googleapis.com{API}/videos?id=1",
        "comments": f"https://www.googleapis.com{API}/commentThreads?videoId=1",
    },
    wrong=said(failed(400, "badRequest", details=[{"reason": "API_KEY_INVALID"}], status="INVALID_ARGUMENT"), 400),
    narrow=said(failed(403, "accessNotConfigured", status="PERMISSION_DENIED"), 403),
    lacks="lacks the permission to use the YouTube Data API v3.",
    header="X-goog-api-key",
    words=(
        "Concerts and plays.",
        "school riverbend",
        "Winter concert, filmed by the parents.",
        "choir, winter",
    ),
    comments=("What a fine choir!", "It was.", "Encore!", "So proud."),
    keys=(
        "id",
        "items",
        "snippet",
        "title",
        "description",
        "thumbnails",
        "high",
        "url",
        "width",
        "statistics",
        "videoCount",
        "commentCount",
        "status",
        "privacyStatus",
        "madeForKids",
        "contentDetails",
        "relatedPlaylists",
        "uploads",
        "videoId",
        "tags",
        "topLevelComment",
        "replies",
        "comments",
        "totalReplyCount",
        "nextPageToken",
        "error",
        "errors",
        "details",
        "reason",
        "brandingSettings",
        "channel",
    ),
)
