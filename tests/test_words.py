"""Words that do not belong on a school's page: found in every disguise, and never where they mean something else."""

import tomllib
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.found import Found
from auditor.detect.hints import LANGUAGE, Hints
from auditor.detect.lines import Lines
from auditor.detect.words import words
from auditor.detect.words.letters import folded, only_letters, spelling

CERTAIN = 0.9


def sorts(text: str) -> set[str]:
    return {found.sort.value for found in words(text)}


def cut(text: str) -> list[str]:
    return [text[found.start : found.end] for found in words(text)]


HARMLESS = [
    # names of people and places
    "Scunthorpe United visited Penistone and Lightwater.",
    "Please welcome Mr. Dick Smith, our new custodian.",
    "Dick Smith will drive bus 12.",
    "The bus stops on Dyke Road and at Cockburn Lane.",
    "Ms. Cummings and Mr. Hancock coach debate.",
    "Coach Dykes and Coach Coon lead the camp.",
    "Thank you to the Hooker, Cox, Butts and Weed families.",
    "Governor Beer spoke; Dr. Grass and Mrs. Pot listened.",
    "The author Kike Ayala reads to us on Monday.",
    "Van Dyke and Hitchcock: films of the week",
    "The band plays in Assawoman and Intercourse, PA.",
    "WTF schedule: W/T/F after school",
    "Our robot team is called The Dirty Dozen.",
    # animals, Latin, crafts, sayings
    "The rooster says cock-a-doodle-doo!",
    "She graduated magna cum laude from the state university.",
    "Homo sapiens and Homo erectus: chapter 3 review",
    "We read Moby-Dick in English 11.",
    "There is a chink in the armor of this argument.",
    "The kitchen is spic and span.",
    "He took second in the shot put and the discus.",
    "Blue tits and great tits came to our bird feeder.",
    "Mary rode on an ass and Joseph walked beside her.",
    "The pussy willow is in bloom. Pussy cat, pussy cat, where have you been?",
    "Maine Coon kittens need a home.",
    "Use a hoe and a rake for the school garden.",
    "Fire retardant curtains were installed in the gym.",
    "The breeder's bitch won best in show.",
    "Grades A* to C and room A55 are on page 12.",
    "The winter concert was a hell of a... hello from Helena!",
    "Hello shell, hello Michelle: phonics of the week",
    "Assessment, class, bass, grass and passage are this week's words.",
    "Shiitake mushrooms from Mitsuhito's farm",
    # school life and sport
    "Our girls are going to kill it at the meet tonight!",
    "We will beat them on Friday. Go Wildcats!",
    "We're going to shoot hoops with the fifth graders.",
    "I will shoot you an email about the field trip.",
    "I will hit you up with the details.",
    "We're gonna kill them with kindness this week.",
    "The team will crush the Bulldogs and bury them in the second half.",
    "Let's kill time with a word search.",
    "We will shoot Senior portraits on Tuesday.",
    "Photo day: the photographer will shoot all classes.",
    "There is no such thing as a stupid question.",
    "If you're stupid and you know it, clap your hands!",
    "Calling someone a loser or an idiot is bullying. Words hurt.",
    "In the play, the witch says: you are an idiot!",
    "You are a star, you are a winner, you are awesome.",
    "If you feel like you want to kill yourself, call 988.",
    "Lockdown drill: report anyone who says they will bring a gun to school.",
    "The dog ate my homework; bad dog!",
    "Captain Underpants and the diary of a wimpy kid",
    # criticism is nobody's business here
    "The district's new policy is stupid and the board is a disgrace.",
    "The school board sucks. They are idiots for closing our school.",
    "I hate this budget. Shame on the administration!",
    # alcohol, drugs, tobacco, sex: taught and fought
    "Red Ribbon Week: say no to beer, weed and cigarettes!",
    "The D.A.R.E. officer told us why we never smoke weed.",
    "Our campus is drug-free, smoke-free and vape-free.",
    "In health class we learn what happens when you get drunk.",
    "We need root beer for the float party.",
    "Join us for a free root beer float after the game.",
    "Flu shots: the nurse gives free shots on Friday.",
    "I got my shots today, did you?",
    "Rubbing alcohol and cotton balls are on the supply list.",
    "Hand out seaweed snacks; pull weeds in the garden.",
    "Pot luck dinner: we need pot holders. Bring a crock pot.",
    "We had coke and pizza after the concert.",
    "The temperature is so high today.",
    "Bring chips and dip for the class party.",
    "Happy hour of reading in the library",
    "We were hammered by the storm. The gym walls are plastered.",
    "Sex education night for parents is on May 4.",
    "Title IX forbids discrimination on the basis of sex.",
    "Sort the fish by sex and by length.",
    # elections that are none, and elections told without taking sides
    "Vote for your favorite mascot!",
    "Vote for Emma Quill for student council president!",
    "Vote for homecoming king and queen by Friday.",
    "Elect your class officers on Thursday.",
    "The board will vote on the calendar; the board voted 5-2.",
    "Election Day, November 3: no school.",
    "Polls are open from 7 to 8. Here is how to vote on Measure 4.",
    "Vote for Mr. Bell as teacher of the year!",
    "Our civics class holds a mock election: vote for Lincoln or Douglas.",
    "Students learned how Congress passes a bill and the President signs it.",
    "Vote once a day for Lincoln Elementary in the grant contest.",
    "Support our food drive campaign!",
    "We support the band boosters. Paid for by the PTA.",
    # selling for the school
    "Book fair: buy now, all proceeds go to the library.",
    "Order your yearbook now for $45.",
    "Lunch prices: $2.75; breakfast $1.50. Buy now in the cafeteria.",
    "Bake sale on Friday, cookies $1 each.",
    "Tickets for Friday's game: $5. Buy here.",
    "Use code ABC123 to join our Google Classroom.",
    "The PTA sells spirit wear; message me for details.",
    "Email me to schedule a conference.",
    "Call me for questions about the field trip.",
    "10% off for families at the book fair",
    "President-elect Roe visited our state.",
    "Vote Ana for president of the student council",
    "Vote Ana 2026 for student council",
    "Vote Wildcats 2026: our new mascot",
    "Vote November 3, 2026",
    "How to Vote 2026",
    "Book fair: buy my favorite books, $10 each",
    "Buy my daughter's Girl Scout cookies, $5 each, Venmo me",
    "Yearbooks are $45 each, message me with questions.",
    "Bracelets made by our students, $2 each, at the book fair",
    "Venmo me $5 for the class gift",
    "Avon Elementary party on Friday",
    "Bring Tupperware to the party.",
    "Do not buy my book for $10, borrow it from the library.",
    "I could just die laughing. The plants just die without water.",
    "Too much candy can make you fat and lazy, says the food song.",
    "When you suck at skating, you fall. Downtown sucks in the cold.",
    # Spanish
    "El año escolar comienza en agosto; los niños tienen diez años.",
    "La señora pinta un cono y una hoja.",
    "Disputa, reputación y computadora son palabras de la semana.",
    "Tres retardos son una falta.",
    "Vote por su mascota favorita.",
    "Ven a la feria del libro: compra ya tus boletos.",
    "El papá vino a la escuela y ayudó a pegar carteles.",
    "La perra y la zorra son animales del cuento.",
    "Semana del Listón Rojo: digan no a la mota.",
    "Te quiero mucho, mamá.",
]

