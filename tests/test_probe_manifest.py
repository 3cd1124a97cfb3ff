"""Manifests of sites: both formats read into one, every fault with its place, and no pattern that takes long."""

import json
import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Mistake
from auditor.footprint.handles import asking
from auditor.footprint.handles.asking import allowed, ask, handle_problem, made_up, shown
from auditor.footprint.handles.manifest import check, load, read, shipped
from auditor.footprint.handles.pattern import Unfollowed, Unusable, fits, is_followed
from auditor.footprint.handles.site import Ask, Marks, Site

BOARD: dict[str, Any] = {
    "name": "Board",
    "uri_check": "https://api.board.example/users/{account}?v=1",
    "uri_pretty": "https://board.example/@{account}",
    "e_code": 200,
    "e_string": '"login":',
    "m_code": 404,
    "m_string": "no such user",
    "known": ["lindholm"],
    "cat": "dating",
    "strip_bad_char": ".",
    "headers": {"User-Agent": "Mozilla/5.0", "Accept": "application/json"},
}
CHAT: dict[str, Any] = {
    "url": "https://chat.example/{}",
    "urlMain": "https://chat.example",
    "urlProbe": "https://chat.example/api/taken",
    "errorType": "message",
    "errorMsg": ["free", "nobody"],
    "request_method": "POST",
    "request_payload": {"name": "{}", "options": {}},
    "regexCheck": "^[a-z_0-9]{3,20}$",
    "username_claimed": "pottery",
}


def whatsmyname(*sites: object, **more: object) -> bytes:
    return json.dumps({"license": ["CC"], "authors": ["Kim Poe"], "categories": [], "sites": sites, **more}).encode()


def faults(content: bytes) -> list[str]:
    with pytest.raises(Mistake) as raised:
        read(content, "m.json")
    return list(raised.value.faults)


def test_a_manifest_of_whatsmyname_is_read_into_sites_and_credits() -> None:
    manifest = read(whatsmyname(BOARD), "m.json")

    assert (manifest.format, manifest.credits) == ("whatsmyname", ("CC", "Kim Poe"))
    assert manifest.sites == (
        Site(
            name="Board",
            url="https://api.board.example/users/{account}?v=1",
            shown="https://board.example/@{account}",
            marks=Marks(frozenset({200}), '"login":', frozenset({404}), ("no such user",)),
            known=("lindholm",),
            headers={"Accept": "application/json"},
            dropped=".",
            category="dating",
            sensitive=True,
        ),
    )


def test_a_manifest_of_sherlock_is_told_by_its_structure() -> None:
    manifest = read(json.dumps({"$schema": "data.schema.json", "Chat": CHAT}).encode(), "m.json")

    assert manifest.format == "sherlock"
    assert manifest.sites == (
        Site(
            name="Chat",
            url="https://chat.example/api/taken",
            shown="https://chat.example/{account}",
            marks=Marks(no_texts=("free", "nobody")),
            known=("pottery",),
            body='{"name": "{account}", "options": {}}',
            headers={"Content-Type": "application/json"},
            pattern="^[a-z_0-9]{3,20}$",
        ),
    )


