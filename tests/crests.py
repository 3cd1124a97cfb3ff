"""Draws invented crests in the manner of schools, and what people do to a logo. All from fixed seeds."""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

Picture = Image.Image

SIZE = 240
INKS = ("#1d3a6e", "#7a1f2b", "#1f5d3a", "#222222", "#5b2a86", "#b5651d", "#0f6b78")


def crest(seed: int) -> Picture:
    """One of endlessly many crests: an outline, perhaps rings, an emblem or letters in the middle."""
    chance = random.Random(seed)  # noqa: S311  no secret
    ink, paper = chance.choice(INKS), chance.choice(("white", "white", "#fdf6e3"))
    if chance.random() < 0.3:
        ink, paper = paper, ink
    picture = Image.new("RGB", (SIZE * 2, SIZE * 2), paper)
    pen = ImageDraw.Draw(picture)
    chance.choice((_rings, _rings, _shield, _frame))(pen, ink, paper, chance)
    chance.choice((_letters, _letters, _star, _waves, _tree))(pen, ink, paper, chance)
    return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def like_the_seal(seed: int) -> Picture:
    """A crest with the same rings of dots and the same hexagon as the district's seal, around another emblem."""
    chance = random.Random(seed)  # noqa: S311  no secret
    picture = Image.new("RGB", (SIZE * 2, SIZE * 2), "white")
    pen, ink = ImageDraw.Draw(picture), "#1d3a6e"
    middle = SIZE
    pen.ellipse((16, 16, 464, 464), outline=ink, width=18)
    pen.ellipse((66, 66, 414, 414), outline=ink, width=5)
    for number in range(24):
        x, y = _on_circle(middle, 206, number / 24)
        pen.ellipse((x - 6, y - 6, x + 6, y + 6), fill=ink)
    pen.polygon([(240, 104), (354, 170), (354, 310), (240, 376), (126, 310), (126, 170)], outline=ink, width=10)
    chance.choice((_letters, _tree))(pen, ink, "white", chance)
    return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def photograph(seed: int, width: int = 480, height: int = 360) -> Picture:
    """Something with the soft and hard edges of a photograph, which shows nothing."""
    chance = random.Random(seed)  # noqa: S311  no secret
    picture = Image.effect_noise((width // 8, height // 8), 90).resize((width, height), Image.Resampling.BICUBIC)
    coloured = ImageOps.colorize(picture, _colour(chance), _colour(chance), _colour(chance))
    pen = ImageDraw.Draw(coloured)
    for _ in range(chance.randint(5, 25)):
        x, y, w, h = (chance.randint(0, side) for side in (width, height, width // 3, height // 3))
        draw = pen.ellipse if chance.random() < 0.6 else pen.rectangle
        draw((x, y, x + w, y + h), fill=_colour(chance))
    return coloured.filter(ImageFilter.GaussianBlur(chance.uniform(0.5, 2.5)))


def saved(picture: Picture, form: str = "PNG", **how: int) -> bytes:
    """The picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def grown(picture: Picture, factor: float, aspect: float = 1.0) -> Picture:
    """The picture at another size, stretched by `aspect`."""
    size = (max(1, round(picture.width * factor * aspect)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def padded(picture: Picture, share: float, colour: str) -> Picture:
    """With a margin of that share of its longest side."""
    return ImageOps.expand(picture, round(max(picture.size) * share), colour)


def as_avatar(picture: Picture, ground: str, share: float = 0.1, size: int = 160) -> Picture:
    """Cut to a circle with a margin around the logo, as social networks do."""
    square = grown(padded(picture, share, "white"), size / (max(picture.size) * (1 + 2 * share)))
    mask = Image.new("L", (square.width * 4, square.height * 4), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=255)
    avatar = Image.new("RGB", square.size, ground)
    avatar.paste(square, (0, 0), mask.resize(square.size, Image.Resampling.LANCZOS))
    return avatar


def written_over(picture: Picture, words: str = "GO TIGERS") -> Picture:
    """With words across its middle."""
    copy = picture.copy()
    place = (copy.width * 0.08, copy.height * 0.4)
    ImageDraw.Draw(copy).text(place, words, "red", ImageFont.load_default(copy.height / 6))
    return copy


def hues_turned(picture: Picture, by: int) -> Picture:
    """With every colour moved on around the colour wheel; 256 would be all the way."""
    hue, *rest = picture.convert("HSV").split()
    turned = hue.point([(value + by) % 256 for value in range(256)])
    return Image.merge("HSV", (turned, *rest)).convert("RGB")


def in_a_banner(picture: Picture, height: int = 150) -> Picture:
    """At the left of a website's banner, beside the school's name."""
    banner = Image.new("RGB", (height * 5, height), "#24364b")
    logo = grown(picture, 0.8 * height / picture.height)
    banner.paste(logo, (height // 10, height // 10))
    words = ImageFont.load_default(height / 4)
    ImageDraw.Draw(banner).text((height * 1.3, height * 0.35), "Welcome to our school", "white", words)
    return banner


def _on_circle(middle: float, radius: float, turn: float) -> tuple[float, float]:
    return middle + radius * math.sin(2 * math.pi * turn), middle - radius * math.cos(2 * math.pi * turn)


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


Draw = Callable[[ImageDraw.ImageDraw, str, str, random.Random], None]


def _rings(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    pen.ellipse((10, 10, 470, 470), outline=ink, width=chance.randint(6, 26))
    if chance.random() < 0.7:
        inset = chance.randint(50, 90)
        pen.ellipse((inset, inset, 480 - inset, 480 - inset), outline=ink, width=chance.randint(3, 10))
        words = ImageFont.load_default(34)
        name = chance.choice(("RIVER", "HARBOR", "NORTH", "MAPLE", "LAKE", "SUMMIT", "PRAIRIE", "CANYON"))
        place = chance.choice(("COUNTY SCHOOLS", "DISTRICT", "ELEMENTARY", "HIGH SCHOOL", "ACADEMY"))
        around = f"{name} {place} {chance.randint(1850, 1999)} "
        for number, letter in enumerate(around):
            x, y = _on_circle(240, 195, number / len(around))
            pen.text((x, y), letter, ink, words, anchor="mm")


def _shield(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    low, side = chance.randint(220, 330), chance.randint(30, 100)
    outline = [(side, 40), (480 - side, 40), (480 - side, low), (240, 460), (side, low)]
    pen.polygon(outline, outline=ink, width=chance.randint(8, 24))
    if chance.random() < 0.5:
        pen.rectangle((side, 40, 480 - side, chance.randint(90, 140)), fill=ink)


def _frame(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    pen.rounded_rectangle((20, 20, 460, 460), chance.randint(0, 120), outline=ink, width=chance.randint(6, 40))


def _letters(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    letters = "".join(chance.choices("ABCDEGHKLMNPRSTUVW", k=chance.randint(1, 3)))
    size = chance.randint(180, 260) / len(letters) ** 0.7
    pen.text((240, 240), letters, ink, ImageFont.load_default(size), anchor="mm")


def _star(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    points, radius, waist = chance.randint(4, 9), chance.randint(70, 130), chance.uniform(0.3, 0.6)
    around = [_on_circle(240, radius * (waist if n % 2 else 1), n / points / 2) for n in range(2 * points)]
    pen.polygon(around, fill=ink)


def _waves(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    length, height, first = chance.randint(14, 40), chance.randint(8, 28), chance.randint(140, 200)
    for row in range(chance.randint(2, 5)):
        line = [(100 + x, first + 50 * row + height * math.sin(x / length)) for x in range(0, 280, 6)]
        pen.line(line, fill=ink, width=chance.randint(8, 18))


def _tree(pen: ImageDraw.ImageDraw, ink: str, _paper: str, chance: random.Random) -> None:
    layers = chance.randint(1, 4)
    for layer in range(layers):
        top, wide = 130 + 55 * layer, chance.randint(40, 70) + 25 * layer
        pen.polygon([(240, top), (240 - wide, top + 90), (240 + wide, top + 90)], fill=ink)
    foot = 160 + 55 * layers
    pen.rectangle((226, foot, 254, foot + chance.randint(30, 60)), fill=ink)
