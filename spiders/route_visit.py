"""The visit of one account by an interface of its platform: asks what the platform's module says, and tells what came.

All the asking is done here, for every platform alike: by each host's rules and pace, within the limits of a visit. What
an answer means is the module's own.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from auditor.faults import place_of
from auditor.model import Blind, Document, Reason
from auditor.outlets.platforms import of
from spiders import tokens, walls
from spiders.fetch import Answer
from spiders.hosts import Hosts
from spiders.platform import Ask, Parsed, Profile, Route
from spiders.reading import Assignment, CrawlOptions, Trace, Witness
from spiders.settings import MAX_REDIRECTS
from spiders.trace import content

log = logging.getLogger(__name__)

EMPTY_PAGES: Final = 5
"""Pages of a listing in a row that show nothing new, after which it is taken to go in a circle."""
_WHOLE: Final = 200
"""The one status that comes with all that was asked for: "accepted" and "no content" are no empty list."""
_TELLING: Final = frozenset({400, 404, 410})
"""Errors of which the platform's own module knows what they mean."""
_WEATHER: Final = frozenset({408, 429})
"""Errors that say nothing of a token."""
_ENDING: Final = frozenset({Reason.RATE_LIMITED, Reason.NO_TOKEN})
"""What keeps the answers to one post from us keeps everything else from us, too."""
_COMMENTS_FAILED: Final = "the answers to it could not be read"
_AGAIN: Final = "The next audit tries again; a longer delay under [crawl] in config.toml helps."


