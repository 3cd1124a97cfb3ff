"""Pictures from the web are opened in a process of their own; what is hostile or broken is a problem, never a crash."""

import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from auditor.pictures.decode import LONGEST, MAX_BYTES, MAX_PIXELS, Decoder, Raster
from tests.crests import crest, saved


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


def png(width: int, height: int, rows: bytes, colour: int = 2) -> bytes:
    """A PNG whose header claims that size, whatever its data holds."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def told(raster: Raster) -> tuple[int, int, tuple[int, ...], str]:
    return raster.width, raster.height, raster.pixels.shape, raster.problem


HOSTILE = {
    "a bomb of 900 million pixels": (
        png(30_000, 30_000, zlib.compress(bytes(10_000_000))),
        "the picture has too many pixels to be opened safely",
    ),
    "a bomb that is one pixel high": (
        png(MAX_PIXELS + 1, 1, zlib.compress(bytes(1000))),
        "the picture has too many pixels to be opened safely",
    ),
    "a picture that breaks off": (
        saved(crest(1), "JPEG", quality=80)[:2000],
        "the picture is damaged and cannot be opened",
    ),
    "a PNG that breaks off": (saved(crest(1))[:3000], "the picture is damaged and cannot be opened"),
    "a PNG without its data": (png(64, 64, b""), "the picture is damaged and cannot be opened"),
    "a page named like a picture": (
        b"<!doctype html><title>Not found</title>",
        "the file is not a picture of a kind that browsers show",
    ),
    "nothing": (b"", "the file is empty"),
    "too many bytes": (bytes(MAX_BYTES + 1), "the file is larger than 20 MB"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG pictures are not looked at yet"),
    "a drawing with a heading": (
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="10"/>',
        "SVG pictures are not looked at yet",
    ),
    "a format that browsers do not show": (
        saved(crest(1), "TIFF"),
        "the file is not a picture of a kind that browsers show",
    ),
    "a program for a printer": (
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        "the file is not a picture of a kind that browsers show",
    ),
}


@pytest.mark.parametrize(("data", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_broken_file_is_a_problem_in_plain_words(decoder: Decoder, data: bytes, problem: str) -> None:
    assert told(decoder.decode(data)) == (0, 0, (0, 0, 4), problem)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF", "ICO"])
def test_formats_that_browsers_show_are_opened(decoder: Decoder, form: str) -> None:
    assert told(decoder.decode(saved(crest(3).resize((128, 128)), form))) == (128, 128, (128, 128, 4), "")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_colour_is_opened(decoder: Decoder, mode: str) -> None:
    picture = crest(3).convert("I").point(lambda value: value * 257).convert(mode) if mode == "I;16" else crest(3)

    raster = decoder.decode(saved(picture if mode == "I;16" else picture.convert(mode)))

    dark, light = raster.pixels[:, :, :3].min(), raster.pixels[:, :, :3].max()
    assert told(raster) == (240, 240, (240, 240, 4), "")
    assert (dark < 120, light > 200) == (True, True)


def test_colours_for_print_are_opened(decoder: Decoder) -> None:
    assert told(decoder.decode(saved(crest(3).convert("CMYK"), "JPEG"))) == (240, 240, (240, 240, 4), "")


def test_what_is_see_through_stays_so(decoder: Decoder) -> None:
    glass = Image.new("RGBA", (40, 30), (10, 20, 30, 0))

    raster = decoder.decode(saved(glass))

    assert raster.pixels[:, :, 3].max() == 0


def test_a_large_picture_comes_back_small_and_tells_its_own_size(decoder: Decoder) -> None:
    raster = decoder.decode(saved(crest(3).resize((3000, 1500)), "JPEG"))

    assert told(raster) == (3000, 1500, (LONGEST // 2, LONGEST, 4), "")


def test_a_photograph_held_sideways_is_turned_upright(decoder: Decoder) -> None:
    sideways = Image.new("RGB", (60, 40), "white")
    sideways.paste("black", (0, 0, 60, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    file = io.BytesIO()
    sideways.save(file, "PNG", exif=exif)

    raster = decoder.decode(file.getvalue())

    assert told(raster) == (40, 60, (60, 40, 4), "")
    assert [int(value) for value in raster.pixels[30, [0, 20, 39], 0]] == [255, 255, 0]


def test_of_a_moving_picture_the_first_frame_is_seen(decoder: Decoder) -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "green")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])

    raster = decoder.decode(file.getvalue())

    assert raster.pixels[15, 15].tolist() == [255, 0, 0, 255]


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    with Decoder(seconds=0.001) as hasty:
        assert hasty.decode(saved(crest(3))).problem == "the picture took longer than 0.001 seconds to open"


def test_a_decoder_that_was_stopped_opens_the_next_picture(decoder: Decoder) -> None:
    with Decoder() as other:
        assert other.decode(saved(crest(3))).problem == ""
        other.close()
        assert other.decode(saved(crest(3))).problem == ""


def test_a_worker_that_dies_is_a_problem_of_that_picture_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deadly = tmp_path / "worker.py"
    deadly.write_text("import os; os._exit(1)")

    with Decoder() as other:
        with monkeypatch.context() as patch:
            patch.setattr("auditor.pictures.decode.WORKER", deadly)
            first = other.decode(saved(crest(3)))
        second = other.decode(saved(crest(3)))

    assert (first.problem, second.problem) == ("the picture could not be opened safely", "")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot cap a process's memory so")
def test_the_worker_ends_at_its_cap_of_memory() -> None:
    worker = Path(__file__).parents[1] / "auditor" / "pictures" / "worker.py"
    greedy = f"""
import runpy
names = runpy.run_path({str(worker)!r})
names["limit_memory"](300 * 2**20)
try:
    bytearray(400 * 2**20)
except MemoryError:
    print("refused")
"""

    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, text=True, check=True)

    assert done.stdout == "refused\n"


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_make_it_fail(decoder: Decoder, data: bytes) -> None:
    raster = decoder.decode(data)

    assert bool(raster.problem) == (raster.pixels.size == 0)


@settings(max_examples=80, deadline=None)
@given(form=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "AVIF"]), seed=st.integers(0, 10_000))
def test_no_damage_to_a_picture_makes_it_fail(decoder: Decoder, form: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    data = bytearray(saved(crest(3).resize((60, 60)), form))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    raster = decoder.decode(bytes(data))

    assert bool(raster.problem) == (raster.pixels.size == 0)
    assert max(raster.pixels.shape[:2]) <= LONGEST
    assert raster.pixels.dtype == np.uint8
