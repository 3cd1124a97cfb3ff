"""`auditor identify`: what addresses are, without configuration and without asking anybody. JSON lines, in order."""

import argparse
import json
from typing import Final

from auditor.errors import Mistake
from auditor.outlets.identify import identify
from auditor.standard_input import lines

HELP: Final = "what an address is: which platform, whether a profile, a post or a site, and its id there"

EXAMPLES: Final = """\
examples:
  auditor identify https://twitter.com/LincolnElem
  auditor identify https://youtu.be/a1B2c3D4e5F https://social.example/@room7
  auditor identify < addresses.txt                      one address a line

It prints a line {"url", "platform", "what", "id", "canonical"} for each address. "what" is profile, post, site (a
website or blog) or other (a platform's own page, a short link that may lead anywhere, no web address at all); where
there is nothing to say, it says null. Nothing is fetched: a blog on a host of its own is a website.
exit status: 0 done, 2 wrong usage
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("urls", nargs="*", metavar="URL", help="an address; without any, one a line on standard input")


def run(args: argparse.Namespace) -> int:
    """Answers each address as it comes."""
    given = False
    for url in args.urls or (line.strip() for line in lines() if line.strip()):
        given = True
        found = identify(url)
        row = {
            "url": url,
            "platform": found.platform or None,
            "what": found.what,
            "id": found.id or None,
            "canonical": found.canonical or None,
        }
        # What an address says in no letters at all is told as escapes, which every console has.
        print(json.dumps(row, ensure_ascii=not _is_text(url)), flush=True)
    if not given:
        raise Mistake("no address was given; name some, or send one a line")
    return 0


def _is_text(url: str) -> bool:
    return all(not 0xD800 <= ord(letter) < 0xE000 for letter in url)
