"""A student's name is known again however it is written, and other people's names and words are left alone."""

import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Place
from auditor.roster.book import Roster
from auditor.roster.names import Naming, plain
from tests.roster.rosters import KEY, asked, found, roster_of

STUDENTS = [
    Naming("Jada", "Dunmore", "Marie"),
    Naming("José María", "García López"),
    Naming("Linh", "Nguyễn", "Thị"),
    Naming("Siobhán", "O'Rourke"),
    Naming("Anne-Marie", "Lindgren-Holt"),
    Naming("Ximena", "de la Cruz"),
    Naming("Tomasz", "Łuczak"),
    Naming("Emre", "Işık"),
    Naming("Þóra", "Einarsdóttir"),
    Naming("Björn", "Østergaard"),
    Naming("Jürgen", "Müllerhoff"),
    Naming("Caleb", "McAllister"),
    Naming("Luca", "D'Amico"),
    Naming("Tobias", "St. Clair"),
    Naming("Isadora", "Van Der Linden"),
    Naming("Kofi", "Mensah-Boateng"),
    Naming("Quang Minh", "Trần"),
    Naming("Nia", "Abernathy-Cole"),
]
ROSTER = roster_of(*STUDENTS)

CYRILLIC = str.maketrans("aeopcAEOPCMTKHBx", "аеорсАЕОРСМТКНВх")
GREEK = str.maketrans("oABEHIKMNOPTXZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΖ")
FULLWIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
BOLD = {ord("a") + n: 0x1D41A + n for n in range(26)} | {ord("A") + n: 0x1D400 + n for n in range(26)}


def letters(name: str) -> str:
    return "".join(c for c in plain(name) if c.isalpha())


def inside(mark: str, name: str) -> str:
    return " ".join(word[:2] + mark + word[2:] for word in name.split())


Writing = Callable[[Naming], str]