BAD = [
    ("What the fuck is this?", ["PROFANITY"]),
    ("This is bullshit!", ["PROFANITY"]),
    ("Our principal is an asshole", ["PROFANITY"]),
    ("those faggots again", ["SLUR"]),
    ("no niggers here", ["SLUR"]),
    ("eres un pendejo", ["PROFANITY"]),
    ("hijos de puta", ["PROFANITY"]),
    ("¡Coño, qué calor!", ["PROFANITY"]),
    ("pinche maricón", ["SLUR"]),
    ("suck my dick", ["PROFANITY"]),
    ("you are such a dick", ["PROFANITY"]),
    ("get your lazy ass to class", ["PROFANITY"]),
    ("you dirty spic", ["SLUR"]),
    ("he is a fucking retard", ["PROFANITY", "SLUR"]),
    ("go back to your country", ["SLUR"]),
    ("You are an idiot.", ["INSULT"]),
    ("He's such a loser lol", ["INSULT"]),
    ("These kids are so stupid", ["INSULT"]),
    ("I hate these kids", ["INSULT"]),
    ("shut up you moron", ["INSULT", "INSULT"]),
    ("eres una idiota", ["INSULT"]),
    ("I'm going to kill you", ["THREAT"]),
    ("im gonna beat him up after school", ["THREAT"]),
    ("I will punch you in the face", ["THREAT"]),
    ("I'll slap Jada Dunmore", ["THREAT"]),
    ("somebody should shoot him", ["THREAT"]),
    ("I'm going to shoot up the school", ["THREAT"]),
    ("tomorrow I will bring a gun", ["THREAT"]),
    ("I hope you die", ["THREAT"]),
    ("just kill yourself", ["THREAT"]),
    ("go die already", ["THREAT"]),
    ("te voy a matar", ["THREAT"]),
    ("I am so drunk right now", ["SUBSTANCE"]),
    ("I need a glass of wine after that class", ["SUBSTANCE"]),
    ("We had like six beers last night", ["SUBSTANCE"]),
    ("It's five o'clock: wine time! Free margaritas for teachers", ["SUBSTANCE"]),
    ("smoking weed with my buddies", ["SUBSTANCE"]),
    ("I got so high last night", ["SUBSTANCE"]),
    ("hit my vape in the teachers' lounge", ["SUBSTANCE"]),
    ("send nudes", ["SUBSTANCE"]),
    ("ando bien borracho", ["SUBSTANCE"]),
    ("Vote YES on Measure 12!", ["POLITICAL"]),
    ("Vote no on the school levy", ["POLITICAL"]),
    ("Please vote for Jane Roe for Congress", ["POLITICAL"]),
    ("Re-elect Senator Roe", ["POLITICAL"]),
    ("I proudly support Jane Roe for governor", ["POLITICAL"]),
    ("Paid for by Friends of Jane Roe", ["POLITICAL"]),
    ("Vote Republican on Tuesday", ["POLITICAL"]),
    ("Vote Smith 2026", ["POLITICAL"]),
    ("Vote Jane Smith 2026!", ["POLITICAL"]),
    ("Vote sí a la medida 12", ["POLITICAL"]),
    ("DM me to order!", ["SELLING"]),
    ("Use my code SAVE20 for 20% off at checkout", ["SELLING"]),
    ("Check out my Etsy shop", ["SELLING"]),
    ("I'm selling my old couch, $50, text me", ["SELLING"]),
    ("Buy now at the link in my bio!", ["SELLING"]),
    ("Visiten mi tienda en línea", ["SELLING"]),
    ("Buy my handmade bracelets, $10 each, Venmo me", ["SELLING"]),
    ("Order my Scentsy at a discount", ["SELLING"]),
    ("Order your Scentsy from me", ["SELLING"]),
    ("Avon party, DM me", ["SELLING"]),
    ("I make custom tumblers, $25 each, message me", ["SELLING"]),
    ("Handmade earrings, $12, DM to order", ["SELLING"]),
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_it_is_let_be(text: str) -> None:
    assert [(f.sort.value, text[f.start : f.end]) for f in words(text)] == []


@pytest.mark.parametrize("text", [text for text, _ in BAD])
def test_they_are_the_same_on_a_page_of_which_only_lines_worth_it_are_read(text: str) -> None:
    page = f"Welcome to our page\n{text}\nThe doors open soon"

    found = [(f.value, f.confidence) for f in Lines(words, Hints(), LANGUAGE).find(page)]

    assert found == [(f.value, f.confidence) for line in page.split("\n") for f in words(line)]


@pytest.mark.parametrize(("text", "found"), BAD)
def test_what_does_not_belong_there_is_found(text: str, found: list[str]) -> None:
    assert sorts(text) == set(found)


@pytest.mark.parametrize(
    ("text", "written", "word"),
    [
        ("oh FUCK no", "FUCK", "fuck"),
        ("fûçk this", "fûçk", "fuck"),
        ("ｆｕｃｋ this", "ｆｕｃｋ", "fuck"),
        ("𝐟𝐮𝐜𝐤 this", "𝐟𝐮𝐜𝐤", "fuck"),
        ("fuсk with a Cyrillic letter", "fuсk", "fuck"),
        ("fu\u200bck behind nothing", "fu\u200bck", "fuck"),
        ("sh\u00adit", "sh\u00adit", "shit"),
        ("s\u0301hit", "s\u0301hit", "shit"),
        ("this is shiiiit", "shiiiit", "shit"),
        ("fuuck off", "fuuck", "fuck"),
        ("what the f**k", "f**k", "fuck"),
        ("what the f*ck!", "f*ck", "fuck"),
        ("f***", "f***", "fuck"),
        ("sh1t happens", "sh1t", "shit"),
        ("you b!tch", "b!tch", "bitch"),
        ("a$$hole", "a$$hole", "asshole"),
        ("$hit happens", "$hit", "shit"),
        ("5hit happens", "5hit", "shit"),
        ("f u c k it", "f u c k", "fuck"),
        ("s.h.i.t", "s.h.i.t", "shit"),
        ("abso-fucking-lutely", "fucking", "fucking"),
        ("unfuckingbelievable", "unfuckingbelievable", "fuck"),
        ("cabrón", "cabrón", "cabron"),
        ("con\u0303o", "con\u0303o", "coño"),
    ],
)
def test_a_word_is_known_in_every_disguise(text: str, written: str, word: str) -> None:
    (found,) = words(text)

    assert (text[found.start : found.end], found.value) == (written, word)


@pytest.mark.parametrize(
    "text",
    [
        "J*** D*** and S*** F*** were masked",
        "A55 and B12 and 4SS are rooms",
        "password: a1b2c3d4",
        "2 * 3 * 4 = 24 and f(x) = a*b",
        "https://lincoln.example/?id=sh1t-4&x=5",
        "*shout* and **bold** and _underlined_",
        "@assessment #classof2026 @shittake",
        "$5 @ the door, B2B, K12, H2O, 1st, 2nd!!!",
        "$USD, $save and US$ten",
        "Niger, Nigeria, snigger and niggardly",
        "aaaaaa hmmmm sooooo goooood",
    ],
)
def test_signs_among_letters_are_mostly_no_disguise(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    ("text", "sort", "certain"),
    [
        ("shit", "PROFANITY", True),
        ("nigger", "SLUR", True),
        ("f**k", "PROFANITY", False),
        ("you are such a dick", "PROFANITY", False),
        ("you dirty spic", "SLUR", False),
        ("You are an idiot.", "INSULT", False),
        ("I'm going to kill you", "THREAT", False),
        ("smoking weed", "SUBSTANCE", False),
        ("Vote YES on Measure 12", "POLITICAL", False),
        ("DM me to order!", "SELLING", False),
    ],
)
def test_only_what_means_one_thing_alone_is_certain(text: str, sort: str, certain: bool) -> None:
    (found,) = words(text)

    assert (found.sort, found.confidence >= CERTAIN) == (sort, certain)


@pytest.mark.parametrize("text", ["You bitch!", "he is an asshole", "fuck you", "eres un pendejo", "What a cunt"])
def test_a_word_that_is_called_at_somebody_says_so(text: str) -> None:
    (found,) = words(text)

    assert found.form == "insult"


@pytest.mark.parametrize("text", ["Bitch, please", "asshole", "oh fuck", "pendejo"])
def test_a_word_that_is_called_at_nobody_does_not(text: str) -> None:
    (found,) = words(text)

    assert found.form == ""


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("I was so drunk", "alcohol"),
        ("smoking weed", "drugs"),
        ("my vape", "tobacco"),
        ("send nudes", "sexual"),
    ],
)
def test_what_is_promoted_is_told(text: str, subject: str) -> None:
    assert {found.form for found in words(text)} == {subject}


