"""TikTok, by its Display API and the account's own token: profile and public videos.

The interface tells of the account alone to which the token belongs. It shows no comments, and nothing of what is heard
or shown in a video but its cover. Its tokens last a day; "client key:client secret:refresh token" makes one each time.
"""

import json
from dataclasses import replace
from typing import Final

from auditor.model import Account, Blind, Document, Image, Passage, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, renewal, tokens
from spiders.answers import Parts, Table, address, document, name, number, rows, since_1970, table, text
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

BASE: Final = "https://open.tiktokapis.com"
PAGE: Final = 20
"""Videos in one answer; the most that it gives."""
DRIFT: Final = 0.1
"""TikTok counts posts of photos, too, which it lists no program."""
_ID: Final = "tiktok"
_USER: Final = "open_id,display_name,avatar_url,username,bio_description,profile_deep_link,is_verified,video_count"
_VIDEO: Final = "id,create_time,share_url,title,video_description,cover_image_url"
_NEEDS: Final = {"profile": "user.info.basic, user.info.profile and user.info.stats", "posts": "video.list"}
_BROKE_OFF: Final = Blind(
    "TikTok says that there are more videos, and does not say where.",
    Reason.PARTIAL_LISTING,
    "Look at the rest yourself.",
)
_NO_PROFILE: Final = Blind(
    "The address names no account on TikTok.",
    Reason.NOT_IN_ROUTE,
    "Write the account's address into the registry, like https://www.tiktok.com/@lincolnelementary.",
)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The Display API, with the account's own token."""
    found = closed.with_token(_ID, account, settings, _NO_PROFILE)
    if isinstance(found, Refusal):
        return found
    _, token = found
    base = settings[_ID].base
    lasting = renewal.lasting(token, 3)
    if not lasting:
        asks = tokens.signed(requests(account, base), bearer(token))
        return Route(_ID, asks, parse, counts_all=True, drift=DRIFT)
    form = dict(zip(("client_key", "client_secret", "refresh_token"), lasting, strict=True))
    url = f"{(base or BASE).rstrip('/')}/v2/oauth/token/"
    ask = renewal.by_form(url, token, **form, grant_type="refresh_token")
    return Route(_ID, (ask,), parse, counts_all=True, drift=DRIFT)


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: whose the token is."""
    return (Ask("profile", f"{(base or BASE).rstrip('/')}/v2/user/info/?fields={_USER}"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    if ask.what == renewal.WHAT:
        return renewal.signed(_ID, status, body, requests(account, ask.url.partition("/v2/")[0]))
    said = answers.loaded(body)
    if not isinstance(said, dict):
        return answers.no_data(body, "TikTok") if status == 200 else Parsed()
    code = text(table(said.get("error")).get("code"))
    if code.startswith("scope_"):
        return Parsed(blind=(tokens.narrow(_ID, _NEEDS.get(ask.what, "")),), stop=True)
    if code.startswith("access_token"):
        return Parsed(blind=(tokens.wrong(_ID),), stop=True)
    if status != 200:
        return Parsed()
    data = table(said.get("data"))
    return _profile(account, ask, data) if ask.what == "profile" else _videos(account, ask, data)


def _profile(account: Account, ask: Ask, data: Table) -> Parsed:
    user = table(data.get("user"))
    own = text(user.get("open_id"))
    handle, match = text(user.get("username")), matched(_ID, account.url)
    if not own:
        return answers.ended("TikTok answered without a profile.", Reason.PLATFORM_OUTAGE)
    if not handle:
        return Parsed(blind=(tokens.narrow(_ID, "user.info.profile"),), stop=True)
    if match is None or handle.casefold() != match.id.casefold():
        return Parsed(blind=(tokens.of_another(_ID, f"@{handle}"),), stop=True)
    bio, picture = text(user.get("bio_description")), address(user.get("avatar_url"))
    called = text(user.get("display_name")) or handle
    profile = Profile(
        id=own, handle=handle, url=account.url, name=called, bio=bio, posts=number(user.get("video_count"))
    )
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(bio),),
            links=tuple(answers.addresses_in(bio)),
            images=(Image(picture, "Profile picture"),) if picture else (),
            title=called,
            author=called,
            depth=0,
        )
    )
    root = ask.url.partition("/v2/")[0]
    return Parsed(profile, (shown,), (_list(f"{root}/v2/video/list/?fields={_VIDEO}"),))


def _list(url: str, cursor: int | None = None, page: int = 1) -> Ask:
    asked = {"max_count": PAGE} | ({} if cursor is None else {"cursor": cursor})
    return Ask("posts", url, page=page, body=json.dumps(asked).encode())


def _videos(account: Account, ask: Ask, data: Table) -> Parsed:
    if not isinstance(data.get("videos"), list):
        return answers.ended("TikTok answered without a list of videos.", Reason.PLATFORM_OUTAGE)
    found = rows(data.get("videos"))
    cursor = number(data.get("cursor"))
    more = data.get("has_more") is True
    asks = (_list(ask.url, cursor, ask.page + 1),) if more and cursor is not None else ()
    shown = tuple(_video(account, row) for row in found if name(row.get("id")))
    return Parsed(documents=shown, asks=asks, blind=(_BROKE_OFF,) if more and not asks else ())


def _video(account: Account, row: Table) -> Document:
    words, cover = text(row.get("video_description")), address(row.get("cover_image_url"))
    title = text(row.get("title"))
    handle = account.url.partition("?")[0].rstrip("/")
    shown = document(
        Parts(
            # What tells where a visitor came from is no part of the address.
            url=address(row.get("share_url")).partition("?")[0] or f"{handle}/video/{name(row.get('id'))}",
            words=(Passage(words),) if words != title else (),
            links=tuple(answers.addresses_in(f"{title} {words}")),
            images=(Image(cover),) if cover else (),
            title=title,
            published_on=since_1970(row.get("create_time")),
        )
    )
    return replace(shown, comments_whole=False)


PLATFORM: Final = Platform(ids=(_ID,), plan=plan, requests=requests, parse=parse)
