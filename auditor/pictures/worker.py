"""The process that opens pictures from the web, so that a hostile one can at worst end this process.

Run as a script by `auditor.pictures.decode`, and imports nothing of ours. It answers each picture on standard input
(8 bytes length, then the file) with one on standard output (8 bytes length of a JSON head, the head, the pixels). The
head holds the picture's true `width` and `height` and the `columns` and `rows` of the RGBA pixels that follow, or a
`problem`.
"""

import contextlib
import io
import json
import signal
import sys
import warnings
from typing import Any, BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

if sys.platform != "win32":
    import resource

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "ICO", "AVIF")
"""What browsers show. Every other format is closed, for each open one is a decoder to attack."""


def main(longest: int, pixels: int, memory: int) -> None:
    """Answers pictures until standard input ends. `longest` is the longest side to hand back, in pixels."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides when we end
    limit_memory(memory)
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(8)) == 8:
        head_out, body = answer(source.read(int.from_bytes(head, "big")), longest)
        send(sink, json.dumps(head_out).encode(), body)


def send(sink: BinaryIO, head: bytes, body: bytes) -> None:
    """One answer, whole."""
    sink.write(len(head).to_bytes(8, "big") + head)
    sink.write(body)
    sink.flush()


def limit_memory(size: int) -> None:
    """Caps our address space where the system can; elsewhere the cap on pixels has to do."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def answer(data: bytes, longest: int) -> tuple[dict[str, Any], bytes]:
    """The head and the pixels for one file."""
    try:
        return opened(data, longest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"problem": "the picture has too many pixels to be opened safely"}, b""
    except MemoryError:
        return {"problem": "the picture needs too much memory to be opened safely"}, b""
    except UnidentifiedImageError:
        return {"problem": "the file is not a picture of a kind that browsers show"}, b""
    except Exception:  # noqa: BLE001  decoders fail in many ways, and each means the same to our caller
        return {"problem": "the picture is damaged and cannot be opened"}, b""


def opened(data: bytes, longest: int) -> tuple[dict[str, Any], bytes]:
    """The first frame, upright and small. Sizes are checked by Pillow before any pixel is decoded."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        width, height = picture.size
        picture.draft("RGB", (2 * longest, 2 * longest))
        small = whole(picture)
        small.thumbnail((longest, longest), Image.Resampling.BOX)
        upright = turned(small)
        if upright.size != small.size:
            width, height = height, width
        head = {"width": width, "height": height, "columns": upright.width, "rows": upright.height}
        return head, upright.convert("RGBA").tobytes()


def turned(picture: Image.Image) -> Image.Image:
    """The picture as the camera's EXIF says it was held."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001  a broken EXIF block says nothing about the picture
        return picture


def whole(picture: Image.Image) -> Image.Image:
    """The decoded first frame as RGB or RGBA, whatever the file holds."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    plain = picture.mode in ("RGB", "L", "CMYK", "YCbCr") and "transparency" not in picture.info
    return picture.convert("RGB" if plain else "RGBA")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
