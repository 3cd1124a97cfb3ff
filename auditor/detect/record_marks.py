"""Marks in a text: averages, letters, scores of tests, failing; in English and in Spanish. Never grade levels.

A pattern that minds no capitals is for small letters: to compare without regard to case takes several times as long.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.detect.found import Found, Parts
from auditor.model import Sort

_WORDS: Final = """
grade grades average straight calificaci calificacion calificaciones nota notas promedio rank ranked
lugar puesto
"""
_SCORES: Final = """
score scores scored sat act psat puntaje puntuaci puntuacion sac saco obtuvo
test tests quiz quizzes exam exams spelling dictation examen examenes prueba pruebas dictado
"""
_FAILING: Final = "failing flunking flunked failed fails reprobado reprobada reprob reprobando"
_GETS: Final = """
got get gets getting earn earns earned earning received receives made makes has had have given pulled achieved posted
scored sac saco obtuvo recibi recibio tiene
"""
_TAUGHT: Final = """
math maths mathematics algebra geometry calculus biology chemistry physics spelling reading writing english arts ela
history studies geography science spanish french matem matematicas lectura escritura ciencias historia ingl ingles espa
espanol
"""
_TESTED: Final = f"""
sat act psat gre ap staar map ged asvab toefl test tests quiz exam exams midterm final finals assessment essay paper
project homework card lab assignment examen prueba tarea proyecto {_TAUGHT}
"""
AVERAGE_GATE: Final = frozenset(["gpa", "p"])
WORD_GATE: Final = frozenset(_WORDS.split())
SCORE_GATE: Final = frozenset(_SCORES.split())
FAIL_GATE: Final = frozenset(_FAILING.split())
"""Plain words without which there is nothing to find; of words with accents their longest part without."""

GETTING: Final = frozenset(_GETS.split())
LETTERS: Final = frozenset(["b", "c", "d", "f"])
TESTS: Final = frozenset(_TESTED.split())
"""Somebody gets a letter; a number counts only where a test is named as well."""
SUBJECTS: Final = frozenset(_TAUGHT.split())

_LETTER: Final = r"(?-i:[A-D][+\-\u2212]?|F)(?![\w&/]|\.[A-Z]|[’'][a-rt-z])"
_SCORE: Final = (
    r"(?:\d{1,3}(?:\.\d+)? ?(?:%|percent\b|por ciento)|\d{1,3}(?:\.\d+)?/\d{2,4}|\d{1,4}(?:\.\d{1,2})?)"
    r"(?![\w%/]|[.,:]\d|-\d)"
)
_SUBJECTS: Final = (
    r"math(?:s|ematics)?|algebra|geometry|calculus|biology|chemistry|physics|spelling|reading|writing|english"
    r"|language arts|ela|history|social studies|geography|science|spanish|french|matem[aá]ticas|lectura|escritura"
    r"|ciencias|historia|ingl[eé]s|espa[nñ]ol"
)
_TESTS: Final = (
    r"(?:sat|act|psat|gre|ap|staar|map|ged|asvab|toefl|test|tests|quiz|quizzes|exam|exams|midterm|final|finals"
    rf"|assessment|essay|paper|project|{_SUBJECTS}|homework|report card|lab|assignment|examen|prueba|tarea|proyecto)"
)
_GOT: Final = (
    r"(?:got|gets?|getting|earn(?:s|ed|ing)?|receiv(?:es?|ed|ing)|made|makes?|scor(?:es?|ed|ing)|achiev(?:es?|ed)|has"
    r"|had|have|given|posted|pulled|sac[oó]|obtuvo|recibi[oó]|tiene)"
)
_WHOSE: Final = r"(?-i:[A-ZÀ-ÖØ-Þ])[\w'’\-]{0,25}\.?(?: [\w'’\-]{1,25}[.,]?){0,4}"
_GPA: Final = re.compile(
    r"\bg\.?p\.?a\.?(?!\w)(?:\s?(?:is|of|was|at|:|=|\(|es|de|:)){0,2}\s?(?P<m1>[0-5]\.\d{1,4})(?!\d)"
    # "The GPA of Jane M. Doe is 3.2".
    rf"|\bg\.?p\.?a\.?\s(?:of|for|de)\s{_WHOSE}\s(?:is|was|es|fue)\s(?:an? |un )?(?P<m3>[0-5]\.\d{{1,4}})(?!\d)"
    r"|(?<![\d.])(?P<m2>[0-5]\.\d{1,4})\s(?:(?:weighted|unweighted|cumulative|overall|cum|perfect)\s){0,2}g\.?p\.?a\b",
    re.IGNORECASE,
)
_ORDINAL: Final = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
_NOTED: Final = re.compile(
    r"\bstraight (?P<m1>(?-i:[A-D])['’]?s)\b"
    # "Grade: A", never the "grade A" of eggs and insults.
    r"|\b(?:grades?|mark|calificaci[oó]n|nota)(?: (?:is|was|of|de|es)(?:\s?[:=])?|\s?[:=\-–]|(?=\t))\s"
    r"(?:an? |una? )?"
    rf"(?P<m2>{_LETTER})(?=\s|[.,!;)]|$)"
    r"|\b(?:(?:final|test|exam|quiz|semester|midterm|current|overall|term|course|class|math|reading) grades?"
    r"|average|calificaci[oó]n(?: final)?|promedio|nota(?: final)?)"
    rf"(?: (?:is|was|of|de|es|fue))?(?:\s?[:=])?\s(?:an? |una? )?(?P<average>{_SCORE})"
    r"|\b(?:grade|average|mark|calificaci[oó]n|promedio|nota) (?:of|for|de) "
    rf"{_WHOSE} (?:is|was|es|fue) (?:an? |una? )?(?P<m4>{_LETTER}|{_SCORE})"
    r"|\bgrades?(?: of (?:an? )?|(?: is| was)?\s?[:=]?\s)(?P<level>\d{2,3}(?:\.\d+)? ?%?)(?![\w/]|[.,:]\d|-)"
    r"|\b(?:class rank|rank(?:ed|s)?)(?: is| of|:)? (?:#|number )?"
    rf"(?P<m3>(?:\d{{1,3}}(?:st|nd|rd|th)?|{_ORDINAL})(?: (?:out )?of \d{{1,4}})?)"
    # Teams are ranked in "Class 4A".
    r"(?= in (?:(?:his|her|their|the|a|our) )?(?:(?:graduating|senior|junior|freshman|sophomore) )?class\b"
    r"(?! (?-i:[A-Z\d]))"
    r"|(?<=\d) (?:out )?of)"
    r"|\b(?:es|fue|ocupa|qued[oó])(?: en)? el (?P<m5>(?:\d{1,3}\.?[ºo°]?|\w{5,8}) (?:lugar|puesto))"
    r" (?:de|en) (?:su|la) clase\b",
    re.IGNORECASE,
)
_GOT_LETTER: Final = re.compile(
    rf"\b{_GOT} (?:an? |all |straight |her |his |their |my |mostly |un |una ){{0,2}}(?P<m1>{_LETTER})(?:['’]?s)?"
    r"(?! for (?:effort|trying)\b)(?=[.,!;)]|$| (?:in|on|for|average|and|this|last|grade|en)\b)",
    re.IGNORECASE,
)
_GOT_SCORE: Final = re.compile(
    rf"\b{_GOT} (?:an? |the |un |una ){{0,2}}(?:perfect |near-perfect )?(?:score of |calificaci[oó]n de )?(?:an? )?"
    rf"(?P<m1>{_SCORE}) (?:on|in|for|en)\b[^\n.]{{0,40}}?\b{_TESTS}\b"
)
_SCORED: Final = re.compile(
    rf"\b{_TESTS}(?: \w+)? scores?(?:\s(?:of|is|was|were|are))?(?:\s?[:=])?\s(?:an? )?(?P<m1>{_SCORE})"
    rf"|(?<!\w)scores?(?: of| is| was|\s?[:=])\s?(?:an? )?(?P<m2>{_SCORE})(?: (?:on|in) [^\n.]{{0,30}}?\b{_TESTS}\b)?"
    rf"|\b(?P<m3>perfect score) (?:on|in) [^\n.]{{0,30}}?\b{_TESTS}\b"
    r"|\bscored (?:an? )?(?P<m4>\d{1,3}(?:\.\d+)? ?(?:%|percent\b)) on\b"
    rf"|\b(?:puntaje|puntuaci[oó]n)(?: de| es|:)? (?P<m5>{_SCORE})"
)
_FAILS: Final = re.compile(
    r"\b(?:(?:is|was|are|were|currently|been|be|he.s|she.s) (?:\w+ )?(?P<m1>failing|flunking)\b"
    r"(?! (?:schools?|to\b|infrastructure|system))"
    r"|(?P<m4>failing) (?:list|grades?|students?)(?: list)?(?:\s?:|\s[–-])(?=\s)"
    r"|(?P<m2>failing grades?|flunked|reprob[oó]|reprobad[oa]s?|reprobando)(?!\w)"
    rf"|(?P<m3>fail(?:ed|ing|s)|flunk(?:ing|s)) (?:the |her |his |their |all |my |two |three |\d )?{_TESTS}\b)"
)
_SITTING: Final = re.compile(
    r"\b(?:(?<!taste )(?<!drug )tests?|quiz(?:zes)?|exams?|spelling(?! bees?\b)|dictation|ex[aá]men(?:es)?|pruebas?"
    r"|dictado)\b[^\n.!?:]{0,30}?(?::|\s[–-])\s?"
)
"""The heading of a list of what students got on a test, in the same line."""
_LISTED: Final = re.compile(
    r"(?<![\w'’-])[A-ZÀ-ÖØ-Þ][\w'’-]*\.?(?: [A-ZÀ-ÖØ-Þ][\w'’-]*\.?){0,3}\s?[:=(–-]?\s?"
    r"(?P<mark>(?P<points>\d{1,3}(?:\.\d)?)/(?P<of>\d{1,3})|\d{1,3}(?:\.\d+)? ?%)(?![\w%/]|[.,:]\d)"
)
_OF_SUBJECT: Final = re.compile(
    rf"(?<![\w'’-])(?:{_SUBJECTS})(?: grade)?(?P<parted>\s?[:=–-])?\s?(?P<mark>(?-i:[A-D][+\-\u2212])(?!\w)"
    r"|(?:(?P<letter>(?-i:[A-DF]))|\d{1,3}(?:\.\d+)? ?%)"
    rf"(?=\s?(?:[,;)|\n\t]|\.(?! ?[A-Z])|$)|,? (?:and|y|{_SUBJECTS})\b))",
    re.IGNORECASE,
)
"""A subject of school with the mark in it, and no more: "Math B+, Science: C", not "Science: A Journey"."""
_NO_NAME: Final = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b|lunes|martes|mi[eé]rcoles|jueves"
    r"|viernes|chapters?|units?|lessons?|pages?|rooms?|weeks?|modules?|sections?|due|on|until|by|date)\b"
)
_LONGEST_LIST: Final = 300
_NOBODYS_MARK: Final = re.compile(
    r"\b(?:minimum|at least|must|required?s?|requirements?|need(?:s|ed)?|averages?|mean|median|state|national|passing"
    r"|cut|benchmark|m[ií]nim[oa]|al menos|requier[ea]\w*|credits?|team|final score|game|halftime|district|schools?"
    r"|eligib\w+|maintain\w*)\b"
)
_OR_HIGHER: Final = re.compile(
    r"[)\s]*(?:\([^)]{0,20}\) )?(?:or|and|o) (?:higher|above|better|more|greater|lower|below|up|m[aá]s|mayor)"
    r"|\+? ?(?:minimum|required|points?\b|pts\b|goals?|runs?|yards)|\s?-\s?\d"
)
_MARK_CONTEXT: Final = 30
_PERHAPS: Final = 0.65


def averages(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """Grade point averages of somebody; neither what is asked of everybody nor what a school has."""
    return _found(_GPA, 0.9, text, lowered, parts)


def notes(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """What is called a grade, an average or a rank."""
    return _found(_NOTED, 0.8, text, lowered, parts)


def letters(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """Letters that somebody got."""
    return _found(_GOT_LETTER, 0.8, text, lowered, parts)


def got_scores(_text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """Numbers that somebody got on a test."""
    return _found(_GOT_SCORE, 0.8, lowered, lowered, parts)


def scores(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """What is called a score, and not that of a game; what stands beside names behind the name of a test."""
    for begin, end in parts:
        yield from _found(_SCORED, 0.8, lowered, lowered, [(begin, end)])
        yield from _found(_EXAMINED, 0.8, text, lowered, [(begin, end)])
        yield from _listed(text, lowered, begin, end)


_EXAMINED: Final = re.compile(
    r"(?<=[,:(–-] )(?:ACT (?P<act>[12]\d|3[0-6])|P?SAT (?P<sat>[4-9]\d\d|1[0-6]\d\d))(?=[.,;)\n]|$)"
)
"""Behind a name: "Jane Doe, ACT 31", never an act of a parliament or a play."""


def subjects(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """The marks in subjects of school, line by line. Bare letters alone are the names of courses: "Spanish B"."""
    for begin, end in parts:
        line: list[re.Match[str]] = []
        for match in _OF_SUBJECT.finditer(text, begin, end):
            if line and "\n" in text[line[-1].end() : match.start()]:
                yield from _of_subjects(lowered, line)
                line = []
            line.append(match)
        yield from _of_subjects(lowered, line)
        yield from _found(_IN_SUBJECT, 0.8, text, lowered, [(begin, end)])


_IN_SUBJECT: Final = re.compile(rf"(?<=[:–-] )(?P<mark>{_LETTER}) (?:in|on|en) (?i:{_SUBJECTS})\b")
"""Behind a name: "Jane Doe: F in math"."""


def _of_subjects(lowered: str, line: list[re.Match[str]]) -> Iterator[Found]:
    if any(match["parted"] or not match["letter"] for match in line):
        for match in line:
            yield from _mark(lowered, match, 0.8)


def failures(_text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """That somebody fails."""
    return _found(_FAILS, _PERHAPS, lowered, lowered, parts)


def _found(pattern: re.Pattern[str], confidence: float, text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    for begin, end in parts:
        for match in pattern.finditer(text, begin, end):
            yield from _mark(lowered, match, confidence)


def _mark(lowered: str, match: re.Match[str], confidence: float) -> Iterator[Found]:
    group = match.lastgroup or ""
    if _OR_HIGHER.match(lowered, match.end(group)) or _OR_HIGHER.match(lowered, match.end()):
        return
    before = lowered[max(0, match.start() - _MARK_CONTEXT) : match.start(group)]
    nobody = _NOBODYS_MARK.search(before.replace("average", "") if group == "average" else before)
    if nobody or (group == "level" and int(re.split(r"\D", match[group])[0]) <= 13):
        return
    written = match[group]
    yield Found(Sort.GRADE, match.start(group), match.end(group), written.casefold(), confidence, "mark")


def _listed(text: str, lowered: str, begin: int, end: int) -> Iterator[Found]:
    """What students got, name by name behind the name of a test: "Spelling test: Jada 9/10, Kofi 10/10".

    A fraction that stands alone and may be a day is less sure.
    """
    headings = list(_SITTING.finditer(lowered, begin, end))
    for n, heading in enumerate(headings):
        reach = heading.end() + _LONGEST_LIST
        close = text.find("\n", heading.end(), reach)
        close = min(close if close >= 0 else reach, len(text))
        if n + 1 < len(headings):
            close = min(close, headings[n + 1].start())  # there the next list begins
        marks = [m for m in _LISTED.finditer(text, heading.end(), close) if not _NO_NAME.match(lowered, m.start())]
        for match in marks:
            alone = all(m is match or m["of"] != match["of"] for m in marks)
            doubtful = alone and match["of"] is not None and _may_be_day(match["points"], match["of"])
            written = match["mark"]
            sure = _PERHAPS if doubtful else 0.8
            yield Found(Sort.GRADE, match.start("mark"), match.end("mark"), written.casefold(), sure, "mark")


def _may_be_day(month: str, day: str) -> bool:
    return month.isdigit() and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
