"""A personal page says where its owner works, but not that the views are the owner's own.

## Why it matters
Readers take "teacher at Lincoln" for the district speaking. The disclaimer says whose words they are. It protects the
teacher first of all.

## How to fix
Copy the policy's sentence into the page's "About" text, just as it stands. Where the policy gives no sentence, say two
things: these views are mine, and they are not the district's.

## What it cannot see
A disclaimer drawn inside a picture. Where one may be, we ask and do not judge.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from auditor.check import Answer, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.model import Account, AccountFacts, District, Kind, Place, Reading, Severity
from auditor.vicinity import beyond_who

_OWN_WORDS = frozenset({Place.BODY, Place.TITLE, Place.DESCRIPTION, Place.CAPTION, Place.TABLE})
_FEW_WORDS = 40
_A_FULL_SENTENCE = 7
_MORE_THAN_WHO = 4
"""From so many words on that are no name, title or place of work, a sentence tells more than who its writer is."""
_MUCH_TEXT = 60


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says of its owner, as notes are kept: numbers and truths, no text.

    `exact` the policy's sentence stands there; `own` and `not_district` its two halves in any words; `other_district`
    the second half names somebody else's district; `hint` something that may be meant for a disclaimer; `pictured`
    a picture that may hold one.
    """

    employer: bool
    opinion: bool
    school_matters: bool
    exact: bool
    own: bool
    not_district: bool
    other_district: bool
    hint: bool
    pictured: bool
    sentences: int
    words: int


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=frozenset({Kind.PERSONAL}))
def missing_disclaimer(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    pages = [_page(note.facts) for note in seen.subject.notes]
    if not pages:
        yield Unknown(seen.subject.failure or "nothing of it could be read")
    elif _is_due(seen, pages) and not _is_there(seen, pages):
        yield from _missing(seen, pages)


@missing_disclaimer.notes
def _read(seen: Seen[Reading]) -> Mapping[str, object]:
    passages = [p.text for p in seen.subject.document.passages if p.place in _OWN_WORDS]
    text = _normal("\n".join(passages))
    names = _Names.of(seen.district, seen.words("district_names"))
    body = [p.text for p in seen.subject.document.passages if p.place in (Place.BODY, Place.TABLE)]
    words = sum(len(part.split()) for part in body)
    denials = [m.group() for m in _NOT.finditer(text)]
    return asdict(
        Page(
            employer=names.employer(text),
            opinion=_OPINION.search(text) is not None,
            school_matters=_SCHOOL_MATTERS.search(text) is not None,
            exact=any(sentence in text for sentence in _exact(seen)),
            own=_OWN.search(text) is not None,
            not_district=any(names.ours(denial) for denial in denials),
            other_district=any(names.foreign(denial) for denial in denials),
            hint=_HINT.search(text) is not None,
            pictured=_may_be_pictured(seen.subject, words),
            sentences=sum(_tells_more(part, seen) for block in body for part in _SENTENCE.split(block)),
            words=words,
        )
    )


def _tells_more(part: str, seen: Seen[Reading]) -> bool:
    names = [seen.account.owner, seen.district.name, *(school.name for school in seen.district.schools)]
    return len(part.split()) >= _A_FULL_SENTENCE and beyond_who(part, names) >= _MORE_THAN_WHO


def _page(facts: Mapping[str, object]) -> Page:
    values: dict[str, Any] = dict(facts)
    return Page(**values)


# ------------------------------------------------------------------------------------------------ judging


def _is_due(seen: Seen[AccountFacts], pages: list[Page]) -> bool:
    """Whether the clause asks this account for a disclaimer at all."""
    employer = any(p.employer for p in pages)
    if seen.word("when", "self-identified") == "self-identified":
        return employer
    if employer:
        much = sum(p.words for p in pages) >= _MUCH_TEXT and any(p.sentences for p in pages)
        disclaims = any(p.own or p.not_district or p.other_district for p in pages)  # who disclaims, voices views
        return much or disclaims or any(p.opinion for p in pages)
    return any(p.opinion and p.school_matters for p in pages)


def _is_there(seen: Seen[AccountFacts], pages: list[Page]) -> bool:
    if seen.word("text"):
        return any(p.exact for p in pages)
    asked = seen.words("says")
    own = "own-views" not in asked or any(p.own for p in pages)
    return own and ("not-district" not in asked or any(p.not_district and not p.other_district for p in pages))


def _missing(seen: Seen[AccountFacts], pages: list[Page]) -> Iterator[Answer]:
    exact = bool(seen.word("text"))
    own, denied = any(p.own for p in pages), any(p.not_district for p in pages)
    if any(p.other_district for p in pages) and not exact:
        yield _found(seen, "altered", "The disclaimer names another district.")
    elif exact and (own or denied):
        yield _found(seen, "altered", "The disclaimer is there, but not in the policy's own words.")
    elif own:
        yield _found(
            seen, "altered", "It says that the views are the owner's. It does not say that the district's differ."
        )
    elif denied:
        yield _found(seen, "altered", "It does not say whose views they are.")
    elif any(p.pictured for p in pages):
        yield _found(seen, "missing", "The disclaimer may be inside a picture.", certain=False)
    elif not exact and any(p.hint for p in pages):
        yield _found(seen, "missing", "Some words may be meant as a disclaimer. We could not tell.", certain=False)
    elif seen.word("profile_only") == "review" and _is_profile_only(pages):
        yield _found(seen, "missing", "The profile says where its owner works, and nothing else.", certain=False)
    elif any(p.employer for p in pages):
        yield _found(seen, "missing", "The account says where its owner works. No disclaimer was found.")
    else:
        yield _found(seen, "missing", "The account speaks of school matters. No disclaimer was found.")


def _is_profile_only(pages: list[Page]) -> bool:
    return sum(p.words for p in pages) <= _FEW_WORDS and not any(p.sentences for p in pages)


def _found(seen: Seen[AccountFacts], how: str, excerpt: str, *, certain: bool = True) -> Answer:
    text = next(iter(_exact_words(seen)), "")
    answer = seen.fail if certain else seen.review
    return answer(
        f"disclaimer {how}",
        identity="disclaimer",
        excerpt=excerpt,
        advice=(
            f"Ask the owner to add this sentence: {text}"
            if text
            else "Ask the owner to say that the views are the owner's own, and not the district's."
        ),
        confidence=0.95 if certain else 0.5,
    )


# ------------------------------------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class _Names:
    """The names by which a text may speak of the owner's employer, normalised."""

    district: re.Pattern[str]
    schools: tuple[str, ...]
    said: tuple[str, ...]
    called: str
    accounts: tuple[Account, ...]
    """The district's, which a profile may mention."""

    @classmethod
    def of(cls, district: District, said: Iterable[str]) -> "_Names":
        name = _normal(district.name)
        core = _KIND_OF_DISTRICT.sub("", name).strip() or name
        return cls(
            district=re.compile(rf"\b(?:{re.escape(name)}|{re.escape(core)} {_KIND_OF_DISTRICT.pattern})"),
            schools=tuple(_normal(school.name) for school in district.schools if school.name.strip()),
            said=tuple(_normal(text) for text in said),
            called=name,
            accounts=district.accounts,
        )

    def employer(self, text: str) -> bool:
        """Whether the text tells that its writer works for the district or a school of it."""
        if self.district.search(text):
            return True
        return any(
            _AT_WORK.search(text[max(0, at - _WORK_NEARBY) : at + len(name) + _WORK_NEARBY])
            for name in self.schools
            for at in _places(name, text)
        ) or any(
            self._is_mentioned(m[1])
            and _AT_WORK.search(text[max(0, m.start() - _WORK_NEARBY) : m.end() + _WORK_NEARBY])
            for m in _MENTION.finditer(text)
        )

    def _is_mentioned(self, mention: str) -> bool:
        """Whether "@LincolnElem" or "#RiverbendSchools" is an account or a short name of the district or a school."""
        if any(_handle(account) == mention for account in self.accounts):
            return True
        plain = re.sub(r"[\W_]", "", mention)
        return any(
            len(core) >= _SHORTEST and plain.startswith(core) and _SHORT_SCHOOL.fullmatch(plain[len(core) :])
            for core in map(_core, (*self.schools, self.called))
        )

    def ours(self, text: str) -> bool:
        """Whether a denial speaks of this employer, by name or as "my employer"."""
        if self.district.search(text) or any(name in text for name in (*self.schools, *self.said)):
            return True
        return _SOME_EMPLOYER.search(text) is not None

    def foreign(self, text: str) -> bool:
        """Whether a denial names a district that is not this one."""
        return _SOME_DISTRICT.search(self.district.sub("", text)) is not None


_WORK_NEARBY = 80
_SHORTEST = 4
_MENTION = LazyPattern(r"[@#]([\w][\w.-]{2,60}\w)")
_SHORT_SCHOOL = LazyPattern(
    r"(?:el|elem|elementary|es|school|schools|ms|middle|middleschool|jh|hs|high|highschool|k8|sd|district|schooldistrict"
    r"|isd|usd|csd|ps|publicschools|academy)\d{0,4}"
)
"""How names of schools and districts end where they are written short."""
_SCHOOL_WORDS = LazyPattern(
    r"\b(?:the|elementary|middle|junior|senior|high|primary|school|schools|academy|district|public|unified|community|city"
    r"|county|area|isd|usd|csd)\b"
)


def _core(name: str) -> str:
    """What is a school's own in its name: "lincoln"."""
    return re.sub(r"[\W_]", "", _SCHOOL_WORDS.sub("", name))


def _handle(account: Account) -> str:
    """How an account of the district's is called where it is mentioned; "" for websites and people's own."""
    if account.kind is Kind.PERSONAL or account.platform in ("", "website"):
        return ""
    return _normal(account.url.rstrip("/").rpartition("/")[2].removeprefix("@"))


def _places(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _exact(seen: Seen[Any]) -> Iterator[str]:
    return (_normal(words).rstrip(". ") for words in _exact_words(seen))


def _exact_words(seen: Seen[Any]) -> Iterator[str]:
    """The sentence as this district may write it, its own name first; then as it stands in the policy."""
    text = seen.word("text")
    if not text:
        return
    for name in seen.words("district_names"):
        if name in text and seen.district.name:
            yield text.replace(name, seen.district.name.removeprefix("The ").removeprefix("the "))
    yield text


def _may_be_pictured(reading: Reading, words: int) -> bool:
    """Whether a disclaimer may be inside a picture: one says so, or the page is all pictures."""
    images = reading.document.images
    return any(_HINT.search(_normal(f"{i.alt} {i.caption} {i.url}")) for i in images) or (bool(images) and words == 0)


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-"})


def _normal(text: str) -> str:
    """Case, spaces and quotation marks as they never matter."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join("".join(c for c in folded if unicodedata.category(c) != "Cf").split())


_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_KIND_OF_DISTRICT = LazyPattern(
    r"(?:(?:public|community|unified|area|consolidated|independent|city|county|metropolitan) )*"
    r"(?:school district|public schools|schools|school system|school corporation|isd|usd|csd|district)\b"
    r"(?: no\.? ?\d+)?"
)
_AT_WORK = LazyPattern(
    r"\b(?:teach(?:es|er|ers|ing)?|taught|principal|coach(?:es|ing)?|counsel[lo]+r|librarian|nurse|secretary|staff|educator"
    r"|work(?:s|ing|ed)? (?:at|for|in)|my (?:class|classroom|students|job|school)|our (?:class|classroom|students)"
    r"|grade|paraeducator|custodian|director|superintendent|employee|maestr[oa]|profesora?|enseño|trabajo|director[a]?)\b"
)
_VIEWS = r"(?:views?|opinions?|thoughts|posts?|postings|tweets|statements|comments|ideas|content|words|opiniones|ideas)"
_OWN = LazyPattern(
    rf"\b{_VIEWS}\b[^.!?]{{0,80}}\b(?:my own|mine|(?:are|is) (?:(?:solely|purely|strictly) )?personal"
    rf"|those of the author|the (?:author|writer|owner|employee)'s (?:own|alone)|m[ií]as|propias|personales)\b"
    rf"|\bmy own (?:personal )?{_VIEWS}\b|\bi speak (?:only )?for myself\b|\bhablo (?:solo )?por m[ií]\b"
)
_NOT = LazyPattern(
    r"(?:\bnot\b|n't\b|\bnever\b|\bno\b|\bnor\b|\bneither\b)[^.!?]{0,60}"
    r"\b(?:represent\w*|reflect\w*|express\w*|speak(?:ing)? for|endors\w+|those of|views? of|opinions? of|positions? of"
    r"|behalf of|(?:my|the|our) (?:employer|district|school)|reflejan|representan|necesariamente)\b"
    r"[^!?\n]{0,200}?(?:[.!?]|$)"
)
_SOME_EMPLOYER = LazyPattern(
    r"\b(?:my|the|our|any|his|her|their) (?:current )?(?:employers?|(?:school )?district|school board|school)\b"
    r"|\b(?:mi|el|del|al) (?:empleador|distrito(?: escolar)?)\b"
)
_SOME_DISTRICT = LazyPattern(
    r"\b(?!(?:the|my|our|any|this|that|of|for|or|and|local|public)\b)[\w.'-]+ (?:[\w.'-]+ ){0,2}?"
    r"(?:school district|public schools|school system|school corporation|isd|usd)\b"
    r"|\b(?!(?:the|my|our|any|this|that|of|for|or|and|local|public|these|all)\b)[\w.'-]+"
    r" (?:county|city|community|unified) schools\b"
)
_HINT = LazyPattern(
    r"\bdisclaimer\b|\bofficial (?:word|position|statement|policy|views?)\b|\bspeak(?:ing)? (?:only )?for myself\b"
    r"|\bon behalf of\b|\b(?:personal|private) (?:blog|opinions?|views|account|page|site|take|capacity)\b"
    r"|\bopini[oó]n personal\b|\bdescargo\b"
)
_OPINION = LazyPattern(
    r"\b(?:i (?:really |just |do |don't |honestly )?"
    r"(?:think|believe|feel|disagree|agree|hope|wish|doubt|support|oppose)"
    r"|in my (?:humble )?(?:opinion|view)|my (?:opinion|view|views|take|thoughts)|if you ask me|frankly"
    r"|(?:we|they|he|she|it|board|district|schools?|teachers) should(?:n't| not| never)?"
    r"|makes no sense|is (?:a )?mistake"
    r"|(?:yo )?(?:creo|pienso|opino) que|en mi opini[oó]n)\b"
)
_SCHOOL_MATTERS = LazyPattern(
    r"\b(?:schools?|district|school board|superintendent|principal|students?|teachers?|classroom|homework|curriculum"
    r"|escuelas?|distrito|maestr[oa]s|estudiantes|tareas?)\b"
)
