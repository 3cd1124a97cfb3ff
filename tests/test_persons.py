"""Full names of persons whom no list knows, and what speaks against a student. All people are invented."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.adults import adult, is_well_known
from auditor.detect.persons import LEAST, SCHOOL, full_names, perhaps_full_names
from auditor.model import Sort
from tests.growth import out_of_proportion


def names(text: str) -> list[str]:
    return [text[found.start : found.end] for found in full_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our own Jada Dunmore won the race.", ["Jada Dunmore"]),
        ("Congratulations to Jada M. Dunmore and Tyler Roebuck!", ["Jada M. Dunmore", "Tyler Roebuck"]),
        ("We met J.D. yesterday, and Emmett J. R. Dunmore today.", ["Emmett J. R. Dunmore"]),
        ("Read what Sarah Jane Dunmore wrote.", ["Sarah Jane Dunmore"]),
        ("Jada Dunmore's drawing hangs in the hall.", ["Jada Dunmore"]),
        ("Jada Dunmore’s drawing hangs in the hall.", ["Jada Dunmore"]),
        ("A word from Seamus O'Dunmore and Fiona McRoebuck.", ["Seamus O'Dunmore", "Fiona McRoebuck"]),
        ("First place: Anna-Lena Roebuck-Dunmore.", ["Anna-Lena Roebuck-Dunmore"]),
        ("Robert Dunmore Jr. and Robert Dunmore III came.", ["Robert Dunmore Jr.", "Robert Dunmore III"]),
        ("Thanks, Zoë Dünmore.", ["Zoë Dünmore"]),
        ("Thanks, Jada\u00a0Dunmore.", ["Jada\u00a0Dunmore"]),
        ("Ｊａｄａ Ｄｕｎｍｏｒｅ won.", ["Ｊａｄａ Ｄｕｎｍｏｒｅ"]),
    ],
)
def test_a_first_name_and_a_family_name_are_a_full_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Felicidades a María Fernández Olivares.", ["María Fernández Olivares"]),
        ("Ganó José Luis Quintanilla Robles.", ["José Luis Quintanilla Robles"]),
        ("El dibujo de Lucía de la Fuente es lindo.", ["Lucía de la Fuente"]),
        ("Pieter van der Dunmore and Omar bin Roebuck.", ["Pieter van der Dunmore", "Omar bin Roebuck"]),
        ("Carlos Ortega y Montoya leyó un poema.", ["Carlos Ortega y Montoya"]),
    ],
)
def test_two_spanish_family_names_and_particles_belong_to_the_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks to Jada De La Roebuck.", ["Jada De La Roebuck"]),
        ("Coach Emmett Van Roebuck and Fiona Le Dunmore spoke.", ["Emmett Van Roebuck", "Fiona Le Dunmore"]),
        ("Felicidades a Mateo Del Valle y a Ana De Solís.", ["Mateo Del Valle", "Ana De Solís"]),
        ("Our own Emily St. Roebuck won.", ["Emily St. Roebuck"]),
        ("She lives on Carter St. James Dunmore does not.", []),
        ("Jean van Boxing Club, RIO DE JANEIRO", []),
    ],
)
def test_particles_belong_to_the_name_with_capitals_too(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana y Luis leyeron.", []),
        ("Pedro Solís y Ana Ruiz", ["Pedro Solís", "Ana Ruiz"]),
        ("Ana Solís y Tyler Roebuck leyeron.", ["Ana Solís", "Tyler Roebuck"]),
        ("Leyeron Ana Ruiz y Pedro Ortega y Montoya.", ["Ana Ruiz", "Pedro Ortega y Montoya"]),
        ("Vienen de Texas, Nevada y Carolina del Norte.", []),
    ],
)
def test_spanish_and_joins_two_family_names_or_parts_two_people(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Alice Melville Bell",
        "Víctor Manuel Escobedo Rubín",
        "T. Alan Hurst",
        "J. R. Emmett Dunmore",
        'Robert "Mack" Lang',
        "Robert (Mack) Lang",
        "Jada “J.D.” Dunmore Jr.",
        "Ximena ‘Mena’ de la Cruz",
        "Robert J. 'Mack' Roebuck",
    ],
)
def test_a_third_family_name_initials_in_front_and_a_nickname_belong_to_the_name(name: str) -> None:
    assert names(f"We thank {name} today.") == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tyler Roebuck (Maple) and Jada Dunmore", ["Tyler Roebuck", "Jada Dunmore"]),
        ("Tyler Roebuck (Maple) Jada Dunmore (Oak)", ["Tyler Roebuck", "Jada Dunmore"]),
        ("Read “Jada” Tyler Roebuck", ["Tyler Roebuck"]),
        ("Jada (Monday) Will Come", []),
    ],
)
def test_what_stands_in_brackets_between_two_people_is_no_nickname(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Isla Dunmore and German Solís won.", ["Isla Dunmore", "German Solís"]),
        ("Germán Roebuck ganó.", ["Germán Roebuck"]),
        ("German Shepherd, German Bunds", []),
        ("Isla Mujeres, Monte Nuevo, Buena Vista, Río Bravo", []),
        ("Palma de Mayorga y Río de Jara", []),
        ("Sandy Hook", []),
    ],
)
def test_names_of_places_and_peoples_are_first_names_only_before_family_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dunmore, Jada\t9\nRoebuck, Tyler J.\t10", ["Dunmore, Jada", "Roebuck, Tyler J."]),
        ("1. García López, José\n2. Dunmore, Jada (7)", ["García López, José", "Dunmore, Jada"]),
        ("Roster: Smith, Jada; Baker, Tyler", ["Baker, Tyler"]),
        ("We flew to Springfield, Virginia", []),
        ("Houston, Texas", []),
    ],
)
def test_family_name_first_is_a_name_where_it_fills_a_cell(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HONOR ROLL\nJADA SMITH\nTYLER GARCIA, GRADE 3", ["JADA SMITH", "TYLER GARCIA"]),
        ("CONGRATULATIONS TO JADA SMITH AND TYLER GARCIA", ["JADA SMITH", "TYLER GARCIA"]),
        ("NO SCHOOL MONDAY", []),
        ("MARK YOUR CALENDAR", []),
    ],
)
def test_names_in_capitals_are_found_in_lines_of_capitals(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Jada Dunmore Elementary opens at eight.",
        "Abraham Lincoln Middle School and Rosa Parks Academy",
        "Martin Luther King Day, Martin Luther King Jr. Day",
        "The Emma Dunmore Memorial Scholarship",
        "Meet at 12 Jada Dunmore Street.",
        "Jada Dunmore PTA, Jada Dunmore Middle, Jada Dunmore STEM Magnet, Jada Dunmore Parents",
        "The Jada Dunmore Boosters and the Jada Dunmore Eagles",
        "Jada Dunmore Site Council, Jada Dunmore Community Center, Jada Dunmore Fun Run",
        "Run the Jada Dunmore 5K on Sunday.",
        "Jada Dunmore Plumbing, Emmett Roebuck Ford, Tyler Roebuck Insurance",
        "The Jada Dunmore Show, Jada Dunmore Week",
        "Chelsea Piers",
        "Mark Your Calendar, Grant Applications, Will We Win",
        "April Fools, May Day, June Picnic, August Heat",
        "New York, San Antonio, Santa Ana, Fort Wayne, Lake Charles",
        "Georgia Tech, Virginia Beach, Dallas Cowboys, Carolina Panthers",
        "Happy Birthday, Merry Christmas, Good Morning",
        "Calvin Klein jeans and Jack Daniels",
        "Thank you @Jada Dunmore #Jada Dunmore",
        "St. Mary Magdalene",
        "jada dunmore, JadaDunmore, jada_dunmore",
        "Spring Break, Science Fair, Honor Roll, Rose Garden",
        "",
    ],
)
def test_schools_places_days_products_and_headings_are_no_persons(text: str) -> None:
    assert names(text) == []


def test_what_is_somebodys_is_no_part_of_an_institution() -> None:
    assert names("Jada Dunmore's 5K and Jada Ford's Middle School Choir") == ["Jada Dunmore", "Jada Ford"]


def test_the_name_of_a_school_is_told_as_that_to_who_asks_for_whatever_may_be_a_name() -> None:
    (school,) = perhaps_full_names("Meet at Jada Dunmore Elementary")

    assert (school.form, school.value, school.confidence) == (SCHOOL, "jada dunmore", 0)
    assert full_names("Meet at Jada Dunmore Elementary", least=0) == []


def test_a_list_of_names_is_found_name_by_name() -> None:
    text = "Honor roll: Jada Dunmore, Tyler Roebuck, Aaliyah Nguyen, Mateo Hernández and Xavier Smith"

    found = names(text)

    assert found == ["Jada Dunmore", "Tyler Roebuck", "Aaliyah Nguyen", "Mateo Hernández", "Xavier Smith"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks to Jada Dunmore, Xylo Tarquem and Ana Ruiz.", ["Jada Dunmore", "Xylo Tarquem", "Ana Ruiz"]),
        ("Xylo Tarquem, Jada Dunmore & Ana Ruiz", ["Xylo Tarquem", "Jada Dunmore", "Ana Ruiz"]),
        ("Jada Dunmore (5), Xylo Tarquem (6); Ana Ruiz (5)", ["Jada Dunmore", "Xylo Tarquem", "Ana Ruiz"]),
        ("Ana Ruiz, Pedro Solís, Xylo M. Tarquem", ["Ana Ruiz", "Pedro Solís", "Xylo M. Tarquem"]),
        ("Ana Ruiz, Xylo Tarquem y Pedro Solís leyeron.", ["Ana Ruiz", "Xylo Tarquem", "Pedro Solís"]),
        ("Austin Roebuck, Jada Dunmore, Ana Ruiz", ["Austin Roebuck", "Jada Dunmore", "Ana Ruiz"]),
    ],
)
def test_what_stands_in_a_list_with_two_names_and_looks_like_one_is_one(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jada Dunmore and Xylo Tarquem", ["Jada Dunmore"]),
        ("Jada Dunmore, Xylo Tarquem, Vrem Oskwith", ["Jada Dunmore"]),
        ("Jada Dunmore met Ana Ruiz in Xylo Tarquem.", ["Jada Dunmore", "Ana Ruiz"]),
        ("Jada Dunmore, Spring Break, Ana Ruiz", ["Jada Dunmore", "Ana Ruiz"]),
        ("Jada Dunmore, Xylo Elementary, Ana Ruiz", ["Jada Dunmore", "Ana Ruiz"]),
        ("Jada Dunmore, Calvin Klein, Ana Ruiz", ["Jada Dunmore", "Ana Ruiz"]),
        ("Jada Dunmore, Politécnica de Huesca, Ana Ruiz", ["Jada Dunmore", "Ana Ruiz"]),
    ],
)
def test_beside_one_name_or_with_words_of_every_day_it_is_none(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_what_is_found_tells_its_sort_its_form_and_the_name_in_plain_small_letters() -> None:
    (found,) = full_names("Gracias, José O’Dunmore!")

    assert (found.sort, found.form, found.value) == (Sort.PERSON, "full", "jose odunmore")
    assert LEAST <= found.confidence <= 1
    assert "jose" not in repr(found)


def test_a_doubtful_first_name_that_stands_alone_is_told_only_to_who_asks() -> None:
    text = "Austin Roebuck"

    assert list(full_names(text)) == []
    (found,) = full_names(text, least=0)
    assert found.confidence < LEAST


def test_every_place_is_the_same_whatever_invisible_letters_stand_in_front() -> None:
    text = "\u200bOur \u200bJada \u00adDunmore won"

    (found,) = full_names(text)

    assert text[found.start : found.end] == "Jada \u00adDunmore"


_WORDS = st.sampled_from(
    [
        "Jada",
        "Dunmore",
        "García",
        "de",
        "la",
        "Jr.",
        "J.",
        "O'Neil",
        ",",
        "\t",
        "\n",
        "THE",
        "School",
        "'s",
        "-",
        "@",
        "Ｊ",
    ]
)


@given(st.lists(_WORDS | st.text(max_size=4), max_size=40).map(" ".join))
def test_names_stand_in_order_inside_the_text_and_never_overlap(text: str) -> None:
    found = list(full_names(text, least=0))

    edges = [edge for name in found for edge in (name.start, name.end)]
    assert edges == sorted(edges)
    assert all(0 <= name.start < name.end <= len(text) and 0 < name.confidence <= 1 for name in found)


HOSTILE = [
    "a", "A", "Aa ", "1-", " ", "\n", ", ", "(", "@", "Jada ", "Jada, ", "Jada de la ", "A.", "A. ", "A-", "A'", "Mc",
    "JADA ", "é", "Jada Dunmore ", "Dunmore, Jada; ", "\t,", "y Jada ", "Jr. ", "\u200b", "Ana de la Ana y ", "--A",
    'Jada "', "Jada (J", 'Jada "J" ', "Jada (Tyler) Dunmore ", "St. ", "Jada St. ", "J. ", "Jada De La ", "Ana y ",
    "Jada Dunmore, Xylo Tarquem, ", "Jada Dunmore y ", "Jada Dunmore (Jada ", "Xylo Tarquem y ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("search", [lambda text: list(full_names(text)), lambda text: adult(text, 50_000, 50_010)])
def test_no_text_takes_time_out_of_all_proportion(piece: str, search: Callable[[str], object]) -> None:
    once = (piece * (100_000 // len(piece) + 1))[:100_000]
    full_names("Jada Dunmore")

    assert out_of_proportion(search, [(piece, once)]) == {}


def test_many_beginnings_of_a_word_before_a_long_gap_take_no_time_out_of_all_proportion() -> None:
    text = "--A" * 15_000 + " " * 55_000
    full_names("Jada Dunmore")

    assert out_of_proportion(full_names, [("a gap", text)]) == {}


@settings(max_examples=25)
@given(st.text("Aa .,'-\n\tyé@", min_size=1, max_size=6))
def test_repetitions_of_anything_are_read_to_the_end(piece: str) -> None:
    text = f"{piece * 2_000}\nJada Dunmore"

    assert "Jada Dunmore" in [text[f.start : f.end] for f in full_names(text)]


# ------------------------------------------------------------------------------------------------ adults


def spoken_of(text: str) -> bool:
    start = text.index("Jada Dunmore")
    return adult(text, start, start + len("Jada Dunmore"))


@pytest.mark.parametrize(
    "text",
    [
        "Coach Jada Dunmore led the team",
        "Mrs. Jada Dunmore",
        "Mr. and Mrs. Jada Dunmore",
        "Senator Jada Dunmore",
        "Jada Dunmore, principal of Oak School",
        "Jada Dunmore, 4th grade teacher",
        "Jada Dunmore is the director of bands",
        "Principal: Jada Dunmore",
        "Jada Dunmore\tPrincipal",
        "PTA President Jada Dunmore",
        "PTO Treasurer: Jada Dunmore",
        "School Board member Jada Dunmore",
        "a novel by Jada Dunmore",
        "in loving memory of Jada Dunmore",
        "the late Jada Dunmore",
        "Jada Dunmore (1920-1999)",
        "Jada Dunmore, class of 1987",
        "Jada Dunmore '91",
        "Jada Dunmore Memorial Scholarship",
        "Jada Dunmore, Ph.D.",
        "photo by Jada Dunmore",
        "Jada Dunmore retired in May",
        "Sra. Jada Dunmore",
        "La maestra Jada Dunmore",
        "Jada Dunmore, maestra de tercer grado",
        "en memoria de Jada Dunmore",
        "comuníquese con Jada Dunmore",
        "third grade teacher Jada Dunmore",
        "maestra de tercer grado Jada Dunmore",
        "club advisor Jada Dunmore",
        "bus driver Jada Dunmore",
        "lunch supervisor Jada Dunmore",
        "Jada Dunmore, RN",
        "Jada Dunmore, Volunteer Coordinator",
        "Booster Club member Jada Dunmore",
        "Jada Dunmore, candidate for school board",
        "Jada Dunmore (1919-2009)",
        "Thank you Jada Dunmore for donating books to our class",
        "The Long Winter, Age 8 (Jada Dunmore)",
        "Jada Dunmore, Age 8 (Nora Ashdown)",
    ],
)
def test_titles_offices_books_and_memorials_speak_of_adults(text: str) -> None:
    assert spoken_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jada Dunmore, sophomore",
        "Jada Dunmore, grade 5",
        "Jada Dunmore (12)",
        "Jada Dunmore, class of 2027",
        "Jada Dunmore, with her teacher Ms. Roebuck",
        "Jada Dunmore's teacher is proud",
        "Jada Dunmore and Coach Roebuck",
        "Coach Roebuck and Jada Dunmore",
        "Principal Roebuck\nJada Dunmore",
        "poem by Jada Dunmore",
        "a book by Jada Dunmore, grade 3",
        "Student body president Jada Dunmore",
        "Student council representative Jada Dunmore",
        "class senator Jada Dunmore",
        "Homecoming queen Jada Dunmore",
        "team captain Jada Dunmore",
        "third grade representative Jada Dunmore",
        "candidate for student council Jada Dunmore",
        "Thank you to our student Jada Dunmore for donating books",
        "We thank our coach. Jada Dunmore won",
        "un regalo para Jada Dunmore",
        "Jada Dunmore, age 8 (Room 4)",
        "la estudiante Jada Dunmore",
        "Jada Dunmore, estudiante de quinto grado",
    ],
)
def test_students_stay_students_beside_the_words_of_adults(text: str) -> None:
    assert not spoken_of(text)


@pytest.mark.parametrize(
    "name", ["Abraham Lincoln", "Martin Luther King Jr.", "Gabriel García Márquez", "J.K. Rowling"]
)
def test_people_whom_schools_write_about_are_well_known(name: str) -> None:
    assert is_well_known(name)
    assert adult(f"We read about {name} today", 14, 14 + len(name))


def test_an_invented_name_is_not_well_known() -> None:
    assert not is_well_known("Jada Dunmore")
