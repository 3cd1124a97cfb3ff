"""Who is meant by a name, and how certain that is: whose account it is, what stands around it, who else bears it."""

import pytest

from auditor.detect.students import students
from auditor.model import Account, District, Kind, Passage, Place, School, Sighting, Sort, Staff
from auditor.roster.book import Roster
from auditor.roster.names import Naming
from auditor.roster.staffbook import StaffBook
from tests.roster.rosters import pupil, roster_of

ROSTER = roster_of(
    pupil("Jada Dunmore"),
    pupil("Desmond Dunmore"),
    pupil("Kofi Holt", schools=("roosevelt",), grade=7),
    pupil("Elena Rivera", schools=("roosevelt",), grade=8),
    pupil("Dana Reyes"),
    pupil("Rosa Parks"),
    pupil(naming=Naming("Ximena", "de la Cruz")),
    pupil(naming=Naming("Suharto")),
    pupil("Liam Novak", source_id="1", schools=("lincoln",)),
    pupil("Liam Novak", source_id="2", schools=("roosevelt",)),
    pupil("Linh Whitlow", schools=()),
)
STAFF = StaffBook.of(
    District(
        "Riverbend",
        "mcps",
        schools=(School("lincoln", "Lincoln Elementary", principal="Dr. Dana Reyes"),),
        staff=(Staff("Rivera, Elena", "Teacher"), Staff("Priya Lindqvist, Ed.D.")),
        accounts=(Account("a", Kind.CLASSROOM, "website", "http://x.example/", owner="Owen M. Takeda"),),
    )
)


def seen(*texts: str | Passage, school: str = "lincoln", roster: Roster = ROSTER) -> list[Sighting]:
    """What stands in passages on an account of that school; lone first names left out."""
    passages = [text if isinstance(text, Passage) else Passage(text) for text in texts]
    return students(passages, roster, STAFF, school, first_names=False)


def confidences(*texts: str | Passage, school: str = "lincoln") -> list[float]:
    return [sighting.confidence for sighting in seen(*texts, school=school)]


def test_a_sighting_says_where_who_and_how_and_shows_nothing() -> None:
    passages = [Passage("Room 12"), Passage("We thank Jada Dunmore.")]

    (sighting,) = students(passages, ROSTER, STAFF, "lincoln")

    (jada,) = sighting.students
    assert sighting == Sighting(
        Sort.STUDENT, 1, 9, 21, "J*** D***", ROSTER.token([jada], "full"), 0.98, "full", (jada,), ours=False
    )
    assert "Dunmore" not in repr(sighting)


def test_on_an_account_of_their_own_school_students_are_certain() -> None:
    assert confidences("Jada Dunmore was here", "DUNMORE, JADA\t3", "#JadaDunmore") == [0.98, 0.98, 0.95]


def test_a_student_of_no_known_school_belongs_to_every_school() -> None:
    assert confidences("Linh Whitlow was here", school="roosevelt") == [0.98]


@pytest.mark.parametrize(
    "text",
    [
        "Our student Kofi Holt won",
        "Kofi Holt, grade 7",
        "7th grader Kofi Holt",
        "Honor roll: Kofi Holt",
        "Kofi Holt, class of 2027",
        "Felicidades a nuestro estudiante Kofi Holt",
        "Cuadro de honor: Kofi Holt",
        "Kofi Holt, de séptimo grado",
        "The team roster\tKofi Holt",
    ],
)
def test_a_student_of_another_school_is_meant_where_the_text_speaks_of_students(text: str) -> None:
    assert confidences(text) == [0.9]


def test_without_a_cue_a_student_of_another_school_is_not_certain() -> None:
    assert confidences("The roof was mended by Kofi Holt") == [0.5]


def test_a_cue_in_another_line_counts_only_when_it_is_near_or_in_the_title() -> None:
    roof = "The roof was mended by Kofi Holt"
    far = "Honor roll\n" + "The office closes at four every day of the week. " * 4 + "\n" + roof

    assert confidences(far) == [0.5]
    assert confidences(Passage("Honor Roll, Quarter 1", Place.TITLE), roof) == [0.9]
    assert confidences(Passage("Students of Lincoln", Place.TITLE), roof) == [0.5]


