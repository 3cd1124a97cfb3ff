"""How many logos are recognised, by what was done to them; how many are seen that are none; and how long a look takes.

python -m benchmarks.logos                          invented crests
python -m benchmarks.logos --crests DIR             pictures of your own: some serve as logos, the others are none
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from auditor.pictures.logos import READ, LogoBook
from tests.crests import (
    as_avatar,
    crest,
    grown,
    hues_turned,
    in_a_banner,
    padded,
    photograph,
    saved,
    written_over,
)

Picture = Image.Image
Change = Callable[[Picture], bytes]


def at(side: int) -> Callable[[Picture], Picture]:
    """To that many pixels on the longest side."""
    return lambda logo: grown(logo, side / max(logo.size))


def on_a_photograph(logo: Picture, share: float) -> Picture:
    """Pasted into a photograph at that share of its height."""
    photo = photograph(1)
    small = at(round(photo.height * share))(logo)
    photo.paste(small, (300 - small.width // 2, 150 - small.height // 2))
    return photo


def barred(logo: Picture) -> Picture:
    """With a bar across its middle fifth."""
    copy = logo.copy()
    ImageDraw.Draw(copy).rectangle((0, copy.height * 0.4, copy.width, copy.height * 0.6), fill="#f80")
    return copy


APPROVED: Final[Mapping[str, Change]] = {
    "copy": saved,
    "half the size": lambda logo: saved(grown(logo, 0.5)),
    "2.5 times the size": lambda logo: saved(grown(logo, 2.5)),
    "64 pixels": lambda logo: saved(at(64)(logo)),
    "48 pixels": lambda logo: saved(at(48)(logo)),
    "32 pixels": lambda logo: saved(at(32)(logo)),
    "24 pixels": lambda logo: saved(at(24)(logo)),
    "JPEG 75": lambda logo: saved(logo, "JPEG", quality=75),
    "JPEG 30": lambda logo: saved(logo, "JPEG", quality=30),
    "64 pixels, JPEG 10": lambda logo: saved(at(64)(logo), "JPEG", quality=10),
    "WebP 60": lambda logo: saved(logo, "WEBP", quality=60),
    "GIF": lambda logo: saved(logo, "GIF"),
    "frame": lambda logo: saved(padded(logo, 0.03, "black")),
    "margin and frame": lambda logo: saved(padded(padded(logo, 0.1, "white"), 0.04, "#00aa44")),
    "margin 60 %": lambda logo: saved(padded(logo, 0.6, "white")),
    "on black": lambda logo: saved(padded(logo, 0.2, "black")),
    "on blue": lambda logo: saved(padded(logo, 0.3, "#2255aa")),
    "circle, close": lambda logo: saved(as_avatar(logo, "white", 0.0, 240)),
    "circle, margin 15 %": lambda logo: saved(as_avatar(logo, "white", 0.15, 240)),
    "circle on black": lambda logo: saved(as_avatar(logo, "black", 0.15, 240)),
    "circle, 64 pixels, JPEG 70": lambda logo: saved(as_avatar(logo, "white", 0.1, 64), "JPEG", quality=70),
    "blur": lambda logo: saved(logo.filter(ImageFilter.GaussianBlur(1.5))),
    "banner": lambda logo: saved(in_a_banner(logo)),
    "half of a photograph": lambda logo: saved(on_a_photograph(logo, 0.5)),
    "a third of a photograph": lambda logo: saved(on_a_photograph(logo, 0.3)),
    "a fifth of a photograph": lambda logo: saved(on_a_photograph(logo, 0.2)),
}

ALTERED: Final[Mapping[str, Change]] = {
    "colours turned": lambda logo: saved(hues_turned(logo, 100)),
    "no colour": lambda logo: saved(ImageOps.grayscale(logo)),
    "two tones": lambda logo: saved(ImageOps.colorize(ImageOps.grayscale(logo), "#660033", "#ffeeaa")),
    "inverted": lambda logo: saved(ImageOps.invert(logo)),
    "faded": lambda logo: saved(Image.blend(logo, Image.new("RGB", logo.size, "white"), 0.5)),
    "stretched 1.3": lambda logo: saved(grown(logo, 1, 1.3)),
    "stretched 1.12": lambda logo: saved(grown(logo, 1, 1.12)),
    "squeezed 0.7": lambda logo: saved(grown(logo, 1, 0.7)),
    "mirrored": lambda logo: saved(ImageOps.mirror(logo)),
    "15 % cut off": lambda logo: saved(logo.crop((round(logo.width * 0.15), 0, *logo.size))),
    "a corner cut off": lambda logo: saved(logo.crop((round(logo.width * 0.2), round(logo.height * 0.2), *logo.size))),
    "40 % cut off": lambda logo: saved(logo.crop((0, 0, round(logo.width * 0.6), logo.height))),
    "written over": lambda logo: saved(written_over(logo)),
    "bar across": lambda logo: saved(barred(logo)),
    "turned 8 degrees": lambda logo: saved(logo.rotate(8, Image.Resampling.BICUBIC, fillcolor=logo.getpixel((0, 0)))),
}


def main() -> None:
    """Prints one line a kind of change, then the false alarms."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crests", type=Path, metavar="DIR", help="a folder of pictures")
    parser.add_argument("--logos", type=int, default=24, metavar="N", help="how many serve as logos [24]")
    parser.add_argument("--others", type=int, default=200, metavar="N", help="how many others to look at [200]")
    args = parser.parse_args()
    pictures = list(_pictures(args.crests, args.logos + args.others))
    logos, others = pictures[: args.logos], pictures[args.logos :]
    _recall(logos)
    _false_alarms(logos, others)


