"""OneRoster as student information systems really write it: what is understood, and what is said of the rest."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from auditor.errors import Mistake
from auditor.model import OptOut, School, Sort
from auditor.roster.names import Naming
from auditor.roster.oneroster import Export
from auditor.roster.pupil import Adult, Diagnostic, Flags, Pupil
from tests.roster.rosters import TODAY

SCHOOLS = (
    School("lincoln", "Lincoln Elementary"),
    School("roosevelt", "Roosevelt Middle School"),
    School("madison-high", "Madison High School"),
)
LINCOLN = frozenset({"lincoln"})

ORGS = """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
d,,,Riverbend School District,district,3000,
o1,,,LINCOLN ELEM. SCHOOL,school,3001,d
o2,,,Somewhere Else,school,roosevelt,d
madison-high,,,Another Name,school,3003,d
"""

JADA = {
    "sourcedId": "s1",
    "role": "student",
    "givenName": "Jada",
    "familyName": "Dunmore",
    "orgSourcedIds": "o1",
    "grades": "03",
}


def table(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def read(
    folder: Path, users: str | bytes | Sequence[Mapping[str, str]], flags: str = "", **files: str
) -> tuple[list[Pupil | Adult], list[str]]:
    """What an export with these files brings: people, and what was odd."""
    content = users if isinstance(users, bytes) else (users if isinstance(users, str) else table(users)).encode()
    (folder / "users.csv").write_bytes(content)
    for name, text in {"orgs": ORGS, **files}.items():
        if text:
            (folder / f"{name}.csv").write_text(text, "utf-8")
    second = folder / "optouts.txt" if flags else None
    if second:
        second.write_text(flags, "utf-8")
    export = Export(folder, SCHOOLS, second, TODAY)
    people = list(export.people())
    return people, [str(note) for note in export.notes.all()]


def students(folder: Path, users: str | bytes | Sequence[Mapping[str, str]], **files: str) -> list[Pupil]:
    people, notes = read(folder, users, **files)
    assert notes == []
    return [person for person in people if isinstance(person, Pupil)]


# ------------------------------------------------------------------------------------------------ clean


def test_a_student_is_read_with_what_is_needed_and_nothing_else(tmp_path: Path) -> None:
    everything = JADA | {
        "middleName": "Marie",
        "preferredGivenName": "Jay",
        "email": "jd@students.example",
        "phone": "406-728-0187",
        "sms": "406-728-0187",
        "username": "jd",
        "identifier": "870001",
        "password": "hunter2",
        "metadata.nickname": "Dunny;JD",
        "metadata.handles": "@jada.d",
        "metadata.optOut": "B;C",
        "metadata.photoConsent": "false",
        "metadata.nameConsent": "TRUE",
    }

    assert students(tmp_path, [everything]) == [
        Pupil(
            "s1",
            Naming("Jada", "Dunmore", "Marie", "Jay", "", ("Dunny", "JD"), ("@jada.d",)),
            3,
            LINCOLN,
            (
                (Sort.EMAIL, "jd@students.example"),
                (Sort.PHONE, "406-728-0187"),
                (Sort.STUDENT_ID, "870001"),
                (Sort.STUDENT_ID, "jd"),
            ),
            Flags(
                (OptOut(frozenset("BC")),),
                photo_consent=False,
                name_consent=True,
                nicknames=("Dunny", "JD"),
                handles=("@jada.d",),
            ),
        )
    ]


def test_version_1_2_takes_roles_from_their_own_file(tmp_path: Path) -> None:
    users = [
        {"sourcedId": "s1", "givenName": "Jada", "familyName": "Dunmore", "grades": "03"},
        {"sourcedId": "s2", "givenName": "Kofi", "familyName": "Holt", "grades": "07", "primaryOrgSourcedId": "o2"},
        {"sourcedId": "t1", "givenName": "Elena", "familyName": "Rivera"},
        {"sourcedId": "p1", "givenName": "Renata", "familyName": "Dunmore"},
    ]
    roles = """sourcedId,status,userSourcedId,roleType,role,orgSourcedId
r1,,s1,primary,student,o1
r2,,s2,primary,Student,
r3,tobedeleted,t1,primary,student,o1
r4,,t1,primary,teacher,o1
r5,,p1,primary,parent,o1
"""

    people, notes = read(tmp_path, users, roles=roles)

    assert people == [
        Pupil("s1", Naming("Jada", "Dunmore"), 3, LINCOLN),
        Pupil("s2", Naming("Kofi", "Holt"), 7, frozenset({"roosevelt"})),
        Adult(Naming("Elena", "Rivera")),
    ]
    assert notes == []


def test_schools_come_by_id_identifier_or_name_else_by_enrollment(tmp_path: Path) -> None:
    users = [
        JADA | {"orgSourcedIds": "o1,o2"},
        JADA | {"sourcedId": "s2", "orgSourcedIds": "madison-high;d"},
        JADA | {"sourcedId": "s3", "orgSourcedIds": ""},
        JADA | {"sourcedId": "s4", "orgSourcedIds": "d"},
        JADA | {"sourcedId": "s5", "orgSourcedIds": "d"},
    ]
    classes = "sourcedId,schoolSourcedId\nc1,o2\n"
    enrollments = """sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role
