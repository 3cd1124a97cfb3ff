"""Small data exports of an invented person, in the layouts that platforms use; as files by their paths.

Nobody here exists: Maya Rivera teaches in Room 12 of Lincoln Elementary in the invented district of Riverbend.
"""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Files = Mapping[str, Any]

WHEN = 1_420_113_600  # January 1, 2015, noon UTC
LATER = 1_735_732_800  # January 1, 2025, noon UTC


def as_meta(text: str) -> str:
    """The text as Meta's exports write it: each byte of UTF-8 as a character."""
    return text.encode().decode("latin-1")


FACEBOOK: Files = {
    "personal_information/profile_information/profile_information.json": {
        "profile_v2": {
            "name": {"full_name": as_meta("Maya Riveraü")},
            "emails": {"emails": ["maya@mail.example", "mrivera@riverbend.example"], "previous_emails": []},
            "birthday": {"year": 1985, "month": 4, "day": 9},
            "current_city": {"name": "Missoula, Montana"},
            "phone_numbers": [{"phone_number": "+1 406-555-0142", "verified": True}],
            "family_members": [{"name": "Someone Else", "relation": "sister"}],
            "work_experiences": [{"employer": "Riverbend School District", "title": "Teacher"}],
            "username": "maya.rivera",
        }
    },
    "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json": [
        {"timestamp": WHEN, "data": [{"post": as_meta("Fiesta en la montaña")}], "title": "x"},
        {
            "timestamp": LATER,
            "attachments": [
                {
                    "data": [
                        {
                            "media": {
                                "uri": "a.jpg",
                                "media_metadata": {
                                    "photo_metadata": {"exif_data": [{"latitude": 46.9, "longitude": -114.0}]}
                                },
                            }
                        }
                    ]
                }
            ],
        },
        {"timestamp": WHEN, "attachments": [{"data": [{"place": {"name": "Lake", "coordinate": {"latitude": 46.9}}}]}]},
        {
            "timestamp": LATER,
            "label_values": [
                {"label": "Text", "value": as_meta("Grüße")},
                {"label": "URL", "href": "https://x.example/1"},
            ],
        },
    ],
    "your_facebook_activity/comments_and_reactions/comments.json": {
        "comments_v2": [{"timestamp": WHEN, "data": [{"comment": {"timestamp": WHEN, "comment": "So true"}}]}]
    },
    "connections/friends/your_friends.json": {"friends_v2": [{"name": "Ann Else"}, {"name": "Bo Else"}]},
    "your_facebook_activity/messages/inbox/annelse_1/message_1.json": {"messages": [{"content": "secret"}]},
}

OLD_FACEBOOK: Files = {
    "profile_information/profile_information.json": {
        "profile": {"name": {"full_name": "Maya Rivera"}, "emails": {"emails": ["maya@mail.example"]}}
    },
    "posts/your_posts_1.json": [{"timestamp": WHEN, "data": [{"post": "Hello"}]}],
    "messages/inbox/a/message_1.json": {"messages": []},
}

INSTAGRAM: Files = {
    "personal_information/personal_information/personal_information.json": {
        "profile_user": [
            {
                "title": "User Information",
                "string_map_data": {
                    "Username": {"value": "mrivera_room12"},
                    "Name": {"value": "Maya"},
                    "Email": {"value": "maya@mail.example"},
                    "Phone Number": {"value": "+14065550142"},
                    "Date of birth": {"value": "1985-04-09"},
                    "Bio": {"value": as_meta("Teacher at Lincoln Elementary 🌻")},
                },
            }
        ]
    },
    "security_and_login_information/login_and_profile_creation/profile_privacy_changes.json": {
        "account_history_account_privacy_history": [
            {"title": "Switched to Private", "string_map_data": {"Time": {"timestamp": WHEN}}},
            {"title": "Switched to Public", "string_map_data": {"Time": {"timestamp": LATER}}},
        ]
    },
    "your_instagram_activity/media/posts_1.json": [
        {
            "media": [
                {
                    "uri": "media/posts/1.jpg",
                    "creation_timestamp": WHEN,
                    "title": as_meta("Día de campo"),
                    "media_metadata": {"photo_metadata": {"exif_data": [{"latitude": 46.9, "longitude": -114.0}]}},
                }
            ]
        }
    ],
    "your_instagram_activity/media/posts.json": [
        {"timestamp": WHEN, "label_values": [{"label": "Caption", "value": as_meta("Día de campo en la montaña")}]},
        {"timestamp": LATER, "label_values": [{"label": "Caption", "value": "Put away"}]},
    ],
    "your_instagram_activity/media/archived_posts.json": {
        "ig_archived_post_media": [{"media": [{"creation_timestamp": LATER, "title": "Put away"}]}]
    },
    "your_instagram_activity/media/stories.json": {"ig_stories": [{"creation_timestamp": WHEN, "title": "Lunch"}]},
    "your_instagram_activity/comments/post_comments_1.json": [
        {
            "string_map_data": {
                "Comment": {"value": "Lovely"},
                "Media Owner": {"value": "ann.else"},
                "Time": {"timestamp": WHEN},
            }
        }
    ],
    "connections/followers_and_following/followers_1.json": [{"string_list_data": [{"value": "ann.else"}]}],
    "connections/followers_and_following/following.json": {"relationships_following": [{"title": "a"}, {"title": "b"}]},
    "your_instagram_activity/messages/inbox/ann_1/message_1.json": {"messages": []},
}