def test_every_fault_of_a_manifest_is_named_in_one_pass_with_its_line() -> None:
    wrong = [
        {**BOARD, "name": "A", "e_code": "200"},
        {**BOARD, "name": "B", "uri_check": "https://b.example/"},
        {**BOARD, "name": "C", "headers": {"X": "a\r\nSet-Cookie: b"}},
        {**BOARD, "name": "D", "uri_check": "ftp://d.example/{account}"},
        {key: value for key, value in BOARD.items() if key != "e_string"} | {"name": "E"},
        {**BOARD, "name": "F", "known": [1]},
        {**BOARD, "name": "G"},
        {**BOARD, "name": "G"},
    ]
    text = json.dumps({"sites": wrong}, indent=1)

    told = faults(text.encode())

    lines = {name: text[: text.index(f'"{name}"')].count("\n") + 1 for name in "ABCDEFG"}
    assert told == [
        f'm.json:{lines["G"]}: "G": is there 2 times; name each site once',
        f'm.json:{lines["A"]}: "A": "e_code" wants a number from 100 to 599',
        f'm.json:{lines["B"]}: "B": "uri_check" does not say where the handle goes; write {{account}} there',
        f'm.json:{lines["C"]}: "C": "headers" wants a table of names and texts, each in one line',
        f'm.json:{lines["D"]}: "D": the address in "uri_check" begins with "ftp:"; only addresses that begin with'
        " https:// or http:// can be read",
        f'm.json:{lines["E"]}: "E": "e_string" is missing; add it, "" where there is none',
        f'm.json:{lines["F"]}: "F": "known" wants a text or a list of texts',
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({**CHAT, "errorType": "magic"}, '"errorType" wants "message", "status_code" or "response_url"'),
        ({**CHAT, "errorMsg": ""}, '"errorMsg" is missing; add what the page for nobody says'),
        ({**CHAT, "regexCheck": "[a-"}, '"regexCheck" is no regular expression (unterminated character set)'),
        (
            {**CHAT, "url": "https://{}.{}.example/"},
            'the address in "url" has the handle where its port stands, or twice',
        ),
        ({**CHAT, "request_payload": "x"}, '"request_payload" wants a table'),
    ],
)
def test_a_fault_of_a_sherlock_entry_says_what_to_do(entry: dict[str, object], fault: str) -> None:
    told = faults(json.dumps({"Chat": entry}).encode())

    assert any(fault in line for line in told), told


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"sites": [\n{"name": }]}', "m.json:2: is no JSON at character 10 (expecting value)"),
        (b"\xff\xfe", "m.json: is no text in UTF-8; save it so"),
        (b'{"A": {"url": "x", "url": "y"}}', 'm.json: "url" stands twice in one table; keep one of them'),
        (b"[" * 100_000, "m.json: is no manifest: it is nested too deeply, or holds a number that is too long"),
        (b'{"sites": []}', "m.json: names no site"),
    ],
)
def test_what_is_no_manifest_is_told_in_one_line(content: bytes, fault: str) -> None:
    assert faults(content) == [fault]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"cannot be read \(No such file or directory\)"):
        load(tmp_path / "none.json")


def test_a_site_that_would_take_somebody_elses_session_is_never_asked() -> None:
    (site,) = read(whatsmyname({**BOARD, "headers": {"Cookie": "a=b"}}), "m.json").sites

    assert site.refused == "it would have to be asked with somebody else's cookie"
    assert site.headers == {}


def test_the_shipped_manifest_loads_tells_its_age_and_sends_no_handle_to_anybody_else() -> None:
    manifest = shipped()

    assert 30 <= len(manifest.sites) <= 60
    assert all(site.url.startswith("https://") for site in manifest.sites)
    assert all(site.known or site.refused for site in manifest.sites)
    assert [site.name for site in manifest.sites if site.sensitive] == ["Venmo", "Cash App"]
    assert manifest.expires_on is not None
    assert "expired" in check(manifest, date(2030, 1, 1))[0]


# ------------------------------------------------------------------------------------------------ putting handles in


def test_a_handle_stays_one_value_wherever_it_is_put() -> None:
    (board,) = read(whatsmyname(BOARD), "m.json").sites
    (chat,) = read(json.dumps({"Chat": CHAT}).encode(), "m.json").sites

    nasty = 'a"b\\c&d?e#'

    assert ask(board, nasty) == Ask(
        "https://api.board.example/users/a%22b%5Cc%26d%3Fe%23?v=1", headers={"Accept": "application/json"}
    )
    sent = ask(chat, nasty)
    assert isinstance(sent, Ask)
    assert json.loads(sent.body) == {"name": nasty, "options": {}}
    assert shown(board, "m.rivera") == "https://board.example/@mrivera"


def test_a_handle_that_is_part_of_a_host_can_lead_nowhere_else() -> None:
    (site,) = read(whatsmyname({**BOARD, "uri_check": "https://{account}.board.example/"}), "m.json").sites

    assert ask(site, "evil_com") == "a handle of this form cannot stand in its address"
    assert ask(site, "Rivera") == Ask("https://rivera.board.example/", headers={"Accept": "application/json"})


@pytest.mark.parametrize("handle", ["", " a", "@rivera", "a/b", "x" * 101, "a\nb", "\ud800", ".", ".."])
def test_what_is_no_handle_is_told(handle: str) -> None:
    assert handle_problem(handle)


