"""Whether a sentence says that somebody was at a public game or performance: where who is there may be seen by all.

A name and a game in one sentence are not enough: "boards the bus to the game" is a picture of a bus.
"""

import re
from typing import Final, NamedTuple

from auditor.lazy_pattern import LazyPattern


class Told(NamedTuple):
    """What a sentence tells of somebody and a public event.

    `event` and `when` are the words for which event it is, and when or where, of somebody who is there. `everyday`: it
    tells of something that school does every day, of what comes before or after an event, or of getting ready for one.
    """

    event: str = ""
    when: str = ""
    everyday: bool = False


def told(sentence: str, name: str, beside: str) -> Told:
    """What a sentence tells of who is named in it; `beside` are the other words of the same caption, and the title,
    which may say when or where that was."""
    # A name may be a word of every day: "Will", "Field", "Hall".
    words = sentence.replace(name, _SOMEBODY)
    part = next((p for p in _PART.split(words) if _SOMEBODY in p), words)
    everyday = _EVERY_DAY.search(part) is not None
    there = _THERE.search(part) or _SCORE.search(part)
    when = _WHEN_OR_WHERE.search(part) or (_WHEN_OR_WHERE.search(beside) if not _EVERY_DAY.search(beside) else None)
    # Of the rest of the match nothing is told: it may name somebody.
    event = (there["event"] or there["won"]).lower() if there else ""
    return Told(event, when[0].lower() if when else "", everyday)


def hints(words: str) -> bool:
    """Whether words speak of sports, of the stage or of what is held in public."""
    return _EVENT.search(words) is not None or _ACTIVITY.search(words) is not None