WRITINGS: dict[str, Writing] = {
    "as recorded": lambda n: f"{n.given} {n.family}",
    "in capitals": lambda n: f"{n.given} {n.family}".upper(),
    "in small letters": lambda n: f"{n.given} {n.family}".lower(),
    "without accents": lambda n: plain(f"{n.given} {n.family}"),
    "with accents apart": lambda n: unicodedata.normalize("NFD", f"{n.given} {n.family}"),
    "in fullwidth letters": lambda n: f"{n.given} {n.family}".translate(FULLWIDTH),
    "in bold mathematical letters": lambda n: f"{n.given} {n.family}".translate(BOLD),
    "as an owner": lambda n: f"{n.given} {n.family}'s",
    "as an owner with a curly apostrophe": lambda n: f"{n.given} {n.family}’s",
    "with curly apostrophes": lambda n: f"{n.given} {n.family}".replace("'", "’"),
    "with turned apostrophes": lambda n: f"{n.given} {n.family}".replace("'", "ʻ"),
    "without apostrophes": lambda n: f"{n.given} {n.family}".replace("'", ""),
    "with spaces for apostrophes": lambda n: f"{n.given} {n.family}".replace("'", " "),
    "with spaces for hyphens": lambda n: f"{n.given} {n.family}".replace("-", " "),
    "without hyphens": lambda n: f"{n.given} {n.family}".replace("-", ""),
    "with unbreakable hyphens": lambda n: f"{n.given} {n.family}".replace("-", "‑"),
    "last name first": lambda n: f"{n.family}, {n.given}",
    "last name first in capitals": lambda n: f"{n.family}, {n.given}".upper(),
    "last name first, comma apart": lambda n: f"{n.family} , {n.given}",
    "last name first with an initial": lambda n: f"{n.family}, {n.given} M.",
    "with an initial": lambda n: f"{n.given} M. {n.family}",
    "with an initial without a dot": lambda n: f"{n.given} M {n.family}",
    "with two initials": lambda n: f"{n.given} J. R. {n.family}",
    "with a middle name": lambda n: f"{n.given} {n.middle or 'Quill'} {n.family}",
    "with two middle names": lambda n: f"{n.given} Rowan Quill {n.family}",
    "with a nickname in quotation marks": lambda n: f"{n.given} “Ziggy” {n.family}",
    "in Cyrillic look-alikes": lambda n: f"{n.given} {n.family}".translate(CYRILLIC),
    "in Greek look-alikes": lambda n: f"{n.given} {n.family}".translate(GREEK),
    "with invisible characters": lambda n: inside("\u200b", f"{n.given} {n.family}"),
    "with soft hyphens": lambda n: inside("\u00ad", f"{n.given} {n.family}"),
    "with an unbreakable space": lambda n: f"{n.given}\u00a0{n.family}",
    "with two spaces": lambda n: f"{n.given}  {n.family}",
    "as a handle": lambda n: f"@{letters(n.given + n.family).lower()}",
    "as a handle, last name first": lambda n: f"@{letters(n.family + n.given).lower()}",
    "as a hashtag": lambda n: f"#{letters(n.given)}{letters(n.family)}",
    "as a hashtag with more": lambda n: f"#Go{letters(n.given).title()}{letters(n.family).title()}",
    "glued together": lambda n: f"{letters(n.given).title()}{letters(n.family).title()}",
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_writing_of_every_name_is_found(writing: str) -> None:
    written = {naming: WRITINGS[writing](naming) for naming in STUDENTS}
    texts = {naming: f"this week we thank {name} for helping in the library" for naming, name in written.items()}

    missed = [written[naming] for naming, text in texts.items() if len(found(ROSTER, text)) != 1]

    assert missed == []


@pytest.mark.parametrize(
    "pattern", ["{}-{}-wins", "{}_{}_2026.jpg", "news/2026/{}-{}.html", "IMG_{}{}.png", "{}%20{}.pdf", "{}.{}.docx"]
)
def test_names_in_addresses_and_file_names_are_found(pattern: str) -> None:
    def slugged(name: str) -> str:
        return "".join(c for c in plain(name) if c.isalpha())

    addresses = ["https://x.example/" + pattern.format(slugged(n.given), slugged(n.family)) for n in STUDENTS]

    for place in (Place.FILE_NAME, Place.ADDRESS, Place.BODY):
        assert [a for a in addresses if not list(ROSTER.match(a, place))] == []


def test_escaped_letters_of_an_address_are_read() -> None:
    address = "https://x.example/gallery/Bj%C3%B6rn_%C3%98stergaard.jpg"

    (match,) = ROSTER.match(address, Place.ADDRESS)

    assert address[match.start : match.end] == "Bj%C3%B6rn_%C3%98stergaard"
    assert match.form == "joined"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("Dunmore\tJada\t3\tYes", "Dunmore\tJada"),
        ("1\tJada\tDunmore\t3", "Jada\tDunmore"),
        ("García López\tJosé María\t2", "García López\tJosé María"),
        ("Jada Dunmore\t3", "Jada Dunmore"),
        ("Dunmore, Jada Marie\t3", "Dunmore, Jada Marie"),
    ],
)
def test_names_in_table_cells_are_found(row: str, name: str) -> None:
    assert found(ROSTER, row) == [name]


def test_a_name_cut_by_the_edge_of_the_paper_is_found() -> None:
    text = "At the spring concert in the gym the solo was played by Jada\nDunmore, and everybody stood up."

    assert found(ROSTER, text) == ["Jada\nDunmore"]


def test_a_name_never_reaches_over_the_end_of_a_block_or_a_sentence() -> None:
    assert found(ROSTER, "Thanks, Jada\nDunmore Street is closed.") == []
    assert found(ROSTER, "We all thank Jada. Dunmore Street is closed.") == []


def test_what_stands_for_a_whole_name_is_told_from_what_may_be_somebody_else() -> None:
    text = "Ximena Cruz, Anne-Marie Holt, Marie Dunmore, Jada Dunmore-Smith, Mary Jada Dunmore"

    roster = roster_of(*STUDENTS, Naming("Mary", "Whitlow"))

    assert asked(roster, text.replace(", ", "; ")) == [
        "Ximena Cruz",
        "Anne-Marie Holt",
        "Marie Dunmore",
        "Jada Dunmore",
        "Jada Dunmore",
    ]
    assert found(roster, text) == []


