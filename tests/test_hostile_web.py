"""Websites that are down, closed, endless or built to harm: each costs its deadline, says why, and the rest is read."""

import socket
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from auditor.model import Passage, Reason
from tests.servers import Reply, Route, serve
from tests.visits import OPTIONS, explore, links, paths, to, visit

# ------------------------------------------------------------------------------------------------ walls and weather


@pytest.mark.parametrize(
    ("reply", "why", "reason"),
    [
        (Reply("x", 401), "it asks visitors to log in (error 401)", Reason.LOGIN_WALL),
        (Reply("x", 403), "it does not let visitors in (error 403)", Reason.LOGIN_WALL),
        (Reply("x", 404), "there is no page at this address (error 404)", Reason.UNREACHABLE),
        (Reply("x", 429), "it asked us to come back later (error 429)", Reason.RATE_LIMITED),
        (Reply("x", 500), "its server failed (error 500)", Reason.UNREACHABLE),
        (Reply(""), "the page is empty", Reason.UNREACHABLE),
        (Reply("<html><body> </body></html>"), "the page is empty", Reason.UNREACHABLE),
        (
            Reply("<title>Just a moment...</title>", 403),
            "the site showed a bot check instead of the page",
            Reason.UNREACHABLE,
        ),
        (
            Reply("<title>Client Challenge</title>x"),
            "the site showed a bot check instead of the page",
            Reason.UNREACHABLE,
        ),
        (Reply("<form>Log in <input type=password>"), "it asks visitors to log in", Reason.LOGIN_WALL),
        (
            Reply("<p>not packed at all", headers={"Content-Encoding": "gzip"}),
            "its content could not be unpacked",
            Reason.UNREACHABLE,
        ),
    ],
)
def test_what_cannot_be_read_is_never_clean(reply: Reply, why: str, reason: Reason) -> None:
    notes, _ = explore({"/": reply, "/robots.txt": ""})

    assert (notes.why, notes.reasons) == ([why], [reason])
    assert all(document.problem for document in notes.documents)


def test_a_server_in_trouble_is_asked_again_and_one_that_asks_for_patience_gets_it() -> None:
    asked: dict[str, list[float]] = {"/shaky": [], "/busy": []}

    def shaky(handler: BaseHTTPRequestHandler) -> Reply:
        asked["/shaky"].append(time.monotonic())
        return Reply("<p>up", 200 if len(asked["/shaky"]) > 2 else 500)

    def busy(handler: BaseHTTPRequestHandler) -> Reply:
        asked["/busy"].append(time.monotonic())
        return Reply("<p>up") if len(asked["/busy"]) > 1 else Reply("x", 429, headers={"Retry-After": "1"})

    notes, site = explore({"/": links("/shaky", "/busy"), "/shaky": shaky, "/busy": busy})

    assert paths(notes, site) == ["/", "/busy", "/shaky"]
    assert asked["/busy"][1] - asked["/busy"][0] >= 1
    assert notes.gaps == []


CLOSED = socket.socket()
"""Bound and not listened on: it refuses connections, and nobody else is given its port meanwhile."""
CLOSED.bind(("127.0.0.1", 0))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://no-such-school.invalid/", "its name does not exist on the internet"),
        pytest.param(
            f"http://127.0.0.1:{CLOSED.getsockname()[1]}/", "its server does not accept connections", id="closed"
        ),
        ("http://10.0.0.1/", "address on a private network: not visited"),
        ("http://169.254.169.254/latest/meta-data/", "address on a private network: not visited"),
        ("http://[::1]/", "address on a private network: not visited"),
        ("http://[::ffff:10.0.0.1]/", "address on a private network: not visited"),
        ("http://2130706433/", "it is no valid web address"),
        ("http://0x7f000001/", "its server does not accept connections"),
        ("file:///etc/passwd", "it is no valid web address"),
        ("http://internal\\@public.example/", "it is no valid web address"),
    ],
)
def test_an_account_that_cannot_be_reached_says_why_in_plain_words(url: str, why: str) -> None:
    notes = visit(url)

    # What our own guard refuses was never looked at: no evidence that the account does not work.
    reason = Reason.NOT_IN_ROUTE if "private" in why else Reason.UNREACHABLE
    assert (notes.why, notes.reasons, notes.documents) == ([why], [reason], [])


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0x7f.1"]
)
def test_no_spelling_of_a_private_address_is_dialled_unless_somebody_named_it(host: str) -> None:
    with serve({"*": "secret"}) as site:
        url = site.url.replace("127.0.0.1", host)

        notes = visit(url, replace(OPTIONS, allow_networks=()))

    assert (site.hits, notes.documents) == ([], [])
    assert len(notes.gaps) == 1