@pytest.mark.parametrize(
    "text",
    [
        "I'll slap Zebedee Quillfeather",
        "I'm going to kill Zebedee",
        "Vote for Zebedee Quillfeather for Congress",
        "Re-elect Zebedee Quillfeather",
        "Support Zebedee Quillfeather for mayor",
        "Zebedee is an idiot and Quillfeather sucks",
        "I am selling my friend Zebedee's bike, $50, text me",
        "Paid for by Friends of Zebedee Quillfeather",
        "Vote Zebedee Quillfeather 2026",
        "Buy my Zebedee dolls, $10 each, Venmo me",
        "we all hate Zebedee, he is such a loser",
        "I had beers with Zebedee and got drunk with Quillfeather",
    ],
)
def test_what_is_found_never_holds_a_name(text: str) -> None:
    found = list(words(text))

    assert found
    assert not [f for f in found if "zebedee" in f.value or "quillfeather" in f.value]


def test_a_name_with_a_capital_is_no_word() -> None:
    assert sorts("I met Dick and Mr. Cock with his Pot.") == set()
    assert sorts("i suck dick") == {"PROFANITY"}


def test_a_line_makes_harmless_only_itself() -> None:
    text = "Red Ribbon Week: say no to beer!\nI need a beer"

    assert [(f.start, text[f.start : f.end]) for f in words(text)] == [(42, "beer")]


