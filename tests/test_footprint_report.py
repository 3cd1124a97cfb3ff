"""The private page: what it counts, what it never claims, and that everybody can read it."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, sync_playwright

from auditor.errors import Mistake
from auditor.footprint import vault as vaults
from auditor.footprint.exports.reading import read_export
from auditor.footprint.exposure import Exposure, Looked, Mine, Reach, Scan, Topic, Verdict, together
from auditor.footprint.guide import guides
from auditor.footprint.links import shelves
from auditor.footprint.person import new
from auditor.footprint.report import Change, page, told
from auditor.footprint.score import WEIGHTS, score
from auditor.footprint.selfcheck import Employer, checked
from auditor.footprint.shown import shown
from auditor.footprint.vault import Vault
from auditor.model import District, School
from auditor.policy import load
from reports.page import LIMIT, POLICY, STYLE
from spiders import browser_search
from tests.exports import ALL, WHEN, X, zipped
from tests.stories import ATTACKS

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
TODAY = NOW.date()
RIVERBEND = District(
    name="Riverbend School District",
    policy="cmcss",
    email_domains=("riverbend.example",),
    phones=("406-555",),
    schools=(School("lincoln", "Lincoln Elementary"),),
)
MAYA = replace(new(), key="11" * 32)
SITES = [f"Site {n}" for n in range(45)]
HANDLES = ("mrivera_room12", "coachdelgado")
UNREACHABLE = Scan(
    NOW,
    tuple(
        Exposure(
            f"k{n}", "handles", f"Found {n}", Topic.ACCOUNT, f"It answers at Found {n}.", Reach.EVERYBODY, proved=False
        )
        for n in range(60)
    ),
    (
        *(
            Looked(
                "handles", site, Verdict.UNCHECKED, f"reason {n % 3}", f"https://s{n}.example/{handle}", about=handle
            )
            for handle in HANDLES
            for n, site in enumerate(SITES)
        ),
        Looked("hibp", "Data leaks", Verdict.UNCHECKED, "It wants a key."),
        *(Looked("export", f"Detail {n}", Verdict.UNCHECKED, f"Why {n}.", platform="facebook") for n in range(5)),
    ),
)
"""A scan of somebody whom hundreds of sites did not answer."""
BROWSER = browser_search.find()
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no browser on this machine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("footprint")


@pytest.fixture(scope="module")
def everything(folder: Path) -> Scan:
    """What the exports of six platforms show, held against a policy."""
    exports = [read_export([zipped(folder / "export.zip", files)]) for name, files in ALL.items() if " " not in name]
    employer = Employer(RIVERBEND, load("d547"))
    parts = [shown(export, NOW, MAYA.name) for export in exports]
    return together(NOW, [*parts, *(checked(export, employer, NOW, MAYA.name, MAYA.name) for export in exports)])


@pytest.fixture(scope="module")
def pages(everything: Scan) -> dict[str, bytes]:
    links = shelves(("Maya Rivera",), "Lincoln Elementary", ("maya@mail.example", "mrivera_room12"))
    verdicts = [*Verdict] * len(ATTACKS)
    hostile = replace(
        everything,
        exposures=tuple(
            replace(everything.exposures[0], id=attack, evidence=attack, url=attack, proved=n % 2 == 0)
            for n, attack in enumerate(ATTACKS)
        ),
        looked=tuple(
            Looked("export", attack, verdict, attack, attack)
            for attack, verdict in zip(ATTACKS, verdicts, strict=False)
        ),
        policy=tuple(
            replace(item, excerpt=attack, says=attack, url=attack)
            for item, attack in zip(everything.policy, ATTACKS, strict=False)
        ),
    )
    return {
        "everything": page(told(everything, policy="Policy 547", before=Scan(NOW), shelves=links)),
        "nothing": page(told(Scan(NOW))),
        "hostile": page(told(hostile)),
        "unreachable": page(told(UNREACHABLE)),
    }


def exposure(name: str, topic: Topic = Topic.EMAIL, reach: Reach = Reach.SEARCH, **more: Any) -> Exposure:
    return Exposure(name, "export", "facebook", topic, f"{name}.", reach, **more)


# ------------------------------------------------------------------------------------------------ the score


def test_the_score_is_a_hundred_less_the_lines_that_are_shown() -> None:
    found = [
        exposure("home", Topic.HOME),
        exposure("phone of friends", Topic.PHONE, Reach.FRIENDS),
        exposure("old email", since=date(2015, 1, 1)),
        exposure("nobody can tell", Topic.PHONE, Reach.UNKNOWN),
        exposure("somebody else's", Topic.PHONE),
        exposure("perhaps mine", Topic.PHONE, proved=False),
        exposure("said to be mine", Topic.ACCOUNT, proved=False),
    ]
    answers = {"somebody else's": Mine.NO, "said to be mine": Mine.YES}

    points = score(found, answers, TODAY)

    assert [(line.exposure.id, line.points) for line in points.lines] == [
        ("home", 20),
        ("old email", 5),
        ("phone of friends", 3),
        ("said to be mine", 2),
    ]
    assert (points.taken, points.points) == (30, 70)
    assert score([exposure(str(n), Topic.HOME) for n in range(9)], {}, TODAY).points == 0


def test_every_sort_of_thing_has_a_weight_and_something_to_do_at_every_platform() -> None:
    assert set(WEIGHTS) == set(Topic)
    for guide in guides().values():
        steps = [guide.step(topic) for topic in Topic] + ([guide.delete] if guide.delete else [])
        assert all(
            step.do and 0 < step.minutes <= 60 and step.difficulty in ("easy", "medium", "hard") for step in steps
        )
        urls = [step.url for step in steps] + [guide.checkup, guide.export, guide.profile]
        assert all(url.startswith("https://") for url in urls if url)


def test_the_best_five_fixes_come_first_and_each_settles_all_of_its_sort() -> None:
    sorts = (Topic.HOME, Topic.PHONE, Topic.BIRTHDAY, Topic.FAMILY, Topic.EMAIL, Topic.POSTS)
    found = [exposure(str(topic), topic) for topic in sorts] + [exposure("second email")]

    fixes = told(Scan(NOW, tuple(found))).fixes

    assert [(fix.topic, fix.points) for fix in fixes] == [
        (Topic.HOME, 20),
        (Topic.EMAIL, 16),
        (Topic.PHONE, 14),
        (Topic.BIRTHDAY, 10),
        (Topic.FAMILY, 10),
    ]


# ------------------------------------------------------------------------------------------------ what is told


def test_what_an_export_does_not_say_is_asked_and_never_claimed(folder: Path) -> None:
    scan = shown(read_export([zipped(folder / "f.zip", ALL["facebook"])]), NOW, MAYA.name)

    assert scan.exposures == ()
    assert {one.verdict for one in scan.looked} == {Verdict.UNCHECKED}
    assert [one.what for one in scan.looked][:6] == [
        "Your email address on Facebook",
        "Your phone number on Facebook",
        "Your birthday on Facebook",
        "Where you live on Facebook",
        "Your family on Facebook",
        "4 posts on Facebook",
    ]
    assert "Limit past posts" in scan.looked[5].why
    (held,) = (one for one in scan.looked if one.what.startswith("Places behind"))
    assert (held.what, held.verdict) == ("Places behind 1 picture on Facebook", Verdict.UNCHECKED)


def test_public_posts_their_places_and_a_number_in_them_are_found(folder: Path) -> None:
    tweets = json.loads(X["data/tweets.js"].partition("= ")[2])
    tweets[0]["tweet"]["full_text"] = "Call me: (406) 555-0142"
    files = {**X, "data/tweets.js": f"window.YTD.tweets.part0 = {json.dumps(tweets)}"}

    scan = shown(read_export([zipped(folder / "x.zip", files)]), NOW, MAYA.name)

    assert [(one.topic, one.reach, one.count, one.url) for one in scan.exposures] == [
        (Topic.TOWN, Reach.EVERYBODY, 1, "https://x.com/mrivera12"),
        (Topic.PHONE, Reach.EVERYBODY, 1, "https://x.com/mrivera12/status/11"),
        (Topic.POSTS, Reach.EVERYBODY, 3, "https://x.com/mrivera12/status/11"),
        (Topic.PLACES, Reach.EVERYBODY, 1, "https://x.com/mrivera12/status/13"),
    ]
    assert scan.exposures[1].evidence == "***-***-****"
    assert "0142" not in repr(scan)


def test_a_private_account_counts_as_seen_by_friends_and_as_nothing_found(folder: Path) -> None:
    scan = shown(read_export([zipped(folder / "i.zip", ALL["flat instagram"])]), NOW, MAYA.name)

    assert {one.reach for one in scan.exposures} == {Reach.FRIENDS}
    assert scan.looked[0].verdict is Verdict.NOT_FOUND
    assert "only people whom you let in" in scan.looked[0].why


def test_the_first_sentence_says_what_is_surely_yours_and_what_waits_for_an_answer() -> None:
    mine, perhaps = exposure("a"), exposure("b", proved=False)

    assert told(Scan(NOW)).headline == "Nothing was looked at yet."
    assert told(Scan(NOW, (mine,))).headline == "Strangers can see 1 thing of yours. Start with one fix."
    assert told(Scan(NOW, (perhaps,))).headline == (
        "We found nothing that is surely yours, where we could look. 1 more waits for your answer."
    )


@given(text=st.text(max_size=80), name=st.text(max_size=20))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_post_the_page_is_valid_and_shows_none_of_ones_numbers(
    tmp_path: Path, text: str, name: str
) -> None:
    said = f"{text} call (406) 555-0142 or maya@mail.example {text}"
    tweet = {"full_text": said, "id_str": name, "created_at": "Thu Jan 01 12:00:00 +0000 2015"}
    files = {**X, "data/tweets.js": f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}"}
    export = read_export([zipped(tmp_path / "x.zip", files)])
    scan = shown(export, NOW, MAYA.name)
    judged = checked(export, Employer(RIVERBEND, load("cmcss")), NOW, MAYA.name, MAYA.name)

    words = page(told(together(NOW, [scan, judged]))).decode()

    html5lib.HTMLParser(strict=True).parse(words)
    assert {Topic.PHONE, Topic.EMAIL} <= {one.topic for one in scan.exposures}
    assert not re.search(r"0142|maya@mail", words)


def test_the_same_thing_is_known_again_and_what_is_new_and_gone_is_counted() -> None:
    before = Scan(datetime(2026, 10, 1, tzinfo=UTC), (exposure("a"), exposure("b")))

    telling = told(Scan(NOW, (exposure("b"), exposure("c"), exposure("d"))), before=before)

    assert telling.change == Change(before.at, new=2, gone=1, same=1)


# ------------------------------------------------------------------------------------------------ the policy


def rules(scan: Scan) -> set[tuple[str, str]]:
    return {(item.rule, item.outcome) for item in scan.policy}


def test_the_policy_is_held_against_an_account_by_the_checks_of_an_audit(folder: Path) -> None:
    profile = "Teacher at Lincoln Elementary, Riverbend School District. I think the board should resign."
    files = {**X, "data/profile.js": X["data/profile.js"].replace("I teach = I learn", profile)}
    export = read_export([zipped(folder / "p.zip", files)])

    scan = checked(export, Employer(RIVERBEND, load("d547")), NOW, MAYA.name, MAYA.name)

    assert ("missing-disclaimer", "fail") in rules(scan)
    assert ("public-profile", "fail") in rules(
        checked(export, Employer(RIVERBEND, load("cmcss")), NOW, MAYA.name, MAYA.name)
    )
    (item,) = (item for item in scan.policy if item.rule == "missing-disclaimer")
    assert "Employees must make clear" in item.says
    assert scan.accounts[0].passed > 0


def test_what_the_policy_says_stays_until_an_account_is_judged_again(folder: Path) -> None:
    export = read_export([zipped(folder / "s.zip", ALL["facebook"])])
    judged = checked(export, Employer(RIVERBEND, load("cmcss")), NOW, MAYA.name, MAYA.name)
    first = MAYA.scanned(together(NOW, [shown(export, NOW, MAYA.name), judged]))
    assert first.last is not None

    later = first.scanned(shown(export, NOW + timedelta(days=1), MAYA.name)).last

    assert later is not None
    assert later.policy == first.last.policy
    assert later.accounts == first.last.accounts
    assert later.accounts[0].passed > 0
    assert {later.dates[item.place] for item in later.policy} == {NOW}
    assert later.ids == first.last.ids


def test_the_districts_address_on_an_account_of_ones_own_is_found_whoever_sees_it(folder: Path) -> None:
    export = read_export([zipped(folder / "d.zip", ALL["facebook"])])

    scan = checked(export, Employer(RIVERBEND, load("cmcss")), NOW, MAYA.name, MAYA.name)

    found = [(item.outcome, item.excerpt) for item in scan.policy if item.rule == "district-contact"]
    assert found == [
        ("fail", "The email of this account: m***@***"),
        ("fail", "The phone of this account: ***-***-****"),
    ]


def test_a_private_account_is_what_a_friends_only_policy_asks_for(folder: Path) -> None:
    export = read_export([zipped(folder / "q.zip", ALL["flat instagram"])])

    scan = checked(export, Employer(RIVERBEND, load("cmcss")), NOW, MAYA.name, MAYA.name)

    assert "public-profile" not in {item.rule for item in scan.policy}


def test_where_nobody_can_tell_who_sees_an_account_the_policy_is_not_checked_and_never_passed(folder: Path) -> None:
    export = read_export([zipped(folder / "r.zip", ALL["facebook"])])

    scan = checked(export, Employer(RIVERBEND, load("cmcss")), NOW, MAYA.name, MAYA.name)

    assert ("public-profile", "not-checked") in rules(scan)
    assert {item.excerpt for item in scan.policy if item.outcome == "not-checked"} == {
        "the export does not say what everybody sees",
        "students are known only to the school's roster, which never leaves the school",
    }
    (line, *_) = (one for one in told(scan).unjudged if "roster" in one.why)
    assert line.where == ("Facebook",)


# ------------------------------------------------------------------------------------------------ the sealed file


def test_what_is_kept_opens_with_its_passphrase_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vaults, "COST", 2**10)
    vault = Vault(tmp_path / "own", "four words are enough")
    assert vault.read() is None

    vault.write({"who": "Maya Rivera"})

    assert vault.read() == {"who": "Maya Rivera"}
    assert b"Maya" not in vault.file.read_bytes()
    assert "four words" not in repr(vault)
    if os.name == "posix":
        assert vault.file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Mistake, match="does not open it"):
        Vault(tmp_path / "own", "another passphrase").read()
    changed = bytearray(vault.file.read_bytes())
    changed[-1] ^= 1
    vault.file.write_bytes(bytes(changed))
    with pytest.raises(Mistake, match="does not open it"):
        vault.read()
    assert vault.delete()
    assert list((tmp_path / "own").iterdir()) == []


def test_a_passphrase_that_can_be_guessed_is_refused() -> None:
    assert [bool(vaults.weak(one)) for one in ("short", "aaaaaaaaaaaaaaa", "four words are enough")] == [
        True,
        True,
        False,
    ]


# ------------------------------------------------------------------------------------------------ the page


def test_the_page_tells_the_sum_the_lists_and_the_policy_apart(pages: dict[str, bytes]) -> None:
    words = pages["everything"].decode()

    for heading in ("The best fixes first", "Found", "Looked, and not found", "Could not check", "policy asks of your"):
        assert heading in words
    assert "How your score comes about: 100 less" in words
    assert "1 file of private messages: not opened." in words
    assert str(WHEN) not in words
    assert not re.search(r"Else\b|maya@mail|0142|1985", words)


def test_places_with_one_reason_are_told_together_and_none_is_lost(pages: dict[str, bytes]) -> None:
    words = pages["unreachable"].decode()
    open_words = re.sub(r"<details>.*?</details>", "", words, flags=re.DOTALL)
    folded = re.findall(r"<summary>(.*?)</summary>", words)

    assert "96 things could not be checked" in words
    assert [re.sub("<[^>]+>", "", one) for one in folded] == [
        "And 35 more",
        "Facebook: 5 things",
        "15 sites: Reason 0.",
        "15 sites: Reason 1.",
        "15 sites: Reason 2.",
    ]
    assert "It wants a key." in open_words
    assert not [n for n, _ in enumerate(SITES) for handle in HANDLES if f'"https://s{n}.example/{handle}"' not in words]
    assert not [n for n in range(60) if not re.search(rf"\b{n + 1}\. (<[^>]+>)*It answers at Found {n}\.", words)]
    assert len(re.sub(r"<[^>]+>", "", open_words.partition("</style>")[2])) < 4000


@pytest.mark.parametrize("name", ["everything", "nothing", "hostile", "unreachable"])
def test_the_page_is_one_valid_file_with_no_script_and_nothing_to_load(pages: dict[str, bytes], name: str) -> None:
    text = pages[name].decode()

    html5lib.HTMLParser(strict=True).parse(text)

    assert POLICY.replace("'", "&#39;") in text
    assert text.count(STYLE) == 1
    tags = " ".join(re.findall(r"<[^>]*>", text.partition("</style>")[2]))
    assert not re.search(r"<(?:script|link|img|iframe|form|base|object)\b|\sstyle=|\son\w+=", tags)
    assert len(text.encode()) <= LIMIT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, chromium_sandbox=False)
        yield started
        started.close()


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1100, "height": 800}},
    "dark": {"viewport": {"width": 1100, "height": 800}, "color_scheme": "dark"},
    "telephone": {"viewport": {"width": 320, "height": 700}},
}


def watched(opened: Page) -> list[str]:
    """The addresses that the page asks for, as it does."""
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    return asked


@needs_browser
@pytest.mark.parametrize("look", LOOKS)
def test_nobody_is_shut_out(browser: Browser, pages: dict[str, bytes], folder: Path, look: str) -> None:
    for name in ("everything", "hostile", "unreachable") if look == "light" else ("hostile",):
        content = pages[name]
        (folder / f"{name}.html").write_bytes(content)
        with browser.new_context(**LOOKS[look]) as context:
            opened = context.new_page()
            requests = watched(opened)
            opened.goto((folder / f"{name}.html").as_uri())
            opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

            said = Axe().run(opened).response
            complaints = [
                f"{one['id']} {one['nodes'][0]['html']}" for s in ("violations", "incomplete") for one in said[s]
            ]

            assert complaints == []
            assert opened.evaluate("document.scrollingElement.scrollWidth") <= LOOKS[look]["viewport"]["width"]
            assert requests == [(folder / f"{name}.html").as_uri()]