def test_a_comma_between_two_people_makes_no_third_one() -> None:
    roster = roster_of("Jada Dunmore", "Kofi Whitlow")

    assert list(roster.match("Kofi Dunmore, Jada Whitlow, T. Dunmore, Jada Holt, Zelda Dunmore, Jada Quill")) == []
    assert found(roster, "Dunmore, Jada; Whitlow, Kofi; Dunmore, Jada Quill") == [
        "Dunmore, Jada",
        "Whitlow, Kofi",
        "Dunmore, Jada",
    ]


def test_the_first_of_two_surnames_names_a_student_as_well() -> None:
    assert found(ROSTER, "José García and José María García López") == ["José García", "José María García López"]


def test_a_name_is_found_whose_family_name_is_a_first_name_as_well() -> None:
    roster = roster_of(Naming("Braina", "Heard"), Naming("Heard", "Orloff"))

    assert found(roster, "Heard, Braina") == ["Heard, Braina"]
    assert found(roster, "Here is Braina Heard. Here are others.") == ["Braina Heard"]


def test_the_longest_name_counts() -> None:
    roster = roster_of("Jada Dunmore", "Jada Dunmore-Holt")

    assert found(roster, "Jada Dunmore-Holt and Jada Dunmore") == ["Jada Dunmore-Holt", "Jada Dunmore"]


def test_names_beside_each_other_are_not_mixed() -> None:
    roster = roster_of("Jada Smithers", "Mark Dunmore", "Jada Dunmore")

    assert found(roster, "Jada Smithers Mark Dunmore") == ["Jada Smithers", "Mark Dunmore"]


def test_preferred_names_nicknames_and_handles_count_as_the_roster_records_them() -> None:
    roster = roster_of(
        Naming("Kiana", "Kealoha", preferred_given="Kiki"),
        Naming("Harriet", "Vonderhaar", preferred_family="Vale"),
        Naming("Theo", "Brightwater", nicknames=("Teddy",)),
        Naming('Robert "Bobby"', "Tillinghast"),
        Naming("Zofia", "Kowalczyk", handles=("@zofia.runs", "https://social.example/@zk_art")),
    )
    text = "Kiki Kealoha, Harriet Vale, Teddy Brightwater, Bobby Tillinghast, Robert Tillinghast"

    assert found(roster, text) == text.split(", ")
    assert [m.form for m in roster.match("seen at @Zofia.Runs and https://social.example/@zk_art")] == ["handle"] * 2


def test_suffixes_and_recorded_initials_do_not_hide_a_name() -> None:
    roster = roster_of(
        Naming("Thaddeus", "Whitcomb Jr."), Naming("Leopold", "Yazzie III"), Naming("J. Emmett", "Ashgrove")
    )
    text = "Thaddeus Whitcomb, Leopold Yazzie, Emmett Ashgrove, J. Emmett Ashgrove; Whitcomb Jr., Thaddeus"

    assert found(roster, text) == [
        "Thaddeus Whitcomb",
        "Leopold Yazzie",
        "Emmett Ashgrove",
        "J. Emmett Ashgrove",
        "Whitcomb Jr., Thaddeus",
    ]


def test_family_names_stand_first_where_that_is_the_custom() -> None:
    assert found(ROSTER, "Congratulations to Nguyễn Thị Linh and Tran Quang Minh.") == [
        "Nguyễn Thị Linh",
        "Tran Quang Minh",
    ]


def test_elsewhere_a_turned_round_name_without_a_comma_is_only_asked_about() -> None:
    assert asked(ROSTER, "DUNMORE JADA") == ["DUNMORE JADA"]
    assert asked(ROSTER, "they saw Dunmore Jada again") == []


def test_in_small_letters_a_turned_round_name_needs_its_comma() -> None:
    assert asked(ROSTER, "dunmore jada") == []
    assert found(ROSTER, "dunmore, jada") == ["dunmore, jada"]