def test_a_line_makes_a_word_beyond_doubt_harmless_only_in_itself() -> None:
    assert words("The puppy's mother, a bitch, is fine.") == []

    assert [found.value for found in words("Our puppy is here!\nYou bitch.\nA kennel.")] == ["bitch"]


def test_findings_stand_in_order_and_apart() -> None:
    text = "You fucking idiot, what the f**k! I'm going to kill you. 🙂 Vote YES on Measure 12 and get drunk."
    found = list(words(text))

    assert [text[f.start : f.end] for f in found] == ["fucking", "idiot", "f**k", "kill you", "Vote YES on Measure 12"]
    assert all(a.end <= b.start for a, b in pairwise(found))


def every_word() -> list[str]:
    """All words of the lists, as they stand there."""
    folder = files("auditor.detect.words")
    lists = [
        tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8"))
        for name in ("certain", "offence", "substance", "political", "selling")
    ]
    told = [rule["words"] for file in lists for rule in file.get("phrases", ())]
    told += [lists[0][sort][key] for sort in ("PROFANITY", "SLUR") for key in ("english", "spanish")]
    return sorted({word for words_of_rule in told for word in words_of_rule.split()})


def test_no_word_that_school_pages_are_full_of_is_certain() -> None:
    everyday = "class bass grass assess pass passage titles count country shiitake cockpit analysis therapist document"

    assert sorts(everyday) == set()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("aefkuchist*@$!10 \n'.-ñ\u0301\u0303\u200bсı😀İﬁß"), max_size=60))
