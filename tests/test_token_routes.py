"""Platforms that are read with the district's own token, each by a server on loopback that speaks its interface.

The samples lie in `tests/token_routes`, one file a platform; what is asked here is asked of all of them.
"""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import config as configs
from auditor import store as stores
from auditor.audit import Audit
from auditor.commands.doctor import district as looked_at
from auditor.config import PlatformSettings
from auditor.engine import stages
from auditor.model import Account, Blind, Document, Kind, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.reading import Assignment
from tests.servers import Reply, serve
from tests.test_audit import District, page
from tests.token_routes import Page, Sample, samples, speaking
from tests.visits import Notes, visit_route

SAMPLES = samples()
VARIABLE = "EXAMPLE_TOKEN"
ENTRY = """
[platforms.{platform}]
base = "{base}"
token_env = "{variable}"

[[accounts]]
id = "lincoln-{platform}"
school = "lincoln"
kind = "official"
platform = "{platform}"
url = "{url}"
owner = "Dana Reyes"
"""
ADDRESSES = ("https://a.example/x", "https://[", "https://a.example/\ud800", "https://a.example/\0", "https://a b/")
ALL = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.platform)


def read(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, pages: Mapping[str, Page] | None = None, token: str = ""
) -> tuple[Notes, list[str]]:
    """Reads the sample's account from a server that answers as the sample does, but for what `pages` say."""
    monkeypatch.setenv(VARIABLE, token or sample.token)
    notes = Notes()
    with speaking(sample, pages or {}) as (interface, site):
        table = {sample.platform: PlatformSettings(site.url, VARIABLE)}
        planned = plan(sample.account, table)
        assert isinstance(planned, Route), planned
        visit_route(Assignment(sample.account, route=planned), notes)
        assert site.asked("/robots.txt") == 0 or sample.free
    return notes, interface.asked


# ------------------------------------------------------------------------------------------------ what is seen