def test_redirects_links_frames_and_lists_do_not_reach_a_private_network() -> None:
    with (
        serve({"*": "secret"}, host="127.0.0.3") as canary,
        serve(
            {
                "/": f'<iframe src="{canary.url}a"></iframe><a href="{canary.url}b">b</a><a href="/r">r</a>'
                f'<meta http-equiv=refresh content="0;url={canary.url}c"><object data="{canary.url}d.pdf"></object>',
                "/r": to(canary.url + "e"),
                "/robots.txt": to(canary.url + "robots.txt"),
                "/sitemap.xml": to(canary.url + "f"),
            },
            host="127.0.0.4",
        ) as site,
    ):
        visit(site.url, replace(OPTIONS, allow_networks=("127.0.0.4/32",)))

    assert canary.hits == []


def test_a_site_that_goes_silent_is_given_up_and_the_rest_is_told() -> None:
    quiet = threading.Event()

    def page(handler: BaseHTTPRequestHandler) -> str | None:
        if quiet.is_set():
            time.sleep(1.5)
            return None
        quiet.set()
        return links(*(f"/{n}" for n in range(40)))

    started = time.monotonic()
    notes, _ = explore(
        {"*": page, "/robots.txt": "", "/sitemap.xml": Reply("", 404)}, options=replace(OPTIONS, page_deadline=0.3)
    )

    assert notes.gaps[-1][0] == ""
    assert notes.gaps[-1][1].what.startswith("The site stopped answering; ")
    assert set(notes.why[:-1]) == {"it did not answer within 0.3 seconds"}
    assert len(notes.gaps) < 40
    assert time.monotonic() - started < 20


# ------------------------------------------------------------------------------------------------ limits and attacks


def test_a_large_site_is_read_up_to_its_limit_and_the_rest_is_counted() -> None:
    notes, _ = explore({"*": links(*(f"/{n}" for n in range(50)))}, options=replace(OPTIONS, max_pages=10))

    assert len(notes.documents) == 10
    assert notes.why == ["The visit stopped after 10 pages; 41 addresses were not visited."]
    assert notes.reasons == [Reason.LIMIT]


def test_a_site_deeper_than_anybody_clicks_is_told() -> None:
    notes, _ = explore(
        {"*": lambda h: links(f"/{int(h.path[1:] or 0) + 1}"), "/robots.txt": "", "/sitemap.xml": Reply("", 404)},
        options=replace(OPTIONS, max_depth=3),
    )

    assert [d.depth for d in notes.documents] == [0, 1, 2, 3]
    assert notes.why == ["1 addresses lie more than 3 links away from its start and were not visited."]


def test_a_calendar_without_end_costs_its_share_and_nothing_else() -> None:
    def calendar(handler: BaseHTTPRequestHandler) -> str:
        month = int(handler.path.rpartition("=")[2])
        return links(f"/calendar?month={month + 1}", f"/calendar?month={month + 2}") + "<p>May"

    routes: dict[str, Route] = {"/": links("/calendar?month=1", "/news"), "/calendar": calendar, "/news": "<p>News"}
    notes, site = explore(routes, options=replace(OPTIONS, max_depth=1000))

    assert site.at("/news") in notes.urls
    assert len(notes.documents) == 62
    assert notes.reasons == [Reason.LIMIT]
    assert notes.why[0].endswith("calendar pages were not visited.")


