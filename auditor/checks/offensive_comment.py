"""A visitor's comment under a page or post uses obscene words, slurs or threats, or accuses somebody of a crime.

## Why it matters
Families and students read comments as part of the page. Such words hurt people, and the school seems to let them stand.

## How to fix
Read the comment today. If it breaks the policy, hide it, and keep a copy. A threat is for the school's safety plan.
Leave criticism where it is: a bad opinion is no offense.

## What it cannot see
Comments that load only after a click. Words inside pictures. Whether an accusation is true.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.check import CERTAIN, PUBLISHING, Answer, Breach, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.model import Reading, Severity, Sighting, Sort
from auditor.vicinity import sentence, titled
from auditor.visitors import UNREAD, Said, comments, out_of_sight, placed, quoted

_CALLED: Final = {Sort.PROFANITY: "obscene word", Sort.SLUR: "slur", Sort.INSULT: "insult", Sort.THREAT: "threat"}
_NAMED: Final = frozenset({Sort.PERSON, Sort.STUDENT})
_CRIME: Final = LazyPattern(
    r"\b(?:stole|steals|stealing|embezzl\w+|thief|thieves|criminal|convicted|molest\w*|rapist|raped|ped(?:o|ophile)s?"
    r"|groom(?:s|ed|ing) (?:kids|children|students|girls|boys)|sexually|assault(?:s|ed|ing)|beats? (?:his|her|the|my) "
    r"|(?:deals?|sells?|selling|dealing) drugs|drug dealer|(?:drunk|high|drinks) (?:at|on|in) (?:work|class|the job)"
    r"|(?:takes|took|taking) bribes|falsif\w+|ladr[oó]n(?:a|es)?|violador|acosador)\b",
    re.IGNORECASE,
)
"""What is said of somebody that is a crime, or ends a career: defamation, where it is not so."""
_MANY: Final = LazyPattern(
    r"\b(?:you (?:people|all|guys|are all)|all of you|y['’]all|they|these|those|board|district|administration|admin"
    r"|council|committee|school|schedule|policy|decision|program|everybody|everyone|ustedes|ellos)\b",
    re.IGNORECASE,
)
_ADVICE: Final = {
    Sort.THREAT: "Read it now. If it is a threat, follow the school's safety plan. Then hide it, and keep a copy.",
    Sort.INSULT: "Read the comment. Hide it only if it attacks a person. Criticism of the school stays.",
}
_ADVICE_FOR_WORDS: Final = "Read the comment. If it breaks the policy, hide it, and keep a copy."
_ADVICE_FOR_CRIME: Final = (
    "Read it with your supervisor. Who is accused by name may ask for help. Do not answer in public."
)


@check(reads=Reading, severity=Severity.SERIOUS, kinds=PUBLISHING)
def offensive_comment(seen: Seen[Reading]) -> Iterator[Answer]:
    if out_of_sight(seen.subject):
        yield Unknown(UNREAD)
    told: set[Sighting] = set()
    for comment in comments(seen.subject):
        for said in comment.sightings:
            if said.sort in _CALLED and said not in told and not _is_criticism(seen.subject, said):
                told.add(said)
                yield _breach(seen, comment, said)
        yield from _accusation(seen, comment)


def _breach(seen: Seen[Reading], comment: Said, said: Sighting) -> Breach:
    # Whether it is an attack on a person or a hard word about a matter is for a person to tell.
    certain = said.confidence >= CERTAIN and said.sort is not Sort.INSULT
    answer = seen.fail if certain else seen.review
    return answer(
        f"{_CALLED[said.sort]}: {said.masked}",
        identity=said.token,
        excerpt=quoted(seen.subject, comment, said, seen.today),
        advice=_ADVICE.get(said.sort, _ADVICE_FOR_WORDS),
        confidence=said.confidence,
    )


def _is_criticism(reading: Reading, said: Sighting) -> bool:
    """Whether a hard word is for an office or for everybody, and for nobody by himself: that is an opinion."""
    if said.sort is not Sort.INSULT:
        return False
    text = reading.document.passages[said.passage].text
    around = sentence(text, said.start, said.end).of(text)
    return _MANY.search(around) is not None and not titled(around)


def _accusation(seen: Seen[Reading], comment: Said) -> Iterator[Breach]:
    """The first sentence of a comment that tells a crime of somebody named."""
    for match in _CRIME.finditer(comment.text):
        told = sentence(comment.text, match.start(), match.end()).of(comment.text)
        if titled(told) or _names_somebody(seen.subject, comment, told):
            focus = placed(seen.subject, comment, match.start(), match.end(), Sort.INSULT)
            yield seen.review(
                "accusation",
                identity=f"accusation:{seen.keyed(told)}",
                excerpt=quoted(seen.subject, comment, focus, seen.today),
                advice=_ADVICE_FOR_CRIME,
                confidence=0.5,
            )
            return


def _names_somebody(reading: Reading, comment: Said, told: str) -> bool:
    passage = reading.document.passages[comment.passage].text
    return any(passage[s.start : s.end] in told for s in comment.sightings if s.sort in _NAMED)
