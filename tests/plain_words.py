"""How hard a text is to read: Flesch-Kincaid grade and the longest sentence, by a simple rule for syllables."""

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzc])es$")


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end: good enough to compare texts by."""
    bare = _SILENT.sub("", re.sub(r"[^a-z]", "", word.lower()))
    return max(1, len(_VOWELS.findall(bare)))


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence."""
    split = (_WORD.findall(sentence) for sentence in _SENTENCE_END.split(text.strip()))
    return [words for words in split if words]


def grade(text: str) -> float:
    """The school grade from which on the text can be read (Flesch-Kincaid); 0 for no text."""
    told = sentences(text)
    words = [word for sentence in told for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(told) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def longest(text: str) -> list[str]:
    """The words of the longest sentence."""
    return max(sentences(text), key=len, default=[])
