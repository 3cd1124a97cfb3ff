"""Which files cannot serve as pictures of a logo."""

from collections.abc import Iterable
from pathlib import Path

from auditor.errors import Mistake
from auditor.pictures.decode import Decoder
from auditor.pictures.logos import LogoBook


def unusable(pictures: Iterable[Path]) -> list[str]:
    """Why each of the files cannot serve as the picture of a logo, and what to do; "" where it can."""
    with Decoder() as decoder:
        return [_why(picture, decoder) for picture in pictures]


def _why(picture: Path, decoder: Decoder) -> str:
    try:
        LogoBook({"logo": [picture]}, decoder)
    except Mistake as mistake:
        return mistake.faults[0].removeprefix(f"{picture}: ")
    return ""