def test_in_a_list_a_cue_holds_for_the_next_name_as_well() -> None:
    roster = roster_of(*(pupil(f"Kofi {family}", schools=("roosevelt",)) for family in ("Holt", "Reed", "Whitlow")))
    text = "Honor roll of the first quarter, all of them\n\nKofi Holt\nKofi Reed\nKofi Whitlow"

    assert [s.confidence for s in seen(text, roster=roster)] == [0.9, 0.9, 0.9]


def test_a_name_of_the_own_school_is_its_students_and_not_their_namesakes() -> None:
    (here,), (there,), both = (seen("Liam Novak won", school=s)[0].students for s in ("lincoln", "roosevelt", ""))

    assert [here.schools, there.schools] == [frozenset({"lincoln"}), frozenset({"roosevelt"})]
    assert set(both) == {here, there}


def test_on_the_districts_own_account_common_names_need_a_cue() -> None:
    assert confidences("Kofi Holt was here", school="") == [0.95]
    assert confidences("Liam Novak was here", school="") == [0.7]
    assert confidences("Our student Liam Novak was here", school="") == [0.95]


@pytest.mark.parametrize("text", ["Elena Rivera", "RIVERA, Elena", "Dana Reyes", "Elena M. Rivera"])
def test_a_name_of_staff_is_not_taken_for_a_student(text: str) -> None:
    assert confidences(text, school="roosevelt") == [0.4]


def test_a_name_of_staff_in_a_text_about_students_is_asked_about_unless_a_title_says_who() -> None:
    assert confidences("Elena Rivera, grade 8, won", school="roosevelt") == [0.7]
    assert confidences("Ms. Elena Rivera teaches grade 8", school="roosevelt") == [0.4]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Kofi Holt",
        "Coach Kofi Holt",
        "la maestra Kofi Holt",
        "la directora Kofi Holt",
        "Kofi Holt, principal",
        "Kofi Holt, science teacher",
        "third grade teacher Kofi Holt",
        "maestra de tercer grado Kofi Holt",
        "Kofi Holt (1919-2009)",
    ],
)
def test_whoever_bears_a_title_is_an_adult(text: str) -> None:
    assert confidences(f"Our students met {text} today", school="roosevelt") == [0.4]


def test_a_title_that_ends_a_sentence_is_somebody_elses() -> None:
    assert confidences("I thank my teacher. Kofi Holt won", school="roosevelt") == [0.98]
    assert confidences("I thank my teacher. Kofi Holt, principal, came", school="roosevelt") == [0.4]


@pytest.mark.parametrize(
    "text",
    [
        "PTA President Kofi Holt",
        "Booster Club member Kofi Holt",
        "Head Coach: Kofi Holt",
        "bus driver Kofi Holt",
        "Lunch supervisor: Kofi Holt",
        "Kofi Holt, RN",
        "Kofi Holt, Volunteer Coordinator",
        "candidate for school board Kofi Holt",
        "In memory of Kofi Holt",
        "Kofi Holt\nPrincipal",
        "Principal\nKofi Holt",
    ],
)
def test_an_adults_office_beside_a_students_name_is_asked_about(text: str) -> None:
    assert confidences(text, school="roosevelt") == [0.7]


@pytest.mark.parametrize(
    "office", ["Treasurer Kofi Holt", "Secretary: Kofi Holt", "Kofi Holt - Treasurer", "President: Kofi Holt"]
)
def test_an_office_that_parents_and_students_hold_is_asked_about_unless_students_are_near(office: str) -> None:
    assert confidences(office, school="roosevelt") == [0.7]
    assert confidences(f"Student Council\n{office}", school="roosevelt") == [0.98]
    assert confidences(Passage("Class Officers", Place.TITLE), office, school="roosevelt") == [0.98]


def test_whom_an_officer_thanks_says_nothing_of_the_officer() -> None:
    assert confidences("Secretary: Kofi Holt thanks the students", school="roosevelt") == [0.7]
    assert confidences("Kofi Holt, secretary of the Beta Club", school="roosevelt") == [0.98]


