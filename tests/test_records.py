"""Records about a person: found in texts and tables, in English and in Spanish; what only looks like one is not."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.record_words import terms
from auditor.detect.records import OF_SOMEBODY, beside, find
from auditor.model import Sort

WORTH_ASKING = 0.6


def told(text: str) -> list[tuple[str, str]]:
    return [(f.sort.value, text[f.start : f.end]) for f in find(text) if f.confidence >= WORTH_ASKING]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Her SSN is 123-45-6789.", "123-45-6789"),
        ("on file: 123-45-6789", "123-45-6789"),
        ("123 45 6789", "123 45 6789"),
        ("123.45.6789", "123.45.6789"),
        ("123\u201345\u20136789", "123\u201345\u20136789"),
        ("１２３－４５－６７８９", "１２３－４５－６７８９"),
        ("12\u200b3-45-6789", "12\u200b3-45-6789"),
        ("Social security number: 123456789", "123456789"),
        ("Número de seguro social 123456789", "123456789"),
        ("SSN 912-70-6789", "912-70-6789"),
        ("123\u221245\u22126789", "123\u221245\u22126789"),
        ("SSN: 123 - 45 - 6789", "123 - 45 - 6789"),
        ("SSN: 123--45--6789", "123--45--6789"),
        ("SSN: 123/45/6789", "123/45/6789"),
        ("SSN: 123•45•6789", "123•45•6789"),
        ("SSN: 123_45_6789", "123_45_6789"),
        ("SSN: ١٢٣-٤٥-٦٧٨٩", "١٢٣-٤٥-٦٧٨٩"),
    ],
)
def test_a_social_security_number_is_found(text: str, number: str) -> None:
    assert told(text) == [("SSN", number)]


@pytest.mark.parametrize(
    "text",
    [
        "123456789",
        "000-12-3456",
        "666-12-3456",
        "912-70-6789",
        "123-00-4567",
        "123-45-0000",
        "978-3-16-148410-0",
        "1123-45-67890",
        "123-45 6789",
        "call 123-456-7890",
        "#123-45-6789",
        "scores 100 45 1200 88",
        "Part 123-45-6789",
        "phone 123-45-6789",
        "Order no. 123-45-6789",
    ],
)
def test_what_only_looks_like_a_social_security_number_is_not_one(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("DOB: 03/04/2012", "03/04/2012"),
        ("D.O.B. 3-4-12", "3-4-12"),
        ("Date of birth:\n2012-03-04", "2012-03-04"),
        ("She was born on March 4, 2012 in Helena", "March 4, 2012"),
        ("born 4 March 2012", "4 March 2012"),
        ("Her birthday is May 4th!", "May 4th"),
        ("May Birthdays\nJada Dunmore - 5/4", "5/4"),
        ("Birthdays\tDay\nJada Dunmore\t5/4", "5/4"),
        ("Feliz cumpleaños a Ana Ruiz, 4 de mayo", "4 de mayo"),
        ("05/04/2012 (birthday)", "05/04/2012"),
        ("b-day: 5/4/2012", "5/4/2012"),
        ("turns 9 on May 4", "May 4"),
        ("Fecha de nacimiento: 4 de marzo de 2012", "4 de marzo de 2012"),
        ("nació el 4 de marzo de 2012", "4 de marzo de 2012"),
        ("NACIDA EL 04/03/2012", "04/03/2012"),
        ("Cumpleaños: 4 de mayo", "4 de mayo"),
    ],
)
def test_a_birth_date_is_found_beside_its_word(text: str, day: str) -> None:
    assert told(text) == [("BIRTH_DATE", day)]


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2012",
        "Picture day is March 4, 2027",
        "Dr. Seuss's birthday March 2",
        "Celebrate Martin Luther King's birthday on January 15",
        "The birthday party is on March 4",
        "May Birthdays\nThe office is open until 5/4",
        "Birthdays are told by the office until 5/4",
        "March 4 birthday treats",
        "She joined us March 2009. Born on a farm",
        "Abraham Lincoln was born February 12, 1809",
        "DOB: 45/99/2012",
        "Born to read. Book fair March 4",
    ],
)
def test_another_date_is_no_birth_date(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Student ID: 4821973", "4821973"),
        ("student number is 48219", "48219"),
        ("Lunch PIN 4821", "4821"),
        ("ID #48219", "48219"),
        ("Student's ID number: A-48219", "A-48219"),
        ("Matrícula: A0123456", "A0123456"),
        ("número de estudiante 48219", "48219"),
        ("Student #48219 may pick up a laptop.", "48219"),
        ("STUDENT # 48219", "48219"),
        ("Student No. 4821973", "4821973"),
        ("Student I.D. 4821973", "4821973"),
        ("SID: 4821973", "4821973"),
        ("StudentID=4821973", "4821973"),
        ("student_id=4821973", "4821973"),
        ("stu id 4821973", "4821973"),
    ],
)
def test_a_student_number_is_found_beside_its_word(text: str, number: str) -> None:
    assert told(text) == [("STUDENT_ID", number)]


@pytest.mark.parametrize(
    "text",
    [
        "48219",
        "Zoom Meeting ID: 890 1234 5678",
        "Join the webinar, ID: 89012345",
        "Photo ID 2026-2027",
        "Bring a student ID card",
        "Vendor ID: 48219",
        "student ID 03-04-2012",
        "our best student #2027 #ClassOf2027",
        "Student #12 scored",
        "Boise, ID 83702",
        "Boise ID 83702",
        "Coeur d'Alene, ID 83814-1234",
        "Fed ID 4821973",
        "USATF ID 4821973",
        "USCF ID: 12345678",
        "Organization ID 4821973",
        "Facebook ID 4821973",
        "Ticket ID 4821973",
        "Photo ID 4821973 required",
        "bib number 4821973",
        "PIN: 2A78D65B",
        "Sid: 4821973",
    ],
)
def test_another_number_is_no_student_number(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a GPA of 3.8", "3.8"),
        ("3.95 cumulative GPA", "3.95"),
        ("G.P.A.: 2.1", "2.1"),
        ("She got a B+ in algebra", "B+"),
        ("He earned an A on his test.", "A"),
        ("straight A's", "A's"),
        ("scored 92% on the test", "92%"),
        ("earned 1450 on the SAT", "1450"),
        ("an ACT score of 31", "31"),
        ("got a 95 on her math test", "95"),
        ("Grade: A-", "A-"),
        ("final grade: 87%", "87%"),
        ("is failing math", "failing"),
        ("sacó un 95 en el examen", "95"),
        ("sacó un 9 en matemáticas", "9"),
        ("got a 95 in English", "95"),
        ("made a 100 in social studies", "100"),
        ("Math: B+", "B+"),
        ("Science: C, room 4", "C"),
        ("Algebra 92%", "92%"),
        ("promedio de 9.2", "9.2"),
        ("calificación: 9.5", "9.5"),
        ("The GPA of Jada Dunmore is 3.2", "3.2"),
        ("The G.P.A. for Jada M. Dunmore, Jr was 2.9.", "2.9"),
        ("El promedio de Jada Dunmore es 9.2", "9.2"),
        ("La nota de Jada Dunmore fue 87%.", "87%"),
        ("The grade of Jada Dunmore is a B+.", "B+"),
        ("ranked 3rd in class", "3rd"),
        ("is ranked third in her graduating class", "third"),
        ("Ocupa el segundo lugar de su clase.", "segundo lugar"),
    ],
)
def test_a_mark_is_found(text: str, mark: str) -> None:
    assert told(text) == [("GRADE", mark)]


@pytest.mark.parametrize(
    "text",
    [
        "grade 3",
        "Grade: 5",
        "3rd grade",
        "grades K-5",
        "a GPA of 2.0 or higher",
        "The average GPA of our class is 3.2",
        "The GPA of students must be 2.0. Room 3.2",
        "The average of the state is 3.2",
        "ranked 3rd in Class 4A",
        "ranked third in class A",
        "ranked 3rd in her weight class",
        "en el segundo lugar de la fila",
        "a minimum 2.0 GPA",
        "Students must keep a GPA of 2.5",
        "our average ACT score of 21",
        "final score: 24-17",
        "scored 24 points",
        "Saturday, SAT 1450 seats",
        "the failing schools of the state",
        "Act 2 of the play",
        "grade A eggs",
        "a Plan B",
        "takes Biology B and Spanish A",
        "Science: A Journey Through Space",
        "Math: A. Jones",
        "Math 45% proficient, reading 52% of students",
        "Reading A-Z",
        "Reading: 100% participation",
        "the Math A-Team",
    ],
)
def test_a_grade_level_or_a_demand_is_no_mark(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("was suspended for 3 days", "suspended"),
        ("got an after-school detention", "detention"),
        ("was expelled from school", "expelled"),
        ("has an office referral", "office referral"),
        ("was caught cheating", "caught cheating"),
        ("served 2 days of ISS", "ISS"),
        ("fue suspendida por pelear", "suspendida"),
        ("fue expulsado de la escuela", "expulsado"),
    ],
)
def test_discipline_is_found(text: str, term: str) -> None:
    assert told(text) == [("DISCIPLINE", term)]


@pytest.mark.parametrize(
    "text",
    [
        "The game was suspended due to rain",
        "Classes are suspended until further notice",
        "the air expelled from the lungs",
        "expelled air",
        "a suspension bridge",
        "the juvenile detention center",
        "Students who fight will be suspended",
        "See the handbook for rules on suspension",
        "our bullying prevention week",
        "suspendidas hasta nuevo aviso",
    ],
)
def test_games_bridges_and_rules_are_no_discipline(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("has an IEP", ["IEP"]),
        ("has asthma and carries an inhaler", ["asthma", "inhaler"]),
        ("is allergic to peanuts", ["allergic"]),
        ("takes medication for her ADHD", ["medication", "ADHD"]),
        ("has a 504 plan", ["504 plan"]),
        ("qualifies for free lunch", ["free lunch"]),
        ("gets reduced-price meals", ["reduced-price meals"]),
        ("tiene autismo y alergias", ["autismo", "alergias"]),
        ("está en educación especial", ["educación especial"]),
        ("TIENE EDUCACIÓN ESPECIAL", ["EDUCACIÓN ESPECIAL"]),
        ("receives special education services", ["special education"]),
        ("is enrolled in our special education program", ["special education"]),
        ("gets counseling services", ["counseling"]),
        ("recibe servicios de educación especial", ["educación especial"]),
        ("Jada has special needs.", ["has special needs"]),
        ("Jada is in the resource room.", ["is in the resource room"]),
        ("was placed in a self-contained classroom", ["placed in a self-contained classroom"]),
        ("tiene necesidades especiales", ["tiene necesidades especiales"]),
        ("está en el aula de recursos", ["está en el aula de recursos"]),
        ("tiene un plan 504", ["plan 504"]),
    ],
)
def test_health_is_found(text: str, terms: list[str]) -> None:
    assert told(text) == [("HEALTH", term) for term in terms]


@pytest.mark.parametrize(
    "text",
    [
        "Autism Awareness Month",
        "asthma action plan forms are due",
        "special education department",
        "We offer special education services.",
        "Students receive special education services.",
        "the special needs prom",
        "has special needs students",
        "painted the resource room",
        "Our resource room is new.",
        "Free and reduced lunch applications",
        "We do not discriminate on the basis of race, sex or disability",
        "a college counseling night",
        "Medications must be brought by an adult",
        "If your child has a seizure, please call us",
        "a diabetes walk",
        "grades iss a typing error",
    ],
)
def test_programmes_and_forms_are_no_health(text: str) -> None:
    assert told(text) == []


def test_the_heading_of_a_column_makes_its_cells_records() -> None:
    table = (
        "Name\tDOB\tStudent ID\tGPA\tIEP/504\tDiscipline\n"
        "Roe, Jane\t3/4/2012\t48219\t3.8\tY\tISS 2 days\n"
        "Lee, Sam\t\t48220\t2.9\tNo\tnone"
    )

    assert told(table) == [
        ("BIRTH_DATE", "3/4/2012"),
        ("STUDENT_ID", "48219"),
        ("GRADE", "3.8"),
        ("HEALTH", "Y"),
        ("DISCIPLINE", "ISS 2 days"),
        ("STUDENT_ID", "48220"),
        ("GRADE", "2.9"),
    ]


def test_a_column_of_grades_may_be_one_of_grade_levels() -> None:
    assert told("Name\tGrade\nJane\t3\nSam\tB+\nAda\tK\nLou\t92%") == [("GRADE", "B+"), ("GRADE", "92%")]


def test_a_letter_behind_a_subject_is_a_mark_where_another_in_its_line_surely_is() -> None:
    assert told("Math B+, Science C and Spanish B") == [("GRADE", "B+"), ("GRADE", "C"), ("GRADE", "B")]
    assert told("Math B+\nScience C") == [("GRADE", "B+")]


def test_below_a_subject_beside_names_stand_marks_and_no_rooms_or_hours() -> None:
    assert told("Student\tMath\tReading\nJane\tB+\t92\nSam\t88%\t100") == [
        ("GRADE", "B+"),
        ("GRADE", "92"),
        ("GRADE", "88%"),
        ("GRADE", "100"),
    ]
    assert told("Name\tMath\tReading\nJane\t204\t9:00\nSam\t2\t115") == []


def test_what_somebody_is_taught_is_no_heading() -> None:
    assert told("Student\tSubject\tGrade\nJane\tMath\tB+") == [("GRADE", "B+")]
    assert told("Teacher\tMath\tReading\nJane\t92\tB") == []


def test_allergies_and_lunch_status_of_a_table_are_health() -> None:
    table = "Name\tAllergies\tLunch status\nJane\tpeanuts\tFree\nSam\tnone\tReduced"

    assert told(table) == [("HEALTH", "peanuts"), ("HEALTH", "Free"), ("HEALTH", "Reduced")]


@pytest.mark.parametrize(
    "table",
    [
        "Date\tOpponent\tScore\nMay 1\tTigers\t24",
        "Sun\tMon\tTue\tWed\tThu\tFri\tSat\n1\t2\t3\t4\t5\t6\t7",
        "Name\tEmail\nJane\tjane",
        "School\tYear\tGPA\nLincoln\tfirst\t3.1",
    ],
)
def test_tables_of_games_and_days_hold_no_records(table: str) -> None:
    assert told(table) == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Student\tQuiz 1\tTest 3\nJane Doe\t14/20\tB+", [("GRADE", "14/20"), ("GRADE", "B+")]),
        ("Student\tUnit 3 Test\tTest 1 score\nJane Doe\t82%\t14", [("GRADE", "82%"), ("GRADE", "14")]),
        (
            "Student\tInfraction\tConsequence\nJane Doe\tFighting\tDetention",
            [("DISCIPLINE", "Fighting"), ("DISCIPLINE", "Detention")],
        ),
        ("Student\tReason for detention\nJane Doe\tTardy", [("DISCIPLINE", "Tardy")]),
    ],
)
def test_the_numbers_of_tests_and_what_followed_belong_to_headings(table: str, expected: list[tuple[str, str]]) -> None:
    assert told(table) == expected


@pytest.mark.parametrize("plan", ["IEP", "504", "504 plan", "BIP", "Special Ed", "Special education", "Has IEP"])
@pytest.mark.parametrize("heading", ["Student\tNotes\n", "Student\tPlan\n", ""])
def test_a_cell_that_is_nothing_but_a_plan_is_a_record_whatever_stands_over_it(plan: str, heading: str) -> None:
    assert told(f"{heading}Jane Doe\t{plan}\nRoe, Sam\t") == [("HEALTH", plan)]


def test_a_row_with_a_name_is_no_row_of_headings() -> None:
    assert told("Jane Doe\tDetention\nSam Roe\tDetention") == [("DISCIPLINE", "Detention")] * 2
    assert told("Head Coach\tDetention\nSam Roe\tMonday") == [("DISCIPLINE", "Monday")]


def test_a_table_ends_with_the_first_line_without_cells() -> None:
    assert told("Name\tGPA\nJane\t3.8\n\nRoom\t3.9") == [("GRADE", "3.8")]


def test_offsets_are_those_of_the_text_in_tables_too() -> None:
    text = "Our list\u200b\nName\tDOB\nJane\t 3/4/2012 \n"

    assert [text[f.start : f.end] for f in find(text)] == ["3/4/2012"]


def test_a_record_is_somebodys_where_the_name_stands_near_in_the_row_or_in_the_sentence() -> None:
    near = "Jane Roe, our best speller this year, was suspended."
    far = f"Jane Roe won. {'We had a lovely day at the park. ' * 3}He was suspended."
    rows = "Jane Roe\tLee\nSam Lee\tsuspended"

    def whose(text: str, name: str) -> bool:
        start = text.index(name)
        return beside(text, find(text)[0], [(start, start + len(name))])

    assert (whose(near, "Jane Roe"), whose(far, "Jane Roe")) == (True, False)
    assert (whose(rows, "Sam Lee"), whose(rows, "Jane Roe")) == (True, False)


def test_numbers_stand_alone_and_words_do_not() -> None:
    assert {Sort.GRADE, Sort.DISCIPLINE, Sort.HEALTH} == OF_SOMEBODY


def test_a_value_is_never_shown() -> None:
    assert "6789" not in repr(find("SSN 123-45-6789"))


def test_equal_records_have_equal_values_however_they_are_written() -> None:
    values = {find(text)[0].value for text in ("SSN 123-45-6789", "123 45 6789", "SSN: 123456789", "１２３-45-6789")}

    assert values == {"123456789"}


def test_words_that_fill_a_text_are_all_told_though_not_all_are_looked_at() -> None:
    assert len(find("Sam has asthma. " * 3_000)) == 3_000


def test_of_words_that_speak_of_rules_the_next_one_on_either_side_counts() -> None:
    rules = "See the handbook. The handbook tells: suspended. Jane was suspended for 3 days! The handbook again."

    assert [f.start for f in find(rules)] == [rules.index("suspended for")]


def test_words_far_into_a_long_text_are_found() -> None:
    text = "All is well here today. " * 300 + "Jane was suspended for 3 days; SSN 123-45-6789. " + "So it is. " * 300

    assert told(text) == [("DISCIPLINE", "suspended"), ("SSN", "123-45-6789")]


@pytest.mark.parametrize(
    "text",
    ["Jane Doe (4/12/16)", "Jane Doe 04/12/2016", "Doe, Jane, 4/12/2016", "Jane Doe b. 4-12-16"],
)
def test_a_whole_date_right_behind_a_name_may_be_a_birth_date_and_no_more(text: str) -> None:
    (date,) = find(text)

    assert (date.sort, date.form) == ("BIRTH_DATE", "behind a name")
    assert date.confidence < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe 4/12",
        "Posted by jane 4/12/2016",
        "Jane Doe, class of 2031",
        "Jane Doe 14/20/2016",
        "Jane Doe won 4/12/16",
    ],
)
def test_other_dates_near_names_are_nobodys(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "sort", "expected"),
    [
        ("Students with IEPs: Jane Doe, Sam Roe", Sort.HEALTH, "IEPs"),
        ("IEP students: Jane Doe", Sort.HEALTH, "IEP"),
        ("Jane Doe, 504", Sort.HEALTH, "504"),
        ("Jane Doe (504)", Sort.HEALTH, "504"),
        ("Jane Doe takes Ritalin at noon.", Sort.HEALTH, "Ritalin"),
        ("Jane Doe: F in math", Sort.GRADE, "F"),
        ("Failing list: Jane Doe", Sort.GRADE, "Failing"),
        ("Jane Doe, ACT 31", Sort.GRADE, "31"),
        ("Jane Doe, SAT 1280.", Sort.GRADE, "1280"),
        ("Jane Doe was sent home for fighting.", Sort.DISCIPLINE, "sent home for fighting"),
        ("Jane Doe was suspended the next day.", Sort.DISCIPLINE, "suspended"),
    ],
)
def test_short_words_beside_a_name_are_records(text: str, sort: Sort, expected: str) -> None:
    assert [(f.sort, text[f.start : f.end]) for f in find(text)] == [(sort, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "Free lunch on Friday! Jane Doe will sing.",
        "Jane Doe suspended a bridge from straws at engineering club.",
        "Come to 504 Elm Street, or to room 12, 504 Oak.",
        "We read Act 31, scene 2. The ACT 31 training is on Monday.",
        "Students with asthma should see the nurse.",
        "Jane Doe got an A for effort.",
    ],
)
def test_what_sounds_like_a_record_and_is_none(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("sort", [Sort.HEALTH, Sort.DISCIPLINE])
def test_the_gate_has_a_word_of_every_term(sort: Sort) -> None:
    listed = terms(sort)

    @settings(max_examples=300, deadline=None)
    @given(
        st.from_regex(
            listed.term.pattern, fullmatch=True, alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"])
        )
    )
    def every_term_passes(term: str) -> None:
        words = re.sub(r"[^a-z]", " ", term.lower()).split()
        assert listed.gate.intersection(words) or "504" in term

    every_term_passes()


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_offsets_lie_in_it(text: str) -> None:
    for found in find(text):
        assert 0 <= found.start < found.end <= len(text)


PIECES = [
    *(
        "SSN ",
        "123-45-6789",
        "DOB ",
        "3/4/2012",
        "born ",
        "ID: ",
        "48219",
        "GPA ",
        "3.8",
        "got a ",
        "B+",
        "score ",
        "92%",
    ),
    *(" on the ", "test", "was suspended", "IEP", "has ", "\t", "\n", ", ", "é", "\u200b", "Name", "Grade", "＠"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_records_never_overlap(text: str) -> None:
    found = find(text)

    assert all(a.end <= b.start for a, b in pairwise(found))
