"""A comment that disappears between two audits is asked about, though nothing of it was ever kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor import config as configs
from auditor import store as stores
from auditor.audit import Audit
from auditor.check import built
from auditor.config import Config
from auditor.model import Outcome, Status
from auditor.store import Store
from tests.servers import Reply, Route, serve
from tests.test_audit import CONFIG
from tests.within import without_rests

MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)
RULE = "vanished-comment"
CRITICAL = (
    '<li class="comment" id="comment-7"><b class="fn">Wobjyr Plimfen</b> <time datetime="2026-11-03T15:00:00Z">1</time>'
    '<div class="comment-content"><p>This schedule is quarrelsome and unwise.</p></div></li>'
)
FRIENDLY = '<li class="comment" id="comment-8"><b class="fn">Ori Snevyul</b><p>Splendid, thank you!</p></li>'
PRIVATE = ("Wobjyr", "Plimfen", "quarrelsome", "Snevyul", "Splendid")


def page(*comments: str) -> str:
    thread = f'<ol class="comment-list">{"".join(comments)}</ol>'
    return f'<h1>Buses</h1><p>They leave at 3:10.</p>{thread}<div id="respond"></div>'


class Weeks:
    """Audits of one district, a week apart, over a site whose front page says what it is given."""

    def __init__(self, config: Config, store: Store, site: dict[str, Route]) -> None:
        self._config, self._store, self._site = config, store, site
        self._now = MONDAY

    def audit(self, shown: Route) -> tuple[Outcome, list[Status]]:
        """The verdict, and the states of all findings so far."""
        self._site["/"] = shown
        one = Audit(self._config, self._store, None, lambda _: None, {RULE: built()[RULE]})
        one.now = self._now
        with without_rests():
            one.run(self._config.district.accounts)
        self._now += timedelta(days=7)
        (verdict,) = (v for v in self._store.verdicts() if v.rule == RULE and v.account == "lincoln-site")
        return verdict.outcome, [finding.status for finding in self._store.findings()]


def district(folder: Path, site: str) -> Config:
    file = folder / "config.toml"
    file.write_text(CONFIG.format(site=site, policy="d547", roster="", more=""), "utf-8")
    return configs.load(file, MONDAY.date())


def test_a_civil_comment_that_is_gone_is_asked_about_until_it_is_back(tmp_path: Path) -> None:
    content: dict[str, Route] = {"/": ""}
    both, one = page(CRITICAL, FRIENDLY), page(FRIENDLY)
    with serve(content) as site:
        config = district(tmp_path, site.url)
        with stores.open(config) as store:
            weeks = Weeks(config, store, content)

            seen = [weeks.audit(shown) for shown in (both, both, one, one, Reply(status=503), both)]

            (kept,) = store.findings()
            finding = kept.finding

    assert seen == [
        (Outcome.NOT_CHECKED, []),  # nothing to compare with yet
        (Outcome.PASS, []),
        (Outcome.REVIEW, [Status.OPEN]),
        (Outcome.REVIEW, [Status.OPEN]),
        (Outcome.NOT_CHECKED, [Status.OPEN]),
        (Outcome.PASS, [Status.FIXED]),
    ]
    assert (finding.subject, finding.excerpt, finding.url) == (
        "comment",
        "A civil comment of November 3, 2026 on this page is gone.",
        site.url,
    )


@pytest.mark.parametrize(
    "hidden", ['<p class="no-comments">Comments are closed.</p>', '<div id="disqus_thread"></div>']
)
def test_comments_that_cannot_be_seen_for_a_while_are_compared_with_what_was_there_before(
    tmp_path: Path, hidden: str
) -> None:
    content: dict[str, Route] = {"/": ""}
    with serve(content) as site:
        config = district(tmp_path, site.url)
        with stores.open(config) as store:
            weeks = Weeks(config, store, content)

            seen = [
                weeks.audit(shown) for shown in (page(CRITICAL, FRIENDLY), f"<h1>Buses</h1>{hidden}", page(FRIENDLY))
            ]

    assert [outcome for outcome, _ in seen] == [Outcome.NOT_CHECKED, Outcome.NOT_CHECKED, Outcome.REVIEW]


def test_no_word_of_a_comment_and_no_name_of_who_wrote_it_is_ever_kept(tmp_path: Path) -> None:
    content: dict[str, Route] = {"/": ""}
    with serve(content) as site:
        config = district(tmp_path, site.url)
        with stores.open(config) as store:
            weeks = Weeks(config, store, content)
            for shown in (page(CRITICAL, FRIENDLY), page(FRIENDLY)):
                weeks.audit(shown)

    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert [word for word in PRIVATE if word.encode() in kept] == []