e1,,c1,o1,s3,student
e2,,c1,,s4,student
e3,tobedeleted,c1,o1,s4,student
e4,,c1,o1,s5,teacher
"""

    found = {s.source_id: s.schools for s in students(tmp_path, users, classes=classes, enrollments=enrollments)}

    assert found == {
        "s1": {"lincoln", "roosevelt"},
        "s2": {"madison-high"},
        "s3": {"lincoln"},
        "s4": {"roosevelt"},
        "s5": frozenset(),
    }


def test_whoever_is_deleted_or_no_student_is_left_out(tmp_path: Path) -> None:
    users = [
        JADA | {"status": "ToBeDeleted"},
        JADA | {"sourcedId": "g1", "role": "guardian", "status": ""},
        JADA | {"sourcedId": "s2", "status": "active", "enabledUser": "false"},
    ]

    assert [s.source_id for s in students(tmp_path, users)] == ["s2"]


def test_whoever_is_deleted_but_opted_out_is_a_former_student_whose_no_holds(tmp_path: Path) -> None:
    users = [
        JADA | {"status": "tobedeleted", "metadata.optOut": "A"},
        JADA | {"sourcedId": "s2", "status": "tobedeleted"},
        JADA | {"sourcedId": "t1", "status": "tobedeleted", "role": "teacher", "metadata.optOut": "A"},
    ]

    former = students(tmp_path, users)

    assert [(s.source_id, s.left, [sorted(o.levels) for o in s.flags.opt_outs]) for s in former] == [
        ("s1", True, [["A"]])
    ]


@pytest.mark.parametrize(
    ("codes", "grade"),
    [("KG", 0), ("PK", -1), ("PS", 13), ("12", 12), ("3", 3), ("3rd", 3), ("UG", None), ("09,10", 9), ("10;09", 9)],
)
def test_grades_are_read_and_of_several_the_lowest_protects(tmp_path: Path, codes: str, grade: int | None) -> None:
    assert [s.grade for s in students(tmp_path, [JADA | {"grades": codes}])] == [grade]


# ------------------------------------------------------------------------------------------------ dirt


def test_the_dirt_of_the_wild_is_tolerated(tmp_path: Path) -> None:
    users = (
        '\ufeffROLE,dataLastModified,familyName, GivenName ,prefferedGivenName,"sourcedId",enabledUser,orgSourcedIds,'
        "grades,metadata.photoConsent,,\r\n"
        'Student,1/05/2023,"Dunmore", Jada ,Jay,s1,TRUE,"o1, o2",03,TRUE,,\r\n'
        "\r\n"
        ",,,,,,,,,,,\r\n"
    )

    (pupil,) = students(tmp_path, users)

    assert pupil == Pupil(
        "s1",
        Naming("Jada", "Dunmore", preferred_given="Jay"),
        3,
        frozenset({"lincoln", "roosevelt"}),
        flags=Flags(photo_consent=True),
    )


def test_file_names_may_be_in_any_case_and_one_folder_deep(tmp_path: Path) -> None:
    inner = tmp_path / "export 2026"
    inner.mkdir()
    (inner / "Users.CSV").write_text(table([JADA]))
    (inner / "ORGS.csv").write_text(ORGS)

    people = list(Export(tmp_path, SCHOOLS, None, TODAY).people())

    assert people == [Pupil("s1", Naming("Jada", "Dunmore"), 3, LINCOLN)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_whatever_its_form(tmp_path: Path, encoding: str) -> None:
    users = table([JADA | {"givenName": "Désirée", "familyName": "Łuczak"}]).encode(encoding)

    assert [s.naming for s in students(tmp_path, users)] == [Naming("Désirée", "Łuczak")]


def test_windows_letters_are_read_line_by_line_and_noted(tmp_path: Path) -> None:
    users = table([JADA | {"familyName": "Łuczak"}, JADA | {"sourcedId": "s2", "givenName": "Désirée"}]).encode()
    users = users.replace("Désirée".encode(), "Désirée".encode("cp1252"))

    people, notes = read(tmp_path, users)

    assert [p.naming for p in people] == [Naming("Jada", "Łuczak"), Naming("Désirée", "Dunmore")]
    assert notes == ["users.csv, row 3: not UTF-8; read as Windows letters"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(tmp_path: Path, ending: str) -> None:
    users = table([JADA, JADA | {"sourcedId": "s2"}]).replace("\n", ending).encode()

    assert [s.source_id for s in students(tmp_path, users)] == ["s1", "s2"]


def test_ragged_rows_are_taken_as_far_as_they_go(tmp_path: Path) -> None:
    users = table([JADA, JADA | {"sourcedId": "s2"}]) + "s3,student,Kofi,Holt\ns4,student,Linh,Holt,o1,o2,03\n"

    people, notes = read(tmp_path, users)

    assert [p.naming.given for p in people] == ["Jada", "Jada", "Kofi", "Linh"]
    assert notes == [
        "users.csv, row 4: too few cells; the missing ones are taken as empty",
        'users.csv, row 4, "grades": empty; the strictest rules hold for this student',
        "users.csv, row 5: more cells than columns; is a comma not in quotation marks?",
        'users.csv, row 5, "grades": not a grade code (PK, KG, 01 to 12, PS, UG); left out',
    ]


def test_a_quotation_mark_that_never_closes_loses_one_row_at_most(tmp_path: Path) -> None:
    users = (
        table([JADA])
        + 's2,student,"Kofi,Holt,o1,04\n'
        + "".join(f"s{n},student,Linh,Holt,o1,05\n" for n in range(3, 20))
    )

    people, notes = read(tmp_path, users)

    assert [p.source_id for p in people if isinstance(p, Pupil)] == [f"s{n}" for n in range(1, 20)]
    assert notes == ["users.csv, row 3: a quotation mark opens and never closes"]


def test_a_line_break_inside_quotation_marks_belongs_to_the_cell(tmp_path: Path) -> None:
    users = table([JADA | {"middleName": "Marie\nQuill"}, JADA | {"sourcedId": "s2"}])

    assert [s.naming.middle for s in students(tmp_path, users)] == ["Marie Quill", ""]


def test_what_cannot_be_understood_is_noted_by_row_and_column(tmp_path: Path) -> None:
    users = [
        JADA | {"sourcedId": "", "grades": "03"},
        JADA | {"sourcedId": "s2", "grades": ""},
        JADA | {"sourcedId": "s2"},
        JADA | {"sourcedId": "s3", "givenName": "", "familyName": "n/a"},
        JADA | {"sourcedId": "s4", "grades": "sophomoric"},
        JADA | {"sourcedId": "s5", "metadata.optOut": "someday", "metadata.photoConsent": "perhaps"},
        JADA | {"sourcedId": "s6", "orgSourcedIds": "o9"},
    ]
    orgs = ORGS + "o7,,,Hillcrest Academy,school,3009,d\n"

    people, notes = read(tmp_path, users, orgs=orgs)

    assert [p.source_id for p in people if isinstance(p, Pupil)] == ["", "s2", "s2", "s4", "s5", "s6"]
    assert notes == [
        'orgs.csv, row 6, "name": no school in config.toml has this id or name; its students count for the district',
        'users.csv, row 2, "sourcedId": empty; the student is kept, but no flag can be given to them',
        'users.csv, row 3, "grades": empty; the strictest rules hold for this student',
        'users.csv, row 4, "sourcedId": an earlier row has the same; both are taken as one student',
        'users.csv, row 5, "familyName": a student without a name; nobody can be looked for',
        'users.csv, row 6, "grades": not a grade code (PK, KG, 01 to 12, PS, UG); left out',
        'users.csv, row 7, "metadata.optOut": not A, B, C or none; taken as A, which covers everything',
        'users.csv, row 7, "metadata.photoConsent": neither true nor false; taken as no answer',
        'users.csv, row 8, "orgSourcedIds": an organisation that is neither in orgs.csv nor in config.toml',
    ]


def test_what_happens_in_every_row_is_said_twenty_times_and_counted(tmp_path: Path) -> None:
    users = [JADA | {"sourcedId": f"s{n}", "grades": ""} for n in range(100)]

    _, notes = read(tmp_path, users)

    said = "empty; the strictest rules hold for this student"
    assert notes == [
        *(f'users.csv, row {n}, "grades": {said}' for n in range(2, 22)),
        f'users.csv, "grades": and 80 more rows like this: {said}',
    ]


def test_no_note_and_no_repr_repeats_what_stands_in_a_file(tmp_path: Path) -> None:
    secret = "Zebulon"
    users = [JADA | dict.fromkeys(("givenName", "grades", "metadata.optOut", "metadata.photoConsent"), secret)]
    flags = f"sourcedId,optOut,from,to,aupSigned,source\n{secret},{secret},{secret},{secret},{secret},{secret}\n"

    people, notes = read(tmp_path, users, flags=flags)

    assert len(notes) > 5
    assert secret not in f"{notes} {people}"


# ------------------------------------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("users", "faults"),
    [
        (
            "sourcedId,role\ns1,student\n",
            ["users.csv:1: there is no column givenName;", "users.csv:1: there is no column familyName;"],
        ),
        (
            "",
            [
                "no column sourcedId",
                "no column givenName",
                "no column familyName",
                "students cannot be told from staff",
            ],
        ),
        ("sourcedId,givenName,familyName\ns1,Jada,Dunmore\n", ["students cannot be told from staff"]),
    ],
)
def test_what_makes_an_export_unreadable_is_said_in_one_pass(tmp_path: Path, users: str, faults: list[str]) -> None:
    with pytest.raises(Mistake) as raised:
        read(tmp_path, users)

    assert len(raised.value.faults) == len(faults)
    assert all(fault in said for fault, said in zip(faults, raised.value.faults, strict=True))


# ------------------------------------------------------------------------------------------------ flags


def flags_of(folder: Path, flags: str) -> tuple[Flags, list[str]]:
    people, notes = read(folder, [JADA], flags=flags)
    return next(p.flags for p in people if isinstance(p, Pupil)), notes


def test_flags_may_stand_in_a_second_file_dated_and_in_several_rows(tmp_path: Path) -> None:
    flags = """sourcedId,optOut,photoConsent,nameConsent,aupSigned,nickname,handles,from,to,source