def test_names_of_a_list_whose_last_names_stand_first_are_asked_about() -> None:
    roster = roster_of(Naming("Jada", "Dunmore", "Rae"), "Kofi Holtmeyer", "Bart Skelworth", "James Oliver")

    assert asked(roster, "Dunmore Jada, Holtmeyer Kofi, Skelworth Bart") == [
        "Dunmore Jada",
        "Holtmeyer Kofi",
        "Skelworth Bart",
    ]
    assert asked(roster, "Grade 5: Dunmore Jada Rae, Holtmeyer Kofi") == ["Dunmore Jada Rae", "Holtmeyer Kofi"]
    assert asked(roster, "We saw Holtmeyer Kofi, and Jada") == []
    assert asked(roster, "Oliver James, Dunmore Field") == []
    assert asked(roster, "Jada Holtmeyer, Kofi Dunmore") == []


def test_a_one_word_name_is_asked_about_where_it_stands_alone() -> None:
    roster = roster_of(Naming("Suharto", ""), Naming("FNU", "Bibianu"))

    assert asked(roster, "The prize went to Suharto, then to Bibianu.") == ["Suharto", "Bibianu"]
    assert asked(roster, "General Suharto Wijaya visited; suharto is a word here.") == []


# ------------------------------------------------------------------------------------------------ false alarms

ORDINARY = """
Welcome back to Lincoln Elementary! We will grant each family two free books. Mark your calendars: the fair is in May.
You may mark May 5 for the concert. We hope will power and good cheer carry us through. Grace and young readers met at
the Abraham Lincoln Library; the Jada Dunmore Memorial Scholarship opens on June 1, and Dunmore Field is closed.
Kelly, Jordan, and Mason Avenue are being paved. Rosa Parks Middle School plays Abraham Lincoln High School on Friday.
Escuela Benito Juarez, Calle Rosa Parks. Contact: jada.dunmore@mail.example
"""


def test_an_ordinary_page_names_nobody_for_certain() -> None:
    roster = roster_of(
        *("Abraham Lincoln", "Jada Dunmore", "Mark May", "Hope Will", "Will Grant", "Jordan Kelly", "Rosa Parks"),
        *("Benito Juarez", "May Mark", "Grace Young", "Mason Kelly"),
    )

    assert found(roster, ORDINARY) == []


def test_a_list_of_first_names_is_no_turned_round_name() -> None:
    roster = roster_of("Jordan Kelly", "Mason Reed")

    assert found(roster, "Kelly, Jordan and Mason read aloud") == []
    assert found(roster, "Thanks to Kelly, Jordan, Mason.") == []
    assert found(roster, "Thanks to Ava, Kelly, Jordan, & Sam for their help.") == []
    assert asked(roster, "Thanks to Ava, Kelly, Jordan, & Sam for their help.") == ["Kelly, Jordan"]
    assert asked(roster, "Thanks to Sam, Will, Kelly, Jordan") == []
    assert asked(roster, "Thanks to Reed, Mason, Kelly, Jordan") == ["Reed, Mason", "Kelly, Jordan"]
    assert found(roster, "Kelly, Jordan (grade 7)") == ["Kelly, Jordan"]
    assert found(roster, "Kelly, Jordan, Reed, Mason")[:1] == ["Kelly, Jordan"]


def test_words_of_every_day_are_a_name_only_where_they_are_written_as_one() -> None:
    roster = roster_of("Mark May", "Grace Young")

    assert found(roster, "the prize went to Mark May of grade 4") == ["Mark May"]
    assert asked(roster, "Mark May 5 on your calendar") == ["Mark May"]
    assert asked(roster, "MARK MAY FIFTH") == ["MARK MAY"]
    assert asked(roster, "you may mark may fifth, so mark may fifth") == []
    assert asked(roster, "by grace young people learn") == ["grace young"]


def test_other_peoples_names_are_left_alone() -> None:
    text = "Jada Holt, Kofi Dunmore, Linh Lopez, Caleb O'Rourke, D. Dunmore, Ms. Dunmore, Jada"

    assert list(ROSTER.match(text)) == []


def test_an_address_with_a_name_in_it_is_the_business_of_contact_data() -> None:
    assert list(ROSTER.match("write to jada.dunmore@mail.example today")) == []


