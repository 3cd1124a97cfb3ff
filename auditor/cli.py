"""The `auditor` command: picks one of `auditor.commands`, imports only that one, and turns every ending into a status.

Exit status: 0 done; 1 done, but some accounts could not be read; 2 wrong usage or configuration; 3 stopped early, what
was done is kept; 70 a fault of the program's own; 75 another run holds the district's lock.
"""

import argparse
import ast
import difflib
import io
import logging
import os
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import auditor.commands
from auditor import __version__
from auditor.errors import Busy, Mistake, Stopped
from auditor.faults import way_to
from auditor.imported import imported
from auditor.wrong_usage import Parser

DONE, SOME_UNREAD, WRONG_USAGE, STOPPED_EARLY, BROKEN, BUSY = 0, 1, 2, 3, 70, 75

FIRST = ("demo", "audit", "check", "report", "findings", "verdicts", "coverage")
"""Commands that a newcomer looks for; the others follow by name."""

BROKE = (
    "this is a fault of the program, not yours; what was done is kept. Please report these lines: they hold nothing of "
    "your district."
)

GOES_ON = "what was done is kept, the next run goes on from there"
"""What is told of a command that was stopped, where it has no `WHEN_STOPPED` of its own."""

EXAMPLES = """\
examples:
  auditor demo                           audit the bundled demo district and write its reports
  auditor audit --config config.toml     audit your own district
  auditor check https://school.example   look at one address, no configuration needed
  auditor COMMAND --help                 what a command does, with examples

exit status: 0 done, 1 done but some accounts could not be read, 2 wrong usage or configuration (nothing was
fetched), 3 stopped early (what was done is kept), 70 a fault of the program's own, 75 another run holds the
district's lock
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that lacks a letter shows another; it does not end the command.
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=os.environ.get("AUDITOR_LOG", "WARNING"))
    known = commands()
    if words[:1] == ["help"] and len(words) > 1:
        words = [words[1], "--help"]
    if not words or words[0] in ("-h", "--help", "help", "/?"):
        print(overview(known))
        return DONE
    if words[0] in ("-V", "--version"):
        print(f"auditor {__version__}")
        return DONE
    if words[0] not in known:
        guess = difflib.get_close_matches(words[0], known, 1)
        hint = f' Did you mean "{guess[0]}"?' if guess else ""
        print(f'auditor: there is no command "{words[0]}".{hint} See "auditor --help".', file=sys.stderr)
        return WRONG_USAGE
    return run(words[0], words[1:])


def run(command: str, words: Sequence[str]) -> int:
    """Runs the named command with its own arguments."""
    module = imported(f"auditor.commands.{command}")
    parser = Parser(
        prog=f"auditor {command}", description=module.HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--config", type=Path, default=Path("config.toml"), metavar="FILE", help="the district [config.toml]"
    )
    parser.add_argument(
        "--allow-network",
        action="append",
        default=[],
        metavar="CIDR",
        help="a private network that may be visited, such as 127.0.0.0/8; may be given again",
    )
    module.configure(parser)
    try:
        return int(module.run(parser.parse_args(["--help" if word == "/?" else word for word in words])))
    except Mistake as mistake:
        for fault in mistake.faults:
            print(f"auditor: {fault}", file=sys.stderr)
        return WRONG_USAGE
    except Busy as busy:
        print(f"auditor: {busy}", file=sys.stderr)
        return BUSY
    except (Stopped, KeyboardInterrupt) as stop:
        why = str(stop) or "stopped"
        print(f"auditor: {why}; {getattr(module, 'WHEN_STOPPED', GOES_ON)}", file=sys.stderr)
        return STOPPED_EARLY
    except BrokenPipeError:
        # Whoever read our output has enough of it; that is no error of anybody's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as fault:  # noqa: BLE001  told without its words, which may quote a page
        print(f"auditor: {BROKE}", *way_to(fault), sep="\n", file=sys.stderr)
        return BROKEN


def commands() -> Mapping[str, Path]:
    """Every command's name and file."""
    folder = Path(auditor.commands.__path__[0])
    return {module.name: folder / f"{module.name}.py" for module in pkgutil.iter_modules([str(folder)])}


def overview(known: Mapping[str, Path]) -> str:
    """What `auditor --help` prints. Reads each command's HELP without importing it, so that help comes at once."""
    order = [*(name for name in FIRST if name in known), *(name for name in sorted(known) if name not in FIRST)]
    width = max(map(len, order), default=0)
    lines = [f"  {name:<{width}}  {_help_line(known[name])}" for name in order]
    return "\n".join(
        (
            "usage: auditor COMMAND [--config config.toml] [--allow-network CIDR] ...",
            "",
            "Shows a school district what its schools, classes and staff show the world, judged by its own policy.",
            "",
            "commands:",
            *lines,
            "",
            EXAMPLES,
        )
    )


def _help_line(file: Path) -> str:
    for statement in ast.parse(file.read_text("utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="HELP")], value=ast.Constant(value=str(text))):
                return text
            case ast.AnnAssign(target=ast.Name(id="HELP"), value=ast.Constant(value=str(text))):
                return text
    return ""
