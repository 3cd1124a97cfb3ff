"""`auditor footprint` as a person meets it: questions, proofs, consent, sources, and the way out of all of it."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from auditor import cli
from auditor.commands import footprint
from auditor.errors import Mistake
from auditor.footprint import consent, proof, scanning, vault
from auditor.footprint.exposure import Account, Exposure, Reach, Scan, Topic
from auditor.footprint.mail import mailer
from auditor.footprint.page_of import page_of
from auditor.footprint.person import Person, dumped, new, read
from auditor.footprint.vault import Vault
from auditor.lock import held
from auditor.model import Blind, Document, Passage
from spiders.settings import Manners
from tests.exports import ALL, INSTAGRAM, zipped
from tests.mailbox import Mailbox, mailbox
from tests.plain_words import grade, longest
from tests.servers import Reply, serve

PASS = "four words are a passphrase"
NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
NO_TO_ALL = ["no"] * len([source for source in consent.sources().values() if not source.needs and not source.within])
Answer = str | Callable[[], str]


class Typist:
    """Somebody at the keyboard who answers as written, or as found out when asked."""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers

    def readline(self) -> str:
        if not self.answers:
            return ""
        answer = self.answers.pop(0)
        return f"{answer() if callable(answer) else answer}\n"

    def isatty(self) -> bool:
        return False


class Desk:
    """A person's own computer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._patch, self._capsys, self.folder = monkeypatch, capsys, folder
        self.said = ""

    def run(self, *words: str, answers: list[Answer] | None = None) -> int:
        """One command, with these answers behind the passphrase; its exit status."""
        typist = Typist([PASS, *(answers or [])])
        self._patch.setattr(sys, "stdin", typist)
        status = cli.main(["footprint", *words, "--folder", str(self.folder), "--allow-network", "127.0.0.0/8"])
        shown = self._capsys.readouterr()
        self.said = shown.out + shown.err
        assert not typist.answers or status, f"never asked for: {typist.answers}"
        return status

    @property
    def person(self) -> Person:
        kept = Vault(self.folder, PASS).read()
        assert kept is not None
        return read(kept)

    @property
    def page(self) -> str:
        return (self.folder / "footprint.html").read_text("utf-8")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    monkeypatch.setattr(vault, "COST", 2**10)
    monkeypatch.setattr(footprint, "DELAY", 0.0)
    monkeypatch.setattr(footprint, "PAUSE", 0.01)
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("AUDITOR_"):
            monkeypatch.delenv(name)
    return Desk(monkeypatch, capsys, tmp_path / "own")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> Iterator[Mailbox]:
    with mailbox() as running:
        monkeypatch.setenv("AUDITOR_SMTP", running.url)
        monkeypatch.setenv("AUDITOR_SMTP_FROM", "selfscan@riverbend.example")
        yield running


def code_in(box: Mailbox) -> str:
    (code,) = re.findall(r"\b\d{6}\b", box.mails[-1].get_content())
    return str(code)


WHO = ["Maya Rivera", "Lincoln Elementary"]


# ------------------------------------------------------------------------------------------------ who you are


def test_a_mailed_code_proves_an_address(desk: Desk, box: Mailbox) -> None:
    wrong = "000000"

    status = desk.run("start", answers=[*WHO, "Maya@mail.example", "", "yes", wrong, lambda: code_in(box), *NO_TO_ALL])

    assert status == 0
    assert desk.person.proved(proof.EMAIL) == ("maya@mail.example",)
    (mail,) = box.mails
    assert (mail["To"], mail["Subject"]) == ("maya@mail.example", "Your code")
    assert "4 tries are left" in desk.said or code_in(box) == wrong
    assert code_in(box) not in json.dumps(dumped(desk.person))


def test_the_conversation_goes_on_where_it_was_left(desk: Desk, box: Mailbox) -> None:
    assert desk.run("start", answers=[*WHO, "maya@mail.example"]) == 3
    assert desk.run("start", answers=["", "yes"]) == 3
    assert "auditor: you left; come back with the same command; what you had answered is kept\n" in desk.said

    status = desk.run("start", answers=[code_in(box), "yes", *NO_TO_ALL[1:]])

    assert status == 0
    assert len(box.mails) == 1
    assert desk.person.names == ("Maya Rivera",)
    assert [given.source for given in desk.person.consents] == ["export"]


