"""What pages alone cannot show of the rules about students: records with gaps, former students, many pages, tables."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditor.check import KNOWN, built
from auditor.detect.reading import Recogniser
from auditor.judge import Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Coverage,
    Document,
    Finding,
    Kind,
    Note,
    Outcome,
    Passage,
    Place,
    Reading,
    Student,
    Verdict,
)
from spiders import html
from tests.policies import load
from tests.test_check_pages import TODAY, district, fingerprint, roster

MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)
HOME = "http://127.0.0.2:8001/"
HIGH = Account("the-account", Kind.OFFICIAL, "website", HOME, school="madison-high")
LINCOLN = replace(HIGH, school="lincoln")
CLASS = replace(LINCOLN, kind=Kind.CLASSROOM)


class Looked:
    """One account under one rule, page after page, as an audit shows them."""

    def __init__(
        self,
        rule: str,
        policy: str,
        account: Account,
        known: frozenset[str] = KNOWN,
        change: Callable[[Student], Student] | None = None,
    ) -> None:
        self.rule, self.account, self.change = rule, account, change
        self.judge = Judge(district(), load(policy), TODAY, fingerprint, known, {rule: built()[rule]})
        self.recogniser = Recogniser(district(), fingerprint, roster() if "roster" in known else None)
        self.said = Said()
        self.notes: list[Note] = []
        self.found: list[Finding] = []

    def page(self, markup: str, name: str = "page.html") -> "Looked":
        return self.document(html.read(markup.encode(), f"{HOME}{name}"))

    def document(self, document: Document) -> "Looked":
        reading = self.recogniser.read(document, self.account)
        if self.change:
            changed = tuple(replace(s, students=tuple(map(self.change, s.students))) for s in reading.sightings)
            reading = Reading(reading.document, changed)
        judged = self.judge.document(self.account, reading)
        self.found += self.said.add(judged)
        self.notes += [note for _, note in judged.notes]
        return self

    def findings(self) -> list[Finding]:
        facts = AccountFacts(self.account, self._coverage())
        return self.found + self.said.add(self.judge.account(facts, {self.rule: (*self.notes,)}))

    def told(self) -> list[tuple[Outcome, str]]:
        return [(f.outcome, f.subject) for f in self.findings()]

    def verdict(self) -> Verdict:
        self.findings()
        return next(v for v in self.judge.verdicts(self._coverage(), self.account, self.said) if v.rule == self.rule)

    def _coverage(self) -> Coverage:
        return Coverage(self.account.id, self.account.school, "website", True, 1, MONDAY)


# ------------------------------------------------------------------------------------------------ gaps in the records


def without_grade(student: Student) -> Student:
    return replace(student, grade=None)


def test_a_student_without_a_grade_on_record_is_treated_as_the_youngest_but_only_asked_about() -> None:
    told = (
        Looked("student-name", "mcps", LINCOLN, change=without_grade).page("<p>Student Jada Dunmore sang.</p>").told()
    )

    assert told == [(Outcome.REVIEW, "J*** D***")]


def test_at_a_school_that_teaches_none_of_the_protected_grades_a_missing_grade_raises_nothing() -> None:
    page = "<p>Student Grace Young sang with student Nia Abernathy-Cole.</p>"

    assert not Looked("student-name", "mcps", HIGH, change=without_grade).page(page).told()


def test_a_policy_that_speaks_of_all_grades_needs_no_grade_on_record() -> None:
    page = "<p>Student Anneliese Vandermeer sang.</p>"

    told = Looked("student-name", "mtc", LINCOLN, change=without_grade).page(page).told()

    assert told == [(Outcome.FAIL, "A*** V***")]


def test_where_no_student_has_an_agreement_on_record_nobody_can_check_it() -> None:
    looked = Looked("missing-agreement", "mcps", CLASS, KNOWN - {"agreements"})

    looked.page("<p>First grader Desmond Dunmore made a weather blog.</p>")

    assert looked.told() == []
    assert looked.verdict() == Verdict(
        "the-account",
        "missing-agreement",
        Outcome.NOT_CHECKED,
        "the roster does not say who has signed the agreement",
    )


def test_where_no_family_has_agreed_to_pictures_a_picture_of_students_is_a_breach() -> None:
    page = '<figure><img src="a.jpg" alt=""><figcaption>Our third graders at the pond</figcaption></figure>'

    some = Looked("student-photo-named", "mtc", LINCOLN).page(page).told()
    none = Looked("student-photo-named", "mtc", LINCOLN, KNOWN - {"photo consents"}).page(page).told()

    assert some == [(Outcome.REVIEW, f"{HOME}a.jpg")]
    assert none == [(Outcome.FAIL, f"{HOME}a.jpg")]


def test_only_the_families_of_the_school_may_have_agreed_to_its_pictures() -> None:
    page = '<figure><img src="a.jpg" alt=""><figcaption>Our students at the pond</figcaption></figure>'
    known = {"roster", *roster().on_record()}
    roosevelt = replace(LINCOLN, school="roosevelt")

    here = Looked("student-photo-named", "mtc", LINCOLN, frozenset(known)).page(page).told()
    elsewhere = Looked("student-photo-named", "mtc", roosevelt, frozenset(known)).page(page).told()
    of_the_district = Looked("student-photo-named", "mtc", replace(LINCOLN, school=""), frozenset(known))

    assert known > {"photo consents", "photo consents at lincoln"}
    assert "photo consents at roosevelt" not in known
    assert here == [(Outcome.REVIEW, f"{HOME}a.jpg")]
    assert elsewhere == [(Outcome.FAIL, f"{HOME}a.jpg")]
    assert of_the_district.page(page).told() == [(Outcome.REVIEW, f"{HOME}a.jpg")]


@pytest.mark.parametrize("rule", ["student-name", "student-contact", "student-record", "student-photo-named"])
def test_without_a_roster_silence_is_no_pass(rule: str) -> None:
    looked = Looked(rule, "mtc", LINCOLN, frozenset()).page("<p>Welcome back to school.</p>")

    assert looked.told() == []
    assert looked.verdict().outcome is Outcome.NOT_CHECKED
    assert rule not in looked.judge.judged(LINCOLN, looked.said)


def test_a_social_security_number_is_found_without_a_roster() -> None:
    looked = Looked("student-record", "mtc", LINCOLN, frozenset()).page("<p>Social security number: 219-09-9999</p>")

    assert looked.told() == [(Outcome.FAIL, "***-**-****")]
    assert looked.verdict().outcome is Outcome.FAIL


# ------------------------------------------------------------------------------------------------ former students


def gone(student: Student) -> Student:
    return replace(student, left=True)


def test_an_opt_out_outlives_the_time_at_school() -> None:
    page = "<p>Our student Rafael Fuentes Ibarra sang.</p>"

    told = Looked("student-opt-out", "mcps", HIGH, change=gone).page(page).told()

    assert [outcome for outcome, _ in told] == [Outcome.FAIL]


@pytest.mark.parametrize("rule", ["student-name", "student-photo-named", "missing-agreement"])
def test_who_has_left_is_no_student_for_the_other_rules(rule: str) -> None:
    page = '<figure><img src="a.jpg" alt="Desmond Dunmore"></figure><p>First grader Desmond Dunmore sang.</p>'

    assert not Looked(rule, "mcps", CLASS, change=gone).page(page).told()


# ------------------------------------------------------------------------------------------------ opt-outs


def test_what_an_exception_lets_pass_is_told_with_its_evidence_and_no_name() -> None:
    caption = "Desmond Whitefeather scores in Friday's game against Hollis at the fieldhouse"

    looked = Looked("student-opt-out", "d547", HIGH).page(f'<figure><img src="p.jpg" alt="{caption}"></figure>')

    assert looked.verdict() == Verdict(
        "the-account",
        "student-opt-out",
        Outcome.PASS,
        "let pass by the policy's own exception: the words beside the picture tell of a public event"
        ' ("game" and "friday")',
    )


def opted_out_of_c_alone(student: Student) -> Student:
    return replace(
        student, opt_outs=tuple(replace(o, levels=frozenset("C")) for o in student.opt_outs), photo_consent=None
    )


@pytest.mark.parametrize(("reading", "expected"), [("literal", []), ("union", [Outcome.FAIL])])
def test_read_as_a_union_any_level_covers_what_all_of_them_name(reading: str, expected: list[Outcome]) -> None:
    looked = Looked("student-opt-out", "d547", HIGH, change=opted_out_of_c_alone)
    levels = {"A": ("photo",), "B": ("likeness",), "C": ("phone",)}
    demands = [
        replace(d, options={"levels": levels, "reading": reading}) for d in looked.judge.demands["student-opt-out"]
    ]
    looked.judge.demands["student-opt-out"] = tuple(demands)

    looked.page('<figure><img src="p.jpg" alt="Aroha Te Whare at her desk"></figure>')

    assert [f.outcome for f in looked.findings()] == expected


@pytest.mark.parametrize(("policy", "clause"), [("mcps", "mcps-53"), ("mmsd", "mmsd-04"), ("cmcss", "cmcss-34")])
def test_a_refused_picture_is_told_by_the_clause_about_pictures(policy: str, clause: str) -> None:
    looked = Looked("student-opt-out", policy, HIGH)

    looked.page('<figure><img src="p.jpg" alt="Eleni Papadopoulou in the chemistry lab"></figure>')

    assert [(f.outcome, f.clause) for f in looked.findings()] == [(Outcome.FAIL, clause)]


# ------------------------------------------------------------------------------------------------ many pages, many rows


def test_a_picture_on_many_pages_is_one_finding_that_counts_them() -> None:
    looked = Looked("student-photo-named", "mcps", LINCOLN)
    for name in ("news/1.html", "news/2.html", "news/3.html"):
        looked.page('<img src="/photos/a.jpg" alt="Jada Dunmore feeds the ducks">', name)

    (finding,) = looked.findings()

    assert (finding.outcome, finding.subject) == (Outcome.FAIL, f"{HOME}photos/a.jpg")
    assert (finding.url, finding.places) == (f"{HOME}news/1.html", 3)


def test_each_picture_of_students_is_a_finding_of_its_own() -> None:
    looked = Looked("student-photo-named", "mtc", LINCOLN)
    for number in range(18):
        looked.page(f'<img src="/photos/{number}.jpg" alt="Our students at the fair">', f"news/{number}.html")
    looked.page('<img src="/photos/3.jpg" alt="Our students at the fair">', "news/again.html")

    found = {f.subject: f.places for f in looked.findings()}

    assert found == {f"{HOME}photos/{number}.jpg": 2 if number == 3 else 1 for number in range(18)}


def test_a_picture_finding_stays_the_same_when_another_page_shows_it_first() -> None:
    def shown_on(*names: str) -> str:
        looked = Looked("student-photo-named", "mcps", LINCOLN)
        for name in names:
            looked.page('<img src="/photos/a.jpg" alt="Jada Dunmore feeds the ducks">', name)
        (finding,) = looked.findings()
        return finding.id

    assert shown_on("news/1.html", "news/2.html") == shown_on("news/2.html")


def lines_of_a_roster() -> Iterator[str]:
    names = (
        "Dunmore, Jada;García López, José María;Vandermeer, Anneliese;Quillfeather, Ines;Beaulieu, Désirée"
        ";Okafor, D'Andre;Dunmore, Desmond;Lindgren-Holt, Anne-Marie;Işık, Emre;Łuczak, Tomasz;Müllerhoff, Jürgen"
    )
    for number, name in enumerate(names.split(";")):
        yield f"{name}\t03\t{80 + number}%\t406-721-02{number:02}"


@pytest.mark.parametrize(
    ("rule", "account", "subject"),
    [
        ("student-name", LINCOLN, "11 students"),
        ("student-record", LINCOLN, "11 students"),
        ("student-contact", LINCOLN, "11 entries of students"),
    ],
)
@pytest.mark.parametrize("place", [Place.TABLE, Place.BODY])
def test_a_class_list_in_a_file_is_one_finding(rule: str, account: Account, subject: str, place: Place) -> None:
    text = "\n".join(["Name\tGrade\tScore\tPhone", *lines_of_a_roster()])
    file = Document(f"{HOME}list.pdf", (Passage(text, place),), media_type="application/pdf")

    told = Looked(rule, "mcps", account).document(file).told()

    assert told == [(Outcome.FAIL, subject)]


NAMES = "Jada Dunmore\nTheo Brightwater\nAnneliese Vandermeer\nInes Quillfeather"


@pytest.mark.parametrize("words", ["Our class\n{}\nSee you on Monday!", "{}"])
def test_a_file_with_a_name_on_each_line_is_one_finding(words: str) -> None:
    file = Document(f"{HOME}list.pdf", (Passage(words.format(NAMES)),), media_type="application/pdf")

    assert Looked("student-name", "mcps", LINCOLN).document(file).told() == [(Outcome.FAIL, "4 students")]


def test_names_in_the_sentences_of_a_file_are_findings_of_their_own() -> None:
    said = [f"{name} read a poem about the river." for name in NAMES.split("\n")]
    file = Document(f"{HOME}list.pdf", (Passage("\n".join(said)),), media_type="application/pdf")

    assert len(Looked("student-name", "mcps", LINCOLN).document(file).told()) == 4


def test_a_file_that_repeats_its_rows_counts_each_once() -> None:
    rows = [row for _ in range(50) for row in lines_of_a_roster()]
    file = Document(f"{HOME}list.pdf", (Passage("\n".join(["Name\tGrade\tScore\tPhone", *rows]), Place.TABLE),))

    told = [Looked(rule, "cmcss", CLASS).document(file).told() for rule in ("student-name", "student-contact")]

    assert told == [[], [(Outcome.FAIL, "11 entries of students")]]
