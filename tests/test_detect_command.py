"""`auditor detect`: texts in, one JSON object a line out; offsets, never values."""

import io
import json
from pathlib import Path

import pytest

from auditor.cli import main

ROSTER = Path(__file__).parent / "district" / "oneroster"


def detected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], texts: list[str], *words: str
) -> list[list[tuple[str, str]]]:
    """Per text, the type of every entity and the words it covers."""
    asked = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    monkeypatch.setattr("sys.stdin", io.StringIO(asked))

    status = main(["detect", *words])

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [row["id"] for row in rows] == list(range(len(texts)))
    return [
        [(entity["type"], text[entity["start"] : entity["end"]]) for entity in row["entities"]]
        for row, text in zip(rows, texts, strict=True)
    ]


def test_contact_data_needs_no_roster(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Call 406-721-0144 or write to jane.doe@mail.example, 1204 Alder Street, Missoula MT 59801."

    found = detected(monkeypatch, capsys, [text, "Nothing here."])

    assert found == [
        [
            ("PHONE", "406-721-0144"),
            ("EMAIL", "jane.doe@mail.example"),
            ("ADDRESS", "1204 Alder Street, Missoula MT 59801"),
        ],
        [],
    ]


def test_students_of_the_roster_are_told_from_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = detected(monkeypatch, capsys, ["Jada Dunmore won.", "jada dunmore", "Jada won."], "--roster", str(ROSTER))

    assert found == [[("STUDENT", "Jada Dunmore")], [("STUDENT", "jada dunmore")], []]


def test_who_is_hardly_the_student_of_that_name_is_a_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = detected(monkeypatch, capsys, ["We thank Mr. Theo Brightwater."], "--roster", str(ROSTER))

    assert found == [[("PERSON", "Theo Brightwater")]]


def test_offsets_count_characters_of_any_kind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [
        "\U0001f600\U0001f469\u200d\U0001f467 Jada Dunmore",
        "e\u0301 De\u0301sire\u0301e Beaulieu",
        "a\r\nJada Dunmore\r\n",
        "\0Jada\0 Dunmore\0",
        "\u202bJada \u200fDunmore\u202c!",
        "\ud83d Jada Dunmore",
    ]

    found = detected(monkeypatch, capsys, texts, "--roster", str(ROSTER))

    assert found == [
        [("STUDENT", "Jada Dunmore")],
        [("STUDENT", "De\u0301sire\u0301e Beaulieu")],
        [("STUDENT", "Jada Dunmore")],
        [("STUDENT", "Jada\0 Dunmore")],
        [("STUDENT", "Jada \u200fDunmore")],
        [("STUDENT", "Jada Dunmore")],
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: str) -> None:
    texts = [f"Welcome{end}Jada{end}Dunmore{end}", f"DOB:{end}4/17/2016{end}"]

    found = detected(monkeypatch, capsys, texts, "--roster", str(ROSTER))

    assert found == [[("STUDENT", f"Jada{end}Dunmore")], [("BIRTH_DATE", "4/17/2016")]]


def test_each_line_says_type_offsets_and_confidence_and_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": "a", "text": "é: jane@mail.example"}\n\n'))

    assert main(["detect"]) == 0

    said = capsys.readouterr().out
    assert json.loads(said) == {
        "id": "a",
        "entities": [{"type": "EMAIL", "start": 3, "end": 20, "confidence": 0.98}],
    }
    assert "jane" not in said


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Jada Dunmore", 'line 2: is no JSON (Expecting value); write {"id", "text"}'),
        ('{"id": 3}', 'line 2: is without a "text" that is a string; write {"id", "text"}'),
        ("[3]", 'line 2: is "list"; write {"id", "text"}'),
        ("[" * 99_999, 'line 2: is no JSON (no program could read it back); write {"id", "text"}'),
        ('{"id": NaN, "text": ""}', 'line 2: is no JSON (no program could read it back); write {"id", "text"}'),
        ('{"id": 1e999, "text": ""}', 'line 2: is no JSON (no program could read it back); write {"id", "text"}'),
    ],
)
def test_a_line_that_is_no_text_is_named_and_never_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, fault: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": 1, "text": ""}\n' + line + "\n"))

    assert main(["detect"]) == 2

    said = capsys.readouterr()
    assert said.err == f"auditor: standard input: {fault}\n"
    assert json.loads(said.out) == {"id": 1, "entities": []}