def test_a_code_dies_after_five_tries_and_after_ten_minutes() -> None:
    person, code = proof.begin_code(new(), "maya@mail.example", NOW)
    spent = person
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(proof.TRIES):
        spent, problem = proof.enter_code(spent, "maya@mail.example", wrong, NOW)

    assert "0 tries are left" in problem
    assert (
        proof.enter_code(spent, "maya@mail.example", code, NOW)[1] == "That code is no longer good. Ask for a new one."
    )
    late = NOW + timedelta(minutes=11)
    assert proof.enter_code(person, "maya@mail.example", code, late)[0].proofs == ()
    assert proof.enter_code(person, "maya@mail.example", f" {code[:3]} {code[3:]}", NOW)[1] == ""


def test_a_code_that_comes_late_is_asked_for_as_long_as_it_is_good_and_another_one_after_a_minute(
    desk: Desk, box: Mailbox
) -> None:
    person, _ = proof.begin_code(new(), "maya@mail.example", NOW)
    later = [NOW + timedelta(minutes=minutes) for minutes in (0, 2, 9, 11)]

    assert [proof.has_code(person, "maya@mail.example", at) for at in later] == [True, True, True, False]
    assert [proof.is_soon(person, "maya@mail.example", at) for at in later] == [True, False, False, False]
    assert desk.run("start", answers=[*WHO, "maya@mail.example", "", "yes", "new", *NO_TO_ALL]) == 0
    assert "A code was mailed less than a minute ago." in desk.said
    assert len(box.mails) == 1


@pytest.mark.parametrize("place", ["<p>I teach. {}</p>", '<a rel="me nofollow" href="https://proof.example/{}">me</a>'])
def test_a_token_in_a_profile_proves_its_handle(desk: Desk, place: str) -> None:
    desk.run("start", answers=[*WHO, "", "mrivera_room12"])
    (pending,) = desk.person.pending
    page = f"<h1>Maya</h1>{'<p>Many words about many things in a class of mine.</p>' * 9}{place}"

    with serve({"/@mrivera_room12": page.format(pending.token), "/other": page.format(pending.token)}) as site:
        desk.run("start", answers=[site.at("/other")])
        assert "does not carry the handle" in desk.said
        desk.run("start", answers=[site.at("/@mrivera_room12"), *NO_TO_ALL])

    assert desk.person.proved(proof.HANDLE) == ("mrivera_room12",)


def test_a_token_that_others_cannot_see_or_robots_keep_away_proves_nothing(desk: Desk) -> None:
    desk.run("start", answers=[*WHO, "", "mrivera_room12"])
    closed: dict[str, Any] = {"/robots.txt": Reply("User-agent: *\nDisallow: /", type="text/plain"), "*": "<p>x</p>"}

    with serve({"/mrivera_room12": "<p>nothing</p>"}) as site, serve(closed, host="127.0.0.2") as shut:
        desk.run("start", answers=[site.at("/mrivera_room12")])
        assert "not there yet" in desk.said
        desk.run("start", answers=[shut.at("/mrivera_room12")])
        assert "asks programs to stay out" in desk.said
        desk.run("start", answers=["https://www.instagram.com/mrivera_room12/", *NO_TO_ALL])

    assert "Instagram lets no program read people's profiles" in desk.said
    assert shut.hits == ["GET /robots.txt"]
    assert desk.person.proofs == ()


def test_a_mail_server_that_does_not_take_the_mail_is_told_in_one_line(desk: Desk, box: Mailbox) -> None:
    box.refused.add("maya@mail.example")

    desk.run("start", answers=[*WHO, "maya@mail.example", "", "yes", *NO_TO_ALL])

    assert "could not be sent: the mail server refuses this address" in desk.said
    assert desk.person.pending == ()


def test_a_mail_server_that_is_half_named_is_a_mistake() -> None:
    with pytest.raises(Exception, match="AUDITOR_SMTP_FROM: the sender's address"):
        mailer({"AUDITOR_SMTP": "smtp://mail.riverbend.example"})
    with pytest.raises(Exception, match="AUDITOR_SMTP: is no mail server"):
        mailer({"AUDITOR_SMTP": "mail.riverbend.example"})
    assert mailer({}) is None


# ------------------------------------------------------------------------------------------------ consent


def test_nothing_is_agreed_to_by_itself_and_sensitive_things_are_off() -> None:
    assert consent.sources()["sensitive"].default == "no"
    assert consent.sources()["counted"].default == "no"
    assert new().consents == ()


