"""The district's own token: where it is read from, what is said where there is none, and that it goes nowhere else."""

import asyncio
import copy
import json
import os
import pickle
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import psutil
import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, Blind, Kind, Reason
from auditor.secret import Secret, TokenPlace
from spiders import closed
from spiders.credential import Credential, bearer, in_header, in_query
from spiders.decoder import Decoder
from spiders.platform import Ask, Parse, Parsed, Refusal, Route
from spiders.reading import Assignment
from tests.servers import Reply, serve
from tests.visits import Notes, visit_route

TOKEN = "EAAB/secret|of-the.district=="
ACCOUNT = Account("lincoln-page", Kind.OFFICIAL, "facebook", "https://www.facebook.com/lincoln")
SIGNED = [bearer(Secret(TOKEN), X_Version="202611"), in_header("X-goog-api-key", Secret(TOKEN))]
QUERY = in_query("access_token", Secret(TOKEN))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(text: str | bytes) -> Path:
        file = tmp_path / "token"
        file.touch(mode=0o600)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write


# ------------------------------------------------------------------------------------------------ where it stands


def test_a_secret_shows_itself_to_nobody_who_does_not_ask() -> None:
    secret = Secret(TOKEN)

    shown = f"{secret} {secret!r} {[secret]} {Ask('posts', 'https://a.example/', signed=bearer(secret))} {QUERY}"

    assert TOKEN not in shown
    assert secret.reveal() == TOKEN
    for hand_on in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="never handed on"):
            hand_on(secret)


def test_a_token_is_read_from_the_environment_at_the_moment_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    place = TokenPlace("LINCOLN_TOKEN")
    monkeypatch.delenv("LINCOLN_TOKEN", raising=False)

    before = place.read()
    monkeypatch.setenv("LINCOLN_TOKEN", f' "Bearer {TOKEN}"\n')

    assert isinstance(before, Blind)
    assert (before.what, before.reason) == ("the environment variable LINCOLN_TOKEN is not set", Reason.NO_TOKEN)
    assert place.read() == Secret(TOKEN)


@pytest.mark.parametrize(
    "text", [TOKEN, f"\ufeff{TOKEN}\r\n", f"\n# of the page\n{TOKEN}\n", f"\ufeff{TOKEN}\n".encode("utf-16-le")]
)
def test_a_file_holds_one_token_for_all(written: Callable[[str | bytes], Path], text: str | bytes) -> None:
    assert TokenPlace(file=written(text)).read("lincoln-page") == Secret(TOKEN)


def test_a_file_may_hold_a_token_for_each_account(written: Callable[[str], Path]) -> None:
    place = TokenPlace(file=written(f"lincoln-page {TOKEN} # of 2026\nhill-page = OTHER#TOKEN\n"))

    missing = place.read("oak-page")

    assert [place.read(name) for name in ("lincoln-page", "hill-page")] == [Secret(TOKEN), Secret("OTHER#TOKEN")]
    assert isinstance(missing, Blind)
    assert missing.what.endswith("holds no token for oak-page")


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "is empty"), ("# later\n", "is empty"), ("zwölf-und-mehr", "no token"), ("a b\nc d e", "holds no token for")],
)
def test_what_is_no_token_is_told_without_showing_it(written: Callable[[str], Path], text: str, told: str) -> None:
    found = TokenPlace(file=written(text)).read("lincoln-page")

    assert isinstance(found, Blind)
    assert told in found.what
    assert found.reason is Reason.NO_TOKEN
    assert "zwölf" not in repr(found)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems tell who may read a file in this way")
def test_a_file_that_others_can_read_is_not_read(written: Callable[[str], Path]) -> None:
    file = written(TOKEN)
    file.chmod(0o640)

    found = TokenPlace(file=file).read()

    assert found == Blind(f"{file} can be read by others", Reason.NO_TOKEN, f"Run: chmod 600 {file}")


