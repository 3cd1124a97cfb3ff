"""Words that do not belong on a school's page: found in every disguise, and never where they mean something else."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.found import Found
from auditor.detect.words import words

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
    ("Vote sí a la medida 12", ["POLITICAL"]),
    ("DM me to order!", ["SELLING"]),
    ("Use my code SAVE20 for 20% off at checkout", ["SELLING"]),
    ("Check out my Etsy shop", ["SELLING"]),
    ("I'm selling my old couch, $50, text me", ["SELLING"]),
    ("Buy now at the link in my bio!", ["SELLING"]),
    ("Visiten mi tienda en línea", ["SELLING"]),
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_it_is_let_be(text: str) -> None:
    assert [(f.sort.value, text[f.start : f.end]) for f in words(text)] == []


@pytest.mark.parametrize(("text", "found"), BAD)
def test_what_does_not_belong_there_is_found(text: str, found: list[str]) -> None:
    assert sorts(text) == set(found)
