"""Where looking meets judging: each document is recognised, judged and written down as it comes in, and let go."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from auditor.detect.reading import Recogniser
from auditor.judge import Judge, Judged, Past
from auditor.masking import masked
from auditor.model import Account, Blind, Document, Passage
from auditor.store.writer import Writer
from spiders.link_known import Known
from spiders.reading import Trace

_MASKED: Final = 10_000
"""Words of links and pictures that are remembered with what they become."""


class Desk:
    """The witness of a crawl. Keeps nothing of a document itself, so memory stays flat.

    `ground` tells on what the judging of an account's pages depends, b"" where nobody can say; `past` what checks wrote
    down of them at earlier audits, by address, None where no earlier audit of the account has come to an end.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        recogniser: Recogniser,
        judge: Judge,
        writer: Writer,
        tell: Callable[[str, int], None],
        ground: Callable[[Account], bytes] = lambda _: b"",
        past: Callable[[str], Mapping[str, Past] | None] = lambda _: None,
    ) -> None:
        self._accounts = accounts
        self._recogniser = recogniser
        self._judge = judge
        self._writer = writer
        self._tell = tell
        self._grounds = {name: ground(account) for name, account in accounts.items()}
        self._past = {name: past(name) for name in accounts}
        self._remembers = frozenset(judge.remembers)
        self._read: dict[str, int] = dict.fromkeys(accounts, 0)
        # Menus say the same on every page.
        self._masked = lru_cache(_MASKED)(self._mask)

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        """A document was read."""
        whose = self._accounts[account]
        reading = self._recogniser.read(document, whose)
        before = self._past[account]
        judged = self._judge.document(whose, reading, None if before is None else before.get(document.url, {}))
        self._writer.saw(
            account,
            document,
            mask=lambda text: self._masked(text, account),
            findings=judged.findings,
            notes=judged.notes,
            remarks=judged.remarks,
            trace=trace,
            ground=b"" if self._begins(before, judged) else self._grounds[account],
            doubtful=Known.of(document).doubtful,
        )
        if not document.is_shell:
            self._count(account)

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """A page is as it was when it was judged, and on the same ground: it need not be judged again."""
        self._writer.unchanged(account, url, depth, trace)
        self._count(account)

    def gone(self, account: str, url: str, status: int) -> None:
        """Nothing is there any more."""
        self._writer.gone(account, url, status)

    def missed(self, account: str, url: str, blind: Blind) -> None:
        """It could not be read, and why; no address means the account as a whole."""
        if url:
            self._writer.missed(account, url, blind)
        else:
            self._writer.blind(account, blind)

    def moved(self, account: str, url: str, to: str) -> None:  # noqa: ARG002  what stands there comes as its own page
        """The address shows nothing by itself any more."""
        self._writer.gone(account, url)

    def _begins(self, before: Mapping[str, Past] | None, judged: Judged) -> bool:
        """Whether a check remembers the page for the first time: what it says of it will not be so again."""
        return before is None and any(rule in self._remembers for rule, _ in judged.notes)

    def _count(self, account: str) -> None:
        self._read[account] += 1
        self._tell(account, self._read[account])

    def _mask(self, text: str, account: str) -> str:
        """Words around a link or picture, fit to be kept."""
        if self._recogniser.is_silent(text):
            return masked(text, (), self._judge.today)
        reading = self._recogniser.read(Document("", (Passage(text),)), self._accounts[account], bystanders=True)
        return masked(text, reading.sightings, self._judge.today)
