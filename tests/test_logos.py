"""Registered logos are recognised in what people do to them, and nothing else is taken for one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from auditor.errors import Mistake
from auditor.model import LogoSighting
from auditor.pictures.logos import LogoBook, references_in
from tests.crests import (
    as_avatar,
    crest,
    grown,
    hues_turned,
    in_a_banner,
    like_the_seal,
    padded,
    photograph,
    saved,
    written_over,
)

LOGOS = Path(__file__).parent / "district" / "logos"
SEAL, DARK = LOGOS / "seal.png", LOGOS / "seal-dark.png"

Change = Callable[[Image.Image], bytes]

APPROVED: dict[str, Change] = {
    "copied": lambda seal: saved(seal),
    "at half its size": lambda seal: saved(grown(seal, 0.5)),
    "at a quarter of its size": lambda seal: saved(grown(seal, 0.25)),
    "at three times its size": lambda seal: saved(grown(seal, 3)),
    "at 40 pixels": lambda seal: saved(grown(seal, 40 / 240)),
    "as JPEG": lambda seal: saved(seal, "JPEG", quality=75),
    "as a poor JPEG": lambda seal: saved(seal, "JPEG", quality=35),
    "as WebP": lambda seal: saved(seal, "WEBP", quality=60),
    "as GIF": lambda seal: saved(seal, "GIF"),
    "with a white margin": lambda seal: saved(padded(seal, 0.3, "white")),
    "on black": lambda seal: saved(padded(seal, 0.2, "black")),
    "on blue": lambda seal: saved(padded(seal, 0.2, "#2255aa")),
    "in a frame": lambda seal: saved(padded(padded(seal, 0.1, "white"), 0.03, "#0a6640")),
    "as a white avatar": lambda seal: saved(as_avatar(seal, "white"), "JPEG", quality=80),
    "as a black avatar": lambda seal: saved(as_avatar(seal, "black", share=0.15)),
    "as an avatar cut close": lambda seal: saved(as_avatar(seal, "white", share=0.0)),
    "as a small avatar": lambda seal: saved(as_avatar(seal, "white", size=64), "JPEG", quality=75),
    "a little blurred": lambda seal: saved(seal.filter(ImageFilter.GaussianBlur(1.5))),
    "in a website's banner": lambda seal: saved(in_a_banner(seal), "JPEG", quality=80),
}

ALTERED: dict[str, Change] = {
    "in another colour": lambda seal: saved(hues_turned(seal, 128)),
    "in a neighbouring colour": lambda seal: saved(hues_turned(seal, 60)),
    "without colour": lambda seal: saved(ImageOps.grayscale(seal)),
    "inverted": lambda seal: saved(ImageOps.invert(seal)),
    "in two tones": lambda seal: saved(ImageOps.colorize(ImageOps.grayscale(seal), "#660033", "#ffeeaa")),
    "faded": lambda seal: saved(Image.blend(seal, Image.new("RGB", seal.size, "white"), 0.5)),
    "stretched": lambda seal: saved(grown(seal, 1, aspect=1.3)),
    "squeezed": lambda seal: saved(grown(seal, 1, aspect=0.75)),
    "cut at one side": lambda seal: saved(seal.crop((36, 0, 240, 240))),
    "cut at one corner": lambda seal: saved(seal.crop((44, 44, 240, 240))),
    "written over": lambda seal: saved(written_over(seal)),
    "crossed out": lambda seal: saved(crossed_out(seal)),
}


@pytest.fixture(scope="module")
def book() -> Iterator[LogoBook]:
    """The district's one logo in its two approved renditions."""
    with LogoBook({"district-seal": [SEAL, DARK]}) as book:
        yield book


@pytest.fixture(scope="module")
def seal() -> Image.Image:
    return Image.open(SEAL).convert("RGB")


def crossed_out(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).line((20, 30, 220, 210), fill="#e02020", width=12)
    return copy


def lopsided() -> Image.Image:
    """A mark that is not its own mirror image."""
    mark = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(mark)
    pen.polygon([(20, 180), (20, 20), (90, 20), (60, 90), (150, 180)], fill="#7a1f2b")
    pen.ellipse((110, 20, 180, 90), outline="#1d3a6e", width=14)
    pen.line([(100, 120), (185, 105), (150, 165)], fill="#1d3a6e", width=10)
    return mark


def renditions(book: LogoBook, picture: bytes) -> list[tuple[str, str]]:
    seen = book.look(picture)
    assert seen.problem == ""
    return [(logo.logo, logo.rendition) for logo in seen.logos]


@pytest.mark.parametrize("change", APPROVED.values(), ids=APPROVED)
def test_the_logo_is_seen_as_approved(book: LogoBook, seal: Image.Image, change: Change) -> None:
    assert renditions(book, change(seal)) == [("district-seal", "approved")]


@pytest.mark.parametrize("change", ALTERED.values(), ids=ALTERED)
def test_the_logo_is_seen_as_altered(book: LogoBook, seal: Image.Image, change: Change) -> None:
    assert renditions(book, change(seal)) == [("district-seal", "altered")]


def test_every_approved_rendition_is_approved(book: LogoBook) -> None:
    assert renditions(book, DARK.read_bytes()) == [("district-seal", "approved")]


def test_a_rendition_that_is_not_registered_is_altered() -> None:
    with LogoBook({"district-seal": [SEAL]}) as book:
        assert renditions(book, DARK.read_bytes()) == [("district-seal", "altered")]