@pytest.mark.parametrize("handle", ["玛雅里维拉玛雅里维拉", "josé_núñez", "١٢٣٤٥٦٧٨"])
def test_a_made_up_handle_has_letters_of_the_same_script(handle: str) -> None:
    site = Site("S", "https://s.example/{account}", "", Marks())

    candidate = made_up(site, handle, random.Random(1))  # noqa: S311  no secret

    assert candidate is not None
    assert candidate != handle
    assert [c.isascii() for c in candidate[-4:]] == [c.isascii() for c in handle[-4:]]


def test_handles_are_of_one_form_where_signs_digits_and_scripts_are_the_same() -> None:
    alike = {asking.form(handle) for handle in ("rivera", "coachDelgado")}
    apart = {asking.form(handle) for handle in ("rivera", "rivera9", "ri_vera", "rivéra", "ri.vera9")}

    assert (len(alike), len(apart)) == (1, 5)


@given(st.from_regex(r"[a-zA-Z0-9._-]{3,30}", fullmatch=True), st.integers(0, 9))
def test_a_made_up_handle_has_the_form_of_the_other_and_is_allowed(handle: str, seed: int) -> None:
    site = Site("S", "https://s.example/{account}", "", Marks(), pattern="^[a-zA-Z0-9._-]{3,30}$")

    candidate = made_up(site, handle, random.Random(seed))  # noqa: S311  no secret

    assert candidate is not None
    assert candidate != handle or not any(c.isalnum() for c in handle)
    assert allowed(site, candidate)
    assert not set("aeiou") & set(candidate)


# ------------------------------------------------------------------------------------------------ patterns


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(((a*)*)*)*b", "^(.*a){25}$", "(?=(a+)+b)a"])
def test_no_pattern_takes_long(pattern: str) -> None:
    handle = "a" * 90 + "!"

    assert fits(pattern, handle) in (True, False)


def test_a_pattern_of_nothing_but_brackets_takes_no_longer_or_is_told() -> None:
    assert not fits("^" + "(" * 25 + "a?" + ")*" * 25 + "!$", "a" * 90 + "?")

    with pytest.raises(Unusable, match="is nested too deeply"):
        is_followed("(" * 120 + "a?" + ")*" * 120)


atoms = st.sampled_from(["a", "b", "[ab]", "[^b]", ".", r"\w", r"\d", "[a-c_-]", "(?!b)", "(?<!a)", "$", "^", r"\b"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "{,2}"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=5,
)


@given(patterns, st.text("ab1_-", max_size=5))
def test_patterns_mean_what_they_mean_to_python(pattern: str, handle: str) -> None:
    assert fits(pattern, handle) == (re.search(pattern, handle) is not None)


def test_a_pattern_that_nobody_here_follows_leaves_all_handles_to_the_site() -> None:
    (site,) = read(json.dumps({"Chat": {**CHAT, "regexCheck": r"^(a)\1$"}}).encode(), "m.json").sites

    assert site.pattern == ""
    with pytest.raises(Unfollowed):
        fits(r"(a)\1", "aa")


# ------------------------------------------------------------------------------------------------ hostile manifests

values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("https://{}/{account}")
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
KEYS = sorted({*BOARD, *CHAT, "valid", "post_body", "errorCode", "errorUrl", "isNSFW"})


@given(st.dictionaries(st.sampled_from(KEYS), values), st.sampled_from([BOARD, CHAT]), st.booleans())
def test_whatever_stands_in_an_entry_is_read_or_told(more: dict[str, Any], start: dict[str, Any], listed: bool) -> None:
    entry = {**start, **more}
    content = whatsmyname({**entry, "name": "S"}) if listed else json.dumps({"S": entry}).encode()

    told: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    try:
        sites = read(content, "m.json").sites
    except Mistake as mistake:
        told = mistake.faults

    assert all(fault.startswith("m.json") and "\n" not in fault for fault in told)
    for site in sites:
        assert isinstance(ask(site, "rivera"), Ask | str)
        assert allowed(site, "rivera") in (True, False)


@given(st.text(alphabet="ab(){}[]*+?|^$.\\,1<!=:P", max_size=25))
def test_whatever_is_given_as_a_pattern_is_followed_or_told(pattern: str) -> None:
    try:
        if is_followed(pattern):
            fits(pattern, "rivera_12")
    except Unusable:
        pass