def stream(*, chunk: bytes, pause: float = 0.0, head: bytes = b"") -> Callable[[BaseHTTPRequestHandler], None]:
    """A body without end."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n")
        until = time.monotonic() + 8
        while time.monotonic() < until:
            handler.wfile.write(chunk)
            time.sleep(pause)

    return write


def bomb(method: str) -> Reply:
    packer = zlib.compressobj(wbits=31 if method == "gzip" else 15)
    body = b"".join(packer.compress(b"<p>" + b" " * 1_000_000) for _ in range(100)) + packer.flush()
    return Reply(body, headers={"Content-Encoding": method})


def headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\nx")


def short(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>Ana Ortiz")


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000000000\r\n\r\n")


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"hello, this is no HTTP\r\n\r\n")


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (stream(chunk=b"<p>" + b"x" * 65_000), "it is larger than 8 MB"),
        (stream(chunk=b"x", pause=0.05), "it did not answer within 1 seconds"),
        (stream(chunk=b"x", pause=0.05, head=b"X-Slow: "), "it did not answer within 1 seconds"),
        (lambda _: time.sleep(2), "it did not answer within 1 seconds"),
        (bomb("gzip"), "it is larger than 8 MB"),
        (bomb("deflate"), "it is larger than 8 MB"),
        (huge, "it is larger than 8 MB"),
        (headers, "its server's answer could not be understood"),
        (nonsense, "its server's answer could not be understood"),
        (lambda _: None, "the connection broke off"),
    ],
)
def test_an_answer_that_is_an_attack_costs_its_deadline_and_nothing_else(route: Route, why: str) -> None:
    notes, _ = explore(
        {
            "/": links("/trap", "/fair"),
            "/trap": route,
            "/fair": "<p>Fair",
            "/robots.txt": "",
            "/sitemap.xml": Reply("", 404),
        }
    )

    assert [url.rpartition("/")[2] for url in notes.urls] == ["", "fair"]
    assert [what.replace("the connection was closed", "the connection broke off") for what in notes.why] == [why]


def test_a_page_that_breaks_off_is_read_and_flagged() -> None:
    notes, _ = explore({"/": short, "/robots.txt": ""})

    assert notes.documents[0].passages[0] == Passage("Ana Ortiz")
    assert notes.documents[0].problem == "it broke off before its end"
    assert notes.reasons == [Reason.UNREACHABLE]


def test_pages_built_to_choke_parsers_are_read_whole() -> None:
    deep = "<div>" * 50_000 + "<p>Ana Ortiz</p>"
    notes, _ = explore(
        {
            "/": deep + links("/next"),
            "/next": "<p>" + "".join(f"<b id={n}>" for n in range(2500)) + "<p>x" * 2500 + links("/last"),
            "/last": "y",
        }
    )

    assert Passage("Ana Ortiz") in [replace(p, text=p.text.partition("\n")[0]) for p in notes.documents[0].passages]
    assert (len(notes.documents), notes.gaps) == (3, [])


def test_a_page_with_a_million_links_is_flagged() -> None:
    notes, _ = explore({"/": "<a href=/p>p</a>" * 100_000, "/p": "x"})

    assert notes.documents[0].problem == "only the first 2,000 links of the page were read"
    assert (len(notes.documents), notes.reasons) == (2, [Reason.LIMIT])


def slow(handler: BaseHTTPRequestHandler) -> str:
    time.sleep(0.1)
    return links(*(f"{handler.path.rstrip('/')}/{n}" for n in range(3)))


def test_a_visit_ends_at_its_deadline() -> None:
    notes, _ = explore(
        {"*": slow, "/robots.txt": ""},
        options=replace(OPTIONS, account_deadline=1.0),
    )

    assert notes.documents
    assert notes.gaps[-1][1].reason is Reason.LIMIT
    assert notes.gaps[-1][1].what.startswith("The visit was ended after ")


# ------------------------------------------------------------------------------------------------ certificates


def certificate(folder: Path, host: str, *, ended: datetime | None = None) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ended or datetime.now(UTC) + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, secret


def test_a_certificate_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    with serve({"*": "secret"}, certificate=certificate(tmp_path, "localhost")) as site:
        notes = visit(site.url.replace("127.0.0.1", "localhost"))

    assert notes.why == ["its certificate was made by itself, so nobody vouches for it"]
    assert site.hits == []


def test_a_certificate_that_ended_is_told_with_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificate(tmp_path, "localhost", ended=datetime(2026, 5, 3, tzinfo=UTC))
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))

    with serve({"*": "secret"}, certificate=files) as site:
        notes = visit(site.url.replace("127.0.0.1", "localhost"))

    assert notes.why == ["its certificate ended on May 3, 2026"]


def test_a_certificate_of_another_address_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))

    with serve({"*": "secret"}, certificate=files) as site:
        notes = visit(site.url.replace("127.0.0.1", "localhost"))

    assert notes.why == ["its certificate was issued for another address"]


def test_a_secure_site_is_read_when_its_certificate_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))

    with serve({"/": "<p>Ana"}, certificate=files) as site:
        notes = visit(site.url.replace("127.0.0.1", "localhost"))

    assert [d.passages[0] for d in notes.documents] == [Passage("Ana")]
