"""Detectors of persons that a district may install: loaded for real, or a plain word about what is missing."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pycrfsuite  # type: ignore[import-untyped]
import pytest
import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

from auditor.detect.models import load, pieces
from auditor.detect.persons import Persons, full_names
from auditor.errors import Mistake
from auditor.model import Sort

TEXT = "Our own Zyx Qworp’s poem won; Ana came too. Thanks to “Vuk Brimm Jr.” — and to Ötzi\u00a0Grund!"
EXPECTED = ["Zyx Qworp", "Vuk Brimm Jr.", "Ötzi\u00a0Grund"]


@pytest.fixture
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules can be imported, and are forgotten afterwards."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - known:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


def write(folder: Path, module: str, source: str) -> None:
    folder.joinpath(f"{module}.py").write_text(dedent(source), encoding="utf-8")


def names(persons: Persons, text: str) -> list[str]:
    return [text[found.start : found.end] for found in persons(text)]


def test_the_grammar_is_built_in() -> None:
    assert load("grammar") is full_names


def test_a_function_of_ones_own_finds_names_with_a_model_trained_on_the_spot(importable: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    for line in (
        "our own P P won",
        "thanks to P P for all",
        "P P came and P P",
        "P and P",
        "nobody came",
        "all thanks",
    ):
        tags = ["P" if word == "P" else "O" for word in line.split()]
        trainer.append([["capital" if word == "P" else f"word={word}"] for word in line.split()], tags)
    trainer.train(str(importable / "tiny.crfsuite"))
    write(
        importable,
        "our_names",
        """
        import re
        from itertools import groupby
        from pathlib import Path

        import pycrfsuite

        from auditor.detect.found import Found
        from auditor.model import Sort

        tagger = pycrfsuite.Tagger()
        tagger.open(str(Path(__file__).with_name("tiny.crfsuite")))


        def persons(text):
            words = list(re.finditer(r"\\w+", text))
            tags = tagger.tag([["capital" if w[0][0].isupper() else f"word={w[0]}"] for w in words])
            for tag, group in groupby(zip(words, tags), key=lambda pair: pair[1]):
                run = [word for word, _ in group]
                if tag == "P":
                    yield Found(Sort.PERSON, run[0].start(), run[-1].end(), "", 0.75, "full")
        """,
    )

    persons = load("our_names:persons")

    text = "thanks to Zyx Qworp and Ana, nobody knew Vuk Brimm"
    found = list(persons(text))
    assert [(text[f.start : f.end], f.value) for f in found] == [("Zyx Qworp", "zyx qworp"), ("Vuk Brimm", "vuk brimm")]
    assert {(f.sort, f.confidence, f.form) for f in found} == {(Sort.PERSON, 0.75, "full")}


def test_what_a_model_tells_amiss_is_put_right_or_left_out(importable: Path) -> None:
    write(
        importable,
        "careless",
        """
        from auditor.detect.found import Found
        from auditor.model import Sort

        SPANS = [(20, 33, 0.9), (-3, 4, 0.9), (0, 9, 0.1), (40, 4_000, 0.9), (0, 9, 0.9), (4, 12, 3.0), (33, 33, 0.9)]


        def persons(text):
            return [Found(Sort.PERSON, start, end, "", confidence, "full") for start, end, confidence in SPANS]
        """,
    )

    found = list(load("careless:persons")("Ana Brimm and then: “Vuk Qworp’s” mother came"))

    assert [(f.start, f.end, f.value, f.confidence) for f in found] == [
        (0, 9, "ana brimm", 0.9),
        (21, 30, "vuk qworp", 0.9),
    ]


RECOGNIZER = """
    import re
    from types import SimpleNamespace


    class Names:
        def analyze(self, text, entities, nlp_artifacts=None):
            assert entities == ["PERSON"]
            found = [(m, "PERSON") for m in re.finditer(r"[A-ZÖ]\\w+[ \\u00a0][A-Z]\\w+(?: Jr)?[.’s]*", text)]
            return [SimpleNamespace(entity_type=kind, start=m.start(), end=m.end(), score=0.9) for m, kind in found]


    made = Names()


    def make():
        return made
