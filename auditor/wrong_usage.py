"""Reads a command's words. What is wrong with them becomes one plain line instead of a page of usage."""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NoReturn

from auditor.errors import Mistake
from auditor.toml_lines import did_you_mean, shown


class Parser(argparse.ArgumentParser):
    """An `argparse` parser that ends in a `Mistake` with what to do. Parsers of actions are of this kind, too."""

    _words: Sequence[str] = ()

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # argparse has five forms of it
        """As argparse does; remembers the words, of which `error` is not told."""
        self._words = list(args or ())
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raises; `message` is what argparse has to say."""
        told = next((say(self, found) for sign, say in _PLAIN if (found := re.search(sign, message))), message)
        # Of what is missing argparse tells before it looks at what is too much: which may be the same word, misspelt.
        unknown = self._unknown() if "arguments are required" in message else ()
        raise Mistake(*(f'{one}. See "{self.prog} --help".' for one in (*unknown, told)))

    def _unknown(self) -> Iterator[str]:
        for word in dict.fromkeys(self._words):
            name = word.partition("=")[0]
            if name.startswith("--") and name != "--" and not any(known.startswith(name) for known in self.options):
                yield f"there is no option {shown(name)} here{did_you_mean(name, self.options)}"

    @property
    def options(self) -> tuple[str, ...]:
        """The options that it knows, and those of its actions."""
        own = [word for action in self._actions for word in action.option_strings]
        inner = [action.choices.values() for action in self._actions if isinstance(action, argparse._SubParsersAction)]
        return (*own, *(word for parsers in inner for parser in parsers for word in parser.options))


def on_either_side() -> argparse.ArgumentParser:
    """A parent for the parsers of actions: what stands before the action may as well stand behind it."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--config", type=Path, metavar="FILE", help="the district [config.toml]")
    shared.add_argument("--allow-network", action="append", metavar="CIDR", help=argparse.SUPPRESS)
    return shared


def check_known(given: str | None, option: str, what: str, known: Iterable[str]) -> None:
    """A name on the command line is one that the configuration or the product knows; else a `Mistake`."""
    names = list(known)
    if given is not None and given not in names:
        raise Mistake(
            f"{option}: there is no {what} {shown(given)}{did_you_mean(given, names)}; {_there_are(what, names)}"
        )


FEW: Final = 120
"""Characters up to which the names that there are fit into a fault."""
LISTED: Final = {"account": "auditor accounts", "rule": "auditor explain"}
"""The commands that list all of a kind."""


def _there_are(what: str, names: Sequence[str]) -> str:
    """What could have been written instead: all of it where that is short, else where it is listed."""
    listed = ", ".join(names)
    if not names:
        return f"config.toml has no {what} yet"
    if len(listed) <= FEW:
        return f"there {'is' if len(names) == 1 else 'are'} {listed}"
    return f'"{LISTED[what]}" lists them all' if what in LISTED else "config.toml lists them all"


def _unknown(parser: Parser, found: re.Match[str]) -> str:
    first = found[1].split()[0]
    if first.startswith("-"):
        return f"there is no option {shown(first)} here{did_you_mean(first, parser.options)}"
    return f"{shown(first)} is one word too many; a text with spaces needs quotes around it"


def _no_choice(_parser: Parser, found: re.Match[str]) -> str:
    known = re.findall("'([^']*)'", found[3]) or [word.strip() for word in found[3].split(",")]
    return f"{found[1]}: {shown(found[2])} is none of {', '.join(known)}{did_you_mean(found[2], known)}"


def _no_value(_parser: Parser, found: re.Match[str]) -> str:
    words = {"int": "no whole number", "float": "no number", "day": "no date; write it like 2027-06-11"}
    return f"{found[1]}: {shown(found[3])} is {words.get(found[2], 'nothing that can be used there')}"


_PLAIN: Final[tuple[tuple[str, Callable[[Parser, re.Match[str]], str]], ...]] = (
    (r"^unrecognized arguments: (.+)", _unknown),
    (r"^the following arguments are required: (.+)", lambda _, found: f"{found[1]} is missing"),
    (r"^argument ([^:]+): expected .+", lambda _, found: f"{found[1]}: write a value behind it"),
    (r"^argument ([^:]+): invalid choice: '?(.*?)'? \(choose from (.+)\)", _no_choice),
    (r"^argument ([^:]+): invalid (\w+) value: '(.*)'", _no_value),
    (r"^argument ([^:]+): (.+)", lambda _, found: f"{found[1]}: {found[2].rstrip('.')}"),
)