def test_a_yes_is_recorded_with_its_text_and_day_and_an_older_text_is_no_yes(desk: Desk) -> None:
    desk.run("start", answers=[*WHO, "", "", "yes", *NO_TO_ALL[1:]])
    (given,) = desk.person.consents

    assert (given.source, given.text) == ("export", consent.sources()["export"].version)
    assert given.at.startswith(f"{datetime.now(UTC):%Y-%m-%d}")
    old = Person("00", consents=(type(given)("export", "2019-01", given.at),))
    assert (old.agreed("export"), consent.current(old, "export")) == (True, False)


def test_the_questions_are_plain() -> None:
    for source in consent.sources().values():
        assert len(longest(source.asks)) <= 20, source.id
        assert grade(source.asks) <= 8, source.id


def test_without_consent_no_export_is_read(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=[*WHO, "", "", *NO_TO_ALL])

    status = desk.run("scan", "--export", str(zipped(tmp_path / "i.zip", INSTAGRAM)))

    assert status == 2
    assert "only with your consent" in desk.said


def test_who_said_no_may_say_yes_later(desk: Desk) -> None:
    desk.run("start", answers=[*WHO, "", "", *NO_TO_ALL])

    status = desk.run("start", answers=["", "", "exprt", "export, gravatar", "yes", "no"])

    assert status == 0
    assert "exprt: is none of these" in desk.said
    assert [given.source for given in desk.person.consents] == ["export"]
    assert desk.run("start", answers=["", "", ""]) == 0


def test_an_export_may_lie_in_a_folder_with_a_comma_in_its_name(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=[*WHO, "maya@mail.example", "", "yes", *NO_TO_ALL[1:]])
    (tmp_path / "Rivera, Maya").mkdir()

    assert desk.run("scan", "--export", str(zipped(tmp_path / "Rivera, Maya" / "i.zip", INSTAGRAM))) == 0


def test_other_peoples_exports_are_not_read(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=["Ann Else", "Lincoln", "ann@else.example", "", "yes", *NO_TO_ALL[1:]])

    status = desk.run("scan", "--export", str(zipped(tmp_path / "i.zip", INSTAGRAM)))

    assert status == 2
    assert "other people's are not read" in desk.said
    assert not (desk.folder / "footprint.html").exists()


def test_withdrawing_deletes_what_came_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=[*WHO, "maya@mail.example", "mrivera_room12", "later", "yes", *NO_TO_ALL[1:]])
    desk.run("scan", "--export", str(zipped(tmp_path / "i.zip", INSTAGRAM)))
    assert "Instagram" in desk.page
    assert len(desk.person.proofs) == 2

    desk.run("withdraw", "export")

    person = desk.person
    assert person.last is not None
    assert (person.last.exposures, person.last.accounts, person.consents, person.proofs) == ((), (), (), ())
    assert "1 post older than a year" not in desk.page
    assert desk.run("withdraw", "exports") == 2
    assert 'Did you mean "export"?' in desk.said or "export" in desk.said


def test_at_home_the_policy_and_the_districts_addresses_are_named_by_hand(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=[*WHO, "maya@mail.example", "", "yes", "yes", *NO_TO_ALL[2:]])
    export = str(zipped(tmp_path / "f.zip", ALL["facebook"]))

    desk.run("scan", "--export", export)
    assert "No policy is known here." in desk.page
    desk.run("scan", "--export", export, "--policy", "cmcss", "--email-domain", "riverbend.example")

    assert "A private profile shows an email address or phone number of the district." in desk.page
    assert desk.run("scan", "--policy", "cmcs") == 2
    assert 'did you mean "cmcss"' in desk.said


def test_whose_policy_it_is_need_be_said_once(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=[*WHO, "maya@mail.example", "", "yes", "yes", *NO_TO_ALL[2:]])
    export = str(zipped(tmp_path / "f.zip", ALL["facebook"]))
    assert desk.run("scan", "--email-domain", "riverbend.example") == 2
    assert "go with --policy" in desk.said
    desk.run("scan", "--export", export, "--policy", "cmcss", "--email-domain", "riverbend.example")
    first = desk.page

    assert desk.run("scan", "--export", export) == 0
    desk.run("report")

    assert "Held against CMCSS Guidelines for Social Media Use, COM-G003" in first
    assert "Held against CMCSS Guidelines for Social Media Use, COM-G003" in desk.page
    assert "A private profile shows an email address or phone number of the district." in desk.page
    desk.run("withdraw", "policy")
    assert (desk.person.employment, desk.person.judged_by) == (None, "")
    assert "Held against" not in desk.page


