"""What is told in a short way is what the long way tells: plain streets, cues and labels beside telephone numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.addresses import addresses
from auditor.detect.contacts import find
from auditor.detect.emails import emails
from auditor.detect.phones import NO_CUE

KINDS = ("St", "street", "Ave", "Av", "Rd", "road", "Road", "Ln", "Dr", "Hwy", "Highway", "Pl", "Ct", "CT", "Blvd")
NAMES = ("Elm", "Birch", "Park", "Mrs", "Grades", "Students", "Calle", "Rue", "Fun", "Ohio", "Road")
BEFORE = ("", "May ", "sept. ", "Bus Route ", "page #", "grade\t", "omnibus ", "at ", "home: ", "$", "x", "3 Elm St ")
BEHIND = ("", ".", ",", "\n", " Apt 4", " #5", "#5", " N", ", Helena, MT 59601", " MT", " 59601", " 5960", "-5",
          " 12 Birch Rd", " is new", "'s", " Seuss", "/")  # fmt: skip


@settings(max_examples=2000, deadline=None)
@given(*map(st.sampled_from, (BEFORE, ("", "N ", "W "), NAMES, KINDS, BEHIND)))
def test_a_plain_street_is_told_as_the_grammar_tells_it(
    before: str, side: str, name: str, kind: str, behind: str
) -> None:
    """A number in wide figures, which nothing has made plain, is told by the grammar alone."""
    short, long = (
        [(f.start, f.end, f.value, f.confidence) for f in addresses(f"{before}{house} {side}{name} {kind}{behind}")]
        for house in ("12", "１２")
    )
    assert short == [(start, end, value.replace("１２", "12"), sure) for start, end, value, sure in long]


def test_a_mailbox_in_the_line_below_a_pages_address_is_none_of_the_addresss() -> None:
    assert [f.value for f in emails("See https://site.example\njo@mail.example")] == ["jo@mail.example"]
    assert list(emails("See https://jo@mail.example")) == []


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_a_street_that_a_letter_names_is_one(letter: str) -> None:
    assert [f.value for f in addresses(f"We met at 1204 {letter} St and 17 {letter} Ave")] == [
        f"1204 {letter.lower()} st",
        f"17 {letter.lower()} ave",
    ]


CUES = """call|calls|calling|phone|phones|telephone|tel|ph|cell|cells|cellular|cellphone|mobile|text|texts|texting|txt
|sms|fax|dial|contact|reach|whatsapp|voice mail|voicemail|ring|hotline|number|numbers|número|numero|teléfono|telefonos
|celular|celulares|móvil|movil|llame|llámanos|llama|marque|marcar|☎|📞|📱""".replace("\n", "").split("|")
LABELS_WITH_SIGN = ("p:", "c.", "h:", "m.", "t:", "f:", "Office:", "home #", "House:", "work:", "line #", "RSVP:",
                    "pager:", "direct:", "After-hours:", "hours:", "emergency:", "RSVP to", "rsvp at")  # fmt: skip


def confidence(text: str) -> float:
    (number,) = find(text)
    return number.confidence


@pytest.mark.parametrize("cue", CUES)
def test_seven_digits_are_a_number_behind_a_cue(cue: str) -> None:
    for said in (cue, cue.upper(), cue.capitalize()):
        assert confidence(f"Please {said} 721-0144") > NO_CUE
        assert confidence(f"Please {said} the hall, 721-0144") > NO_CUE
        assert confidence(f"{said} (721-0144)") > NO_CUE


@pytest.mark.parametrize("label", LABELS_WITH_SIGN)
def test_seven_digits_are_a_number_behind_a_label_with_its_sign(label: str) -> None:
    assert confidence(f"Room 4, {label} 721-0144") > NO_CUE


@pytest.mark.parametrize("word", ["recall", "Elm", "graph", "phase", "termite", "cement", "hotel", "ringlet", "office"])
def test_seven_digits_are_no_number_behind_another_word(word: str) -> None:
    assert confidence(f"The {word} 721-0144") == NO_CUE
    assert confidence(f"The {word} of the 721-0144") == NO_CUE


@pytest.mark.parametrize(
    "label",
    [
        "ISBN", "ISBN-13", "isbn-10:", "ISSN", "NPI", "MRN", "SKU", "UPC", "EAN", "CRN", "DUNS", "EIN", "FEIN",
        "Version", "tracking", "tracking no.", "Invoice", "invoice #", "parcel", "Serial", "serial number", "barcode",
        "Case", "Case No.", "case #", "claim", "confirmation", "Confirmation Code:", "model", "Part", "bib",
        "routing number", "order #", "Order number", "meeting id", "Webinar ID:", "event code", "Zoom id", "item no.",
        "ticket number", "receipt num", "permit no", "license no.", "policy number", "account number:", "DOC-", "REF-",
    ],
)  # fmt: skip
def test_a_number_with_a_label_of_its_own_is_none_to_ring(label: str) -> None:
    space = "" if label.endswith("-") else " "
    assert find(f"Look: {label}{space}406-721-0144") == []
    assert find("Look: 406-721-0144") != []
