"""Writes down what a crawl sees, a bundle of pages at a time, without keeping the crawl waiting.

A page, its links and its findings are stored in one transaction: an audit that is killed loses at most the last half
second of pages, and they are simply read again. A page that is read twice counts once.
"""

import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from auditor.model import Blind, Document, Finding, Note, Remark
from auditor.store.bundle import Bundle, Rank, Shelf, Told
from auditor.store.columns import clean
from auditor.store.database import Database
from auditor.store.rows import Counted, PageState, Traced, Untraced, told_of
from auditor.store.schema import WHOLE_ACCOUNT
from auditor.store.texts import LONGEST_TEXT, Mask, Number, Texts, packed

EVERY: Final = 0.4
"""Seconds after which what was seen is stored, with the time that storing takes within half a second."""

BUNDLE: Final = 200
"""Pages after which what was seen is stored, however short the time."""

LONGEST_ETAG: Final = 128
"""Characters of a server's name for a version of a page; a longer one is not asked with."""

UNTRACED: Final = Untraced()


class Writer:
    """Takes down what an audit sees. Safe to use from several threads; close it, or use it in a `with`.

    A fault of the database comes up at the next call.
    """

    def __init__(self, database: Database, audit: int, number: Number, clock: Callable[[], datetime]) -> None:
        self.audit = audit
        self._database = database
        self._number = number
        self._clock = clock
        self._texts = Texts(number)
        self._waiting = Bundle()
        self._shelf = Shelf(database)
        self._taking = threading.Lock()
        self._storing = threading.Lock()
        self._closed = threading.Event()
        self._fault: BaseException | None = None
        self._ticker = threading.Thread(target=self._tick, name="store-writer", daemon=True)
        self._ticker.start()

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many links and images of an account had an address too long to keep (`LONGEST_URL`)."""
        return self._texts.left_out

    # -------------------------------------------------------------------------------------------- what is seen

    def saw(
        self,
        account: str,
        document: Document,
        *,
        mask: Mask,
        findings: Iterable[Finding] = (),
        notes: Iterable[tuple[str, Note]] = (),
        remarks: Iterable[Remark] = (),
        trace: Traced = UNTRACED,
        ground: bytes = b"",
        doubtful: bool = False,
    ) -> None:
        """A document was read and judged. `notes` are (rule, note); of two of one rule the first counts.

        Link words, alternative texts and captions go through `mask` before they are kept; nothing else of the
        document's text is. `trace` is by what it is known again, and `ground` on what its judging depended (b"": on
        what will not be so again). `doubtful` marks a page that may only say that it is not there. What a shell shows
        is kept, and the page counts as missed.
        """
        row = self._row(account, document.url, PageState.SHELL if document.is_shell else PageState.READ)
        row |= {
            "depth": document.depth,
            "problem": document.problem,
            "published_on": document.published_on,
            **_known_again(trace),
            "rendered": document.rendered,
            "doubtful": doubtful,
            "ground": ground,
        }
        taken = {rule: one.facts for rule, one in reversed(list(notes))}
        unique = {found.fingerprint: found for found in findings}
        rank = Rank.SHELL if document.is_shell else Rank.READ
        told = Told(rank, row, taken, Counter(remarks), list(unique.values()))
        with self._taking:
            row["links"] = self._texts.links(account, document.links, mask)
            row["images"] = self._texts.images(account, document.images, mask)
            row["anchors"] = self._anchors(document.anchors)
            self._waiting.take(told)
            full = self._waiting.size >= BUNDLE
        self._carry_on(full)

    def unchanged(self, account: str, url: str, depth: int, trace: Traced) -> None:
        """A page that an earlier audit judged is as it was then: all that it carries still stands. `trace` is by what
        it is known again from now on."""
        if trace.kept:
            self._take(Told(Rank.UNCHANGED, {"id": trace.kept}, _NO_NOTES, _NO_REMARKS, kept=True))
            return
        row = self._row(account, url, PageState.READ) | {"depth": depth}
        self._take(Told(Rank.UNCHANGED, row | _known_again(trace)))

    def gone(self, account: str, url: str, status: int | None = None) -> None:
        """Nothing is at the address any more; `status` is what said so (404, 410), None where it sends visitors on."""
        said = {"problem": str(status)} if status else {}
        self._take(Told(Rank.GONE, self._row(account, url, PageState.GONE) | said))

    def missed(self, account: str, url: str, blind: Blind) -> None:
        """The address could not be read, and why. It may still be read later in the same audit."""
        self._take(Told(Rank.MISSED, self._row(account, url, PageState.MISSED) | {"blind": told_of(blind)}))

    def blind(self, account: str, blind: Blind) -> None:
        """Something of the account as a whole could not be seen, and why."""
        self.missed(account, f"{WHOLE_ACCOUNT}{blind.what[:LONGEST_TEXT]}", blind)

    def _take(self, told: Told) -> None:
        with self._taking:
            self._waiting.take(told)
            full = self._waiting.size >= BUNDLE
        self._carry_on(full)

    def _row(self, account: str, url: str, state: PageState) -> dict[str, Any]:
        """A page of which nothing is known but its state."""
        address = clean(url)
        return {
            "id": self._number(account, address),
            "account": account,
            "url": address,
            "audit": self.audit,
            "state": state,
            "checked_at": self._clock(),
            **_NOTHING,
        }

    def _anchors(self, anchors: Iterable[str]) -> bytes:
        """The places of a page, keyed: what a page calls its places may be somebody's name."""
        return packed(array("q", sorted(map(self._number, anchors))))

    # -------------------------------------------------------------------------------------------- storing

    def flush(self) -> None:
        """Stores everything seen so far. What was stored when this returns survives a `kill -9`."""
        with self._storing:
            with self._taking:
                bundle, self._waiting = self._waiting, Bundle()
                bundle.texts = self._texts.taken()
            if bundle.pages:
                with self._database.writing() as connection:
                    self._shelf.store(connection, bundle, self.audit, self._clock())

    def close(self) -> None:
        """Stores what is left and ends the ticker."""
        self._closed.set()
        self._ticker.join()
        self.flush()
        self._carry_on(full=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _carry_on(self, full: bool) -> None:
        if self._fault:
            fault, self._fault = self._fault, None
            raise fault
        if full:
            self.flush()

    def _tick(self) -> None:
        while not self._closed.wait(EVERY):
            try:
                self.flush()
            except Exception as fault:  # noqa: BLE001  raised again in the thread that can do something about it
                self._fault = fault


_NO_NOTES: Final[Mapping[str, Any]] = {}
_NO_REMARKS: Final = Counter[Remark]()

_NOTHING: Final[Mapping[str, Any]] = {
    "depth": 0,
    "problem": "",
    "blind": None,
    "published_on": None,
    "rendered": False,
    "doubtful": False,
    "etag": "",
    "last_modified": "",
    "echo": "",
    **dict.fromkeys(("body", "content", "ground", "links", "images", "anchors"), b""),
    "counted": Counted.NOT,
    "was_depth": 0,
    "was_links": None,
    "was_images": None,
}


def _known_again(trace: Traced) -> dict[str, Any]:
    return {
        "etag": trace.etag if len(trace.etag) <= LONGEST_ETAG else "",
        "last_modified": trace.last_modified,
        "rendered": trace.rendered,
        "echo": trace.echo,
        "body": trace.body,
        "content": trace.content,
    }