"""


@pytest.mark.parametrize("attribute", ["Names", "made", "make"])
def test_a_recognizer_may_be_a_class_an_object_or_a_function_that_makes_one(importable: Path, attribute: str) -> None:
    write(importable, "our_recognizers", RECOGNIZER)

    assert names(load(f"presidio:our_recognizers:{attribute}"), TEXT) == EXPECTED


def test_a_long_text_reaches_a_model_in_pieces_and_every_name_keeps_its_place(importable: Path) -> None:
    write(importable, "our_recognizers", RECOGNIZER)
    text = "\n".join(f"line {n}: hello to Zyx Qworp." for n in range(2_000))

    found = list(load("presidio:our_recognizers:made")(text))

    assert len(found) == 2_000
    assert {text[f.start : f.end] for f in found} == {"Zyx Qworp"}


def test_pieces_make_up_the_text_and_end_where_lines_sentences_or_words_do() -> None:
    text = "one two\nthree four. five six seven eightnineteneleventwelve"

    cut = list(pieces(text, 14))

    assert "".join(piece for _, piece in cut) == text
    assert all(text.startswith(piece, begin) for begin, piece in cut)
    assert [piece for _, piece in cut][:3] == ["one two\n", "three four. ", "five six "]
    assert max(len(piece) for _, piece in cut) <= 14


# ------------------------------------------------------------------------------------------------ what is missing


@pytest.mark.parametrize("spec", ["", "best", "spacy:", "grammar:x", "presidio:only_a_module", ":x"])
def test_a_detector_that_nobody_can_mean_is_a_mistake_that_tells_the_forms(spec: str) -> None:
    with pytest.raises(Mistake, match=r"[Ww]rite grammar, spacy:MODEL"):
        load(spec)


@pytest.mark.parametrize("spec", ["no_such_module_here:persons", "presidio:no_such_module_here:Names"])
def test_a_module_that_is_not_installed_is_a_mistake(spec: str) -> None:
    with pytest.raises(Mistake, match=r"No module named 'no_such_module_here'\. Install the package that has it"):
        load(spec)


def test_a_module_without_that_attribute_is_a_mistake(importable: Path) -> None:
    write(importable, "empty_module", "x = 1")

    with pytest.raises(Mistake, match="the module empty_module has no persons"):
        load("empty_module:persons")
    with pytest.raises(Mistake, match="empty_module:x: is no function"):
        load("empty_module:x")


@pytest.mark.parametrize("library", ["spacy", "gliner"])
def test_a_library_that_is_not_installed_is_a_mistake_that_says_what_to_install(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # how Python marks what cannot be imported

    with pytest.raises(Mistake, match=f"pip install {library}"):
        load(f"{library}:some-model")


# ------------------------------------------------------------------------------------------------ the real libraries


def test_a_spacy_model_trained_on_the_spot_is_loaded_from_its_folder(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner")
    facts = [
        ("thanks to Zyx Qworp today", [(10, 19)]),
        ("Vuk Brimm won", [(0, 9)]),
        ("hello to Vuk Brimm and Zyx Qworp", [(9, 18), (23, 32)]),
        ("nobody won today", []),
    ]
    examples = [
        Example.from_dict(pipeline.make_doc(text), {"entities": [(a, b, "PERSON") for a, b in spans]})
        for text, spans in facts
    ]
    fix_random_seed(1)
    pipeline.initialize(lambda: examples)
    for _ in range(40):
        pipeline.update(examples)
    pipeline.to_disk(tmp_path / "model")

    persons = load(f"spacy:{tmp_path / 'model'}")

    text = "🎉 hello to Vuk Brimm and Zyx Qworp"
    assert names(persons, text) == ["Vuk Brimm", "Zyx Qworp"]


def test_a_spacy_model_that_is_not_there_is_a_mistake_and_nothing_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="there is no such model here"):
        load(f"spacy:{tmp_path / 'none'}")
    with pytest.raises(Mistake, match="python -m spacy download"):
        load("spacy:xx_no_such_model")


def test_a_recognizer_of_presidio_itself_is_used(importable: Path) -> None:
    write(
        importable,
        "presidio_names",
        """
        from presidio_analyzer import Pattern, PatternRecognizer


        def make():
            two = "(?-i:[A-Z])[a-z]+ (?-i:[A-Z])[a-z]+"
            return PatternRecognizer("PERSON", patterns=[Pattern("two", two, 0.8)])
        """,
    )

    found = list(load("presidio:presidio_names:make")("thanks to Zyx Qworp and Ana"))

    assert [(f.start, f.end, f.confidence) for f in found] == [(10, 19, 0.8)]
