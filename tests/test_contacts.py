"""E-mail addresses, telephone numbers and postal addresses: found in every form, and whose they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detect.contacts import OwnContacts, contacts, find, may_hold
from auditor.detect.libphonenumber import ODD_GROUPS
from auditor.model import Account, District, Kind, Passage, Place, School, Sort, Staff, Student

DISTRICT = District(
    name="Riverbend School District",
    policy="mcps",
    email_domains=("riverbend.example",),
    phones=("406-555", "728-2400"),
    staff=(Staff("Dana Reyes", email="dana.reyes@mail.example"),),
    schools=(School("lincoln", "Lincoln Elementary", principal_email="head@lincoln.example"),),
)
ACCOUNT = Account(
    "site",
    Kind.OFFICIAL,
    "website",
    "http://x.example/",
    contacts=("pta@mail.example", "(406) 721-0000", "88 Old Mill Road, Helena"),
)
OWN = OwnContacts.of(DISTRICT).and_of(ACCOUNT)


def values(text: str) -> list[tuple[str, str]]:
    return [(f.sort.value, f.value) for f in find(text) if f.confidence > 0.5]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Write to Anna.Roe+pta@mail.example.", "anna.roe+pta@mail.example"),
        ("'anna@mail.example'", "anna@mail.example"),
        ("-anna@mail.example", "anna@mail.example"),
        ("O’Hare: o'hare@mail.example", "o'hare@mail.example"),
        ("?to=anna@mail.example&cc=", "anna@mail.example"),
        ("anna (at) mail (dot) example", "anna@mail.example"),
        ("anna [at] mail.example", "anna@mail.example"),
        ("anna at mail dot example", "anna@mail.example"),
        ("Escriba a anna arroba mail punto example", "anna@mail.example"),
        ("anna@mail.con", "anna@mail.con"),
        ("anna@mail.example406", "anna@mail.example"),
        ("anna (@) mail.example", "anna@mail.example"),
        ("ANNA AT MAIL DOT EXAMPLE", "anna@mail.example"),
        ("ａｎｎａ＠ｍａｉｌ．ｅｘａｍｐｌｅ", "anna@mail.example"),
        ("an\u200bna@mail\u00ad.example", "anna@mail.example"),
        ("Write to anna99 @ gmail.com", "anna99@gmail.com"),
        ("Write to anna99@ gmail.com", "anna99@gmail.com"),
        ("Write to anna.roe @mail.example", "anna.roe@mail.example"),
        ("Write to anna at gmail.com", "anna@gmail.com"),
        ("Escriba a anna arroba gmail.com", "anna@gmail.com"),
        ("anna@gmail dot com", "anna@gmail.com"),
        ("anna99@ mail.example", "anna99@mail.example"),
    ],
)
def test_an_email_address_is_found_however_it_is_written(text: str, address: str) -> None:
    assert values(text) == [("EMAIL", address)]


@pytest.mark.parametrize(
    "text",
    [
        "logo@2x.png",
        "logo@2x.zzqq",
        "flyer@home.pdf",
        "dinner (@ the park)",
        "@riverbend",
        "@anna@social.example",
        "anna@mail",
        "10 @ 5.50",
        "meet at school",
        "a dot com bubble",
        "Meet us @ riverbend.example at 5",
        "See us @riverbend.example",
        "Only @gmail.com accounts work",
        "Students use their email at gmail.com",
        "Look at riverbend.example",
        "Wolves @ Bears. Com",
        "Room 7:00 @ riverbend.example",
        "https://u:p@host.example/x",
    ],
)
def test_what_only_looks_like_an_email_address_is_not_one(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(406) 721-0134", "+14067210134"),
        ("406-721-0134", "+14067210134"),
        ("406.721.0134 x 12", "+14067210134"),
        ("+1 406 721 0134 call", "+14067210134"),
        ("４０６－７２１－０１３４", "+14067210134"),
        ("406\u2011721\u20110134", "+14067210134"),
        ("(415) 6667777", "+14156667777"),
        ("406\u00a0721\u00a00134", "+14067210134"),
        ("406 721\u200b 0134", "+14067210134"),
        ("555-123-4567", "+15551234567"),
        ("Call 4067210134", "+14067210134"),
        ("Text me: 721-0134", "7210134"),
        ("721-0134 (cell)", "7210134"),
        ("Llame al 721-0134", "7210134"),
        ("+52 55 1234 5678", "+525512345678"),
        ("406\u2212721\u22120134", "+14067210134"),
        ("406•721•0134", "+14067210134"),
        ("406 • 721 • 0134", "+14067210134"),
        ("Helena, MT•406·721·0134•Room", "+14067210134"),
        ("Call 721⋅0134", "7210134"),
        ("٤٠٦-٧٢١-٠١٣٤", "+14067210134"),
        ("Cell406-721-0134", "+14067210134"),
        ("Jane Roe406-721-0134", "+14067210134"),
        ("h406-721-0134", "+14067210134"),
        ("406-721-0134cell", "+14067210134"),
        ("406-721-0134ext. 12", "+14067210134"),
        ("406-721-0134/home", "+14067210134"),
        ("TEL-406-721-0134", "+14067210134"),
        ("To order: 406-721-0134", "+14067210134"),
        ("Office: 721-0134", "7210134"),
        ("Home: 721-0134", "7210134"),
        ("Attendance line: 721-0134", "7210134"),
        ("RSVP: 721-0134", "7210134"),
        ("Call 7210134 today", "7210134"),
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(text: str, number: str) -> None:
    assert values(text) == [("PHONE", number)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-2027",
        "123-45-6789",
        "4111-1111-1111-1111",
        "978-0-306-40615-7",
        "2012-01-02 08:00",
        "650x2531234",
        "650+253+1234",
        "03/27/2011",
        "Room 204-1200",
        "IMG_4067210134.jpg",
        "4111 1111 1111 1111",
        "v406.721.0134",
        "Zoom Meeting ID: 406 555 1234",
        "Webinar ID 406-721-0134",
        "ISBN: 2127365000",
        "Tracking number 4067210134",
        "NPI 2124567893",
        "MRN 4067210134",
        "Case 406-721-0134",
        "Claim 406-721-0134",
        "invoice no. 406-721-0134",
        "Order #406-721-0134",
        "SKU 4067210134",
        "Version 406.721.0134",
        "DOC-201903-1470",
        "https://riverbend.example/article/406-721-0134",
        "call slip 7210134",
    ],
)
def test_what_only_looks_like_a_telephone_number_is_not_one(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Jane lives at 12 Elm Way.", "12 elm way"),
        ("1204 Birch Hollow Drive", "1204 birch hollow dr"),
        ("1204 BIRCH HOLLOW ST, APT 9, HELENA MT 59601", "1204 birch hollow st"),
        ("1204 N. Main Street, Helena, Montana", "1204 n main st"),
        ("1204 US Highway 12", "1204 us hwy 12"),
        ("N4567 County Road K", "n4567 county rd k"),
        ("4140 West 5415 South, Salt Lake City, UT 84118", "4140 w 5415 s"),
        ("PO Box 1204, Helena, MT 59601", "po box 1204"),
        ("Vive en la Calle Luna 12", "calle luna 12"),
        ("12 Vía Roma, Laredo", "12 vía roma"),
        ("1204 Birch Hollow, Helena, MT 59601", "1204 birch hollow"),
        ("1204 Birch Hollow, Helena MT 59601", "1204 birch hollow"),
        ("1204 Birch Helena MT 59601", "1204 birch"),
        ("1204 Birch New York NY 10010", "1204 birch"),
        ("1204 Avenida de la Paz, Laredo TX", "1204 ave de la paz"),
        ("Vive en calle Luna núm. 1520", "calle luna núm 1520"),
        ("RR 2 Box 15, Helena, MT 59601", "rr 2 box 15"),
        ("R.R. 2, Box 15", "r r 2 box 15"),
        ("Rural Route 2, Box 15", "rural route 2 box 15"),
        ("HC 64 Box 12", "hc 64 box 12"),
        ("Star Route Box 3", "star route box 3"),
        ("POB 123", "po box 123"),
        ("P.O.B. 123", "po box 123"),
        ("P.O.B. 123, Helena, MT 59601", "po box 123"),
        ("PO-Box 12", "po box 12"),
        ("5678 Montana Highway 200", "5678 montana hwy 200"),
        ("5678 MT Hwy 200, Helena, MT", "5678 mt hwy 200"),
        ("653 Vermont 12, Barre, VT 05641", "653 vermont 12"),
        ("1326 U.S. 80, Demopolis, AL 36732", "1326 u s 80"),
        ("Jane lives at 18 Birch Hollow Drive", "18 birch hollow dr"),
        ("Come to us at 18 Birch Hollow Drive", "18 birch hollow dr"),
        ("1204 BIRCH HOLLOW CT", "1204 birch hollow ct"),
    ],
)
def test_a_postal_address_is_found(text: str, street: str) -> None:
    assert values(text) == [("ADDRESS", street)]


@pytest.mark.parametrize(
    "text",
    [
        "The 2026 Canned Food Drive starts today",
        "Join the 5K Fun Run",
        "Class of 2026 St. Mary",
        "24 Students met Dr. Ng",
        "Room 12 Mrs. Lane",
        "30 Minutes Dr. Seuss Day",
        "November 16 Lincoln Street Fair",
        "Read 3 books on the way to the park",
        "Jane Roe, 1600 Meter Run, 5:42.3",
        "400 Meter Run",
        "800 M Run",
        "200 Yard Run",
        "300 Meter Walk",
        "1500 Meter Way",
        "5000 Meter Course",
        "Jane Roe\t3200 Meter Run\t12:10",
        "Office 2011 Mac PL",
        "Version 1, Type CT",
        "4 us NY",
        "Bus Route 14 Mullan Road",
        "Chapter 5 The Long Road",
        "Idaho 124 Montana 121",
        "Doors open at 12 Noon Drive",
        "Team 5 Robotics Helena MT 59601",
        "Suite 200 Great Falls Montana 59401",
        "Sold 1204 MT 59601",
    ],
)
def test_what_only_looks_like_a_postal_address_is_not_one(text: str) -> None:
    assert values(text) == []


def test_a_spanish_street_beside_an_english_one_is_found() -> None:
    assert values("1204 Birch Hollow Drive, o en Calle Luna 12 los lunes") == [
        ("ADDRESS", "1204 birch hollow dr"),
        ("ADDRESS", "calle luna 12"),
    ]
    assert values("Vive en 12 Calle Luna, no 14") == [("ADDRESS", "12 calle luna")]


@pytest.mark.parametrize(
    ("written", "street"),
    [
        ("4140 West 10400 South", "4140 w 10400 s"),
        ("653 Vermont 12, Barre, VT 05641", "653 vermont 12"),
        ("1204 Birch, Helena, MT 59601", "1204 birch"),
        ("12 Vía Roma, Laredo", "12 vía roma"),
    ],
)
def test_a_street_is_found_among_many_figures_that_are_none(written: str, street: str) -> None:
    scores = "Team 12 won, team 14 lost, " * 20

    assert ("ADDRESS", street) in values(f"{scores}our address is {written}. {scores}")


def test_a_table_heading_tells_that_seven_digits_are_a_telephone_number() -> None:
    table = Passage("Name\tPhone\nLee\t721-0134\nRoe\t721-0135\n\nRoom\t204-1200")

    found = contacts([table], OWN, digest=str)

    assert [(table.text[s.start : s.end], s.token) for s in found] == [
        ("721-0134", "PHONE:7210134"),
        ("721-0135", "PHONE:7210135"),
    ]


def test_two_numbers_parted_by_a_stroke_are_both_found() -> None:
    for text in ("406-721-0134/406-721-0155", "C: (406) 721-0134/H: 406-721-0155", "(406) 721-0134/Fax: 406.721.0155"):
        assert values(text) == [("PHONE", "+14067210134"), ("PHONE", "+14067210155")]


def test_a_table_heading_tells_that_seven_digits_without_a_mark_are_a_telephone_number() -> None:
    table = Passage("Name\tCell\nLee\t7210134\n\nName\tLocker\nLee\t7210135")

    assert [s.token for s in contacts([table], OWN, digest=str)] == ["PHONE:7210134"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12\u00a0Elm\u00a0Street", "12 elm st"),
        ("12\u2003Elm\u2009Street, Helena", "12 elm st"),
        ("12  Elm  Street", "12 elm st"),
        ("PO  Box 123", "po box 123"),
        ("P.O.\u00a0Box\u00a0123", "po box 123"),
        ("Call  721-0134", "7210134"),
    ],
)
def test_wide_and_odd_spaces_hide_nothing(text: str, value: str) -> None:
    found = contacts([Passage(text)], OWN, digest=str)

    assert [s.token.partition(":")[2] for s in found] == [value]
    assert [s.token for s in contacts([Passage(f"{text} is where we are. " + "So it is. " * 12)], OWN, digest=str)] == [
        s.token for s in found
    ]
    assert [f.value for f in find(text)] == [value]


@pytest.mark.parametrize(
    ("lines", "street"),
    [
        ("Jane Roe\n18 Birch Hollow Drive\nHelena, MT 59601", "18 birch hollow dr"),
        ("18 Birch Hollow Drive,\n  Helena, Montana 59601-1234 and more", "18 birch hollow dr"),
        ("1204 Birch Hollow\nEast Helena, MT 59601", "1204 birch hollow"),
        ("653 Vermont 12\nBarre, VT 05641", "653 vermont 12"),
    ],
)
def test_a_town_on_the_next_line_tells_that_a_street_stands_above_it(lines: str, street: str) -> None:
    text = f"We moved.\n{lines}\nWrite to us."

    (found,) = contacts([Passage(text)], OWN, digest=str)

    assert found.token == f"ADDRESS:{street}"
    assert "\n" not in text[found.start : found.end]


@pytest.mark.parametrize("text", ["24 Students\nHelena, MT 59601", "12 Home Run\nWe play", "Room 18\nHelena, MT 59601"])
def test_no_other_number_above_a_town_is_a_street(text: str) -> None:
    assert contacts([Passage(text)], OWN, digest=str) == []


def test_columns_parted_by_many_spaces_are_not_read_as_one() -> None:
    assert values("Room 12      Elm Street") == []


def test_a_table_heading_tells_that_few_words_are_an_address() -> None:
    table = Passage("Name\tHome\nLee\t12 Elm Way\nRoe\t7 Canyon Court\n\nTeam\tRuns\nLee\t12 Home Run")

    found = contacts([table], OWN, digest=str)

    assert [s.token for s in found] == ["ADDRESS:12 elm way", "ADDRESS:7 canyon ct"]


def test_the_line_above_may_announce_a_number() -> None:
    assert [s.token for s in contacts([Passage("Phone:\n721-0134")], OWN, digest=str)] == ["PHONE:7210134"]


@pytest.mark.parametrize(
    "text",
    [
        "office@riverbend.example",
        "jo@mail.riverbend.example",
        "(406) 555-0134",
        "call 555-0134",
        "728-2400",
        "406-728-2400",
        "dana.reyes@mail.example",
        "head@lincoln.example",
        "PTA@mail.example",
        "406.721.0000",
        "call 721-0000",
        "88 Old Mill Rd, Helena",
    ],
)
def test_what_is_the_districts_or_approved_is_ours(text: str) -> None:
    assert [s.ours for s in contacts([Passage(text)], OWN, digest=str)] == [True]


@pytest.mark.parametrize(
    "text",
    ["jo@notriverbend.example", "jo@riverbend.example.org", "406-721-0134", "call 721-0134", "89 Old Mill Road"],
)
def test_all_else_is_not_ours(text: str) -> None:
    assert [s.ours for s in contacts([Passage(text)], OWN, digest=str)] == [False]


def test_a_sighting_tells_where_and_shows_a_mask_only() -> None:
    whose = {(Sort.EMAIL, "jo@mail.example"): (Student("S-1"),)}

    found = contacts(
        [Passage("Hello"), Passage("News\nWrite to Jo@mail.example")],
        OWN,
        digest=lambda text: f"<{len(text)}>",
        whose=lambda sort, value: whose.get((sort, value), ()),
    )

    (seen,) = found
    assert (seen.sort, seen.passage, seen.start, seen.end) == (Sort.EMAIL, 1, 14, 29)
    assert (seen.masked, seen.token, seen.students) == ("j***@***", "<21>", (Student("S-1"),))
    assert "jo@" not in repr(find("jo@mail.example"))


GATED = [
    "anna99 @ gmail.com",
    "anna99@ gmail.com",
    "anna99 at gmail.com",
    "anna99@gmail dot com",
    "jo@mail.example",
    "jo [at] mail.example",
    "jo at mail dot example",
    "(406) 721-0134",
    "406\u2011721\u20110134",
    "406\u2212721\u22120134",
    "406 • 721 • 0134",
    "٤٠٦-٧٢١-٠١٣٤",
    "Cell406-721-0134",
    "406・721・0134",
    "12\u00a0Elm\u00a0Street",
    "12  Elm  Street",
    "721-0134",
    "1204 Elm Way, Helena",
    "PO BOX 12",
    "Calle Luna 12",
    "N4567 County Road K",
    "4140 West 5415 South",
    "RR 2 Box 15",
    "POB 123",
    "P.O.B. 123",
    "PO-Box 12",
    "5678 Montana Highway 200",
    "653 Vermont 12, Barre, VT 05641",
]


@pytest.mark.parametrize("text", GATED)
def test_the_first_look_passes_by_nothing_that_a_finder_knows(text: str) -> None:
    assert [find(text) != [], may_hold(text), may_hold(f"So it is 🙂\ufe0f. {text}")] == [True, True, True]


def test_numbers_in_addresses_of_pages_and_names_of_files_are_not_telephone_numbers() -> None:
    assert contacts([Passage("photo-406-721-0134.jpg", Place.FILE_NAME)], OWN, digest=str) == []


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_offsets_lie_in_it(text: str) -> None:
    for line in text.split("\n"):
        for found in find(line):
            assert 0 <= found.start < found.end <= len(line)


PIECES = st.sampled_from(
    [
        "1",
        "406",
        "721-0134",
        "@",
        "a",
        "at",
        "dot",
        "(",
        ")",
        ".",
        " ",
        "-",
        "St",
        "12 Main",
        "MT 59601",
        "PO Box",
        "\t",
        "é",
        "＠",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sightings_never_overlap(text: str) -> None:
    found = find(text)

    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("text", ["65 02 53 00 00", "650//253-1234", "1979-2011 100", "2012-0102 08"])
def test_digits_that_make_a_number_in_odd_groups_are_told_and_worth_no_question(text: str) -> None:
    assert {found.confidence for found in find(text)} == {ODD_GROUPS}


def test_a_long_line_of_oddly_written_numbers_has_all_of_them() -> None:
    line = ", ".join(f"+52 55 1234 {n:04}" for n in range(300))

    assert len(values(line)) == 300


@pytest.mark.parametrize("written", ["1406-5550134x5", "1 406/555 0134", "011 52 55 1234 5678"])
def test_numbers_with_what_is_dialled_before_them_are_read_by_libphonenumber(written: str) -> None:
    assert [sort for sort, _ in values(f"Call {written}.")] == ["PHONE"]
