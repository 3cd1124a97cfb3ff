"""`auditor inspect`: what pictures show, without any configuration. JSON lines, in the order of the pictures."""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from auditor import __version__
from auditor.config import networks
from auditor.errors import Mistake
from auditor.model import Picture
from auditor.outlets.addresses import web_problem
from auditor.pictures.logos import LogoBook, references_in
from spiders import images
from spiders.reactor import run as run_to_the_end
from spiders.settings import Manners

HELP: Final = "what pictures show: registered logos, as approved or altered"

EXAMPLES: Final = """\
examples:
  auditor inspect banner.png --logos logos/
  auditor inspect https://school.example/images/*.jpg photo.webp --logos logos/

The folder of logos has a sub-folder for each logo, and in it the pictures of it that are approved:
  logos/district-seal/seal.png  logos/district-seal/seal-dark.png  logos/tigers/tiger.png

Prints one object a picture. "people", "text" and "floor_plan" are null: they are not looked at yet. A picture that
could not be looked at says why under "problem".
exit status: 0 done, 1 some pictures could not be looked at, 2 wrong usage
"""

DELAY: Final = 0.2
DEADLINE: Final = 10.0


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="a picture file, or the address of one")
    parser.add_argument("--logos", type=Path, metavar="DIR", help="a sub-folder a logo, with its approved pictures")


def run(args: argparse.Namespace) -> int:
    """Looks at the pictures and prints what was seen."""
    manners = Manners(
        version=__version__,
        delay=DELAY,
        deadline=DEADLINE,
        allow_networks=tuple(map(str, networks(args.allow_network))),
    )
    references = references_in(args.logos) if args.logos else {}
    addresses = [image for image in args.images if _is_address(image)]
    if faults := [f"{image}: {problem}" for image in addresses if (problem := web_problem(image))]:
        raise Mistake(*faults)
    unseen = 0
    with LogoBook(references) as book:
        for image, picture in _looked(args.images, addresses, book, manners):
            print(json.dumps(_row(image, picture), ensure_ascii=False), flush=True)
            unseen += bool(picture.problem)
    return 1 if unseen else 0


def _looked(
    named: Sequence[str], addresses: Sequence[str], book: LogoBook, manners: Manners
) -> Iterator[tuple[str, Picture]]:
    """Each picture as it was named, and what was seen in it. Addresses are fetched first, each once."""
    fetched: dict[str, Picture] = {}

    def look(told: images.Fetched) -> None:
        fetched[told.url] = Picture(told.url, problem=told.problem) if told.problem else book.look(told.content)

    if addresses:
        run_to_the_end(images.fetch(addresses, manners, look))
    for image in named:
        yield image, fetched[image] if image in fetched else _look_at_file(Path(image), book)


def _look_at_file(file: Path, book: LogoBook) -> Picture:
    try:
        return book.look(file.read_bytes())
    except OSError as error:
        return Picture("", problem=f"the file cannot be read: {(error.strerror or 'unknown fault').lower()}")


def _is_address(image: str) -> bool:
    return re.match(r"https?://", image, re.IGNORECASE) is not None


def _row(image: str, picture: Picture) -> dict[str, object]:
    return {
        "image": image,
        "logos": [{"logo": logo.logo, "rendition": logo.rendition, "score": logo.score} for logo in picture.logos],
        "people": None,
        "text": None,
        "floor_plan": None,
        "problem": picture.problem or None,
    }