def test_a_mirrored_logo_is_altered() -> None:
    with LogoBook({"mark": [saved(lopsided())]}) as book:
        found = renditions(book, saved(ImageOps.mirror(lopsided())))

    assert found == [("mark", "altered")]


@pytest.mark.parametrize("ground", ["white", "black", "#d8d8d8", "#a01818"])
def test_a_see_through_logo_is_approved_on_any_even_ground(ground: str) -> None:
    cut_out = lopsided().convert("RGBA")
    cut_out.putalpha(ImageOps.grayscale(lopsided()).point([255 * (value < 200) for value in range(256)]))
    page = Image.new("RGBA", (280, 260), ground)
    page.alpha_composite(cut_out, (40, 30))

    with LogoBook({"mark": [saved(cut_out)]}) as book:
        assert renditions(book, saved(page.convert("RGB"))) == [("mark", "approved")]
        assert renditions(book, saved(cut_out)) == [("mark", "approved")]


def test_two_logos_in_one_picture_are_both_seen(book: LogoBook, seal: Image.Image) -> None:
    both = Image.new("RGB", (520, 260), "white")
    both.paste(seal, (10, 10))
    both.paste(lopsided(), (290, 30))

    with LogoBook({"district-seal": [SEAL], "mark": [saved(lopsided())]}) as two:
        assert sorted(renditions(two, saved(both))) == [("district-seal", "approved"), ("mark", "approved")]


@pytest.mark.parametrize("draw", [crest, like_the_seal, photograph])
def test_nothing_else_is_taken_for_the_logo(book: LogoBook, draw: Callable[[int], Image.Image]) -> None:
    wrongly_seen = {seed: seen for seed in range(20) if (seen := book.look(saved(draw(seed))).logos)}

    assert wrongly_seen == {}


def test_plain_shapes_are_not_taken_for_a_plain_logo() -> None:
    disc, ring = Image.new("RGB", (200, 200), "white"), Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(disc).ellipse((10, 10, 190, 190), fill="#1d3a6e")
    ImageDraw.Draw(ring).ellipse((10, 10, 190, 190), outline="#1d3a6e", width=20)

    with LogoBook({"letter": [saved(crest(5))]}) as book:
        assert [book.look(saved(shape)).logos for shape in (disc, ring, disc.rotate(45), ring.resize((90, 60)))] == [
            (),
            (),
            (),
            (),
        ]


def test_a_picture_below_24_pixels_is_no_sighting_and_no_problem(book: LogoBook, seal: Image.Image) -> None:
    seen = book.look(saved(grown(seal, 23 / 240)))

    assert (seen.width, seen.height, seen.logos, seen.problem) == (23, 23, (), "")


def test_a_picture_is_known_by_its_bytes_and_its_own_size(book: LogoBook) -> None:
    seen = book.look(SEAL.read_bytes())

    assert (len(seen.sha256), seen.width, seen.height, seen.url) == (64, 240, 240, "")
    assert seen.logos == (LogoSighting("district-seal", "approved", 1.0),)


def test_without_logos_nothing_is_seen(seal: Image.Image) -> None:
    with LogoBook({}) as book:
        assert renditions(book, saved(seal)) == []


def test_every_reference_that_cannot_serve_is_named_at_once(tmp_path: Path) -> None:
    text, drawing, blank = tmp_path / "notes.png", tmp_path / "seal.svg", tmp_path / "blank.png"
    text.write_text("no picture")
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    Image.new("RGB", (100, 100), "white").save(blank)

    with pytest.raises(Mistake) as mistake:
        LogoBook({"seal": [text, drawing], "mark": [blank, tmp_path / "gone.png"]})

    hint = "; give a PNG, JPEG, GIF or WebP file that shows the logo"
    assert mistake.value.faults == (
        f"{text}: the file is not a picture of a kind that browsers show{hint}",
        f"{drawing}: SVG pictures are not looked at yet{hint}",
        f"{blank}: the picture shows nothing but one colour{hint}",
        f"{tmp_path / 'gone.png'}: No such file or directory{hint}",
    )


def test_the_edition_tells_one_set_of_logos_from_another() -> None:
    editions = []
    for references in ({"a": [SEAL]}, {"a": [SEAL.read_bytes()]}, {"b": [SEAL]}, {"a": [DARK]}, {}):
        with LogoBook(references) as book:
            editions.append(book.edition)

    assert editions[0] == editions[1]
    assert len(set(editions)) == 4


def test_a_folder_of_logos_has_a_folder_for_each(tmp_path: Path) -> None:
    (tmp_path / "seal").mkdir()
    for name in ("b.PNG", "a.jpg", "notes.txt", "Thumbs.db"):
        (tmp_path / "seal" / name).touch()

    assert references_in(tmp_path) == {"seal": [tmp_path / "seal" / "a.jpg", tmp_path / "seal" / "b.PNG"]}


def test_a_folder_without_logos_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "logos" / "seal").mkdir(parents=True)

    def said(folder: Path) -> str:
        with pytest.raises(Mistake) as mistake:
            references_in(folder)
        return str(mistake.value)

    assert said(tmp_path / "none") == f"{tmp_path / 'none'} is no folder; name one with a sub-folder for each logo"
    assert said(tmp_path / "logos") == (
        f"{tmp_path / 'logos' / 'seal'} has no picture; put a PNG, JPEG, GIF or WebP file there"
    )
    assert said(tmp_path / "logos" / "seal") == (
        f"{tmp_path / 'logos' / 'seal'} has no sub-folder; put the approved pictures of each logo into one of its own"
    )
