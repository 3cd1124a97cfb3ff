"""Marks in a text: averages, letters, scores of tests, failing; in English and in Spanish. Never grade levels."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.detect.found import Found
from auditor.model import Sort

MARK_GATE: Final = frozenset(
    "gpa psat score scores scored grade grades average percent failing flunking flunked failed fails rank ranked straight"
    " calificaci calificacion calificaciones nota notas promedio puntaje puntuaci puntuacion reprobado reprobada reprob"
    " reprobando saco sac obtuvo".split()
)
"""Plain words without which there is hardly anything to find; of words with accents their longest part without."""

_LETTER: Final = r"(?-i:[A-D][+\-\u2212]?|F)(?![\w&/]|\.[A-Z]|[’'][a-rt-z])"
_SCORE: Final = r"(?:\d{1,3}(?:\.\d+)? ?(?:%|percent\b|por ciento)|\d{1,3}(?:\.\d+)?/(?:\d{2,4})|\d{1,4}(?:\.\d{1,2})?)(?![\w%/]|[.,:]\d|-\d)"
_TESTS: Final = (
    r"(?:sat|act|psat|gre|ap|staar|map|ged|asvab|toefl|test|tests|quiz|quizzes|exam|exams|midterm|final|finals|assessment|essay|paper"
    r"|project|math|algebra|geometry|calculus|biology|chemistry|physics|spelling|reading|english|history|science|spanish"
    r"|homework|report card|lab|assignment|examen|prueba|matem[aá]ticas|lectura|ciencias|historia|ingl[eé]s|tarea|proyecto)"
)
_GOT: Final = r"(?:got|gets?|getting|earn(?:s|ed|ing)?|receiv(?:es?|ed|ing)|made|makes?|scor(?:es?|ed|ing)|achiev(?:es?|ed)|has|had|have|given|posted|pulled|sac[oó]|obtuvo|recibi[oó]|tiene)"
_GPA: Final = re.compile(
    r"\bg\.?p\.?a\.?(?!\w)(?:\s?(?:is|of|was|at|:|=|\(|es|de|:)){0,2}\s?(?P<m1>[0-5]\.\d{1,4})(?!\d)"
    r"|(?<![\d.])(?P<m2>[0-5]\.\d{1,4})\s(?:(?:weighted|unweighted|cumulative|overall|cum|perfect)\s){0,2}g\.?p\.?a\b",
    re.IGNORECASE,
)
_MARK: Final = re.compile(
    rf"\b{_GOT} (?:an? |all |straight |her |his |their |my |mostly |un |una ){{0,2}}(?P<m1>{_LETTER})(?:['’]?s)?"
    rf"(?=[.,!;)]|$| (?:in|on|for|average|and|this|last|grade|en)\b)"
    rf"|\bstraight (?P<m2>(?-i:[A-D])['’]?s)\b"
    rf"|\b(?:grades?|mark|calificaci[oó]n|nota)(?: (?:is|was|of|de|es))?(?:\s?[:=\-–])?\s(?:an? |una? )?(?P<m3>{_LETTER})(?=\s|[.,!;)]|$)"
    rf"|\b(?:(?:final|test|exam|quiz|semester|midterm|current|overall|term|course|class|math|reading) grades?|average|calificaci[oó]n(?: final)?|promedio|nota(?: final)?)"
    rf"(?: (?:is|was|of|de|es|fue))?(?:\s?[:=])?\s(?:an? |una? )?(?P<m4>{_SCORE})"
    rf"|\bgrades?(?: of (?:an? )?|(?: is| was)?\s?[:=]?\s)(?P<m5>\d{{2,3}}(?:\.\d+)? ?%?)(?![\w/]|[.,:]\d|-)"
    rf"|\b{_GOT} (?:an? |the |un |una ){{0,2}}(?:perfect |near-perfect )?(?:score of |calificaci[oó]n de )?(?:an? )?(?P<m6>{_SCORE}) (?:on|in|for|en)\b[^\n.]{{0,40}}?\b{_TESTS}\b"
    rf"|\b{_TESTS}(?: \w+)? scores?(?:\s(?:of|is|was|were|are))?(?:\s?[:=])?\s(?:an? )?(?P<m7>{_SCORE})"
    rf"|(?<!\w)scores?(?: of| is| was|\s?[:=])\s?(?:an? )?(?P<m8>{_SCORE})(?: (?:on|in) [^\n.]{{0,30}}?\b{_TESTS}\b)?"
    rf"|\b(?P<m9>perfect score) (?:on|in) [^\n.]{{0,30}}?\b{_TESTS}\b"
    rf"|\bscored (?:an? )?(?P<m10>\d{{1,3}}(?:\.\d+)? ?(?:%|percent\b)) on\b"
    rf"|\b(?:puntaje|puntuaci[oó]n)(?: de| es|:)? (?P<m11>{_SCORE})"
    rf"|\b(?:class rank|rank(?:ed|s)?)(?: is| of|:)? (?:#|number )?(?P<m12>\d{{1,3}}(?:st|nd|rd|th)?(?: (?:out )?of \d{{1,4}})?)(?= in (?:his|her|their|the|a) class|(?<=\d) (?:out )?of)",
    re.IGNORECASE,
)
_FAILS: Final = re.compile(
    r"\b(?:(?:is|was|are|were|currently|been|be|he.s|she.s) (?:\w+ )?(?P<m1>failing|flunking)\b(?! (?:schools?|to\b|infrastructure|system))"
    r"|(?P<m2>failing grades?|flunked|reprob[oó]|reprobad[oa]s?|reprobando)(?!\w)"
    rf"|(?P<m3>fail(?:ed|ing|s)|flunk(?:ing|s)) (?:the |her |his |their |all |my |two |three |\d )?{_TESTS}\b)",
    re.IGNORECASE,
)
_NOBODYS_MARK: Final = re.compile(
    r"\b(?:minimum|at least|must|required?s?|requirements?|need(?:s|ed)?|average|averages|mean|median|state|national|passing|cut|benchmark|or higher|or above"
    r"|or better|m[ií]nim[oa]|al menos|requier[ea]\w*|credit|credits|team|final score|game|halftime|district|schools?|eligib\w+|maintain\w*)\b",
    re.IGNORECASE,
)
_OR_HIGHER: Final = re.compile(
    r"[)\s]*(?:\([^)]{0,20}\) )?(?:or|and|o) (?:higher|above|better|more|greater|lower|below|up|m[aá]s|mayor)|\+? ?(?:minimum|required|points?\b|pts\b|goals?|runs?|yards)|\s?-\s?\d",
    re.IGNORECASE,
)
_MARK_CONTEXT: Final = 30
_PATTERNS: Final = ((_GPA, 0.9), (_MARK, 0.8), (_FAILS, 0.65))


def marks(text: str, _lowered: str, begin: int, end: int) -> Iterator[Found]:
    """What somebody got; neither what is asked of everybody nor what a team or a school scored."""
    reach = begin
    every = ((m, sure) for pattern, sure in _PATTERNS for m in pattern.finditer(text, begin, end))
    for match, confidence in sorted(every, key=lambda one: one[0].start()):
        for found in _mark(text, match, confidence):
            if found.start >= reach:
                reach = found.end
                yield found


def _mark(text: str, match: re.Match[str], confidence: float) -> Iterator[Found]:
    group = match.lastgroup or ""
    if _OR_HIGHER.match(text, match.end(group)) or _OR_HIGHER.match(text, match.end()):
        return
    before = text[max(0, match.start() - _MARK_CONTEXT) : match.start(group)]
    nobody = _NOBODYS_MARK.search(before.replace("average", "") if group == "m4" else before)
    if nobody or (group == "m5" and int(re.split(r"\D", match[group])[0]) <= 13):
        return
    written = match[group]
    yield Found(Sort.GRADE, match.start(group), match.end(group), written.casefold(), confidence, "mark")
