"""The words of reports and of every rule's help are for a principal: grade 6, at most 20 words a sentence."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.check import built
from auditor.model import Outcome
from reports import words
from reports.school import headline, what_was_seen
from reports.story import Memory
from tests import stories
from tests.plain_words import grade, longest, syllables

GRADE, WORDS = 6.0, 20

TEMPLATES = sorted((Path(words.__file__).parent / "templates").glob("*.html"))

JARGON = re.compile(
    r"\b(URL|HTTP|DNS|crawl\w*|fetch\w*|snapshot|violation|entity|handler|scan\w*|parse\w*|regex|metadata|API|timeout)\b",
    re.IGNORECASE,
)


def lines(template: Path) -> Iterator[str]:
    """What a template says itself, a line each: no markup, no commands, and a word for each value."""
    text = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|<code>.*?</code>", " ", template.read_text("utf-8"))
    text = re.sub(r"(?s)\{\{.*?\}\}", "it", text)
    for line in re.split(r"\n|</(?:p|li|dt|dd|h\d|th|td|summary|caption|title)>", text):
        bare = " ".join(re.sub(r"<[^>]*>?", " ", line).split())
        if re.search("[a-z]{2}", bare.replace("it", "")):
            yield bare


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_the_fixed_words_of_a_report_are_plain(template: Path) -> None:
    said = list(lines(template))

    assert not [line for line in said if len(longest(line)) > WORDS]
    assert not [line for line in said if JARGON.search(line)]
    assert grade(" ".join(line if line.endswith((".", "?", ":")) else f"{line}." for line in said)) <= GRADE


def test_the_reasons_why_something_was_not_seen_are_plain() -> None:
    said = [*words.WHY_BLIND.values(), *(words.how_sure(c, o) for c in (0.5, 1.0) for o in Outcome)]

    assert max(len(longest(sentence)) for sentence in said) <= WORDS
    assert grade(" ".join(said)) <= GRADE


@pytest.mark.parametrize("remembered", [stories.everything(), stories.clean(), stories.hostile()], ids=[*"fch"])
def test_the_sentences_that_stay_are_plain(remembered: Memory) -> None:
    story = stories.told(remembered)

    for sentence in (headline(story), what_was_seen(story)):
        assert len(longest(sentence)) <= WORDS
        assert grade(sentence) <= GRADE


@pytest.mark.parametrize("rule", sorted(built()))
def test_the_help_of_a_rule_is_plain(rule: str) -> None:
    told = built()[rule].help
    text = f"{told.title} {told.why} {told.fix} {told.blind}"

    assert len(longest(text)) <= WORDS, " ".join(longest(text))
    assert grade(text) <= GRADE
    assert not JARGON.search(text)


def test_the_measure_tells_plain_words_from_hard_ones() -> None:
    plain = "Take the name off the page. A stranger can use it to find a child."
    hard = (
        "Personally identifiable information regarding identifiable individuals necessitates expeditious remediation"
        " notwithstanding administrative considerations."
    )

    assert grade(plain) < 3
    assert grade(hard) > 15
    assert [syllables(word) for word in ("a", "name", "named", "table", "account", "policy", "university")] == [
        *(1, 1, 1, 2, 2, 3, 5)
    ]