# ------------------------------------------------------------------------------------------------ places


@pytest.mark.parametrize("writing", WRITINGS)
def test_offsets_are_exact(writing: str) -> None:
    for naming in STUDENTS:
        name = WRITINGS[writing](naming)
        text = f"🎉 Ｗe thank\u200b \u00ad{name}, dear\u200b all"

        (match,) = ROSTER.match(text)

        bare = name.removeprefix("@").removeprefix("#Go").removeprefix("#")
        bare = bare.removesuffix("'s").removesuffix("’s").removesuffix(".")
        assert text[match.start : match.end].strip("\u00ad\u200b") == bare


NOISE = st.text(st.characters(codec="utf-8") | st.sampled_from(" \t\n.,;:'’“”-–—@#_/%\u200b\u00ad🎉ǅİﬁ"), max_size=60)
NAMES = st.sampled_from([write(naming) for write in WRITINGS.values() for naming in STUDENTS])


@given(st.lists(NOISE | NAMES, max_size=6).map("".join), st.sampled_from(list(Place)))
@settings(max_examples=300, deadline=None)
def test_matches_lie_in_the_text_in_order_and_apart(text: str, place: Place) -> None:
    matches = list(ROSTER.match(text, place))

    assert all(text[m.start : m.end].strip() == text[m.start : m.end] != "" for m in matches)
    assert all(one.end <= other.start for one, other in pairwise(matches))


def test_a_long_text_without_spaces_takes_no_time() -> None:
    assert list(ROSTER.match("JadaDunmore" * 20_000)) == []
    assert list(ROSTER.match("a-" * 50_000, Place.ADDRESS)) == []


def test_the_same_text_gives_the_same_matches_again() -> None:
    text = "Jada Dunmore and Linh Nguyễn"

    assert list(ROSTER.match(text)) == list(ROSTER.match(text))


# ------------------------------------------------------------------------------------------------ first names


def test_lone_first_names_are_found_for_the_school_that_is_asked_about() -> None:
    roster = roster_of("Jada Dunmore", "April Whitlow", "Grace Young")
    text = "Jada read a poem in April. Grace is a virtue, said Grace and Jada Holt. Jordan listened."

    names = [text[m.start : m.end] for m in roster.first_names(text, ["lincoln"])]

    assert names == ["Jada", "Grace"]
    assert list(roster.first_names(text, ["roosevelt"])) == []


# ------------------------------------------------------------------------------------------------ guesses


def guesses(text: str, *people: str | Naming) -> list[tuple[str, str]]:
    """What in a text may be a student's name once something is put right, and what that is."""
    return [(text[m.start : m.end], m.guess) for m in roster_of(*people).match(text) if m.guess and m.loose]


@pytest.mark.parametrize(
    ("recorded", "written"),
    [
        ("William Dunmore", "Bill Dunmore"),
        ("Katherine Dunmore", "Katie Dunmore"),
        ("Jesús de la Cruz", "Chuy De la Cruz"),
        ("Bill Dunmore", "William Dunmore"),
        ("Robert Dunmore", "Dunmore, Bob"),
        ("Elizabeth Dunmore", "Liz M. Dunmore"),
    ],
)
def test_a_nickname_that_everybody_knows_is_a_guess(recorded: str, written: str) -> None:
    assert guesses(f"It was {written} who sang.", recorded) == [(written, "nickname")]


def test_a_nickname_is_no_guess_where_somebody_is_recorded_with_it_or_it_is_a_word() -> None:
    assert guesses("Bill Dunmore sang", "William Dunmore", "Bill Dunmore") == []
    assert guesses("they will bill dunmore for it", "William Dunmore") == []


@pytest.mark.parametrize(
    "surname", ["Dunmoor", "Dunmre", "Dunnmore", "Dumnore", "Dunmors", "Punmore", "Dunmor", "Dunmoree"]
)
def test_one_wrong_letter_in_a_long_surname_is_a_guess(surname: str) -> None:
    wrong = 2 if surname == "Dunmoor" else 1
    expected = [] if wrong == 2 else [(f"Jada {surname}", "typo")]

    assert guesses(f"It was Jada {surname} who sang.", "Jada Dunmore") == expected