@pytest.mark.parametrize(
    ("kind", "settings", "reason", "told"),
    [
        (Kind.OFFICIAL, {}, Reason.NO_TOKEN, "access token only, and none is set up."),
        (Kind.OFFICIAL, {"facebook": PlatformSettings()}, Reason.NO_TOKEN, "only, and none is set up."),
        (Kind.CLASSROOM, {"facebook": PlatformSettings(token_env="NOT_SET_1")}, Reason.NO_TOKEN, "variable NOT_SET_1"),
        (Kind.PERSONAL, {"facebook": PlatformSettings(token_env="PATH")}, Reason.TERMS, "do not allow programs"),
    ],
)
def test_why_there_is_no_token_for_an_account_is_told(
    kind: Kind, settings: dict[str, PlatformSettings], reason: Reason, told: str
) -> None:
    found = closed.token("facebook", Account("a", kind, "facebook", ACCOUNT.url), settings)

    assert isinstance(found, Refusal)
    assert found.blind.reason is reason
    assert told in found.blind.what


def test_a_platform_that_is_not_read_yet_never_says_that_no_token_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINCOLN_TOKEN", TOKEN)

    found = closed.refuse("facebook", ACCOUNT, {"facebook": PlatformSettings(token_env="LINCOLN_TOKEN")})

    assert found.blind.what == "Facebook cannot be read by this version."


def test_programs_that_look_at_what_strangers_wrote_inherit_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINCOLN_PAGE", "OTHER_API_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, TOKEN)
    TokenPlace("LINCOLN_PAGE").read()

    inherited = asyncio.run(decoders_environment())

    assert inherited["PATH"] == os.environ["PATH"]
    assert [name for name, value in inherited.items() if TOKEN in value] == []


async def decoders_environment() -> dict[str, str]:
    """What the process that takes files apart was started with."""
    before = psutil.Process().children()
    async with Decoder() as decoder:
        await decoder.read(b"%PDF-", "https://a.example/a.pdf", "pdf")
        (child,) = (one for one in psutil.Process().children() if one not in before)
        return dict(child.environ())


# ------------------------------------------------------------------------------------------------ what it signs


def visit(routes: dict[str, Any], parse: Parse, signed: Credential | None, **options: Any) -> tuple[Notes, list[str]]:
    """Reads an account whose first request goes to /posts of a server that keeps all crawlers out."""
    notes = Notes()
    asked = []

    def heard(handler: BaseHTTPRequestHandler) -> Any:
        asked.append(f"{handler.command} {handler.path} {handler.headers.get('Authorization', '')}".strip())
        route = routes.get(handler.path.partition("?")[0], Reply(status=404))
        return route(handler) if callable(route) else route

    with serve({"*": heard, "/robots.txt": Reply("User-agent: *\nDisallow: /", type="text/plain")}) as site:
        ask = Ask("posts", site.at("/posts"), signed=signed)
        visit_route(Assignment(ACCOUNT, route=Route("facebook", (ask,), parse)), notes, **options)
        routes["site"] = site
    return notes, asked


def stop(_account: Account, _ask: Ask, status: int, _body: bytes) -> Parsed:
    return Parsed(blind=(Blind(f"Read with {status}.", Reason.LIMIT),), stop=True)


@pytest.mark.parametrize("signed", [*SIGNED, QUERY], ids=["bearer", "own header", "query"])
def test_a_signed_request_is_asked_whatever_crawlers_are_told(signed: Credential) -> None:
    routes: dict[str, Any] = {"/posts": "[]"}

    notes, asked = visit(routes, stop, signed)

    assert notes.why == ["Read with 200."]
    assert [line.split()[1].partition("?")[0] for line in asked] == ["/posts"]
    assert routes["site"].asked("/robots.txt") == 0
    (seen,) = routes["site"].seen.items()
    told = {**seen[1], "path": seen[0]}
    assert any(TOKEN in value or "EAAB%2Fsecret%7Cof-the.district%3D%3D" in value for value in told.values())


def test_the_same_request_without_a_token_heeds_what_crawlers_are_told() -> None:
    notes, asked = visit({"/posts": "[]"}, stop, None)

    assert (notes.reasons, asked) == ([Reason.ROBOTS], [])


