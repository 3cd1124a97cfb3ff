"""Words by which nobody is known, though some names and addresses are made of them."""

from typing import Final

_COMMON: Final = """
    the and for our my an will may de la las los el del van von le as at be by can do go he hi if in is it me no of
    oh on or see she so to up us we you art bell bill black bright brown bush camp chance church cook cross day
    early east fair field fields fine forest fox free garden gold good grand grant gray green hall hand hill hope
    house joy judge king lake land lane little long major mark moon more new north page park parks price queen rice
    rich rivers rose rush school sky small south spring star stone strong summer sunny swift temple wall walker way
    wells west white winter wise wolf wood woods young
"""
COMMON: Final = frozenset(_COMMON.split())
"""Words that some names are made of and every text is full of: hidden in a sentence, nobody could read it."""

_OFFICES: Final = """
    academy admin administration arroba art arts athletics attendance band board center choir class classroom club
    coach com community contact counseling counselor county desk director district dot drama edu elementary email
    enrollment example families family front frontdesk games gmail grade guidance health hello help helpdesk high
    home hotmail icloud info information kids learn learning library live mail main me middle msn music net news
    newsletter nurse office org outlook parent parents pe post principal proton protonmail pta pto public punto
    registrar room school schools science secretary sport sports staff student students superintendent support
    teacher teachers team tech technology theater theatre web webmaster yahoo yearbook
"""
OFFICES: Final = frozenset(_OFFICES.split())
"""What mailboxes and hosts are called that belong to no single person."""

OWNERS: Final = frozenset(["me", "hi", "hello", "home", "family", "mail", "email"])
"""Mailboxes of people who own the host."""
