"""Every rule there is: how grave, on which kinds of account, when it fires, and what a clause may ask of it.

A rule's id is the name of its check's file and stays for ever. The site-quality rules are asked for by the product
under every policy; all others judge only where a district's policy asks for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from auditor.model import Kind, Severity


class Form(StrEnum):
    """How an option's value is written in TOML."""

    TEXT = "a text"
    ONE_OF = "one of"
    LIST = "a list of texts"
    SOME_OF = "a list out of"
    NUMBER = "a whole number of at least 1"
    FLAG = "true or false"
    LEVELS = "a table of opt-out levels, each with a list out of"


@dataclass(frozen=True, slots=True)
class Option:
    """What an option of a rule may hold; `words` are the allowed ones where only some are."""

    form: Form
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The form in words, to be put after "wants"."""
        return f"{self.form} {', '.join(self.words)}" if self.words else str(self.form)


@dataclass(frozen=True, slots=True)
class RuleWord:
    """What a rule's id stands for. No `kinds` at all: it judges the district itself, not an account.

    `wants` names options of which a clause must set at least one, for there is nothing to judge by without.
    """

    severity: Severity
    kinds: frozenset[Kind]
    fires: str
    options: Mapping[str, Option] = field(default_factory=dict, hash=False)
    wants: tuple[str, ...] = ()


LEVELS: Final = ("A", "B", "C")
"""The levels of an opt-out, as rosters write them."""

_EVERYWHERE = frozenset(Kind)
_PUBLISHING = frozenset({Kind.OFFICIAL, Kind.CLASSROOM})
_CLASSROOM = frozenset({Kind.CLASSROOM})
_PERSONAL = frozenset({Kind.PERSONAL})
_DISTRICT: frozenset[Kind] = frozenset()

_CRITICAL, _SERIOUS, _MODERATE, _MINOR = Severity.CRITICAL, Severity.SERIOUS, Severity.MODERATE, Severity.MINOR

_TEXT = Option(Form.TEXT)
_LIST = Option(Form.LIST)
_NUMBER = Option(Form.NUMBER)
_FLAG = Option(Form.FLAG)
_CONSENT = Option(Form.ONE_OF, ("opt-in",))
_AUTHOR = Option(Form.ONE_OF, ("student",))
_CONTACTS = Option(Form.SOME_OF, ("email", "phone", "address"))
_COVERED = (
    *("name", "address", "email", "phone", "photo", "birth_date", "attendance", "grade", "activities", "measures"),
    *("awards", "name_in_media", "likeness", "voice"),
)

RULES: Final[Mapping[str, RuleWord]] = {
    "student-name": RuleWord(
        _SERIOUS,
        _EVERYWHERE,
        "a student is named in a form that the policy does not allow there: full name below the grades that may be"
        " named in full; any name without consent where consent is needed; any student at all on a personal account",
        {"allow": Option(Form.ONE_OF, ("first-name", "none")), "consent": _CONSENT, "author": _AUTHOR},
    ),
    "student-opt-out": RuleWord(
        _CRITICAL,
        _EVERYWHERE,
        "something that the student's opt-out covers is published (with the policy's public-arena exception, where it"
        " has one)",
        {
            "levels": Option(Form.LEVELS, _COVERED),
            "any": _FLAG,
            "reading": Option(Form.ONE_OF, ("literal", "union")),
            "public_arena": _FLAG,
        },
        wants=("levels", "any"),
    ),
    "student-contact": RuleWord(_CRITICAL, _EVERYWHERE, "a student's address, phone or email", {"forbids": _CONTACTS}),
    "student-record": RuleWord(
        _CRITICAL,
        _EVERYWHERE,
        "a student with a birth date, student or social security number, grade or score, discipline, health or"
        " special-education detail",
        {"details": Option(Form.SOME_OF, ("birth-date", "ssn", "student-id", "grade", "discipline", "health"))},
    ),
    "student-photo-named": RuleWord(
        _SERIOUS,
        _EVERYWHERE,
        "an image shows people and its caption, alternative text or surrounding text says who (full name, or any name,"
        " as the policy says) where that is not allowed",
        {
            "allow": Option(Form.ONE_OF, ("first-name", "none", "no-picture")),
            "consent": _CONSENT,
            "author": _AUTHOR,
        },
    ),
    "student-photo-alone": RuleWord(_MODERATE, _EVERYWHERE, "a photograph shows one student alone"),
    "missing-agreement": RuleWord(
        _MODERATE, _CLASSROOM, "a student appears in a web project with no acceptable-use agreement on file"
    ),
    "missing-disclaimer": RuleWord(
        _MODERATE,
        _PERSONAL,
        "the profile tells who the employer is, and the policy's disclaimer is missing or altered",
        {
            "text": _TEXT,
            "says": Option(Form.SOME_OF, ("own-views", "not-district")),
            "district_names": _LIST,
            "when": Option(Form.ONE_OF, ("self-identified", "own-views")),
            "profile_only": Option(Form.ONE_OF, ("review",)),
        },
        wants=("text", "says"),
    ),
    "missing-identity": RuleWord(
        _MINOR,
        _PUBLISHING,
        "the profile does not say whose account it is",
        {"requires": Option(Form.SOME_OF, ("name", "employer", "role"))},
    ),
    "unapproved-logo": RuleWord(
        _SERIOUS,
        _EVERYWHERE,
        "a registered logo, or an altered rendition of it, on an account without permission for it",
        {"approver": _TEXT},
    ),
    "broken-link": RuleWord(
        _MODERATE,
        _PUBLISHING,
        "a link that does not lead anywhere: DNS, refused, timeout, TLS, 4xx, 5xx, redirect loop, missing fragment,"
        " soft 404",
    ),
    "commercial-link": RuleWord(
        _MODERATE,
        _PUBLISHING,
        "a link to a shop, product, affiliate or promotion, shorteners followed",
        {"allow": Option(Form.SOME_OF, ("educational", "connected", "credited")), "hosts": _LIST},
    ),
    "political-link": RuleWord(
        _SERIOUS, _PUBLISHING, "a link to a campaign, party, candidate or political fund-raising page"
    ),
    "blocked-link": RuleWord(_MODERATE, _PUBLISHING, "a link to a host on the district's block list"),
    "political-content": RuleWord(
        _SERIOUS, _PUBLISHING, "text that asks for a vote, supports or opposes a candidate, party or measure"
    ),
    "commercial-content": RuleWord(_MODERATE, _PUBLISHING, "text that sells or promotes a business or personal gain"),
    "offensive-content": RuleWord(
        _SERIOUS,
        _EVERYWHERE,
        "profanity, slurs, obscenity, insults, threats or harassment by the account",
        {"words": Option(Form.SOME_OF, ("profanity", "slur", "insult", "threat"))},
    ),
    "substance-content": RuleWord(
        _MODERATE,
        _EVERYWHERE,
        "the account promotes alcohol, drugs, tobacco or sexual behaviour",
        {"subjects": Option(Form.SOME_OF, ("alcohol", "drugs", "tobacco", "sexual"))},
    ),
    "confidential-content": RuleWord(
        _SERIOUS, _EVERYWHERE, "personnel, financial or other confidential district information"
    ),
    "careless-writing": RuleWord(_MINOR, frozenset({Kind.OFFICIAL}), "shouting (capitals), spelling"),
    "private-contact": RuleWord(
        _MODERATE,
        _PUBLISHING,
        "a private email, phone or postal address of staff or volunteers that is not the district's nor approved",
        {"forbids": _CONTACTS, "whose": Option(Form.ONE_OF, ("staff",))},
    ),
    "district-contact": RuleWord(
        _MODERATE,
        _PERSONAL,
        "a district email address or phone number",
        {"forbids": Option(Form.SOME_OF, ("email", "phone"))},
    ),
    "floor-plan": RuleWord(_SERIOUS, _EVERYWHERE, "a floor plan or other non-public image of the premises"),
    "missing-caption": RuleWord(_MINOR, _PUBLISHING, "an image without caption or alternative text"),
    "missing-credit": RuleWord(_MODERATE, _PUBLISHING, "other people's work without credit"),
    "unmoderated-comments": RuleWord(
        _MODERATE,
        _PUBLISHING,
        "the public can comment and nobody moderates",
        {"comments": Option(Form.SOME_OF, ("off", "moderated", "open"))},
    ),
    "offensive-comment": RuleWord(
        _SERIOUS,
        _PUBLISHING,
        "a visible comment with obscenity, slur, defamation or threat; a negative opinion alone never",
    ),
    "spam-comment": RuleWord(_MODERATE, _PUBLISHING, "a visible comment that is spam or advertising"),
    "underage-audience": RuleWord(
        _SERIOUS,
        _PUBLISHING,
        "a platform with a minimum age, an audience of younger students",
        {"minimum_age": _NUMBER, "inclusive": _FLAG},
    ),
    "public-profile": RuleWord(
        _MODERATE,
        _PERSONAL,
        "strangers see more of the profile than the policy asks for",
        {"visible": Option(Form.ONE_OF, ("friends-only", "basic", "advisory"))},
    ),
    "exposed-detail": RuleWord(
        _MODERATE,
        _PERSONAL,
        "phone, private email, birthday, home address, family, friends list, location open to strangers",
        {"hidden": Option(Form.SOME_OF, ("phone", "email", "birthday", "address", "family", "friends", "location"))},
    ),
    "unregistered-account": RuleWord(
        _SERIOUS,
        _PUBLISHING,
        "an account that a school site links to as its own, and that nobody registered",
        {"registrar": _TEXT, "claims": _LIST},
    ),
    "unapproved-account": RuleWord(
        _SERIOUS,
        _PUBLISHING,
        "no approval on record, or a platform that the policy does not sanction",
        {"approver": _TEXT, "platforms": _LIST},
    ),
    "missing-administrator": RuleWord(
        _MODERATE,
        _PUBLISHING,
        "fewer administrators than the policy asks for, or none of the district's designees among them",
        {"minimum": _NUMBER, "preferred": _NUMBER, "designee": _FLAG},
    ),
    "unlinked-account": RuleWord(_MINOR, _PUBLISHING, "the school's website does not link to it"),
    "overdue-disclosure": RuleWord(
        _MODERATE,
        _EVERYWHERE,
        "the last annual disclosure is over a year old or missing",
        {"days": _NUMBER, "to": _TEXT},
    ),
    "missing-notice": RuleWord(_MODERATE, _CLASSROOM, "no record that families were told", {"items": _LIST}),
    "open-classroom": RuleWord(
        _MODERATE,
        _CLASSROOM,
        "anyone can read what the policy wants behind a password for families",
        {"visibility": Option(Form.ONE_OF, ("families", "public"))},
    ),
    "inactive-account": RuleWord(_MINOR, _PUBLISHING, "nothing posted for a long time", {"days": _NUMBER}),
    "unreachable-account": RuleWord(_MODERATE, _EVERYWHERE, "the account could not be read: says how it failed"),
    "overdue-review": RuleWord(
        _MODERATE,
        _PUBLISHING,
        "the principal has not looked at it within the policy's period",
        {"days": _NUMBER},
    ),
    "private-channel": RuleWord(
        _MODERATE, _PUBLISHING, "staff invite students to private messages, texting or personal channels"
    ),
    "coworker-photo": RuleWord(
        _MODERATE,
        _PERSONAL,
        "a captioned picture of colleagues or of district business, where the policy forbids or needs consent; always a"
        " question",
        {"consent": _CONSENT},
    ),
    "vanished-comment": RuleWord(
        _MINOR,
        _PUBLISHING,
        "a civil comment that was there at the last audit is gone; always a question",
    ),
    "stale-roster": RuleWord(
        _MODERATE,
        _DISTRICT,
        "the roster or its opt-outs are older than the policy or the school year allows",
        {"days": _NUMBER},
    ),
    "stale-policy": RuleWord(_MINOR, _DISTRICT, "the policy's own periodic review is overdue", {"days": _NUMBER}),
}
"""Rule id to what it stands for, in the order of the contract."""

SITE_QUALITY: Final[Mapping[str, Mapping[str, object]]] = {
    "broken-link": {},
    "inactive-account": {"days": 180},
    "unreachable-account": {},
}
"""The rules that no policy asks for and every audit judges, with their options."""