def test_what_an_answer_leads_to_is_signed_on_the_same_server_only() -> None:
    with serve({"*": "[]", "/robots.txt": Reply(status=404)}, host="127.0.0.3") as other:

        def parse(_account: Account, ask: Ask, _status: int, _body: bytes) -> Parsed:
            if ask.what != "posts":
                return Parsed()
            here = ask.url.replace("/posts", "/more")
            return Parsed(asks=(Ask("more", here), Ask("more", other.at("/away"))))

        _, asked = visit({"/posts": "[]", "/more": "[]"}, parse, SIGNED[0])

        assert [line.split()[1:] for line in asked] == [["/posts", "Bearer", TOKEN], ["/more", "Bearer", TOKEN]]
        assert "Authorization" not in other.seen["/away"]


def test_a_token_is_not_taken_to_another_server_by_a_redirect() -> None:
    with serve({"*": "[]"}, host="127.0.0.3") as other:
        away = Reply(status=302, headers={"Location": other.at(f"/posts?access_token={TOKEN}")})

        notes, _ = visit({"/posts": away}, stop, QUERY)

        assert other.hits == []
    assert notes.why == [notes.why[0]]
    assert notes.why[0].endswith("sends us on to another server, and the access token is not taken there.")


def test_a_redirect_on_its_own_server_is_followed() -> None:
    moved = Reply(status=308, headers={"Location": "/v2"})

    notes, asked = visit({"/posts": moved, "/v2": "[]"}, stop, SIGNED[0])

    assert notes.why == ["Read with 200."]
    assert [line.split()[1:] for line in asked] == [["/posts", "Bearer", TOKEN], ["/v2", "Bearer", TOKEN]]


def test_a_token_is_never_sent_where_others_can_read_along() -> None:
    notes, asked = Notes(), Ask("posts", "http://api.example/posts", signed=QUERY)

    visit_route(Assignment(ACCOUNT, route=Route("facebook", (asked,), stop)), notes)

    assert notes.reasons == [Reason.NO_TOKEN]
    assert "begins with http://" in notes.why[0]


def test_a_token_that_comes_back_in_an_answer_is_taken_out_of_it() -> None:
    bodies: list[bytes] = []
    says = json.dumps(
        {"next": f"https://a.example/?access_token={TOKEN}", "quoted": "EAAB%2Fsecret%7Cof-the.district%3D%3D"}
    )

    def keep(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
        bodies.append(body)
        return stop(account, ask, status, body)

    visit({"/posts": says.replace("/secret", "\\/secret")}, keep, QUERY)

    assert json.loads(bodies[0]) == {"next": "https://a.example/?access_token=", "quoted": ""}


def test_what_is_asked_by_post_may_ask_one_address_again() -> None:
    bodies: list[bytes] = []

    def heard(handler: BaseHTTPRequestHandler) -> str:
        return f"[{len(bodies)}]"

    def parse(_account: Account, ask: Ask, _status: int, body: bytes) -> Parsed:
        bodies.append(ask.body + body)
        return Parsed(asks=(Ask("posts", ask.url, body=b'{"cursor":2}', page=2),) if len(bodies) < 2 else ())

    _, asked = visit({"/posts": heard}, parse, SIGNED[0])

    assert bodies == [b"[0]", b'{"cursor":2}[1]']
    assert [line.split()[0] for line in asked] == ["GET", "POST"]


# ------------------------------------------------------------------------------------------------ what is wrong with it


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        (401, Reason.NO_TOKEN, "Facebook does not accept the district's access token"),
        (403, Reason.TOKEN_SCOPE, "The district's access token for Facebook lacks the permission"),
        (402, Reason.UNREACHABLE, "would not show the page (error 402)"),
        (429, Reason.RATE_LIMITED, "asked us to come back later"),
        (500, Reason.PLATFORM_OUTAGE, "its server failed (error 500)"),
    ],
)
def test_an_error_that_a_module_says_nothing_to_is_told_in_general(status: int, reason: Reason, told: str) -> None:
    def silent(*_: object) -> Parsed:
        return Parsed()

    notes, _ = visit({"/posts": Reply(status=status, headers={"Retry-After": "0"})}, silent, SIGNED[0])

    assert notes.reasons == [reason]
    assert told in notes.why[0]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409])
def test_an_error_is_told_by_the_module_that_knows_what_it_means(status: int) -> None:
    notes, _ = visit({"/posts": Reply(status=status)}, stop, SIGNED[0])

    assert notes.why == [f"Read with {status}."]
