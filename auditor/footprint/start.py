"""The conversation of `auditor footprint start`: who you are, that it is you, what may be looked at. Resumable.

Each answer is kept, sealed, as soon as it is given. Whoever comes back is asked only what is open.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from auditor.footprint import consent, proof
from auditor.footprint.dialogue import LATER, Dialogue
from auditor.footprint.handles.asking import bare, handle_problem
from auditor.footprint.mail import Mailer
from auditor.footprint.person import Person
from auditor.model import Blind, Document
from auditor.outlets.addresses import email_problem, web_problem

NEW: Final = "new"
"""Typed in place of a code, it asks for another one."""

Keep = Callable[[Person], None]
Fetch = Callable[[str], Document | Blind]
"""Reads one page, as a stranger sees it."""

_WELCOME: Final = """\
This looks at you as strangers see you. It belongs to you alone: it stays on this computer, sealed with a passphrase
that only you know. Your district learns nothing of it. You can stop at any question and come back with the same
command; an empty answer passes a question over.
"""


class Start:
    """One conversation. `keep` is called after each answer."""

    def __init__(self, dialogue: Dialogue, person: Person, keep: Keep, mailer: Mailer | None, fetch: Fetch) -> None:
        self._say, self._person, self._keep, self._mailer, self._fetch = dialogue, person, keep, mailer, fetch

    def run(self) -> Person:
        """Goes through all that is open; the person as known at its end."""
        if not self._person.asked:
            self._say.tell(_WELCOME)
        for step, do in (
            ("your names", self._names),
            ("your school", self._school),
            ("your emails", self._emails),
            ("your handles", self._handles),
        ):
            if step not in self._person.asked:
                do()
                self._asked(step)
        self._more()
        for address in self._unproved(proof.EMAIL):
            self._prove_address(address)
        for handle in self._unproved(proof.HANDLE):
            self._prove_handle(handle)
        self._consents()
        return self._person

    # ------------------------------------------------------------------------------------------ who

    def _names(self) -> None:
        names = self._say.ask_list("Your name, and other forms of it that you use, with commas between them")
        self._set(replace(self._person, names=names))

    def _school(self) -> None:
        self._set(replace(self._person, school=self._say.ask("The school or office where you work")))

    def _emails(self) -> None:
        emails = self._say.valid("Your email addresses, private and at work, with commas between them", email_problem)
        self._set(replace(self._person, emails=tuple(email.casefold() for email in emails)))

    def _handles(self) -> None:
        self._set(replace(self._person, handles=self._own_handles("Your handles on sites, with commas between them")))

    def _own_handles(self, question: str) -> tuple[str, ...]:
        written = self._say.valid(question, lambda handle: handle_problem(bare(handle)))
        return tuple(dict.fromkeys(map(bare, written)))

    def _more(self) -> None:
        """Whoever comes back may have another address or handle by now."""
        if "consents" not in self._person.asked:
            return
        emails = self._say.valid("More email addresses of yours, or Enter", email_problem)
        handles = self._own_handles("More handles of yours, or Enter")
        own = self._person
        emails = tuple(dict.fromkeys((*own.emails, *(email.casefold() for email in emails))))
        self._set(replace(own, emails=emails, handles=tuple(dict.fromkeys((*own.handles, *handles)))))

    # ------------------------------------------------------------------------------------------ that it is you

    def _unproved(self, kind: str) -> Iterator[str]:
        own = self._person.emails if kind == proof.EMAIL else self._person.handles
        return (value for value in own if value not in self._person.proved(kind))

    def _prove_address(self, address: str) -> None:
        if self._mailer is None:
            self._say.tell(
                f"No mail server is set up here, so no code can be sent to {address}. A data export that carries this "
                "address proves it, too: give one to auditor footprint scan."
            )
            return
        if not proof.has_code(self._person, address, _now()):
            if not self._say.is_yes(f"Shall we mail a code to {address}, to be sure that it is yours?", "yes"):
                return
            if not self._mailed(self._mailer, address):
                return
        for _ in range(proof.TRIES):
            typed = self._say.ask(f'The code that was mailed to {address}, or "{NEW}" for another one', LATER)
            if typed == LATER or (typed == NEW and not self._mailed(self._mailer, address)):
                return
            if typed == NEW:
                continue
            person, problem = proof.enter_code(self._person, address, typed, _now())
            self._set(person)
            self._say.tell(problem or "That is right: the address is yours.")
            if not problem:
                return

    def _mailed(self, server: Mailer, address: str) -> bool:
        """Mails a new code to the address; whether there is one to be typed. Says why where there is none."""
        if proof.is_soon(self._person, address, _now()):
            self._say.tell("A code was mailed less than a minute ago. Come back when it is there, or in a minute.")
            return False
        person, code = proof.begin_code(self._person, address, _now())
        problem = server.send(address, proof.SUBJECT, proof.LETTER.format(code=code))
        if problem:
            self._say.tell(f"The code could not be sent: {problem}. Come back later.")
            return False
        self._set(person)
        return True

    def _prove_handle(self, handle: str) -> None:
        person, token = proof.begin_token(self._person, handle)
        self._set(person)
        self._say.tell(
            f"To prove the handle {handle}: write {token} into the text of a public profile with this handle, or make "
            'it a rel="me" link there. You can take it out again afterwards. A data export proves it, too.'
        )
        url = self._say.ask("The address of that profile, once it is there", LATER)
        if url == LATER:
            return
        if problem := web_problem(url):
            self._say.tell(f"That address {problem}.")
            return
        page = self._fetch(url)
        if isinstance(page, Blind):
            self._say.tell(f"The page could not be read: {page.what}. {page.remedy}".rstrip())
            return
        person, problem = proof.find_token(self._person, handle, page, _now())
        self._set(person)
        self._say.tell(problem or "It is there: the handle is yours.")

    # ------------------------------------------------------------------------------------------ what may be looked at

    def _consents(self) -> None:
        if "consents" in self._person.asked:
            self._reconsider()
        else:
            self._say.tell("Now what may be looked at. Nothing is, without your yes; each can be taken back.")
        for source in consent.sources().values():
            if not source.is_at_hand or (source.within and not self._person.agreed(source.within)):
                continue
            if source.id in self._person.asked and (
                not self._person.agreed(source.id) or consent.current(self._person, source.id)
            ):
                continue
            self._say.tell(f"\n{source.title}. What leaves this computer: {source.sends}.")
            if self._say.is_yes(source.asks, source.default):
                self._set(consent.agree(self._person, source.id, _now()))
            elif self._person.agreed(source.id):
                self._set(consent.withdraw(self._person, source.id))
            self._asked(source.id)
        self._asked("consents")

    def _reconsider(self) -> None:
        """Whoever said no, or took a yes back, may think otherwise by now."""
        refused = [s for s in consent.sources() if s in self._person.asked and not self._person.agreed(s)]
        if not refused:
            return
        question = f"You said no to {', '.join(refused)}. Which do you want to be asked about again, or Enter"
        again = self._say.valid(question, lambda name: "" if name in refused else "is none of these")
        self._set(replace(self._person, asked=tuple(step for step in self._person.asked if step not in again)))

    def _asked(self, step: str) -> None:
        if step not in self._person.asked:
            self._set(replace(self._person, asked=(*self._person.asked, step)))

    def _set(self, person: Person) -> None:
        self._person = person
        self._keep(person)


def _now() -> datetime:
    return datetime.now(UTC)