s1,A;C,,,,Jay,@jada.d,2026-08-24,6/30/2027,paper form 2026
s1,b,true,false,yes,,,,,Signed by Renata Dunmore
"""

    assert flags_of(tmp_path, flags) == (
        Flags(
            (
                OptOut(frozenset("AC"), date(2026, 8, 24), date(2027, 6, 30), "paper form 2026"),
                OptOut(frozenset("B"), None, None, "on file"),
            ),
            photo_consent=True,
            name_consent=False,
            aup_signed=True,
            nicknames=("Jay",),
            handles=("@jada.d",),
        ),
        [],
    )


def test_a_consent_for_another_time_is_none_and_where_two_disagree_it_is_no(tmp_path: Path) -> None:
    flags = """sourcedId,photoConsent,nameConsent,aupSigned,from,to
s1,true,true,true,2025-08-25,2026-06-30
s1,,false,,,
s1,,true,,,
"""

    found, notes = flags_of(tmp_path, flags)

    assert (found, notes) == (Flags(name_consent=False), [])


def test_faults_of_the_flags_file_protect_the_child_and_have_to_be_put_right(tmp_path: Path) -> None:
    flags = """sourcedId,optOut,photoConsent,from,to
s1,D,maybe,2026-13-45,soon
s1,A,,2027-06-30,2026-08-24
,A,,,
s9,A,,,
"""

    (tmp_path / "users.csv").write_text(table([JADA]))
    (tmp_path / "optouts.csv").write_text(flags)
    export = Export(tmp_path, SCHOOLS, tmp_path / "optouts.csv", TODAY)
    (pupil,) = (person for person in export.people() if isinstance(person, Pupil))

    assert pupil.flags == Flags((OptOut(frozenset("A")),))
    assert [note for note in export.notes.all() if note.file == "optouts.csv"] == [
        Diagnostic("optouts.csv", 2, "from", "no date; write it like 2026-08-24", grave=True),
        Diagnostic("optouts.csv", 2, "to", "no date; write it like 2026-08-24", grave=True),
        Diagnostic("optouts.csv", 2, "optOut", "not A, B, C or none; correct it", grave=True),
        Diagnostic("optouts.csv", 2, "photoConsent", "neither true nor false; correct it", grave=True),
        Diagnostic("optouts.csv", 3, "to", "the opt-out ends before it begins; correct it", grave=True),
        Diagnostic("optouts.csv", 4, "sourcedId", "empty; write whom the row is about", grave=True),
        Diagnostic("optouts.csv", 5, "sourcedId", "no student of users.csv has this sourcedId"),
    ]


def test_a_misspelled_flag_column_is_no_silent_loss(tmp_path: Path) -> None:
    flags = "sourcedId,optOuts,photoConsent,homeroom\ns1,A,true,12\n"

    _, notes = flags_of(tmp_path, flags)

    assert notes == [
        'optouts.txt, row 1, "optOuts": not known; correct it (did you mean "optOut"?)',
        'optouts.txt, row 1, "homeroom": not known; left out',
    ]


@pytest.mark.parametrize(
    ("flags", "fault"),
    [("id,optOut\ns1,A\n", "no column sourcedId"), ("sourcedId,grade\ns1,3\n", "none of the columns optOut")],
)
def test_a_flags_file_without_its_columns_is_a_mistake(tmp_path: Path, flags: str, fault: str) -> None:
    with pytest.raises(Mistake, match=fault):
        flags_of(tmp_path, flags)