@ALL
def test_profile_posts_and_comments_are_read_page_by_page(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(sample, monkeypatch)

    assert notes.why == []
    assert sorted(notes.urls) == sorted(sample.documents)
    texts = [passage.text for document in notes.documents for passage in document.passages]
    assert [words for words in sample.words if not any(words in text for text in texts)] == []
    heard = [comment.text for document in notes.documents for comment in document.comments]
    assert sorted(heard) == sorted(sample.comments)
    assert {p.text for d in notes.documents for p in d.passages if p.place is Place.COMMENT} == set(sample.comments)


@ALL
def test_the_profile_stands_first_and_carries_what_the_platform_says_of_it(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, _ = read(sample, monkeypatch)

    profile = notes.documents[0].profile
    assert profile is not None
    assert (profile.url, notes.documents[0].depth) == (sample.url, 0)
    assert profile.id
    assert (profile.posts is not None) == sample.counts_posts


# ------------------------------------------------------------------------------------------------ what is not seen


@ALL
def test_a_server_that_asks_for_patience_once_is_read_whole(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sample.pages[sample.listing]
    turns = iter([Reply(status=429, headers={"Retry-After": "0"})])

    def patient(handler: Any) -> Any:
        late = next(turns, None)
        if late is not None:
            return late
        if callable(first):
            return first(handler)
        return first if isinstance(first, Reply) else json.dumps(first)

    notes, _ = read(sample, monkeypatch, {sample.listing: patient})

    assert notes.why == []
    assert sorted(notes.urls) == sorted(sample.documents)


@ALL
@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        (Reply(status=503, headers={"Retry-After": "0"}), Reason.PLATFORM_OUTAGE),
        (Reply("<h1>Another program</h1>"), Reason.PLATFORM_OUTAGE),
        (Reply("{}"), Reason.PLATFORM_OUTAGE),
        (Reply(status=302, headers={"Location": "https://login.example/login"}), Reason.LOGIN_WALL),
        (Reply("", status=202), Reason.UNREACHABLE),
    ],
    ids=["patience", "outage", "no data", "other data", "login", "not yet"],
)
def test_no_answer_is_never_an_empty_account(
    sample: Sample, reply: Reply, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, _ = read(sample, monkeypatch, {sample.listing: reply})

    assert notes.reasons[:1] == [reason]
    assert notes.dead == []


@ALL
def test_a_list_without_posts_that_the_platform_counts_is_told(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sample.counts_posts:
        pytest.skip("its interface counts no posts")

    notes, _ = read(sample, monkeypatch, {sample.listing: sample.empty})

    assert Reason.PARTIAL_LISTING in notes.reasons


@ALL
def test_a_wrong_token_is_told_and_nothing_is_read(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(sample, monkeypatch, token="ANOTHER-TOKEN-0123456789")

    assert notes.documents == []
    assert notes.reasons == [Reason.NO_TOKEN]
    assert "does not accept the district's access token" in notes.why[0]
    assert "0123456789" not in repr(notes)


@ALL
def test_a_narrow_token_is_told_with_what_it_lacks(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(sample, monkeypatch, {sample.listing: sample.narrow})

    assert notes.reasons == [Reason.TOKEN_SCOPE]
    assert sample.lacks in notes.why[0]


@ALL
def test_without_a_token_the_account_is_refused_with_the_variable_that_is_not_set(sample: Sample) -> None:
    planned = plan(sample.account, {sample.platform: PlatformSettings(token_env=VARIABLE)})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.NO_TOKEN
    assert f"the environment variable {VARIABLE} is not set" in planned.blind.what


@ALL
def test_a_persons_own_profile_is_read_with_no_token(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, sample.token)
    own = Account("own", Kind.PERSONAL, sample.platform, sample.url, consent_on=date(2026, 9, 1))

    planned = plan(own, {sample.platform: PlatformSettings(token_env=VARIABLE)})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.TERMS


@ALL
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_no_answer_breaks_the_reader(sample: Sample, data: st.DataObject) -> None:
    keys = st.sampled_from(sample.keys or ("id", "data"))
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(ADDRESSES)
    values = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
    )
    body = data.draw(st.binary(max_size=30) | values.map(lambda value: json.dumps(value).encode()))
    what = data.draw(st.sampled_from(sorted(sample.asks)))
    about = data.draw(st.sampled_from([None, Document("https://a.example/post")]))
    status = data.draw(st.sampled_from([200, 400, 401, 403, 404]))

    parsed = sample.parse(sample.account, Ask(what, sample.asks[what], about), status, body)

    assert isinstance(parsed, Parsed)
    for document in parsed.documents:
        links, images, comments = document.links, document.images, document.comments
        urls = [document.url, *(one.url for one in links), *(one.url for one in images), *(one.url for one in comments)]
        assert [urlsplit(url.encode()) for url in urls]  # as they are stored


def test_a_token_that_is_not_there_is_told_before_any_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    district, sample = District(tmp_path), SAMPLES[0]
    entry = ENTRY.format(platform=sample.platform, url=sample.url, base="https://api.example/", variable=VARIABLE)
    district.configure("https://lincoln.example/", more=entry)

    lacking = list(looked_at(district.config))
    monkeypatch.setenv(VARIABLE, sample.token)
    there = list(looked_at(district.config))

    named = [line for line in lacking if line.what.startswith("token of ")]
    assert [(line.well, line.found) for line in named] == [(False, f"the environment variable {VARIABLE} is not set")]
    assert [line.well for line in there if line.what.startswith("token of ")] == [True]
    assert sample.token not in repr(there)


# ------------------------------------------------------------------------------------------------ where the token goes


def test_a_machine_of_a_cluster_that_has_no_token_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    district, sample = District(tmp_path), SAMPLES[0]
    lacking = Blind(f"It needs a token, and the environment variable {VARIABLE} is not set.", Reason.NO_TOKEN)
    entry = ENTRY.format(platform=sample.platform, url=sample.url, base="https://api.example/", variable=VARIABLE)
    district.configure("https://lincoln.example/", more=entry)
    config = configs.load(district.config, datetime.now(UTC).date())
    account = next(one for one in config.district.accounts if one.platform == sample.platform)
    # Where the account is concluded there is one.
    monkeypatch.setenv(VARIABLE, sample.token)
    monkeypatch.setattr(stages, "plan", lambda *_: Refusal(lacking))

    with stores.open(config) as store:
        Audit(config, store, None, lambda _: None).run([account])
        (coverage,) = store.coverages()

    assert (coverage.complete, coverage.blind) == (False, (lacking,))


def test_an_audit_leaves_the_token_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    district, more = District(tmp_path), "[engine]\nworkers = 2\n"
    with contextlib.ExitStack() as open_servers:
        front = open_servers.enter_context(serve({"/": page("Lincoln")}))
        for sample in SAMPLES:
            _, site = open_servers.enter_context(speaking(sample))
            variable = f"{VARIABLE}_{sample.platform.upper()}"
            monkeypatch.setenv(variable, sample.token)
            more += ENTRY.format(platform=sample.platform, url=sample.url, base=site.url, variable=variable)
        district.configure(front.url, more=more)

        done = district.auditor("audit")

    shown = district.auditor("coverage", "--format", "jsonl").stdout
    rows = {row["account"]: row for row in map(json.loads, shown.splitlines())}
    seen = {name: (row["route"], row["documents"], row["complete"]) for name, row in rows.items()}
    assert {s.account.id: seen[s.account.id] for s in SAMPLES} == {
        s.account.id: (s.platform, len(s.documents), True) for s in SAMPLES
    }
    tokens = [sample.token for sample in SAMPLES]
    assert [token for token in tokens if token in done.stdout + done.stderr + shown] == []
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = file.read_bytes()
        assert [token for token in tokens if token.encode() in content] == [], file
