"""The account itself uses obscene words, slurs, insults or threats.

## Why it matters
Families and students read these pages. Such words hurt people, and the school is blamed for them.

## How to fix
Take the words off today. If they are part of a book or a lesson, say so in the review of this finding.

## What it cannot see
Words inside pictures and videos. Meanness in plain words. Whether a joke was meant well.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import CERTAIN, Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Reading, Severity, Sighting, Sort
from auditor.vicinity import said_by_the_page

SORTS: Final = {"profanity": Sort.PROFANITY, "slur": Sort.SLUR, "insult": Sort.INSULT, "threat": Sort.THREAT}
_CALLED: Final = {Sort.PROFANITY: "obscene word", Sort.SLUR: "slur", Sort.INSULT: "insult", Sort.THREAT: "threat"}
_PAGES: Final = "text/html"
_ADVICE: Final = {
    Sort.THREAT: "Read it now. If it is a threat, follow the school's safety plan. Then take it down.",
    Sort.INSULT: "Read the sentence. If it puts somebody down, take it off.",
}
_ADVICE_FOR_WORDS: Final = "Read the sentence. If the word is not part of a lesson or a book, take it off."


@check(reads=Reading, severity=Severity.SERIOUS, looks_for=_CALLED)
def offensive_content(seen: Seen[Reading]) -> Iterator[Breach]:
    wanted = {SORTS[word] for word in seen.words("words") or SORTS if word in SORTS}
    quotes = Quotes(seen.subject, seen.today)
    for said in said_by_the_page(seen.subject, _CALLED):
        if _is_wanted(said, wanted):
            yield _breach(seen, said, quotes)


def _is_wanted(said: Sighting, wanted: set[Sort]) -> bool:
    """An obscene word that is called at somebody is an insult as well."""
    return said.sort in wanted or (said.form == "insult" and Sort.INSULT in wanted)


def _breach(seen: Seen[Reading], said: Sighting, quotes: Quotes) -> Breach:
    # A file may be a novel that the class reads: that somebody here wrote it is not certain.
    certain = said.confidence >= CERTAIN and seen.subject.document.media_type == _PAGES
    answer = seen.fail if certain else seen.review
    return answer(
        f"{_CALLED[said.sort]}: {said.masked}",
        identity=said.token,
        excerpt=quotes.of(said),
        advice="Take the word off the page today." if certain else _ADVICE.get(said.sort, _ADVICE_FOR_WORDS),
        confidence=said.confidence,
    )