def test_the_office_on_the_card_before_is_nobody_elses() -> None:
    assert confidences("Ann Roe\nPrincipal\nKofi Holt\nGrade 7", school="roosevelt") == [0.98]
    assert confidences("Principal's award\nKofi Holt", school="roosevelt") == [0.98]


def test_a_captain_and_a_council_president_may_be_students() -> None:
    assert confidences("team captain Kofi Holt and president Kofi Holt", school="roosevelt") == [0.98, 0.98]


def test_a_famous_name_is_asked_about_only_in_a_text_about_students() -> None:
    assert confidences("A play about Rosa Parks", "Rosa Parks of grade 5 won") == [0.4, 0.7]


def test_what_may_be_somebody_else_is_asked_about() -> None:
    texts = ("Ximena Cruz came", "Ximena Cruz, grade 3", "Suharto came", "Suharto, grade 3")

    assert confidences(*texts) == [0.7, 0.8, 0.5, 0.7]


def test_an_adult_at_another_school_is_a_namesake() -> None:
    assert confidences("Jada Dunmore, a realtor, sponsors the team.", school="roosevelt") == [0.4]


def test_what_somebody_won_is_part_of_a_files_name_and_a_prize_bears_a_name() -> None:
    file = Passage("jada-dunmore-award.pdf", Place.FILE_NAME)

    assert confidences(file, "The Jada Dunmore Award") == [0.95]


def test_equal_persons_have_equal_tokens_and_masks_hide_handles_and_addresses() -> None:
    here = seen("Jada Dunmore", "Dunmore, Jada", "@jadadunmore", Passage("x/jada-dunmore%20wins.jpg", Place.FILE_NAME))

    assert len({s.token for s in here}) == 1
    assert [s.masked for s in here] == ["J*** D***", "D***, J***", "J***", "J***-D***"]
    assert [s.form for s in here] == ["full", "full", "joined", "joined"]


def test_lone_first_names_are_seen_for_the_accounts_school_alone() -> None:
    poem = Passage("A poem by Jada, read by Liam, Kofi and Linh. Jada Dunmore wrote it.")
    passages = [poem, Passage("jada.jpg", Place.FILE_NAME)]
    roster = roster_of("Jada Dunmore", "Liam Novak", "Liam Reed", pupil("Kofi Holt", schools=("roosevelt",)))

    found = students(passages, roster, STAFF, "lincoln")

    assert [(s.form, s.masked, s.confidence, len(s.students)) for s in found] == [
        ("full", "J*** D***", 0.98, 1),
        ("first", "J***", 0.5, 1),
        ("first", "L***", 0.3, 0),
    ]


def test_school_names_are_no_students() -> None:
    book = StaffBook([], ["George Washington Carver Elementary", "Lincoln Elementary"])

    assert book.bears("George Washington Carver")
    assert not book.bears("Lincoln")
    assert not book.bears("Abraham Lincoln")


def test_brothers_and_sisters_share_the_family_name_behind_the_last_of_them() -> None:
    jada, desmond = seen("Jada & Desmond Dunmore danced")
    listed = seen("Our students Kofi, Jada and Desmond Dunmore")

    assert (jada.start, jada.end, jada.masked, jada.confidence) == (0, 4, "J*** D***", 0.9)
    assert jada.token == seen("Jada Dunmore")[0].token != desmond.token
    assert [(s.start, s.end) for s in listed] == [(19, 23), (28, 43)]
    assert len(seen("Jada Holt and Desmond Dunmore", "Jada. And Desmond Dunmore")) == 2


# ------------------------------------------------------------------------------------------------ words of every day

EVERYDAY = (
    *("Grace Park", "Summer Field", "Will Long", "Hunter Field", "Rose Garden", "Dean Hall", "Jordan River"),
    *("Chase Bank", "Mason Lake", "Autumn Fair", "Faith Hill", "Amber Alert", "Penny Lane", "Brook Street"),
)
NAMESAKES = roster_of(*EVERYDAY)