def _pictures(folder: Path | None, count: int) -> Iterator[Picture]:
    """Crests of a folder in an order that is always the same, or invented ones."""
    if folder is None:
        yield from (crest(seed) for seed in range(count))
        return
    files = sorted(file for file in folder.rglob("*") if file.suffix.casefold() in READ)
    random.Random(7).shuffle(files)  # noqa: S311  no secret
    for file in files[:count]:
        with Image.open(file) as picture:
            ground = Image.new("RGBA", picture.size, "white")
            ground.alpha_composite(picture.convert("RGBA"))
        yield ground.convert("RGB")


def _recall(logos: Sequence[Picture]) -> None:
    print(f"{len(logos)} logos            found  as approved   ms a look")
    books = [LogoBook({"logo": [saved(logo)]}) for logo in logos]
    try:
        for name, change in (*APPROVED.items(), *ALTERED.items()):
            files = [change(_trimmed(logo)) for logo in logos]
            started = time.process_time()
            seen = [book.look(file).logos for book, file in zip(books, files, strict=True)]
            spent = (time.process_time() - started) / len(logos)
            found = sum(map(bool, seen)) / len(logos)
            approved = sum(bool(one) and one[0].rendition == "approved" for one in seen) / len(logos)
            print(f"{name:28} {found:5.2f}  {approved:5.2f}  {spent * 1000:12.0f}", flush=True)
    finally:
        for book in books:
            book.close()


def _trimmed(logo: Picture) -> Picture:
    """Without its even margin, so that each change means the same for every logo."""
    ground = Image.new("RGB", logo.size, logo.getpixel((0, 0)))
    differs = ImageChops.difference(ground, logo).convert("L").point([255 * (step > 28) for step in range(256)])
    return logo.crop(differs.getbbox())


def _false_alarms(logos: Sequence[Picture], others: Sequence[Picture]) -> None:
    alarms = 0
    with LogoBook({str(number): [saved(logo)] for number, logo in enumerate(logos)}) as book:
        started = time.process_time()
        for other in others:
            alarms += len(book.look(saved(other)).logos)
        spent = (time.process_time() - started) / max(len(others), 1)
    print(f"{alarms} false alarms in {len(logos) * len(others):,} pairs of a logo and another picture")
    print(f"{spent * 1000:.0f} ms for a look at {len(logos)} logos: {spent * 1000 / len(logos):.0f} ms each")


if __name__ == "__main__":
    main()
