"""What answers of a site come to, alone and beside those for the controls. No network: answers in, verdicts out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.footprint.handles.conclude import (
    ANSWERS,
    EVERYBODY,
    HIDES,
    UNCLEAR,
    Conclusion,
    Control,
    Controls,
    conclude,
)
from auditor.footprint.handles.onward import onward
from auditor.footprint.handles.sign import Sign, read, wanted
from auditor.footprint.handles.site import Answer, Marks, Site, Verdict

HOME = "https://board.example"
TEXTS = Site(
    "Board", f"{HOME}/{{account}}", "", Marks(frozenset({200}), "profile-card", frozenset({404}), ("no user",))
)
STATUS = replace(TEXTS, marks=Marks())
MESSAGE = replace(TEXTS, marks=Marks(no_texts=("nobody of that name",)))
REDIRECT = replace(TEXTS, marks=Marks(no_place=f"{HOME}/", follows=False))
SAME_CODE = replace(TEXTS, marks=Marks(frozenset({200}), "profile-card"))


def page(title: str, inside: str = "", status: int = 200, **headers: str) -> Answer:
    body = f"<html><head><title>{title}</title></head><body>{inside}</body></html>"
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, body.encode())


def profile(name: str) -> Answer:
    return page(f"{name} | Board", f"<div class='profile-card' id='p'><h1>{name}</h1></div>")


def notice(words: str, status: int = 200) -> Answer:
    return page(f"{words} | Board", f"<div class='notice'><h1>{words}</h1></div>", status)


def to(place: str, status: int = 302, *, login: bool = False) -> Answer:
    return Answer(status, {}, location=place, to_login=login)


CLOUDFLARE = page("Just a moment...", "<script>_cf_chl_opt</script>", 503)
GONE = notice("Nothing here", 404)
SHELL = Answer(200, {}, b"<html><div id=root></div><script src=a.js></script>")


@pytest.mark.parametrize(
    ("site", "answer", "sign", "why"),
    [
        (TEXTS, profile("rivera"), Sign.YES, ""),
        (TEXTS, GONE, Sign.NO, "there is no page for it (error 404)"),
        (TEXTS, notice("We have no user here"), Sign.NO, "it says that nobody has this handle"),
        (TEXTS, notice("Oh dear"), Sign.NEITHER, ""),
        (TEXTS, notice("Profile not found"), Sign.NO, "it says that nobody has this handle"),
        (
            TEXTS,
            page("rivera | Board", "<div class='profile-card'>no user needs me</div>"),
            Sign.NEITHER,
            "its page says yes and no at once",
        ),
        (TEXTS, CLOUDFLARE, Sign.NOTHING, "it showed a bot check"),
        (TEXTS, page("x", "profile-card", cf_mitigated="challenge"), Sign.NOTHING, "it showed a bot check"),
        (TEXTS, Answer(200), Sign.NOTHING, "it sent an empty page"),
        (TEXTS, Answer(429, {}, b"no user"), Sign.NOTHING, "it asked us to come back later (error 429)"),
        (TEXTS, Answer(502), Sign.NOTHING, "its server failed (error 502)"),
        (TEXTS, Answer(403), Sign.NOTHING, "it does not let programs in (error 403)"),
        (TEXTS, to(f"{HOME}/login?next=x", login=True), Sign.NOTHING, "it asks visitors to log in"),
        (TEXTS, to(f"{HOME}/consent"), Sign.NOTHING, "it asks visitors for consent first"),
        (TEXTS, to(f"{HOME}/"), Sign.NEITHER, "it sends visitors to another page"),
        (TEXTS, Answer(problem="its server is away"), Sign.NOTHING, "its server is away"),
        (STATUS, notice("Welcome", 200), Sign.YES, ""),
        (STATUS, notice("Please verify you are human"), Sign.NOTHING, "it showed a bot check"),
        (STATUS, notice("Verify you are a human"), Sign.NOTHING, "it showed a bot check"),
        (STATUS, page("One moment", "<div class=g-recaptcha></div>"), Sign.NOTHING, "it showed a bot check"),
        (STATUS, page("Log in", "<input type=password>"), Sign.NOTHING, "it asks visitors to log in"),
        (STATUS, page("rivera", "<input type=password>"), Sign.YES, ""),
        (STATUS, Answer(400, {}, b"bad"), Sign.NEITHER, ""),
        (MESSAGE, notice("nobody of that name"), Sign.NO, "it says that nobody has this handle"),
        (MESSAGE, page("rivera", "I am nobody of that name"), Sign.NEITHER, "its page says yes and no at once"),
        (MESSAGE, Answer(429, {}, b"slow down"), Sign.NOTHING, "it asked us to come back later (error 429)"),
        (REDIRECT, to(HOME), Sign.HINT, "it sends visitors to another page"),
        (REDIRECT, to(f"{HOME}/elsewhere"), Sign.NEITHER, "it sends visitors to another page"),
    ],
)
def test_an_answer_says_no_more_than_it_says(site: Site, answer: Answer, sign: Sign, why: str) -> None:
    reading = read(site, "rivera", answer)

    assert (reading.sign, reading.why) == (sign, why)


def verdict(
    site: Site, asked: Answer, made_up: Answer | None, known: Answer | None, **more: bool
) -> Conclusion | Control:
    """What comes of the answer, given those for the controls; None where nobody asked for that one."""
    return conclude(
        read(site, "rivera", asked),
        Controls(
            None if made_up is None else read(site, "zqxkvwpt", made_up),
            None if known is None else read(site, "lindholm", known),
            alive=more.get("alive", False),
            choosy=more.get("choosy", False),
        ),
        prove_absence=more.get("prove_absence", False),
    )


FOUND = Conclusion(Verdict.FOUND, ANSWERS)


def unchecked(why: str) -> Conclusion:
    return Conclusion(Verdict.UNCHECKED, why)


def test_a_yes_counts_only_where_a_made_up_handle_gets_none() -> None:
    assert verdict(TEXTS, profile("rivera"), None, None) is Control.MADE_UP
    assert verdict(TEXTS, profile("rivera"), GONE, None) == FOUND
    assert verdict(TEXTS, profile("rivera"), notice("Oh dear"), None) == FOUND
    assert verdict(TEXTS, profile("rivera"), profile("zqxkvwpt"), None) == unchecked(EVERYBODY)
    assert verdict(TEXTS, profile("rivera"), CLOUDFLARE, None) == unchecked(
        "it seems to say yes, but whether it says so to everybody could not be tested: it showed a bot check"
    )


def test_another_handle_of_the_run_stands_in_for_a_control() -> None:
    assert verdict(TEXTS, profile("rivera"), None, None, choosy=True) == FOUND
    assert verdict(REDIRECT, to(HOME), None, None, alive=True) == Conclusion(
        Verdict.NOT_FOUND, "it sends visitors to another page, as it does for a handle that nobody has"
    )


def test_a_login_that_begins_after_a_yes_takes_the_yes_back_unless_accounts_are_still_shown() -> None:
    login = to(f"{HOME}/login", login=True)

    assert verdict(STATUS, profile("rivera"), login, None) is Control.KNOWN
    assert verdict(STATUS, profile("rivera"), login, login) == unchecked("it asks visitors to log in")
    assert verdict(STATUS, profile("rivera"), login, profile("lindholm")) == FOUND


def test_a_redirect_is_a_no_only_of_a_site_that_shows_accounts() -> None:
    assert verdict(REDIRECT, to(HOME), None, None) is Control.KNOWN
    assert verdict(REDIRECT, to(HOME), None, profile("lindholm")) == Conclusion(
        Verdict.NOT_FOUND, "it sends visitors to another page, as it does for a handle that nobody has"
    )
    assert verdict(REDIRECT, to(HOME), None, to(HOME)) == unchecked("it sends visitors to another page")


def test_new_words_for_nobody_are_known_by_those_for_a_made_up_handle() -> None:
    assert verdict(TEXTS, notice("Oh dear"), None, None) is Control.KNOWN
    assert verdict(TEXTS, notice("Oh dear"), None, profile("lindholm")) is Control.MADE_UP
    assert verdict(TEXTS, notice("Oh dear"), notice("Oh dear"), profile("lindholm")) == Conclusion(
        Verdict.NOT_FOUND, "it answers as for a made-up handle, and shows accounts that are there"
    )
    assert verdict(TEXTS, notice("Oh dear"), notice("What now"), profile("lindholm")) == unchecked(
        "its answer says neither yes nor no"
    )


def test_the_page_for_handles_that_a_site_does_not_allow_is_no_account_though_the_known_one_gets_it_too() -> None:
    def search(name: str) -> Answer:
        return page("Search | Board", f"<form class='search'>No hits for {name}</form>")

    assert verdict(TEXTS, search("rivera"), GONE, search("lindholm")) == unchecked(UNCLEAR)


def test_a_new_layout_is_known_by_the_account_that_is_there() -> None:
    def member(name: str) -> Answer:
        return page(f"{name} | Board", f"<div class='member-head'>{name}</div>")

    assert verdict(TEXTS, member("rivera"), GONE, member("lindholm")) == FOUND
    plain = (
        page("rivera | Board", "<p>Hello</p>"),
        page("lindholm | Board", "<p id='more' class='long'>Bees and maps</p>"),
    )
    assert verdict(TEXTS, plain[0], GONE, plain[1]) == FOUND
    named = page("Ana R.", "<p>Hello</p>"), page("Per L. on Board", "<p id='more' class='long'>Bees and maps</p>")
    assert verdict(TEXTS, named[0], GONE, named[1]) == FOUND
    assert verdict(TEXTS, member("rivera"), member("zqxkvwpt"), member("lindholm")) == unchecked(
        "its answer says neither yes nor no"
    )


def test_a_site_that_redirects_to_accounts_is_understood() -> None:
    moves = replace(TEXTS, marks=Marks(frozenset({302}), "", frozenset({404})))

    assert verdict(moves, to(f"{HOME}/id/1"), GONE, None) == FOUND
    assert verdict(moves, to(f"{HOME}/login", login=True), to(f"{HOME}/login", login=True), None) == unchecked(
        EVERYBODY
    )


def test_the_words_for_nobody_in_a_profile_do_not_hide_it() -> None:
    mine = page("rivera | Board", "<div class='profile-card'>no user needs me</div>")

    assert verdict(TEXTS, mine, GONE, profile("lindholm")) == FOUND

    told = page("rivera | Board", "<div class='profile-card' id='p'>nobody of that name comes near me</div>")
    assert verdict(MESSAGE, told, notice("nobody of that name"), profile("lindholm")) == FOUND


def test_pages_that_scripts_fill_say_nothing() -> None:
    assert verdict(TEXTS, SHELL, None, None) is Control.MADE_UP
    assert verdict(TEXTS, SHELL, SHELL, None) == unchecked("its page is empty until a browser fills it")
    assert verdict(STATUS, SHELL, SHELL, SHELL) == unchecked(EVERYBODY)


def test_where_only_the_status_says_yes_pages_are_laid_side_by_side() -> None:
    known = profile("lindholm")

    assert verdict(STATUS, profile("rivera"), notice("Oh dear"), known) == FOUND
    assert verdict(STATUS, notice("Oh dear"), notice("Oh dear"), known) == Conclusion(
        Verdict.NOT_FOUND, "it answers as for a made-up handle, and shows accounts that are there"
    )
    assert verdict(STATUS, profile("rivera"), profile("zqxkvwpt"), known) == unchecked(EVERYBODY)


def test_a_no_may_be_asked_to_come_from_a_site_that_still_shows_accounts() -> None:
    assert verdict(TEXTS, GONE, None, None, prove_absence=True) is Control.KNOWN
    assert verdict(TEXTS, GONE, None, GONE, prove_absence=True) == unchecked(HIDES)
    assert verdict(TEXTS, GONE, None, profile("lindholm"), prove_absence=True) == Conclusion(
        Verdict.NOT_FOUND, "there is no page for it (error 404)"
    )


@pytest.mark.parametrize(
    ("marks", "place", "followed"),
    [
        (Marks(), f"{HOME}/rivera/", True),
        (Marks(), "https://www.board.example/rivera", True),
        (Marks(), f"{HOME}/people/rivera", True),
        (Marks(frozenset({200}), "x", frozenset({301})), f"{HOME}/people/rivera", False),
        (Marks(frozenset({301})), f"{HOME}/rivera/", False),
        (Marks(follows=False), f"{HOME}/people/rivera", False),
        (Marks(), "http://board.example/rivera/", False),
        (Marks(), "https://other.example/rivera", False),
        (Marks(), f"{HOME}:8443/rivera/", False),
        (Marks(), "https://127.0.0.1/rivera", False),
        (Marks(), "file:///etc/rivera", False),
        (Marks(), f"{HOME}/search?q=rivera", False),
        (Marks(), f"{HOME}/login/rivera", False),
        (Marks(), "https://[broken/rivera", False),
    ],
)
def test_redirects_are_followed_to_another_spelling_of_the_page_and_nowhere_else(
    marks: Marks, place: str, followed: bool
) -> None:
    assert onward(marks, f"{HOME}/Rivera", to(place, 301), "Rivera") == (place if followed else "")


bodies = st.one_of(
    st.binary(max_size=300),
    st.text("<>/ script title=\"'rivera&#x;no userprofile-card", max_size=300).map(str.encode),
)
answers = st.builds(
    Answer,
    status=st.sampled_from([200, 202, 204, 301, 302, 400, 403, 404, 429, 500, 503, 999]),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "retry-after", "server"]), st.text(max_size=20), max_size=2
    ),
    body=bodies,
    location=st.sampled_from(["", HOME, "https://[", "//x", "\x00"]),
)


@given(st.sampled_from([TEXTS, STATUS, MESSAGE, REDIRECT, SAME_CODE]), answers, answers, answers)
def test_no_answers_however_odd_end_in_anything_but_a_verdict(
    site: Site, asked: Answer, one: Answer, two: Answer
) -> None:
    step = verdict(site, asked, one, two)

    assert isinstance(step, Conclusion)
    assert step.why


@given(st.sampled_from([TEXTS, STATUS, MESSAGE, REDIRECT, SAME_CODE]), answers)
def test_who_answers_everybody_alike_is_never_believed_to_have_an_account(site: Site, answer: Answer) -> None:
    step = verdict(site, answer, answer, answer)

    assert isinstance(step, Conclusion)
    assert step.verdict is not Verdict.FOUND


@pytest.mark.parametrize("part", ["<", "<a", "<script", "&#", "<title", "<title>", "class='", "<!--", "&amp;"])
def test_a_page_of_one_thing_repeated_is_read_in_one_pass(part: str) -> None:
    answer = Answer(200, {}, part.encode() * 50_000)

    assert isinstance(verdict(TEXTS, answer, answer, answer), Conclusion)


def test_no_more_of_a_page_is_read_than_it_takes() -> None:
    assert wanted(TEXTS.marks, 404, is_redirect=False) == 0
    assert wanted(REDIRECT.marks, 302, is_redirect=True) == 0
    assert wanted(STATUS.marks, 200, is_redirect=False) < wanted(TEXTS.marks, 200, is_redirect=False)
