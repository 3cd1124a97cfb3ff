"""What may be shown of a person, and that nothing else is."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.masking import (
    Quotes,
    excerpt,
    mask_address,
    mask_email,
    mask_name,
    mask_phone,
    mask_value,
    masked,
    quote,
    shown,
)
from auditor.model import Document, Image, OptOut, Passage, Place, Reading, Sighting, Sort, Student

MONDAY = date(2026, 11, 16)


def sighting(
    text: str, value: str, sort: Sort = Sort.STUDENT, *, nth: int = 0, student: Student | None = None
) -> Sighting:
    start = -1
    for _ in range(nth + 1):
        start = text.index(value, start + 1)
    return Sighting(
        sort, 0, start, start + len(value), mask_value(sort, value), "t", students=(student,) if student else ()
    )


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Jane Doe", "J*** D***"),
        ("JANE DOE", "J*** D***"),
        ("jane doe", "J*** D***"),
        ("Doe, Jane", "D***, J***"),
        ("Doe\tJane", "D*** J***"),
        ("Jane M. Doe", "J*** M*** D***"),
        ("Mary-Jane Doe-Roe", "M***-J*** D***-R***"),
        ("Ana de la Vega", "A*** D*** L*** V***"),
        ("Sinéad O’Hare", "S*** O***"),
        ("E\u0301lodie Doe", "É*** D***"),
        ("Ja\u200bne Doe", "J*** D***"),
        ("Ярослав Иванов", "Я*** И***"),
        ("山田花子", "***"),
        ("Cher", "C***"),
        ("@JaneDoe", "@J***"),
        ("jane-doe", "J***-D***"),
        ("", "***"),
        ("--", "***"),
    ],
)
def test_a_name_becomes_its_initials_in_the_order_of_the_text(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_contact_data_becomes_a_mask_of_fixed_length() -> None:
    assert mask_email("anna.roe@mail.com") == mask_email("a@verylonghost.mail.com") == "a***@***.com"
    assert mask_email("anna@roe.kim") == "a***@***"
    assert mask_phone("(406) 555-0134 x 9") == mask_phone("1") == "***-***-****"
    assert mask_address("1204 Birch Hollow Street, Apt 9, Helena MT 59601") == "*** *** Street"
    assert mask_address("PO Box 1204, Helena") == "PO Box ***"
    assert mask_address("Calle Luna 12") == "*** ***"
    assert mask_value(Sort.SSN, "123-45-6789") == "***-**-****"
    assert mask_value(Sort.HEALTH, "anything") == "***"


def test_an_excerpt_is_one_masked_line_around_its_focus() -> None:
    text = "News\n\nCongratulations to\tJane \u202eDoe (grade 3), who won with Max Roe. Call 406-555-0134.\nLunch"
    jane, max_, phone = (
        sighting(text, "Jane \u202eDoe"),
        sighting(text, "Max Roe"),
        sighting(text, "406-555-0134", Sort.PHONE),
    )

    line = excerpt(text, [jane, max_, phone], jane)

    assert line == "Congratulations to J*** D*** (grade 3), who won with M*** R***. Call ***-***-****."


def test_a_line_that_holds_only_a_name_takes_the_line_above_along() -> None:
    text = "Home\nHonor roll, grade 3\n\nJane Doe\nMax Roe"
    jane = sighting(text, "Jane Doe")

    assert excerpt(text, [jane], jane) == "Honor roll, grade 3 J*** D***"


def test_a_line_below_that_says_what_somebody_is_is_taken_along_instead() -> None:
    text = "News\nJane Doe\nStudent Council President\nMax Roe\nLunch menu"
    jane, max_ = sighting(text, "Jane Doe"), sighting(text, "Max Roe")

    assert excerpt(text, [jane, max_], jane) == "J*** D*** Student Council President"
    assert excerpt(text, [jane, max_], max_) == "Student Council President M*** R***"


def test_a_line_that_names_somebody_else_is_not_taken_along() -> None:
    text = "Honor roll, grade 3\nJane Doe\nMax Roe"
    jane, max_ = sighting(text, "Jane Doe"), sighting(text, "Max Roe")

    assert excerpt(text, [jane, max_], max_) == "M*** R***"


def in_a_gallery(text: str, *beside: str) -> list[str]:
    """The excerpts about Jane and Max on a page with pictures, and what stands beside each."""
    pictures = tuple(Image(f"http://x.example/{n}.jpg", near=near) for n, near in enumerate(beside))
    names = (sighting(text, "Jane Doe"), sighting(text, "Max Roe"))
    quotes = Quotes(Reading(Document("http://x.example/", (Passage(text),), images=pictures), names))
    return [quotes.of(name) for name in names]


def test_what_stands_below_the_picture_before_is_said_of_nobody_but_whom_it_shows() -> None:
    text = "Our winners\nJane Doe\nDance\nMax Roe\nMusic"

    assert in_a_gallery(text, "Jane Doe Dance", "Max Roe Music") == ["J*** D*** Dance", "M*** R*** Music"]
    assert in_a_gallery(text, "Our winners Jane Doe", "Max Roe Music") == ["Our winners J*** D***", "M*** R*** Music"]
    assert in_a_gallery(text.replace("Music", "Dance"), "Jane Doe Dance", "Max Roe Dance") == [
        "J*** D*** Dance",
        "M*** R*** Dance",
    ]


def test_a_line_between_two_pictures_is_taken_along_where_it_tells_of_the_name_below() -> None:
    text = "Dance\nJane Doe\nMusic\nMax Roe"

    assert in_a_gallery(text, "Dance Jane Doe", "Music Max Roe") == ["Dance J*** D***", "Music M*** R***"]
    # Each of these pictures stands between two lines: whose the middle one is, nobody can tell.
    assert in_a_gallery(text, "Dance Jane Doe Music", "Music Max Roe") == ["Dance J*** D***", "M*** R***"]


def test_an_excerpt_is_cut_between_words() -> None:
    text = "alpha beta gamma delta Jane Doe epsilon zeta eta theta"

    line = excerpt(text, [], sighting(text, "Jane Doe"), width=35)

    assert line == "… gamma delta J*** D*** epsilon zeta …"


def test_an_excerpt_masks_every_echo_of_what_was_recognised() -> None:
    text = (
        "Jane Doe: Jane's page @janedoe, photos/jane-doe.jpg, ?who=J%61ne%20Doe, #TeamJaneDoe, DOE, ＪＡＮＥ, "
        "Ja\u200bne; call (406) 555-0134, that is 4065550134 or 555 0134"
    )

    line = excerpt(text, [sighting(text, "(406) 555-0134", Sort.PHONE)], sighting(text, "Jane Doe"), width=400)

    assert line == (
        "J*** D***: J***'s page @J***, photos/J***-D***.jpg, ?who=J*** D***, #T***, D***, Ｊ***, "
        "J***; call ***-***-****, that is **** or ****"
    )


def test_an_excerpt_masks_numbers_that_nobody_recognised_but_not_years_and_times() -> None:
    text = "Jane Doe, room 721-0134, id 8700021, 123-45-6789, class of 2027, 2026-11-16, 8:30, $1,500"

    line = excerpt(text, [], sighting(text, "Jane Doe"))

    assert line == "J*** D***, room ****, id ****, ****, class of 2027, 2026-11-16, 8:30, $1,500"


SEPARATORS = [
    "−",
    "•",
    " • ",
    "·",
    "⋅",
    "・",
    "ー",
    "⁃",
    "_",
    "~",
    "*",
    "=",
    "|",
    ":",
    ", ",
    "+",
    "\\",
    "→",
    "'",
    "..",
    "--",
]


@pytest.mark.parametrize("sign", [*SEPARATORS, "/", " - ", " / ", "—", "\u200b", "\u200d", "\n", "📞"])
@pytest.mark.parametrize(
    "groups", [("406", "555", "0131"), ("512", "44", "8910"), ("555", "0131"), ("٤٠٦", "٥٥٥", "٠١٣١")]
)
def test_no_number_is_shown_whatever_its_digits_are_parted_by(sign: str, groups: tuple[str, ...]) -> None:
    number = sign.join(groups)

    for text in (f"Jane Doe: {number} is it", f"Jane Doe, cell{number}", f"Jane Doe ({number}/home)"):
        line = masked(text, [sighting(text, "Jane Doe")])

        assert not re.search(r"\d", line), line


@pytest.mark.parametrize(
    "mailbox",
    [
        "qmb99 @ gmail.com",
        "qmb99@ gmail.com",
        "qmb99 @gmail.com",
        "qmb99 at gmail.com",
        "qmb99@gmail dot com",
        "qmb99@somewhere",
        "qmb99 at mail dot example",
        "qmb99 [at] mail.example",
        "qmb99@mail.example",
    ],
)
def test_no_mailbox_is_shown_that_nobody_recognised(mailbox: str) -> None:
    text = f"Jane Doe, {mailbox}, wrote"

    assert "qmb99" not in excerpt(text, [], sighting(text, "Jane Doe"))


@pytest.mark.parametrize(
    "address",
    ["12 elm st, apt 4", "12 elm drive", "HC 64 Box 12", "RR 2 Box 15", "Star Route Box 3", "Rural Route 2, Box 15"],
)
def test_no_address_is_shown_that_nobody_recognised(address: str) -> None:
    text = f"Jane Doe, {address}, came."

    assert excerpt(text, [], sighting(text, "Jane Doe")) in (
        "J*** D***, *** ***, came.",
        "J*** D***, PO Box ***, came.",
    )


@pytest.mark.parametrize(
    "said",
    [
        "won May 5, 2026, 10:30-11:45",
        "is in grade 3 at Lincoln, room 12, since 11/16/2026",
        "of 2026-2027 raised $4,067,210",
        "looks at us @riverbend.example",
        "visits us at riverbend.example",
        "scored 5 in a row, on the way to 12",
    ],
)
def test_what_a_sentence_says_beside_a_name_stays_readable(said: str) -> None:
    text = f"Jane Doe {said}."

    assert excerpt(text, [], sighting(text, "Jane Doe")) == f"J*** D*** {said}."


def test_common_words_that_are_also_names_stay_readable() -> None:
    text = "Will Roe will play. Will wins."

    assert excerpt(text, [], sighting(text, "Will Roe")) == "W*** R*** will play. W*** wins."


def owned(text: str, value: str) -> Sighting:
    return sighting(text, value, Sort.EMAIL, student=Student("S-0001"))


@pytest.mark.parametrize(
    ("text", "address", "line"),
    [
        (
            "Our school office and the music class: write to office@music.riverbend.example at Riverbend School.",
            "office@music.riverbend.example",
            "Our school office and the music class: write to o***@*** at Riverbend School.",
        ),
        (
            "Riverbend school info: jada.dunmore@riverbend.example. Jada Dunmore, photos/jada.jpg, @jadadunmore",
            "jada.dunmore@riverbend.example",
            "Riverbend school info: j***@***. J*** D***, photos/J***.jpg, @J***",
        ),
        (
            "Write to music.jada@gmail.com about music and Gmail; Jada has more.",
            "music.jada@gmail.com",
            "Write to m***@***.com about music and Gmail; J*** has more.",
        ),
        ("Write to me@dunmore.example, says Dunmore.", "me@dunmore.example", "Write to m***@***, says D***."),
    ],
)
def test_of_an_address_only_what_names_its_owner_is_masked_elsewhere(text: str, address: str, line: str) -> None:
    found = owned(text, address)

    assert excerpt(text, [found], found) == line


def test_the_words_of_a_name_stay_readable_in_a_sentence_and_never_in_a_handle_or_file() -> None:
    text = (
        "Summer Field and Do Park: our summer field trip to the park, so do come. Summer, summer.jpg, @summer, a/field"
    )

    line = excerpt(text, [sighting(text, "Do Park")], sighting(text, "Summer Field"))

    assert line == (
        "S*** F*** and D*** P***: our summer field trip to the park, so do come. S***, S***.jpg, @S***, a/F***"
    )


def test_a_student_who_opted_out_is_shown_by_a_pseudonym_only() -> None:
    out = Student("S-7F3A", opt_outs=(OptOut(frozenset("A"), end=date(2026, 12, 31)),))
    text = "Jane Doe and Max Roe sang."
    jane, max_ = sighting(text, "Jane Doe", student=out), sighting(text, "Max Roe", student=Student("S-0001"))

    assert shown(jane, MONDAY) == "student S-7F3A"
    assert shown(jane, date(2027, 1, 1)) == shown(jane) == "J*** D***"
    assert excerpt(text, [jane, max_], max_, day=MONDAY) == "student S-7F3A and M*** R*** sang."


def test_a_whole_text_can_be_masked() -> None:
    text = "\nJane Doe and\tMax Roe sang. Jane won. "

    assert masked(text, [sighting(text, "Jane Doe"), sighting(text, "Max Roe")]) == (
        "J*** D*** and M*** R*** sang. J*** won."
    )
    assert masked(" a\u200b b ", []) == "a b"


def test_excerpts_of_one_document_are_those_that_are_asked_for_one_by_one() -> None:
    text = "Jane Doe sang with Max Roe, call 406-555-0134"
    seen = (sighting(text, "Jane Doe"), sighting(text, "Max Roe"), sighting(text, "406-555-0134", Sort.PHONE))
    reading = Reading(Document("http://x.example/", (Passage(text),)), seen)

    quotes = Quotes(reading)

    assert [quotes.of(s, 20) for s in seen] == [quote(reading, s, width=20) for s in seen]


def test_overlapping_sightings_are_shown_once() -> None:
    text = "Write to jane.doe@mail.com today"
    mail, jane = sighting(text, "jane.doe@mail.com", Sort.EMAIL), sighting(text, "jane.doe")

    assert excerpt(text, [mail, jane], jane) == "Write to j***@***.com today"


def test_a_quote_masks_who_was_recognised_anywhere_in_the_document() -> None:
    title, body = "All about Jane Doe", "Jane can be called at 406-555-0134."
    phone = replace(sighting(body, "406-555-0134", Sort.PHONE), passage=1)
    reading = Reading(
        Document("http://x.example/", (Passage(title), Passage(body))), (sighting(title, "Jane Doe"), phone)
    )

    assert quote(reading, phone) == "J*** can be called at ***-***-****."


@pytest.mark.parametrize(
    ("place", "about", "where"),
    [
        (Place.BODY, "", ""),
        (Place.CAPTION, "http://x.example/a.jpg", ""),
        (Place.TITLE, "", ""),
        (Place.FILE_NAME, "http://x.example/jane-doe.jpg", "In the name of a file: "),
        (Place.ADDRESS, "http://x.example/jane-doe", "In the address of the page: "),
        (Place.ADDRESS, "mailto:jane.doe@x.example", "Behind a link: "),
        (Place.ALT, "http://x.example/a.jpg", "In the hidden description of a picture: "),
        (Place.ALT, "", "In a label, a field or a hidden description: "),
        (Place.DESCRIPTION, "", "In the summary for search engines: "),
    ],
)
def test_a_quote_says_where_to_look_for_what_does_not_stand_on_the_page(place: Place, about: str, where: str) -> None:
    seen = sighting("photo of jane doe", "jane doe")
    document = Document("http://x.example/", (Passage("photo of jane doe", place, about),))

    assert quote(Reading(document, (seen,)), seen) == f"{where}photo of J*** D***"


NAMES = st.text(st.characters(categories=["L"], include_characters="'’-"), min_size=2, max_size=12).filter(
    lambda n: n[0].isalpha() and n != n.lower()
)
FILLER = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(NAMES, NAMES)
def test_no_mask_tells_the_length_or_more_than_initials(first: str, last: str) -> None:
    masked = mask_name(f"{first} {last}")

    assert all(len(part) <= 1 for part in re.split(r"\*{3}|[ ,-]", masked))


@settings(deadline=None)
@given(FILLER, NAMES, FILLER, NAMES, FILLER, st.from_regex(r"\A[2-9]\d{2}-[2-9]\d{2}-\d{4}\Z"), st.integers(0, 200))
def test_no_recognised_word_or_number_survives_in_an_excerpt(
    a: str, first: str, b: str, last: str, c: str, phone: str, width: int
) -> None:
    text = f"{a} {first} {last} {b}\n{last}, {first}|{phone} {c} {first}{last} {phone.replace('-', '')}"
    at = text.index(f"{first} {last} {b}\n")
    jane = Sighting(Sort.STUDENT, 0, at, at + len(f"{first} {last}"), mask_name(f"{first} {last}"), "t")
    number = sighting(text, phone, Sort.PHONE)

    for focus in (jane, number):
        line = excerpt(text, [jane, number], focus, width=width)

        words = re.findall(r"[^\W\d_]{2,}", line)
        assert not {first, last} & set(words)
        assert phone not in line
        assert phone.replace("-", "") not in line
        assert line == line.strip()
        assert "\n" not in line
        assert line.isprintable()
        assert len(line) <= width + 40