_SOMEBODY: Final = "—"
_PART: Final = LazyPattern(r"[;\n]")
_EVENTS: Final = (
    r"(?:games?|match(?:es)?|tournament|tourney|meet|championships?|finals?|semi-?finals?|playoffs?|invitational"
    r"|jamboree|scrimmage|races?|concert|recital|musical|play|opera|ballet|performance|opening night|talent show"
    r"|(?:music|arts?|jazz|choir|choral|band|orchestra|theat(?:er|re)|drama|dance|film) festival"
    r"|partido|torneo|campeonato|concierto|recital|funci[oó]n|carrera)"
)
_NO_PUBLIC_EVENT: Final = (
    r"(?:board|video|card|matching|computer|number|word|math\w*|science|chess|spelling|reading|robotics|coding|debate|academic"
    r"|quiz|trivia|history|geography|writing|essay|role|pretend|mesa|ajedrez|matem[aá]ticas)"
)
_THERE: Final = LazyPattern(
    # "at Friday's game", "in the spring play", "en el partido de fútbol": no other place or time comes in between.
    rf"\b(?:at|in|during|en|durante)\s+(?!play\b)"
    rf"(?:(?!(?:at|in|on|of|to|for|from|with|about|by|before|after|until|till|and then|while|who|whose|the day"
    rf"|{_NO_PUBLIC_EVENT})\b)[\w'’.&/-]+\s+){{0,7}}?(?P<event>{_EVENTS})\b"
    r"(?![-\s]+(?:of|area|ground|date|day|plan|room|table|time|kitchen|dough|board|pieces?|exams?|tests?|weeks?"
    r"|projects?)\b)"
    # "wins the state tournament"
    r"|\b(?:wins?|won|loses?|lost|enters?|entered|gana|gan[oó]|juega|jug[oó]) (?:in |en )?(?:the |el |la )?"
    rf"(?:(?!(?:at|in|on|of|to|for|from|with|about|{_NO_PUBLIC_EVENT})\b)[\w'’.&/-]+\s+){{0,5}}?"
    r"(?P<won>championship|tournament|tourney|playoffs?|invitational|meet|torneo|campeonato)\b",
    re.IGNORECASE,
)
_SCORE: Final = LazyPattern(
    r"\b(?:against|vs\.?|versus|contra) [^.\n]{1,40}\b(?P<event>\d{1,3}\s?[-–]\s?\d{1,3})\b"
    r"|\b(?P<won>\d{1,3}\s?[-–]\s?\d{1,3}) (?:\w+ )?(?:over|against|vs\.?|versus|contra|sobre)\b",
    re.IGNORECASE,
)
_EVENT: Final = LazyPattern(
    rf"\b(?:{_EVENTS}|parade|festival|pep rally|graduation|desfile|performs?|performed|performing)\b",
    re.IGNORECASE,
)
_ACTIVITY: Final = LazyPattern(
    r"\b(?:football|basketball|volleyball|soccer|baseball|softball|wrestl\w+|track|swim\w*|golf|tennis|cross country"
    r"|hockey|lacrosse|varsity|cheer\w*|band|choir|orchestra|drama|theat(?:er|re)|danc(?:es?|ed|ing)|scor(?:es?|ed|ing)"
    r"|goal(?:ie|keeper)?s?|touchdowns?|home run|quarterback|dunks?|dribbl\w+|sprint\w*|hurdles|halftime|solo(?:ist)?"
    r"|sings?|sang|f[uú]tbol|baloncesto|coro)\b",
    re.IGNORECASE,
)
_EVERY_DAY: Final = LazyPattern(
    # Places and hours of a school day.
    r"\b(?:class(?:es|rooms?|mates?)?(?! (?:of|[A-D\d]{1,2})\b)|lunch\w*|cafeteria|breakfast|nurse\w*|check-?ups?"
    r"|bus(?:es)?|vans?|rehears\w+|practi[cs]\w+|locker\w*|hallways?|in the halls?|corridor|librar(?:y|ies)|labs?"
    r"|recess|playground|homework|study hall|office|counsel\w+|weight room|try-?outs?|auditions?|camp|workshop"
    r"|field trip|projects?|assignments?|experiments?|worksheets?|exams?|quiz(?:zes)?|lessons?"
    r"|meetings?|party|at (?:home|school)|homeroom|restroom|dressing room|backstage"
    r"|clase|aula|sal[oó]n|almuerzo|comedor|enfermer\w+|autob[uú]s"
    r"|ensay\w+|pr[aá]cticas?|entrenamientos?|vestuarios?|pasillos?|biblioteca|laboratorio|recreo|oficina"
    # Before and behind an event.
    r"|before|after|until|till|ahead of|prior to|following|day of|morning of|(?:night|eve) (?:before|of)|tomorrow"
    r"|upcoming|next(?! to)|on (?:the|his|her|their) way|will|antes|despu[eé]s|hasta|ma[nñ]ana|pr[oó]xim[oa]"
    # Getting ready for one, or hearing of it.
    r"|train(?:s|ed|ing)?|prepar\w+|gets? ready|getting ready|got ready|looks? forward|looking forward|warm\w* up"
    r"|(?:sell|sells|selling|sold|buys?|bought)\b.{0,20}\btickets|(?:build|builds|building|built|paint\w*|mak\w+|made"
    r"|design\w*)\b.{0,20}\b(?:sets?|scenery|props|posters?|costumes?|banners?|signs?)|sets? up|setting up"
    r"|board(?:s|ed|ing)|miss(?:es|ed|ing)|heads? (?:to|for|off)|leaves? for|leaving for|goes to|going to|travel\w*"
    r"|(?:reads?|reading|talk\w*"
    r"|writ\w+|wrote|learn\w*|hears?|heard|speaks?|spoke|thinks?|dreams?|asks?|tells?) (?:\w+ )?(?:about|of|on)"
    r"|stud(?:y|ies|ied|ying)|waits? for|waiting for|hopes?|plans?|invit\w+|signs?|signed|entrenar?|entrenan(?:do)?"
    r"|vend\w+|lee sobre|habla de|espera)\b",
    re.IGNORECASE,
)
_WHEN_OR_WHERE: Final = LazyPattern(
    r"\b(?:vs\.?|versus|against|contra|\d{1,3}\s?[-–]\s?\d{1,3}|\d{1,2}/\d{1,2}(?:/\d{2,4})?|stadium|gym(?:nasium)?"
    r"|arena|field|auditorium|stage|fieldhouse|estadio|gimnasio|auditorio|tonight|last night"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}|may \d{1,2}|homecoming|state|regional"
    r"|district (?:meet|tournament)|\d{1,2} de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre"
    r"|octubre|noviembre|diciembre))\b",
    re.IGNORECASE,
)