def test_offsets_hold_for_any_text(text: str) -> None:
    found = list(words(text))

    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert found == sorted(found, key=lambda f: f.start)
    assert all(a.end <= b.start for a, b in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*every_word(), "you", "are", "I", "will", "the", "my", "for", "so", ".", "\n"]), max_size=30
    )
)
def test_any_row_of_these_words_can_be_read(row: list[str]) -> None:
    text = " ".join(row)
    found: list[Found] = list(words(text))

    assert all(text[f.start : f.end].strip() for f in found)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "Aa ",
        "1-",
        " ",
        "\n",
        ",",
        "(",
        "@",
        "*",
        "f*",
        "f u c k ",
        "sh1t!",
        "you ",
        "you are so ",
        "I will ",
        "kill you ",
        "ass ",
        "vote ",
        "Vote for ",
        "Aa Bb ",
        "my ",
        "stupid ",
        "fuuck",
        "n\u0303",
        "\u200b",
        "é",
        "😀",
        "such a stupid ",
        "I'm going to ",
    ],
)
def test_a_hundred_thousand_hostile_signs_are_read_to_the_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    assert all(f.end <= len(text) for f in words(text))


@pytest.mark.parametrize("odd", ["\u200b", "\u0303", "e\u0301", "n\u0303", "❤\ufe0f", "ñ", "\xad"])
def test_what_letters_hide_moves_no_place(odd: str) -> None:
    text = f"A{odd} {odd} fine {odd} shit day{odd}"

    assert [text[f.start : f.end] for f in words(text)] == ["shit"]


ODD = st.sampled_from("aB s*1!@…’❤\ufe0f\u200d\u200b\u0303éñÑ中²Ａ🅰‼") | st.characters(codec="utf-8")


@given(st.text(ODD, max_size=24))
def test_what_a_glance_sees_of_a_text_is_how_its_folded_letters_are_written(text: str) -> None:
    letters = only_letters(folded(text).encode("latin-1", "replace"))

    seen = spelling(text)

    assert (seen.letters, seen.tokens) == (letters, frozenset(letters.split()))


def test_a_sign_that_comes_with_a_picture_parts_no_word_and_joins_none() -> None:
    assert sorts("so ❤\ufe0fshit❤\ufe0f day") == {"PROFANITY"}
    assert sorts("Mi\ufe0fshi\ufe0ftake") == sorts("Mishitake") == set()