def test_two_runs_never_write_one_folder_at_the_same_time(desk: Desk) -> None:
    desk.run("start", answers=[*WHO, "", "", *NO_TO_ALL])
    before = (desk.folder / vault.FILE).read_bytes()

    with held(desk.folder, "auditor footprint scan", footprint.LOCK):
        statuses = [desk.run(*words.split()) for words in ("scan", "withdraw export", "delete --yes")]
        assert desk.said.startswith("auditor: auditor footprint scan (process ")
        assert desk.run("status") == 0

    assert statuses == [75, 75, 75]
    assert (desk.folder / vault.FILE).read_bytes() == before


def test_what_another_version_kept_is_told(desk: Desk) -> None:
    Vault(desk.folder, PASS).write({**dumped(new()), "version": 1})

    assert desk.run("status") == 2
    assert "was written by another version of auditor" in desk.said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("withdraw --polcy=d547", ['there is no option "--polcy" here', "SOURCE is missing"]),
        ("scan --polcy d547", ['there is no option "--polcy" here (did you mean "--policy"?)']),
        ("scan --config nowhere.toml", ["--config: nowhere.toml: there is no such file"]),
    ],
)
def test_every_wrong_word_is_told(desk: Desk, words: str, told: list[str]) -> None:
    assert desk.run(*words.split()) == 2

    lines = desk.said.splitlines()
    assert [line for line, words in zip(lines, told, strict=True) if words not in line] == []


def test_deleting_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.run("start", answers=[*WHO, "maya@mail.example", "", "yes", *NO_TO_ALL[1:]])
    desk.run("scan", "--export", str(zipped(tmp_path / "i.zip", INSTAGRAM)))

    (desk.folder / ".footprint.html.half").write_text("cut off")

    assert cli.main(["footprint", "delete", "--yes", "--folder", str(desk.folder)]) == 0

    assert list(desk.folder.iterdir()) == []


def test_a_number_is_that_of_the_page_though_what_is_too_old_goes(desk: Desk) -> None:
    old = Exposure("a1", "export", "x", Topic.POSTS, "2 posts.", Reach.EVERYBODY, place="a")
    young = Exposure("b1", "github", "github", Topic.ACCOUNT, "It answers.", Reach.EVERYBODY, proved=False, place="b")
    now = datetime.now(UTC)
    scan = Scan(now - timedelta(days=2), (old, young), dates={"a": now - timedelta(days=40), "b": now})
    Vault(desk.folder, PASS).write(dumped(replace(new(), last=scan)))

    assert desk.run("answer", "2", "no") == 0

    assert desk.person.answers == {"b1": "no"}
    assert desk.person.last is not None
    assert desk.person.last.exposures == (young,)


def test_findings_are_kept_for_thirty_days_and_then_only_their_names() -> None:
    found = Exposure("a1", "export", "x", Topic.POSTS, "2 posts.", Reach.EVERYBODY, place="a")
    other = replace(found, id="b1", place="b")
    person = new().scanned(Scan(NOW, (found,), accounts=(Account("x", 2, 2, place="a"),)))
    later = person.scanned(Scan(NOW + timedelta(days=20), (other,), accounts=(Account("x", 2, 2, place="b"),)))

    assert person.aged(NOW + timedelta(days=30)) == person
    assert later.last is not None
    assert later.last.exposures == (other, found)
    halfway = later.aged(NOW + timedelta(days=31)).last
    assert halfway is not None
    assert halfway.exposures == (other,)
    old = person.aged(NOW + timedelta(days=31))
    assert (old.last, old.known, old.known_at) == (None, ("a1",), NOW.isoformat())
    assert read(json.loads(json.dumps(dumped(person)))) == person


# ------------------------------------------------------------------------------------------------ sources


HASH = hashlib.sha256(b"maya@mail.example").hexdigest()
SHA1 = hashlib.sha1(b"maya@mail.example", usedforsecurity=False).hexdigest().upper()
GRAVATAR = {"hash": HASH, "display_name": "Maya", "profile_url": "https://gravatar.com/maya", "location": "Missoula"}
GITHUB = {"login": "mrivera_room12", "html_url": "https://github.com/mrivera_room12", "email": "maya@mail.example"}
LEAKS = [{"hashSuffix": "0" * 34, "websites": ["Other"]}, {"hashSuffix": SHA1[6:], "websites": ["Adobe", "Canva"]}]
COPIES = [["timestamp", "original", "statuscode"], ["20120304050607", "x", "200"], ["20200304050607", "x", "200"]]