FLAT_INSTAGRAM: Files = {
    "profile.json": {
        "username": "mrivera_room12",
        "email": "maya@mail.example",
        "biography": "Teacher",
        "private_account": True,
    },
    "media.json": {
        "photos": [{"caption": "Trip", "taken_at": "2016-05-01T10:00:00", "location": "Missoula", "path": "x"}]
    },
    "comments.json": {"media_comments": [["2016-05-01T10:00:00", "Nice", "ann.else"]]},
    "connections.json": {"followers": {"ann.else": "2016"}, "following": {}},
    "messages.json": [{"participants": []}],
}


def ytd(name: str, entries: list[Any]) -> str:
    """A file as X writes it."""
    return f"window.YTD.{name}.part0 = {json.dumps(entries)}"


LONG = "A long story of a day in our garden. " * 12

X: Files = {
    "data/account.js": ytd(
        "account",
        [{"account": {"email": "maya@mail.example", "username": "mrivera12", "accountDisplayName": "Maya"}}],
    ),
    "data/profile.js": ytd(
        "profile", [{"profile": {"description": {"bio": "I teach = I learn", "website": "", "location": "Missoula"}}}]
    ),
    "data/tweets.js": ytd(
        "tweets",
        [
            {"tweet": {"full_text": "Good morning", "created_at": "Thu Jan 01 12:00:00 +0000 2015", "id_str": "11"}},
            {"tweet": {"full_text": LONG[:270] + "…", "created_at": "Thu Jan 01 12:00:00 +0000 2015", "id_str": "14"}},
            {"tweet": {"full_text": "RT @ann: hi", "created_at": "Thu Jan 01 12:00:00 +0000 2015", "id_str": "12"}},
        ],
    ),
    "data/tweets-part1.js": ytd(
        "tweets", [{"tweet": {"full_text": "Here", "id_str": "13", "geo": {"coordinates": ["46.9", "-114.0"]}}}]
    ),
    "data/protected-history.js": ytd(
        "protected_history",
        [
            {"protectedHistory": {"protectedAt": "2026-06-01T00:00:00.000Z", "action": "Protect"}},
            {"protectedHistory": {"protectedAt": "2026-09-01T00:00:00.000Z", "action": "Unprotect"}},
        ],
    ),
    "data/note-tweet.js": ytd("note_tweet", [{"noteTweet": {"core": {"text": LONG}}}]),
    "data/phone-number.js": ytd("phone_number", [{"device": {"phoneNumber": "+14065550142"}}]),
    "data/follower.js": ytd("follower", [{"follower": {"accountId": "1"}}]),
    "data/direct-messages.js": ytd("direct_messages", [{"dmConversation": {}}]),
}

OLD_X: Files = {
    "data/account.js": X["data/account.js"],
    "data/tweet.js": ytd(
        "tweet", [{"full_text": "Old", "id_str": "1", "created_at": "Thu Jan 01 12:00:00 +0000 2015"}]
    ),
}

TIKTOK: Files = {
    "user_data_tiktok.json": {
        "Profile And Settings": {
            "Profile Info": {
                "ProfileMap": {
                    "userName": "mrivera_room12",
                    "emailAddress": "maya@mail.example",
                    "telephoneNumber": "+14065550142",
                    "birthDate": "09-Apr-1985",
                    "bioDescription": "Room 12",
                }
            },
            "Settings": {"SettingsMap": {"Private Account": "Disabled"}},
            "Follower": {"FansList": [{"UserName": "ann"}]},
        },
        "Post": {
            "Posts": {
                "VideoList": [
                    {"Date": "2015-01-01 12:00:00", "Title": "Dance", "WhoCanView": "Public"},
                    {"Date": "2015-01-01 12:00:00", "Title": "Mine", "WhoCanView": "Only me"},
                ]
            }
        },
        "Comment": {"Comments": {"CommentsList": [{"date": "2015-01-01 12:00:00", "comment": "wow"}]}},
        "Direct Message": {"Direct Messages": {"ChatHistory": {"Chat History with ann:": [{"Content": "secret"}]}}},
    }
}

OLD_TIKTOK: Files = {
    "user_data.json": {
        "Profile": {"Profile Information": {"ProfileMap": {"userName": "mrivera_room12"}}},
        "Activity": {"Follower List": {"FansList": [{}, {}]}},
        "App Settings": {"Settings": {"SettingsMap": {"Private Account": "Enabled"}}},
        "Video": {"Videos": {"VideoList": [{"Date": "2015-01-01 12:00:00", "Link": "https://x.example/v"}]}},
    }
}

