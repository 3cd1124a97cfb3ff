"""Answers and control answers -> a verdict, or which control is needed to reach one. Pure.

Two controls tell what an answer is worth. The made-up handle is one that nobody has: a site that says yes to it, too,
says yes to everybody. The known handle is one that the manifest says is there: a site that hides even that one says
nothing of others. Both are asked for only where they decide something, and once for all handles.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from auditor.footprint.handles.look import Look, look
from auditor.footprint.handles.sign import Reading, Sign, stands_first
from auditor.footprint.handles.site import Verdict


class Control(Enum):
    """A handle that is asked for to see what the answer for another one is worth."""

    MADE_UP = auto()
    KNOWN = auto()


@dataclass(frozen=True, slots=True)
class Controls:
    """Control answers so far; None where nobody asked yet.

    `alive`: another handle of the run has an account there, so that the site shows accounts. `choosy`: another handle
    of the run, of the same form, is plainly nobody's there, so that the site does not say yes to everybody.
    """

    made_up: Reading | None = None
    known: Reading | None = None
    alive: bool = False
    choosy: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    verdict: Verdict
    why: str


Step = Conclusion | Control

ANSWERS: Final = "an account with this handle answers here; a made-up handle gets another answer"
EVERYBODY: Final = "it says yes to everybody, to a made-up handle too"
NO_CONTROL: Final = "it seems to say yes, but whether it says so to everybody could not be tested"
NO_KNOWN: Final = "whether it shows accounts at all could not be tested"
AS_MADE_UP: Final = "it answers as for a made-up handle, and shows accounts that are there"
AS_NOBODY: Final = "as it does for a handle that nobody has"
HIDES: Final = "it does not show the account that the manifest says is there: it hides it, or that is gone"
UNCLEAR: Final = "its answer says neither yes nor no"
SHELL: Final = "its page is empty until a browser fills it"


def conclude(reading: Reading, controls: Controls, *, prove_absence: bool = False) -> Step:
    """What an answer comes to. `prove_absence`: a plain no, too, must come from a site that still shows accounts."""
    match reading.sign:
        case Sign.NOTHING:
            return _unchecked(reading.why)
        case Sign.NO:
            return _no(reading, controls, prove_absence=prove_absence)
        case Sign.HINT:
            return _hint(reading, controls)
        case Sign.YES:
            return _yes(reading, controls)
    return _neither(reading, controls)


def _no(reading: Reading, controls: Controls, *, prove_absence: bool) -> Step:
    known = controls.known
    if known is None and prove_absence and not controls.alive:
        return Control.KNOWN
    if known is not None and known.sign in (Sign.NO, Sign.HINT) and not controls.alive:
        return _unchecked(HIDES)
    if prove_absence and known is not None and known.sign is Sign.NOTHING:
        return _unchecked(f"{NO_KNOWN}: {known.why}")
    return Conclusion(Verdict.NOT_FOUND, reading.why)


def _hint(reading: Reading, controls: Controls) -> Step:
    nobody = Conclusion(Verdict.NOT_FOUND, f"{reading.why}, {AS_NOBODY}" if reading.answer.location else reading.why)
    if controls.alive:
        return nobody
    known = controls.known
    if known is None:
        return Control.KNOWN
    if known.sign is Sign.YES:
        return nobody
    return _unchecked(reading.why if known.sign is not Sign.NOTHING else f"{reading.why}; {NO_KNOWN}")


def _yes(reading: Reading, controls: Controls) -> Step:
    if controls.choosy:
        return Conclusion(Verdict.FOUND, ANSWERS)
    made_up = controls.made_up
    if made_up is None:
        return Control.MADE_UP
    if made_up.sign is Sign.YES:
        return _told_apart(reading, made_up, controls)
    if stands_first(made_up.answer):
        # It may have begun to ask for a login only now, and of everybody.
        if controls.known is None:
            return Control.KNOWN
        if controls.known.sign is not Sign.YES:
            return _unchecked(made_up.why)
    elif made_up.sign is Sign.NOTHING:
        return _unchecked(f"{NO_CONTROL}: {made_up.why}")
    return Conclusion(Verdict.FOUND, ANSWERS)


def _told_apart(reading: Reading, made_up: Reading, controls: Controls) -> Step:
    """A yes to a made-up handle, too. Where it was no more than a status, the pages may still tell who is there."""
    if reading.has_yes_text or not reading.answer.body:
        return _unchecked(EVERYBODY)
    if controls.known is None:
        return Control.KNOWN
    if controls.known.sign is not Sign.YES:
        return _unchecked(EVERYBODY)
    shown, nobody, somebody = (look(r.answer, r.handle) for r in (reading, made_up, controls.known))
    if nobody.is_made_like(somebody) or nobody.is_shell:
        return _unchecked(EVERYBODY)
    if shown.is_same_as(nobody):
        return Conclusion(Verdict.NOT_FOUND, AS_MADE_UP)
    return Conclusion(Verdict.FOUND, ANSWERS) if shown.is_made_like(somebody) else _unchecked(EVERYBODY)


def _neither(reading: Reading, controls: Controls) -> Step:
    """An answer without any mark: is it the page for nobody, or that for somebody, made in another way than before?"""
    shown = look(reading.answer, reading.handle)
    if shown.is_shell and controls.made_up is None:
        return Control.MADE_UP
    made_up = controls.made_up
    if made_up is not None and _ends(shown, made_up):
        return _unchecked(SHELL if shown.is_shell else reading.why or UNCLEAR)
    known = controls.known
    if known is None:
        return Control.KNOWN
    if known.sign not in (Sign.YES, Sign.NEITHER):
        return _unchecked(reading.why or (HIDES if known.sign is not Sign.NOTHING else UNCLEAR))
    if made_up is None:
        return Control.MADE_UP
    return _compared(reading, shown, known, made_up)


def _ends(shown: Look, made_up: Reading) -> bool:
    """Whether the made-up handle shows by itself that nothing can be told."""
    if made_up.sign is Sign.NOTHING:
        return True
    return shown.is_shell and look(made_up.answer, made_up.handle).is_same_as(shown)


def _compared(reading: Reading, shown: Look, known: Reading, made_up: Reading) -> Step:
    nobody = look(made_up.answer, made_up.handle)
    if known.sign is Sign.YES:
        if reading.has_yes_text and not made_up.has_yes_text and made_up.sign in (Sign.NO, Sign.HINT, Sign.NEITHER):
            return Conclusion(Verdict.FOUND, ANSWERS)
        if made_up.sign is not Sign.YES and shown.is_same_as(nobody):
            return Conclusion(Verdict.NOT_FOUND, AS_MADE_UP)
    somebody = look(known.answer, known.handle)
    if known.sign is Sign.NEITHER and not shown.names_handle and shown.is_same_as(somebody):
        # The known account may be gone, and both pages may be what the site says to handles that it does not allow.
        return _unchecked(reading.why or UNCLEAR)
    # Who is told apart from nobody by an error is somebody, whatever the new layout; known accounts fare the same.
    by_error = known.sign is Sign.NEITHER and nobody.status >= 400 > max(shown.status, somebody.status)
    if made_up.sign is Sign.NO and (by_error or shown.is_kin_of(somebody)) and not shown.is_same_as(nobody):
        return Conclusion(Verdict.FOUND, ANSWERS)
    return _unchecked(reading.why or UNCLEAR)


def _unchecked(why: str) -> Conclusion:
    return Conclusion(Verdict.UNCHECKED, why)