def sureness(template: str) -> set[float]:
    """How certain it is that these names are students', in texts made of the template."""
    found = [seen(template.format(name), roster=NAMESAKES) for name in EVERYDAY]
    return {sightings[0].confidence if sightings else 0.0 for sightings in found}


@pytest.mark.parametrize(
    "template",
    [
        "Congratulations to {}, 3rd grade!",
        "{}, grade 3, was there",
        "Honor roll: {}",
        "Our student {} came first",
        "{} won the spelling bee",
        "{} wrote this poem",
        "Felicidades a {}, de tercer grado",
        "{} ganó el concurso",
    ],
)
def test_a_name_of_everyday_words_is_certain_where_the_text_speaks_of_a_student(template: str) -> None:
    assert sureness(template) == {0.98}


@pytest.mark.parametrize("template", ["{}", "We thank {} for helping.", "Yesterday it was {} again"])
def test_a_name_of_everyday_words_is_only_asked_about_where_nothing_speaks_of_a_student(template: str) -> None:
    assert sureness(template) == {0.7}


@pytest.mark.parametrize(
    "template",
    [
        "meet at {} on Saturday",
        "in the {} at the museum",
        "We walked past {} yesterday.",
        "The {} is open.",
        "{} is closed on Sundays",
        "An {} was issued.",
        "{} Day is on Friday",
        "our students visited {}",
        "nos vemos en {} el sábado",
    ],
)
def test_a_place_or_an_event_is_no_student(template: str) -> None:
    assert sureness(template) == {0.4}


def test_a_name_that_ends_as_a_places_does_is_asked_about_behind_a_place_word() -> None:
    roster = roster_of("Emerson Park")

    texts = ("Emerson Park came", "meet at Emerson Park", "Our student Emerson Park came")

    assert [s.confidence for s in seen(*texts, roster=roster)] == [0.98, 0.7, 0.98]


def test_everyday_words_that_go_on_as_a_thing_are_never_certain() -> None:
    texts = (
        "Grace Park registration for grade 3 opens Monday",
        "Our student Grace Park registration",
        "Grace Park, grade 3",
    )

    assert [s.confidence for s in seen(*texts, roster=NAMESAKES)] == [0.8, 0.98, 0.98]


def test_everyday_words_in_small_letters_or_capitals_are_never_certain() -> None:
    texts = ("we met grace park", "SUMMER FIELD", "#rosegarden", "our student grace park", "HONOR ROLL: SUMMER FIELD")

    assert [s.confidence for s in seen(*texts, roster=NAMESAKES)] == [0.7, 0.7, 0.7, 0.8, 0.8]


def test_everyday_words_in_small_letters_among_others_with_capitals_are_no_name() -> None:
    texts = ("The team ran through summer field.", "Yes, our student grace park came")

    assert [s.confidence for s in seen(*texts, roster=NAMESAKES)] == [0.4, 0.8]


def test_a_name_that_begins_with_a_month_may_be_an_events() -> None:
    roster = roster_of("April Mayfield")
    texts = ("April Mayfield sang", "April Mayfield Quartet at noon", "Our student April Mayfield Sang")

    assert [s.confidence for s in seen(*texts, roster=roster)] == [0.98, 0.7, 0.8]
    assert seen("Come to the April Mayfield Farmers Market", roster=roster) == []


def test_a_guessed_name_is_asked_about_a_nickname_only_beside_a_cue() -> None:
    roster = roster_of(pupil(naming=Naming("William", "Dunmore", "Rowan")), pupil("Kofi Holt", schools=("roosevelt",)))
    texts = ("Bill Dunmore came", "Bill Dunmore of our team", "Bill Dunmore, grade 3", "Rowan Dunmore, grade 3")

    assert [s.confidence for s in seen(*texts, roster=roster)] == [0.4, 0.5, 0.7, 0.7]
    assert [s.confidence for s in seen("William Dunmoore came", roster=roster)] == [0.7]
    assert [s.confidence for s in seen("William Dunmoore, grade 3", school="roosevelt", roster=roster)] == [0.4]


def test_a_famous_name_in_a_hashtag_is_famous_as_well() -> None:
    assert confidences("#RosaParks") == [0.4]
