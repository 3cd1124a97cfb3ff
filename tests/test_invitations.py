"""An invitation to write in private is found by words that every one of them has: no sign may be missing."""

import pytest

from auditor.checks.private_channel import ASKS, invitations

INVITATIONS = (
    "DM me on Snapchat tonight",
    "Homework? text me",
    "join our class WhatsApp",
    "add me on snap",
    "add my TikTok",
    "shoot me a text",
    "hit me up on x",
    "my snapchat is foxes7",
    "open my dms",
    "my DMs are open",
    "send me a private message",
    "whatsapp my number",
    "text my cell",
    "drop us a dm",
    "reach us via messenger",
    "message us privately on fb",
    "talk to me on Signal",
    "find me on kik",
    "follow my account",
    "friend me on facebook",
    "join the group chat",
    "mándame un mensaje",
    "escríbeme por privado",
)


@pytest.mark.parametrize("words", INVITATIONS)
def test_whatever_the_pattern_knows_is_found_among_other_lines(words: str) -> None:
    text = f"Facebook and messages\nQuestions? {words}, ok.\nSee you"

    found = [match.group() for match in invitations(text)]

    assert found == [match.group() for match in ASKS.finditer(text)] != []


def test_a_line_without_end_is_read_to_its_end() -> None:
    text = "snap " + "word " * 2000 + "text me at six " + "word " * 2000

    assert [match.group() for match in invitations(text)] == ["text me"]