def test_short_surnames_other_peoples_and_words_are_no_typos() -> None:
    people = ("Jada Reed", "Jada Winters", "Jada Morris", "Kofi Norris")

    assert guesses("Jada Read, Jada Winter, Jada Norris, jada morriss", *people) == []


def test_a_middle_name_for_the_first_one_is_a_guess() -> None:
    assert guesses("It was Marie Dunmore who sang.", Naming("Jada", "Dunmore", "Marie")) == [
        ("Marie Dunmore", "middle name")
    ]


def test_a_stored_roster_knows_misspelled_names_as_well() -> None:
    roster = roster_of("Jada Dunmore")

    loaded = Roster.load(roster.dump(), KEY)

    assert [m.guess for m in loaded.match("Jada Dunmorre sang")] == ["typo"]


def test_a_name_of_which_neither_half_is_one_is_found_over_the_papers_edge() -> None:
    before = "At the spring concert in the gym of our school the long solo was played by "

    assert found(ROSTER, f"{before}Jada Dun-\nmore and everybody stood up.") == ["Jada Dun-\nmore"]


def test_a_word_cut_by_a_hyphen_at_the_papers_edge_is_whole() -> None:
    text = "At the spring concert in the gym the long solo was played by José Gar-\ncía López, and everybody stood up."

    assert found(ROSTER, text) == ["José Gar-\ncía López"]


def test_in_a_file_name_the_family_name_may_stand_first_behind_other_words() -> None:
    for mark in "-_ ":
        name = mark.join(("IMG", "Dunmore", "Jada", "2.pdf"))

        (match,) = ROSTER.match(name, Place.FILE_NAME)

        assert match.loose
        assert name[match.start : match.end] == f"Dunmore{mark}Jada"


# ------------------------------------------------------------------------------------------------ any text

WORDS = """
the bake sale opens at noon, please bring 12 cookies! buses leave (rain or shine). «Hola», ¿qué tal? room 4-B: quiet
hours. 🎉 see www.x.example/menu.html for lunch #fun @ridgeway 3:15 p.m. Ms. — ok
"""
HARMLESS = st.lists(st.sampled_from([*WORDS.split(), "menus\tlunch\nrecess"]), max_size=12).map(" ".join)


@given(HARMLESS, st.sampled_from(sorted(WRITINGS)), st.sampled_from(STUDENTS), HARMLESS)
@settings(max_examples=200, deadline=None)
def test_any_writing_of_any_name_is_found_in_any_harmless_text(
    front: str, writing: str, who: Naming, back: str
) -> None:
    name = WRITINGS[writing](who)
    text = f"{front} for {name} who {back}"
    begin = len(front) + len(" for ")

    inside_name = [m for m in ROSTER.match(text) if m.start < begin + len(name) and begin < m.end]

    assert [begin <= m.start and m.end <= begin + len(name) for m in inside_name] == [True]
    assert not inside_name[0].loose


HOSTILE = [
    *("a", "Aa ", "A ", "Jada ", "Dunmore ", "Jada Dunmor ", "Jada,", "Dunmore, ", "1-", " ", "\n", ",", "(", "@", "#"),
    *(
        "a-\n",
        "Jada-",
        "JadaDunmore",
        "jada-dunmore_",
        "@jada ",
        "Bill ",
        "Bill Jada ",
        "' ",
        "’s",
        "\u200b",
        "%C3",
        "://",
    ),
    *("é", "Jada\t", "Jada\n", "van de la ", "J. ", "Jada J. ", "de la Cruz ", "José María García López "),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_as_much_of_anything_takes_no_more_than_twice_the_steps(piece: str) -> None:
    def steps(size: int) -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        roster = roster_of(*STUDENTS, Naming("Robert", "Dunmore"))
        sys.setprofile(count)
        try:
            list(roster.match(piece * (size // len(piece))))
            list(roster.match(piece * (size // len(piece)), Place.ADDRESS))
        finally:
            sys.setprofile(None)
        return counted

    assert steps(20_000) < 2.5 * steps(10_000) + 2_000
