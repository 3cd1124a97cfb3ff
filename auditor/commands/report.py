"""`auditor report`: renders reports again from the store."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from auditor import store
from auditor.commands.findings import load_config, tell
from auditor.config import Config
from auditor.errors import Mistake
from auditor.telling import save, write_reports
from auditor.wrong_usage import check_known
from spiders import browser_search
from spiders.printing import PrintingError, pdfs

HELP: Final = "renders the reports of schools and district again from the store"

EXAMPLES: Final = """\
examples:
  auditor report                              all reports, into the data folder
  auditor report --school lincoln --pdf       one school's report, also as a PDF to print
  auditor report --out /media/usb/reports     all reports, into another folder

A report tells how things stood when its accounts were last audited. The same store gives the same report, to the byte.
"""

NO_BROWSER: Final = (
    "--pdf: no browser was found to print with. Install Chromium, Chrome or Edge, or name yours in the environment "
    f"variable {browser_search.VARIABLE}. Or open a report in any browser and print it from there."
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("--school", action="append", metavar="ID", help="only this school's; may be given again")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to [reports/ in the data folder]")
    parser.add_argument("--pdf", action="store_true", help="also as PDF files, printed by the installed browser")


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    for school in args.school or ():
        check_known(school, "--school", "school", [s.id for s in config.district.schools])
    browser = browser_search.find() if args.pdf else None
    if args.pdf and browser is None:
        raise Mistake(NO_BROWSER)
    written = _written(config, args.out, args.school)
    if browser:
        written += _printed(written, browser)
    tell("".join(f"{file}\n" for file in written))
    return 0


def _written(config: Config, out: Path | None, only: Iterable[str] | None) -> list[Path]:
    nothing = Mistake('nothing has been audited yet, so there is nothing to tell; "auditor audit" begins')
    if not store.exists(config):
        raise nothing
    with store.open(config) as memory:
        if memory.last_audit() is None:
            raise nothing
        return list(write_reports(config, memory, out, set(only) if only else None))


def _printed(reports: Iterable[Path], browser: Path) -> list[Path]:
    pages = {str(file.with_suffix(".pdf")): file.read_text("utf-8") for file in reports}
    try:
        return [save(Path(name), pdf) for name, pdf in pdfs(pages, browser)]
    except PrintingError as error:
        raise Mistake(f"--pdf: {browser} did not print: {error}. The HTML reports are written.") from None
