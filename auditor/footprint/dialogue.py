"""A conversation at a terminal, or with a script that writes the answers to standard input."""

import getpass
import sys
from collections.abc import Callable
from typing import Final

from auditor.errors import Mistake, Stopped
from auditor.footprint.vault import weak

LATER: Final = "later"
_YES: Final = frozenset({"y", "yes", "si", "sí"})
_NO: Final = frozenset({"n", "no"})
_TRIES: Final = 3


class Dialogue:
    """Asks one thing at a time. The end of the input means "later": what was answered is kept."""

    def tell(self, words: str = "") -> None:
        """Says something."""
        print(words, flush=True)

    def ask(self, question: str, default: str = "") -> str:
        """An answer; an empty one is the default."""
        print(f"{question}{f' [{default}]' if default else ''}: ", end="", flush=True)
        return _line().strip() or default

    def ask_list(self, question: str) -> tuple[str, ...]:
        """Several answers on one line, with commas between them, each once."""
        return tuple(dict.fromkeys(part for word in self.ask(question).split(",") if (part := " ".join(word.split()))))

    def is_yes(self, question: str, default: str) -> bool:
        """Yes or no; asks again where it is neither."""
        for _ in range(_TRIES):
            answer = self.ask(f"{question} (yes/no)", default).casefold()
            if answer in _YES | _NO:
                return answer in _YES
            self.tell("Please write yes or no.")
        raise Mistake("an answer was neither yes nor no; begin again, what was answered is kept")

    def valid(self, question: str, problem: Callable[[str], str]) -> tuple[str, ...]:
        """Several answers, each of a form that can be; asks again where one is not."""
        for _ in range(_TRIES):
            answers = self.ask_list(question)
            faults = [f"{answer}: {fault}" for answer in answers if (fault := problem(answer))]
            if not faults:
                return answers
            self.tell("\n".join(faults))
        raise Mistake("the answers were not of that form; begin again, what was answered is kept")

    def passphrase(self, *, fresh: bool) -> str:
        """The passphrase: a new one, or the one that opens what is kept. Not shown while it is typed."""
        if not fresh:
            return self._hidden("Your passphrase: ")
        for _ in range(_TRIES):
            chosen = self._hidden("Choose a passphrase: ")
            if problem := weak(chosen):
                self.tell(problem)
            elif not sys.stdin.isatty() or self._hidden("Once more: ") == chosen:
                return chosen
            else:
                self.tell("The two are not the same.")
        raise Mistake("no passphrase was chosen; nothing is kept")

    @staticmethod
    def _hidden(prompt: str) -> str:
        if sys.stdin.isatty():
            try:
                return getpass.getpass(prompt)
            except (EOFError, KeyboardInterrupt):
                print()
                raise Stopped(_LEFT) from None
        print(prompt, end="", flush=True)
        return _line().rstrip("\r\n")


_LEFT: Final = "you left; come back with the same command"


def _line() -> str:
    """The next line; whoever ends the input or presses Ctrl-C has left."""
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    if not line:
        print()
        raise Stopped(_LEFT)
    return line