class RouteVisit:
    """One account's visit by a route of its own. Made for one `run`; `pages` are then those that it leads to."""

    def __init__(
        self, assignment: Assignment, route: Route, options: CrawlOptions, witness: Witness, hosts: Hosts
    ) -> None:
        self._assignment, self._route, self._options = assignment, route, options
        self._account, self._id = assignment.account, assignment.account.id
        self._witness, self._hosts = witness, hosts
        self._waiting: deque[Ask] = deque(route.asks)
        self._asked: set[tuple[str, bytes]] = set()
        self._seen: set[str] = set()
        self.pages: list[str] = []
        self._posts = 0
        self._list = ""
        self._empty = 0
        self._profile: Profile | None = None
        self._whole = True
        self._cut = False

    @property
    def profile(self) -> Profile | None:
        """Who the account is, as far as it was told."""
        return self._profile

    async def run(self) -> None:
        """Reads everything that the route leads to, and tells what was left."""
        try:
            async with asyncio.timeout(self._options.account_deadline):
                await self._everything()
        except TimeoutError:
            hours = self._options.account_deadline / 3600
            self._lack(Blind(f"The visit was ended after {hours:g} hours; older posts were not read.", Reason.LIMIT))
        if self._whole:
            self._compare()
        if self._whole and self._route.lists_all:
            # A complete list of what is there tells what is there no longer.
            for url in dict.fromkeys((*self._assignment.seeds, *self._assignment.done)):
                if url not in self._seen:
                    self._witness.gone(self._id, url, 404)

    async def _everything(self) -> None:
        while self._waiting and self._room:
            ask = self._waiting.popleft()
            known = (ask.url, ask.body) in self._asked
            if ask.about is not None and (known or ask.about.url in self._seen):
                continue  # lists shift when somebody posts meanwhile
            if known or self._empty >= EMPTY_PAGES:
                self._lack(Blind("The list of its posts leads in a circle.", Reason.PARTIAL_LISTING))
                return
            self._asked.add((ask.url, ask.body))
            if not self._take(ask, await self._answered(ask)):
                return
        if self._waiting or self._cut:
            most = f"{self._posts:,} posts" if self._posts != 1 else "1 post"
            self._lack(Blind(f"The visit stopped after {most}; older ones were not read.", Reason.LIMIT, _MORE))

    @property
    def _room(self) -> int:
        """How many more posts may be read."""
        return max(0, self._options.max_pages - self._posts)

    def _take(self, ask: Ask, parsed: Parsed) -> bool:
        """Tells what an answer says; whether there is anything more to ask."""
        self._profile = parsed.profile or self._profile
        gaps = dict(parsed.missed)
        before = len(self._seen)
        if self._assignment.memory is not None:
            self._assignment.memory.expect([document.url for document in parsed.documents])
        for document in parsed.documents:
            if document.depth and not self._room:
                self._cut = True
                break
            self._tell(document, gaps)
        for blind in parsed.blind:
            self._lack(blind)
        self.pages.extend(parsed.pages)
        self._waiting.extendleft(reversed([_signed_like(ask, inner) for inner in parsed.asks]))
        if ask.about is None:
            if ask.what != self._list:
                self._list, self._empty = ask.what, 0
            shows = len(self._seen) > before or parsed.pages or any(inner.about for inner in parsed.asks)
            self._empty = 0 if shows else self._empty + 1
        return not parsed.stop

    # ------------------------------------------------------------------------------------------ asking

    async def _answered(self, ask: Ask) -> Parsed:
        """What came of a request, whatever the web does."""
        answer, blind = await (self._asked_politely(ask) if ask.signed is None else self._asked_signed(ask))
        blind = blind or self._refusal(ask, answer)
        if blind is None:
            try:
                told = replace(ask, header=answer.header)
                parsed = (
                    self._route.parse(self._account, told, answer.status, answer.body)
                    if self._route.parse
                    else Parsed()
                )
                if answer.status == _WHOLE or parsed != Parsed():
                    return parsed
                blind = self._in_general(ask, answer.status)
            except Exception as fault:  # noqa: BLE001 - one strange answer must not end the reading of other accounts
                log.error("%s, reading %s", place_of(fault), self._id)
                blind = Blind("Our reader failed on an answer; the log says where.", Reason.UNREACHABLE)
        if ask.about is not None and blind.reason not in _ENDING:
            missed = replace(blind, what=_COMMENTS_FAILED)
            return Parsed(documents=(ask.about,), missed=((ask.about.url, missed),))
        left = (ask.about,) if ask.about is not None else ()
        gaps = tuple((document.url, replace(blind, what=_COMMENTS_FAILED)) for document in left)
        return Parsed(documents=left, missed=gaps, blind=(blind,), stop=True)

    async def _asked_signed(self, ask: Ask) -> tuple[Answer, Blind | None]:
        """The answer for an address after all redirects on its own server: the token is taken nowhere else."""
        url = ask.url
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._hosts.fetcher.ask(url, ask.signed, body=ask.body, media_type=ask.media_type)
            if not answer.location:
                return answer, None
            if walls.is_login(answer.location):
                return answer, self._about(ask.url, Blind(walls.LOGIN, Reason.LOGIN_WALL))
            if _origin(answer.location) != _origin(ask.url):
                return answer, self._about(ask.url, _ELSEWHERE)
            url = answer.location
        return answer, self._about(ask.url, Blind("it sends its visitors on and on", Reason.UNREACHABLE))

    async def _asked_politely(self, ask: Ask) -> tuple[Answer, Blind | None]:
        """The answer for an address after all redirects, by each host's own rules for programs."""
        url = ask.url
        fetcher = self._hosts.fetcher
        for _ in range(MAX_REDIRECTS + 1):
            host = await self._hosts.of(url)
            if host.robots.blind is not None:
                return Answer(url), self._about(url, host.robots.blind)
            if not host.robots.allows(url):
                return Answer(url), self._about(url, Blind("its robots.txt asks programs to stay away", Reason.ROBOTS))
            answer = await (
                fetcher.ask(url, body=ask.body, media_type=ask.media_type) if ask.body else fetcher.get(url)
            )
            if not answer.location:
                return answer, None
            if not answer.location.startswith(("http://", "https://")):
                break
            if walls.is_login(answer.location):
                return answer, self._about(url, Blind(walls.LOGIN, Reason.LOGIN_WALL))
            url = answer.location
        return answer, self._about(url, Blind("it sends its visitors on and on", Reason.UNREACHABLE))

    def _refusal(self, ask: Ask, answer: Answer) -> Blind | None:
        """Why an answer is none; None where it is one that the platform's module reads."""
        if answer.blind is not None:
            return self._about(ask.url, answer.blind)
        if answer.status == 429:
            return self._about(
                ask.url, Blind("it asked us to come back later (error 429)", Reason.RATE_LIMITED, _AGAIN)
            )
        if 500 <= answer.status < 600:
            return self._about(ask.url, Blind(f"its server failed (error {answer.status})", Reason.PLATFORM_OUTAGE))
        if answer.partial:
            return self._about(ask.url, Blind("its answer broke off before its end", Reason.UNREACHABLE))
        told = ask.signed is not None and 400 <= answer.status < 500 and answer.status not in _WEATHER
        if answer.status == _WHOLE or answer.status in _TELLING or told:
            return None
        return self._in_general(ask, answer.status)

    def _in_general(self, ask: Ask, status: int) -> Blind:
        """What an error means of which nobody knows more."""
        about_token = tokens.refused(of(self._account.url) or self._account.platform, status) if ask.signed else None
        blind = walls.refusal(status, "") or Blind("it gave no answer", Reason.UNREACHABLE)
        return about_token or self._about(ask.url, blind)

    @staticmethod
    def _about(url: str, blind: Blind) -> Blind:
        """What is said of a host as a sentence about the account."""
        return replace(blind, what=f"{urlsplit(url).netloc}: {blind.what.rstrip('.')}.")

    # ------------------------------------------------------------------------------------------ telling

    def _tell(self, document: Document, gaps: Mapping[str, Blind]) -> None:
        """Tells the witness of a document once, and what of it is missing."""
        if document.url in self._seen:
            return
        self._seen.add(document.url)
        self._posts += document.depth > 0
        if self._profile is not None:
            document = _known_of(document, self._profile)
        gap = gaps.get(document.url) or (Blind(document.problem, Reason.LIMIT) if document.problem else None)
        if gap is not None:
            # What is missing of one post takes nothing from the list in which it stands.
            document = replace(document, problem=gap.what)
        if self._assignment.done.get(document.url, -1) < 0 or gap is not None:
            self._witness_of(document)
        if gap is not None:
            self._witness.missed(self._id, document.url, gap)

    def _witness_of(self, document: Document) -> None:
        memory = self._assignment.memory
        trace = Trace()
        if memory is not None and not document.problem:
            trace = Trace(content=memory.digest(content(document)), depth=document.depth)
            before = memory.before(document.url)
            if before is not None and before.content == trace.content:
                self._witness.unchanged(self._id, document.url, document.depth, trace)
                return
        self._witness.saw(self._id, document, trace)

    def _lack(self, blind: Blind) -> None:
        """Something of the account as a whole cannot be seen."""
        self._whole = False
        self._witness.missed(self._id, "", blind)

    def _compare(self) -> None:
        """No post where the platform itself counts some is no empty account: something stands before them. Nor are
        fewer than it counts all of them."""
        expected = (self._profile.posts if self._profile is not None else None) or 0
        fewest = expected - int(expected * self._route.drift) if self._route.counts_all else 1
        if not expected or self._posts >= max(fewest, 1):
            return
        shown = f"{self._posts:,}" if self._posts else "none"
        what = f"Its platform counts {expected:,} posts and shows {shown} of them to visitors."
        self._lack(Blind(what, Reason.PARTIAL_LISTING, "Look at the profile yourself, logged out."))


def _known_of(document: Document, profile: Profile) -> Document:
    """The document with what its account's profile says of it: all of that on the profile's own, and who may comment on
    posts that say nothing else."""
    if document.depth == 0:
        return replace(document, profile=profile)
    return replace(document, comment_state=document.comment_state or profile.comment_state)


def _signed_like(ask: Ask, inner: Ask) -> Ask:
    """What an answer leads to, signed as the request for that answer was, unless it lies on another server."""
    if ask.signed is None or inner.signed is not None or _origin(inner.url) != _origin(ask.url):
        return inner
    return replace(inner, signed=ask.signed)


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower(), parts.netloc.lower()
    except ValueError:
        return "", url


_ELSEWHERE: Final = Blind(
    "it sends us on to another server, and the access token is not taken there", Reason.UNREACHABLE
)
_MORE: Final = "Look at the rest yourself, or raise max_pages under [crawl] in config.toml."
