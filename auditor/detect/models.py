"""Which detector finds names of persons: the built-in grammar, or a statistical model that a district has installed.

    grammar                     the built-in one; needs nothing
    spacy:NAME-OR-FOLDER        a spaCy pipeline that marks persons
    gliner:NAME-OR-FOLDER       a GLiNER model
    presidio:MODULE:ATTRIBUTE   a recognizer made for Presidio: a class, a function that makes one, or one
    MODULE:ATTRIBUTE            a function of your own (`persons.Persons`)

A library is imported only when its model is asked for, and nothing is ever downloaded: texts may name children, and
stay on this machine.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, Final

from auditor.detect.found import Found
from auditor.detect.persons import Persons, full_names
from auditor.errors import Mistake
from auditor.model import Sort
from auditor.roster.names import norm
from auditor.roster.names import plain as plain_letters

BUILT_IN: Final = "grammar"

Span = tuple[int, int, float]
"""Where a person is named in a text, and how certain that is."""

_FORMS: Final = "grammar, spacy:MODEL, gliner:MODEL, presidio:MODULE:ATTRIBUTE or MODULE:ATTRIBUTE"
_PERSONS: Final = frozenset({"PERSON", "PER", "NAME", "STUDENT"})
_UNSAID: Final = 0.85
"""The confidence of a model that tells none."""
_LEAST: Final = 0.5
_LONGEST: Final = {"spacy": 10_000, "gliner": 1_200, "presidio": 10_000}
"""How many characters a model is given at once; more costs memory, or is cut off unread."""


def load(spec: str) -> Persons:
    """The detector that a configuration names.

    What cannot be had is a `Mistake` that says what to install. A model's names of one word are left out: only full
    names are looked for.
    """
    kind, colon, rest = spec.strip().partition(":")
    if kind == BUILT_IN and not colon:
        return full_names
    if not colon or not rest.strip():
        raise Mistake(f"{spec}: names no detector of persons. Write {_FORMS}.")
    if kind not in _KINDS:
        return _own(spec, kind, rest)
    most, spans = _LONGEST[kind], _KINDS[kind](rest.strip())

    def persons(text: str) -> Iterator[Found]:
        for begin, piece in pieces(text, most):
            yield from _found(piece, begin, spans(piece))

    return persons


def pieces(text: str, most: int) -> Iterator[tuple[int, str]]:
    """A text in pieces of at most `most` characters, each with the place where it begins.

    They end where a line ends; else where a sentence does; else between two words; only a word without end is cut.
    """
    begin = 0
    while begin < len(text):
        close = begin + most
        if close < len(text):
            ends = ((text.rfind(mark, begin + most // 2, close), len(mark)) for mark in ("\n", ". ", " "))
            close = next((end + length for end, length in ends if end >= 0), close)
        yield begin, text[begin:close]
        begin = close


# ------------------------------------------------------------------------------------------------ kinds of models


def _spacy(model: str) -> Callable[[str], Iterable[Span]]:
    spacy = _library("spacy", "spacy")
    try:
        pipeline = spacy.load(model)
    except (OSError, ValueError) as problem:
        raise Mistake(
            f"spacy:{model}: there is no such model here ({_first_line(problem)}). "
            "Install one (python -m spacy download en_core_web_sm), or give the folder of one."
        ) from problem

    def spans(text: str) -> Iterator[Span]:
        for entity in pipeline(text).ents:
            if entity.label_.upper() in _PERSONS:
                yield entity.start_char, entity.end_char, _UNSAID

    return spans


def _gliner(model: str) -> Callable[[str], Iterable[Span]]:
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when the library is imported
    gliner = _library("gliner", "gliner")
    try:
        tagger = gliner.GLiNER.from_pretrained(model, local_files_only=True)
    except (OSError, ValueError) as problem:
        raise Mistake(
            f"gliner:{model}: there is no such model here ({_first_line(problem)}). "
            "Fetch it once by hand, and give the folder where it lies."
        ) from problem

    def spans(text: str) -> Iterator[Span]:
        for entity in tagger.predict_entities(text, ["person"], threshold=_LEAST):
            yield entity["start"], entity["end"], float(entity["score"])

    return spans


def _presidio(place: str) -> Callable[[str], Iterable[Span]]:
    module, _, attribute = place.partition(":")
    made = _attribute(f"presidio:{place}", module, attribute)
    recognizer = made if hasattr(made, "analyze") and not isinstance(made, type) else made()
    if not callable(getattr(recognizer, "analyze", None)):
        raise Mistake(f"presidio:{place}: is no recognizer; one has a method analyze(text, entities, nlp_artifacts).")

    def spans(text: str) -> Iterator[Span]:
        for result in recognizer.analyze(text=text, entities=["PERSON"], nlp_artifacts=None) or ():
            if result.entity_type.upper() in _PERSONS:
                yield result.start, result.end, float(result.score)

    return spans


_KINDS: Final[dict[str, Callable[[str], Callable[[str], Iterable[Span]]]]] = {
    "spacy": _spacy,
    "gliner": _gliner,
    "presidio": _presidio,
}


def _own(spec: str, module: str, attribute: str) -> Persons:
    function = _attribute(spec, module, attribute)
    if not callable(function):
        raise Mistake(f"{spec}: is no function. It takes a text and returns what auditor.detect.persons.Persons says.")

    def persons(text: str) -> Iterator[Found]:
        told = ((found.start, found.end, found.confidence) for found in function(text))
        yield from _found(text, 0, told)

    return persons


# ------------------------------------------------------------------------------------------------ common to all


_LONGEST_NAME: Final = 80
_AROUND: Final = " \t\n\r\f\v\xa0\"'“”‘’()[]{}<>@#*_,;:!?|/-"
_WITH_DOT: Final = re.compile(r"\b(?:[JjSs]r|[^\W\d_])\.$")
_WORDS: Final = re.compile(r"[^\W\d_][\w.'’-]*")


def _found(text: str, begin: int, spans: Iterable[Span]) -> Iterator[Found]:
    """What a model told of a text that begins at `begin` of the whole one: full names, in order, none overlapping."""
    reach = 0
    for start, end, confidence in sorted(spans):
        if not 0 <= start < end <= min(len(text), start + _LONGEST_NAME) or confidence < _LEAST:
            continue
        start, end = _trimmed(text, start, end)
        names = _WORDS.findall(text[start:end])
        if start < reach or len(names) < 2 or "\n" in text[start:end]:
            continue
        reach = end
        value = " ".join(norm(plain_letters(name)) for name in names)
        yield Found(Sort.PERSON, begin + start, begin + end, value, min(1.0, confidence), "full")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces, marks and the "'s" around the name; the dot of "Jr." belongs to it."""
    name = text[start:end].rstrip(_AROUND)
    if not _WITH_DOT.search(name):
        name = name.rstrip("." + _AROUND)
    name = name.removesuffix("'s").removesuffix("’s")
    bare = name.lstrip("." + _AROUND)
    return start + len(name) - len(bare), start + len(name)


def _library(name: str, package: str) -> Any:
    try:
        return import_module(name)
    except ImportError as problem:
        raise Mistake(f"{name}: the library is not installed here. Install it: pip install {package}") from problem


def _attribute(spec: str, module: str, attribute: str) -> Any:
    if not (module and attribute):
        raise Mistake(f"{spec}: names no detector of persons. Write {_FORMS}.")
    try:
        found: Any = import_module(module)
        for name in attribute.split("."):
            found = getattr(found, name)
    except ImportError as problem:
        raise Mistake(
            f"{spec}: {_first_line(problem)}. Install the package that has it, or write {_FORMS}."
        ) from problem
    except AttributeError as problem:
        raise Mistake(f"{spec}: the module {module} has no {attribute}.") from problem
    return found


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0].rstrip(".")