LINKEDIN: Files = {
    "Basic_LinkedInDataExport_11-02-2026/Profile.csv": (
        "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Websites\n"
        'Maya,Rivera,,"12 Elm St, Missoula",Apr 9,Teacher at Riverbend School District,I love reading,\n'
    ),
    "Basic_LinkedInDataExport_11-02-2026/Email Addresses.csv": (
        "Email Address,Confirmed,Primary,Updated On\nmrivera@riverbend.example,Yes,Yes,1/1/20\n"
    ),
    "Basic_LinkedInDataExport_11-02-2026/PhoneNumbers.csv": "Extension,Number,Type\n,406-555-0142,Mobile\n",
    "Basic_LinkedInDataExport_11-02-2026/Positions.csv": "Company Name,Title\nRiverbend School District,Teacher\n",
    "Basic_LinkedInDataExport_11-02-2026/Shares_9.csv": (
        "Date,ShareLink,ShareCommentary,Visibility\n"
        "2015-01-01 12:00:00,https://www.linkedin.com/feed/update/1,Proud day,MEMBER_NETWORK\n"
        "2015-01-01 12:00:00,https://www.linkedin.com/feed/update/2,For all,PUBLIC\n"
    ),
    "Basic_LinkedInDataExport_11-02-2026/Connections.csv": (
        'Notes:\n"Some addresses are missing"\n\nFirst Name,Last Name,URL\nAnn,Else,https://x.example/a\n'
    ),
    "Basic_LinkedInDataExport_11-02-2026/Comments.csv": (
        "Date,Link,Message\n"
        '2015-01-01 12:00:00,https://www.linkedin.com/feed/update/3,"He said \\"well, done\\" to me"\n'
    ),
    "Basic_LinkedInDataExport_11-02-2026/messages.csv": "FROM,TO,CONTENT\nAnn,Maya,secret\n",
}

TAKEOUT: Files = {
    "Takeout/Profile/Profile.json": {
        "name": {"formattedName": "Maya Rivera"},
        "displayName": "Maya Rivera",
        "emails": [{"value": "maya@mail.example"}],
        "birthday": "1985-04-09",
    },
    "Takeout/YouTube and YouTube Music/comments/comments.csv": (
        "Comment ID,Channel ID,Comment Create Timestamp,Video ID,Comment Text\n"
        'c,ch,2015-01-01T12:00:00+00:00,abc_DEF-123,"{""text"":""Great ""},{""text"":""lesson""}"\n'
    ),
    "Takeout/YouTube und YouTube Music/Kommentare/Kommentare(1).csv": (
        "Kommentar-ID,Zeitstempel,Video-ID,Kommentartext\n"
        'c2,2015-01-01T12:00:00+00:00,abc_DEF-123,"{""text"":""Sehr gut""}"\n'
    ),
    "Takeout/YouTube and YouTube Music/video metadata/videos.csv": (
        "Video ID,Video Title (Original),Privacy,Video Create Timestamp\n"
        "v1,Field day,Private,2015-01-01T12:00:00+00:00\n"
    ),
    "Takeout/Maps (your places)/Reviews.json": {
        "type": "FeatureCollection",
        "features": [{"properties": {"date": "2015-01-01T12:00:00Z", "review_text_published": "Nice cafe"}}],
    },
    "Takeout/Blogger/Blogs/room12/feed.atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:b="http://schemas.google.com/blogger/2018">'
        "<entry><b:type>POST</b:type><b:status>LIVE</b:status><title>Hello</title>"
        "<content type='html'>&lt;p&gt;From Room 12&lt;/p&gt;</content>"
        "<published>2015-01-01T12:00:00Z</published></entry>"
        "<entry><b:type>POST</b:type><b:status>DRAFT</b:status><title>Draft</title></entry></feed>"
    ),
    "Takeout/Google Photos/Trip/a.jpg.supplemental-metadata.json": {
        "photoTakenTime": {"timestamp": str(WHEN)},
        "geoData": {"latitude": 46.9, "longitude": -114.0},
    },
    "Takeout/Mail/All mail.mbox": "From x",
    "Takeout/Google Chat/Groups/g/messages.json": {"messages": []},
    "Takeout/YouTube und YouTube Music/Abos/subscriptions.csv": "Channel Id,Channel Url\na,b\n",
}

ALL = {
    "facebook": FACEBOOK,
    "old facebook": OLD_FACEBOOK,
    "instagram": INSTAGRAM,
    "flat instagram": FLAT_INSTAGRAM,
    "x": X,
    "old x": OLD_X,
    "tiktok": TIKTOK,
    "old tiktok": OLD_TIKTOK,
    "linkedin": LINKEDIN,
    "takeout": TAKEOUT,
}


def zipped(file: Path, files: Files, squeeze: int = zipfile.ZIP_DEFLATED) -> Path:
    """The export as a zip."""
    with zipfile.ZipFile(file, "w", squeeze) as made:
        for name, content in files.items():
            made.writestr(name, as_bytes(content))
    return file


def as_bytes(content: Any) -> bytes:
    """A file's bytes: text and bytes as they stand, anything else as JSON."""
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()
