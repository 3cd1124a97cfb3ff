"""What is remembered of an account's pages, and what an answer tells of whether one of them changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from auditor.model import Document, Link
from spiders.fetch import Answer, Fetcher
from spiders.reading import Memory, Trace
from spiders.trace import content

PROOFS: Final = 2
"""Pages of a host that are fetched in full, in every crawl, although it says that they did not change."""


@dataclass
class Honesty:
    """Whether a host can be believed that says of its pages that they did not change.

    Some say so whatever stands there now. The first of such answers are proved; after one that does not hold, the host
    is no longer asked. `doubted` is the page that spoke against it: it may yet say the same in other bytes.
    """

    left: int = PROOFS
    lies: bool = False
    doubted: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


class Look(NamedTuple):
    """An answer that may be a page, what is known of it from `before`, and the digest of what was served."""

    answer: Answer
    depth: int
    honesty: Honesty
    before: Trace | None = None
    body: bytes = b""

    @property
    def is_same(self) -> bool:
        """Whether the page is as it was, so that it need not even be parsed."""
        if self.before is None or self.before.rendered:
            return False
        return self.answer.unchanged or (bool(self.body) and self.body == self.before.body)


class Past:
    """One account's memory, or none."""

    def __init__(self, memory: Memory | None, fetcher: Fetcher) -> None:
        self._memory = memory
        self._fetcher = fetcher
        self._remembers = False

    def expect(self, urls: Sequence[str]) -> None:
        """These addresses are asked for next."""
        if self._memory is not None:
            self._memory.expect(urls)

    def before(self, url: str, depth: int, *, opened: bool = False) -> Trace | None:
        """How the page was when it was judged; None where it is judged anew whatever it says.

        The front page is judged in other ways than those behind it. Where a page will be `opened` in a browser, what
        is served tells nothing of what it shows.
        """
        trace = self._memory.before(url) if self._memory is not None else None
        self._remembers |= trace is not None
        if trace is None or (trace.depth >= 0 and (trace.depth == 0) != (depth == 0)):
            return None
        return trace._replace(rendered=True, kept=0) if opened and not trace.rendered else trace

    def leads(self, url: str) -> Sequence[Link]:
        """The links of a page that is as it was, but for those that it gave before."""
        return self._memory.leads(url) if self._memory is not None else ()

    async def ask(self, url: str, depth: int, honesty: Honesty, *, opened: bool) -> Answer:
        """The answer for that address; of a page that its host can be believed not to have changed, only that."""
        before = self.before(url, depth, opened=opened)
        if before is None or before.rendered or honesty.lies:
            # What is new on a site that is remembered is mostly what stands in its links and nowhere else.
            return await self._fetcher.get(url, before=Trace() if self._remembers else None)
        answer = await self._fetcher.get(url, before=before)
        if not answer.unchanged or not (honesty.left or honesty.lies):
            return answer
        async with honesty.turn:
            if honesty.left or honesty.lies:
                answer = await self._fetcher.get(url)
                self._prove(honesty, answer, before)
        return answer

    def look(self, answer: Answer, depth: int, honesty: Honesty, *, opened: bool) -> Look:
        """An answer beside what is known of its page."""
        whole = answer.status == 200 and not answer.partial
        before = self.before(answer.url, depth, opened=opened)
        return Look(answer, depth, honesty, before, self._body(answer) if whole else b"")

    def kept(self, look: Look) -> Trace:
        """By what a page that is as it was is known from now on."""
        answer, before = look.answer, look.before or Trace()
        etag, last_modified = answer.etag, answer.last_modified
        if answer.unchanged:
            etag, last_modified = etag or before.etag, last_modified or before.last_modified
        if (etag, last_modified, look.depth) == (before.etag, before.last_modified, before.depth):
            return before
        return before._replace(etag=etag, last_modified=last_modified, depth=look.depth, kept=0)

    def trace(self, document: Document, look: Look) -> Trace:
        """By what a page that was read is known from now on: by nothing, where it was not read whole."""
        if document.problem or document.is_shell:
            return Trace()
        answer = look.answer
        return Trace(
            etag=answer.etag,
            last_modified=answer.last_modified,
            body=look.body,
            content=self._memory.digest(content(document)) if self._memory is not None else b"",
            rendered=document.rendered,
            echo=self.echo(document) if document.media_type == "text/html" else "",
            depth=document.depth,
        )

    def echo(self, document: Document) -> str:
        """What else a page under another query may say; keyed, where it will be remembered."""
        return self._memory.digest(document.digest.encode()).hex() if self._memory is not None else document.digest

    def is_known(self, trace: Trace, look: Look) -> bool:
        """Whether a page that was read again says what it said before."""
        same = look.before is not None and bool(trace.content) and trace.content == look.before.content
        if same and look.honesty.doubted == look.answer.url:
            look.honesty.lies, look.honesty.doubted = False, ""
        return same

    def _prove(self, honesty: Honesty, answer: Answer, before: Trace) -> None:
        honesty.left = max(0, honesty.left - 1)
        failed = answer.blind is not None or answer.status >= 500 or answer.status == 429
        if not failed and (answer.status != 200 or self._body(answer) != before.body):
            honesty.lies, honesty.doubted = True, answer.url

    def _body(self, answer: Answer) -> bytes:
        """The digest of what was served, and of what it was said to be: in another charset it says other things."""
        if self._memory is None:
            return b""
        named = f"{answer.media_type}\0{answer.charset}\0{answer.file_name}\0".encode("utf-8", "replace")
        return self._memory.digest(named + answer.body)