def as_json(value: object) -> Reply:
    return Reply(json.dumps(value), type="application/json")


def from_wayback(handler: BaseHTTPRequestHandler) -> Reply:
    return as_json(COPIES if "x.com" in handler.path else [])


@pytest.fixture
def proved(desk: Desk, tmp_path: Path) -> Desk:
    """Somebody whose address and handle are proved, who agreed to all but the sites, the sensitive and the counting."""
    desk.run("start", answers=[*WHO, "maya@mail.example", "mrivera_room12", "later", *["yes"] * 6, "no", "no"])
    desk.run(
        "scan",
        "--export",
        str(zipped(tmp_path / "i.zip", INSTAGRAM)),
        *at_bases(dict.fromkeys(BASES, "http://127.0.0.9:1")),
    )
    return desk


BASES = ("gravatar", "hibp", "github", "wayback")


def at_bases(bases: Mapping[str, str]) -> list[str]:
    return [word for name, url in bases.items() for word in ("--base", f"{name}={url}")]


def looked(desk: Desk) -> list[tuple[str, str, str]]:
    assert desk.person.last is not None
    return [(one.source, one.verdict, one.why) for one in desk.person.last.looked if one.source in BASES]


def test_each_source_is_asked_by_as_little_as_it_takes_and_what_it_tells_is_found(
    proved: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_HIBP_KEY", "a-key-of-the-district")
    routes: dict[str, Any] = {
        f"/v3/profiles/{HASH}": as_json(GRAVATAR),
        f"/api/v3/breachedaccount/range/{SHA1[:6]}": as_json(LEAKS),
        "/users/mrivera_room12": as_json(GITHUB),
        "/cdx/search/cdx": from_wayback,
    }

    with serve(routes) as site:
        assert proved.run("scan", *at_bases(dict.fromkeys(BASES, site.url))) == 0

    found = proved.person.last
    assert found is not None
    assert [(one.platform, one.topic, one.count, one.proved) for one in found.exposures] == [
        ("github", Topic.ACCOUNT, 1, False),
        ("github", Topic.EMAIL, 1, False),
        ("gravatar", Topic.PROFILE, 1, True),
        ("gravatar", Topic.TOWN, 1, True),
        ("hibp", Topic.BREACH, 2, True),
        ("wayback", Topic.COPIES, 2, False),
        # What the export of the first scan showed stays: nobody looked at it again.
        ("instagram", Topic.POSTS, 1, True),
    ]
    assert found.exposures[4].evidence == "Adobe, Canva"
    asked = " ".join(site.hits)
    assert "maya" not in asked.replace("mrivera", "")
    assert SHA1[:7] not in asked
    assert site.seen[f"/api/v3/breachedaccount/range/{SHA1[:6]}"]["hibp-api-key"] == "a-key-of-the-district"
    assert all("hibp-api-key" not in seen for path, seen in site.seen.items() if "breached" not in path)
    assert "a-key-of-the-district" not in proved.page + proved.said


@pytest.mark.parametrize(
    ("answer", "verdict", "why"),
    [
        (Reply("", 404), "not found", "No account has this handle."),
        (Reply("", 429), "could not check", "It asked us to slow down. Try again in an hour."),
        (Reply("", 403), "could not check", "It does not let us in."),
        (Reply("", 500), "could not check", "It is out of order."),
        (Reply("", 302, headers={"Location": "/login"}), "could not check", "It sent us somewhere else."),
        (Reply("<h1>Sign in</h1>"), "could not check", "Its answer could not be understood."),
        (as_json({"login": "somebody_else"}), "could not check", "Its answer could not be understood."),
        (as_json([1]), "could not check", "Its answer could not be understood."),
    ],
)
def test_what_is_no_plain_answer_is_could_not_check(proved: Desk, answer: Reply, verdict: str, why: str) -> None:
    with serve({"/users/mrivera_room12": answer}) as site:
        proved.run("scan", *at_bases({**dict.fromkeys(BASES, "http://127.0.0.9:1"), "github": site.url}))

    assert ("github", verdict, why) in looked(proved)
    assert [why for source, _, why in looked(proved) if source == "gravatar"] == [
        "It could not be reached: its server does not accept connections."
    ]
    (keyless,) = (why for source, _, why in looked(proved) if source == "hibp")
    assert keyless.startswith("It wants a key of its own")


def test_sources_that_told_nothing_are_named_and_the_status_says_so(proved: Desk) -> None:
    with serve({"*": Reply("", 404), "/cdx/search/cdx": Reply("")}) as site:
        silent = {"hibp": "http://127.0.0.9:1", "gravatar": "http://127.0.0.9:1"}
        status = proved.run("scan", *at_bases({**dict.fromkeys(BASES, site.url), **silent}))

    assert status == 1
    assert [
        line.partition(":")[2].partition(":")[0] for line in proved.said.splitlines() if "nothing could be" in line
    ] == [
        " Gravatar",
        " Have I Been Pwned",
        " Internet Archive",
    ]


def test_withdrawing_a_source_takes_its_credit_and_its_answers_along(
    proved: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_HIBP_KEY", "a-key-of-the-district")
    with serve({f"/api/v3/breachedaccount/range/{SHA1[:6]}": as_json(LEAKS), "*": Reply("", 404)}) as site:
        proved.run("scan", *at_bases(dict.fromkeys(BASES, site.url)))
    proved.run("answer", "1", "no")
    assert "haveibeenpwned.com, CC BY 4.0" in proved.page
    assert len(proved.person.answers) == 1

    proved.run("withdraw", "hibp")

    assert "CC BY 4.0" not in proved.page
    assert proved.person.answers == {}
    assert "that you said" not in proved.page


def test_a_search_engine_is_asked_with_a_key_alone_and_what_it_finds_is_a_question(
    proved: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_BRAVE_KEY", "a-key-of-her-own")
    pages = ["https://school.example/staff", "javascript:alert(1)", "https://x.com/mrivera_room12"]
    found = {"type": "search", "web": {"results": [{"url": url, "title": "Ann Else"} for url in pages]}}

    with serve({"/res/v1/web/search": as_json(found), "*": Reply("", 404)}) as site:
        proved.run("start", answers=["", "", "", "yes"])
        proved.run("scan", *at_bases(dict.fromkeys((*BASES, "brave"), site.url)))

    assert proved.person.last is not None
    told = [(one.url, one.platform, one.proved) for one in proved.person.last.exposures if one.source == "brave"]
    assert told == [(pages[0], "school.example", False), (pages[2], "x", False)] * 2
    assert [hit for hit in site.hits if "/res/" in hit] == [
        "GET /res/v1/web/search?q=%22maya%40mail.example%22&count=20",
        "GET /res/v1/web/search?q=%22mrivera_room12%22&count=20",
    ]
    assert "Else" not in proved.page
    assert "a-key-of-her-own" not in proved.page + proved.said


def test_no_source_and_no_profile_is_asked_without_encryption() -> None:
    with pytest.raises(Mistake, match="github is not encrypted"):
        scanning.bases(["github=http://relay.riverbend.example"], Manners())
    assert scanning.bases(["github=https://relay.riverbend.example"], Manners())

    seen = page_of("http://board.example/mrivera", Manners())

    assert isinstance(seen, Blind)
    assert "not encrypted" in seen.what


@pytest.mark.parametrize("url", ["https://board.example/page?mrivera", "https://board.example/#/mrivera"])
def test_a_handle_that_anybody_may_write_into_an_address_proves_nothing(url: str) -> None:
    person, token = proof.begin_token(new(), "mrivera")
    page = Document(url, passages=(Passage(token),))

    assert proof.find_token(person, "mrivera", page, NOW)[1] == "The address of that page does not carry the handle."
    own = replace(page, url="https://board.example/@mrivera")
    assert proof.find_token(person, "mrivera", own, NOW)[1] == ""


def test_what_is_half_set_up_is_told_before_anybody_is_asked(proved: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_SMTP", "smtp://mail.riverbend.example")

    with serve({"*": as_json({})}) as site:
        assert proved.run("scan", *at_bases(dict.fromkeys(BASES, site.url))) == 2

    assert "AUDITOR_SMTP_FROM" in proved.said
    assert site.hits == []


def test_nobody_is_asked_about_what_is_not_proved(desk: Desk) -> None:
    desk.run("start", answers=[*WHO, "maya@mail.example", "mrivera_room12", "later", *["yes"] * 6, "no", "no"])

    with serve({"*": as_json({})}) as site:
        assert desk.run("scan", *at_bases(dict.fromkeys(BASES, site.url))) == 0

    assert site.hits == []
    assert "Your email address 1" in desk.page
    assert "You have not proved yet that it is yours" in desk.page


def score_on(page: str) -> int:
    (points,) = re.findall(r"<strong>(\d+) of 100</strong>", page)
    return int(points)


def test_a_namesake_weighs_nothing_until_it_is_said_to_be_oneself(proved: Desk) -> None:
    before = score_on(proved.page)
    with serve({"/users/mrivera_room12": as_json(GITHUB)}) as site:
        proved.run("scan", *at_bases({**dict.fromkeys(BASES, "http://127.0.0.9:1"), "github": site.url}))
    assert "Is it yours?" in proved.page
    assert score_on(proved.page) == before

    proved.run("answer", "2", "yes")
    assert score_on(proved.page) == before - 6
    proved.run("answer", "2", "no")
    proved.run("answer", "1", "no")
    assert score_on(proved.page) == before
    assert "2 things that you said are not yours are left out." in proved.page
    assert proved.run("answer", "9", "no") == 2


def test_what_could_not_be_looked_at_again_is_neither_gone_nor_forgotten(proved: Desk) -> None:
    with serve({"/users/mrivera_room12": as_json(GITHUB)}) as site:
        proved.run("scan", *at_bases({**dict.fromkeys(BASES, "http://127.0.0.9:1"), "github": site.url}))
    proved.run("scan", *at_bases(dict.fromkeys(BASES, "http://127.0.0.9:1")))
    assert "0 new, 0 gone, 3 as before" in proved.page

    with serve({"/users/mrivera_room12": Reply("", 404)}) as site:
        proved.run("scan", *at_bases({**dict.fromkeys(BASES, "http://127.0.0.9:1"), "github": site.url}))

    assert "0 new, 2 gone, 1 as before" in proved.page


def test_each_scan_is_told_to_the_proved_address_and_carries_nothing_found(proved: Desk, box: Mailbox) -> None:
    proved.run("scan", *at_bases(dict.fromkeys(BASES, "http://127.0.0.9:1")))

    (mail,) = box.mails
    assert (mail["To"], mail["Subject"]) == ("maya@mail.example", "Your self-scan ran")
    assert "Instagram" not in mail.get_content()


# ------------------------------------------------------------------------------------------------ what others learn


CONFIG = """\
[district]
name = "Riverbend School District"
policy = "d547"
email_domains = ["riverbend.example"]
staff = "staff.csv"
data = "data/"
[crawl]
contact = "webmaster@riverbend.example"
allow_networks = ["127.0.0.0/8"]
render = "never"
delay = 0.0
[[schools]]
id = "lincoln"
name = "Lincoln Elementary"
grades = "K-5"
[[accounts]]
id = "site"
school = "lincoln"
kind = "official"
platform = "website"
url = "{url}"
"""
MARKER = "zyxmarker"


def district(folder: Path, url: str, staff: int = 12) -> Path:
    folder.mkdir()
    names = [f"{chr(65 + n)}nna Invented,Teacher,a{n}@riverbend.example,lincoln" for n in range(staff)]
    (folder / "staff.csv").write_text("\n".join(["name,title,email,school", *names, ""]), "utf-8")
    (folder / "config.toml").write_text(CONFIG.format(url=url), "utf-8")
    return folder / "config.toml"


def marked(files: Mapping[str, Any]) -> dict[str, Any]:
    """The export with a marker in every text of it."""
    text = json.dumps(files)
    for word in ("Maya", "maya", "mrivera", "Lovely", "Teacher at", "campo"):
        text = text.replace(word, f"{word}{MARKER}")
    return dict(json.loads(text))


def test_a_marker_planted_in_a_scan_is_found_nowhere_but_in_the_persons_own_folder(
    tmp_path: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "temp").mkdir()
    (tmp_path / "work").mkdir()
    export = zipped(tmp_path / "export.zip", marked(INSTAGRAM))
    handle, yes = f"mrivera{MARKER}_room12", ["yes"] * 7
    who = [f"Maya{MARKER} Rivera", "Lincoln", f"maya{MARKER}@mail.example", handle, "later", *yes, "no", "yes"]

    with (
        serve({"/": "<title>Lincoln</title><h1>Lincoln</h1><p>Welcome to our school.</p>"}) as site,
        serve({"*": Reply("", 404)}, host="127.0.0.2") as source,
    ):
        config = district(tmp_path / "district", site.url)
        desk.run("start", "--config", str(config), answers=[*who])
        told = {"e_code": 200, "e_string": "card", "m_code": 404, "m_string": "", "known": [], "cat": "social"}
        listed = [{"name": "Board", "uri_check": f"{source.url}board/{{account}}", **told}]
        (tmp_path / "list.json").write_text(json.dumps({"sites": listed}), "utf-8")
        cli.main(["footprint", "manifest", "import", str(tmp_path / "list.json"), "--folder", str(desk.folder)])
        own = ("--folder", str(desk.folder), "--export", str(export), "--allow-network", "127.0.0.0/8")
        bases = at_bases(dict.fromkeys(BASES, source.url))
        said = in_a_process(tmp_path, "footprint", "scan", "--config", str(config), *own, *bases)
        asked = {hit.split("/")[1] for hit in source.hits if MARKER in hit}
        assert asked == {"users", "cdx", "board"}
        said += in_a_process(tmp_path, "audit", "--config", str(config))
        cli.main(["footprint", "count", "--config", str(config)])
        said += capsys.readouterr().out

    assert "have completed a self-scan" in said
    assert MARKER not in said
    outside = [f for f in tmp_path.rglob("*") if f.is_file() and f != export and desk.folder not in f.parents]
    assert {file.suffix for file in outside} >= {".db", ".html", ".key", ".txt"}
    assert [file for file in outside if MARKER.encode() in file.read_bytes()] == []
    assert MARKER.encode() not in (desk.folder / vault.FILE).read_bytes()
    assert list((tmp_path / "temp").iterdir()) == []
    if os.name == "posix":
        assert {oct(file.stat().st_mode & 0o777) for file in desk.folder.iterdir()} == {"0o600"}


def in_a_process(folder: Path, *words: str) -> str:
    """What a command says that runs by itself, with all it can log, and a folder of its own for passing files."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AUDITOR_")},
        "AUDITOR_LOG": "DEBUG",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder / "temp")),
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    # The sealed files of these tests are made by the same program with a cost that lets them end today.
    program = "import sys; from auditor import cli; from auditor.commands import footprint; footprint.DELAY = 0"
    program += "; from auditor.footprint import vault; vault.COST = 2**10"
    # Sites of the shipped list are out there: no test asks them.
    program += "; footprint.manifests = lambda own: (footprint.load_manifest(own / 'manifest.json'),)"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; sys.exit(cli.main())", *words],
        input=f"{PASS}\n",
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder / "work",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


def test_the_district_learns_a_number_only_and_that_only_from_five_people_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, desk: Desk
) -> None:
    config = district(tmp_path / "district", "http://127.0.0.9:1/", staff=8)
    told = []
    for n in range(5):
        own = Desk(monkeypatch, capsys, tmp_path / f"own{n}")
        own.run("start", answers=[*WHO, "", "", *NO_TO_ALL[1:], "yes"])
        own.run("scan", "--config", str(config))
        own.run("scan", "--config", str(config))
        cli.main(["footprint", "count", "--config", str(config)])
        told.append(capsys.readouterr().out)

    assert "Fewer than 5 of 8 have completed" in told[3]
    assert "5 of 8 have completed" in told[4]
    kept = (tmp_path / "district" / "data" / "footprint-completed.txt").read_text()
    assert re.fullmatch(r"(\d{4}-\d\d [0-9a-f]{20}\n){5}", kept)
    own.run("withdraw", "counted", "--config", str(config))
    assert len((tmp_path / "district" / "data" / "footprint-completed.txt").read_text().splitlines()) == 4
    own.run("withdraw", "counted")
    assert "do this again where your district's config.toml lies" in own.said
    small = district(tmp_path / "small", "http://127.0.0.9:1/", staff=3)
    cli.main(["footprint", "count", "--config", str(small)])
    assert "Of so few staff nothing is told" in capsys.readouterr().out


def test_status_says_what_is_proved_and_agreed_to(proved: Desk) -> None:
    proved.run("scan", *at_bases(dict.fromkeys(BASES, "http://127.0.0.9:1")))
    assert "0 new, 0 gone, 1 as before" in proved.page
    proved.run("status")

    assert "Proved: email maya@mail.example, by a data export" in proved.said
    assert "Gravatar (gravatar): yes" in proved.said
    assert "Sensitive sites (sensitive): no" in proved.said


def test_a_wrong_passphrase_and_an_empty_folder_are_told_in_one_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.run("status") == 2
    assert "nothing is kept there yet" in desk.said
    desk.run("start", answers=[*WHO])
    monkeypatch.setattr(sys, "stdin", Typist(["another passphrase"]))

    assert cli.main(["footprint", "status", "--folder", str(desk.folder)]) == 2
