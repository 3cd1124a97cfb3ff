"""What an audit looks at of the images that its accounts show: each address once, and each picture once."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import config as configs
from auditor import store as stores
from auditor.audit import Audit
from auditor.model import Picture
from auditor.pictures.logos import LogoBook
from tests import crests
from tests.servers import Reply, Route, serve
from tests.test_audit import District, page

SEAL = Path(__file__).parent / "district" / "logos" / "seal.png"


def test_a_picture_that_stands_at_many_addresses_is_looked_at_once_and_told_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Counter[bytes]()
    look = LogoBook.look

    def counted(book: LogoBook, data: bytes) -> Picture:
        looked[data] += 1
        return look(book, data)

    monkeypatch.setattr(LogoBook, "look", counted)
    seal, club, torn = SEAL.read_bytes(), crests.saved(crests.crest(7)), b"\x89PNG\r\n\x1a\n no picture"
    shown = {**{f"/seal-{n}.png": seal for n in range(5)}, **{f"/club-{n}.png": club for n in range(3)}, "/t.png": torn}
    home = page("".join(f'<img src="{path}" alt="">' for path in shown))
    district = District(tmp_path)
    with serve({"/": home, **{path: Reply(data, type="image/png") for path, data in shown.items()}}) as site:
        district.configure(site.url, more=f'[[logos]]\nid = "seal"\nimages = ["{SEAL.as_posix()}"]\n')
        config = configs.load(district.config, datetime.now(UTC).date())
        with stores.open(config) as store:
            Audit(config, store, None, lambda _: None).run(config.district.accounts)

            found = {stored.finding.subject for stored in store.findings(rule="unapproved-logo")}

        assert found == {site.at(f"/seal-{n}.png") for n in range(5)}
        assert looked == {seal: 1, club: 1, torn: 1}


def test_a_second_audit_learns_the_logos_only_where_a_picture_is_new_or_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[LogoBook] = []
    make = LogoBook.__init__

    def counted(book: LogoBook, *given: object) -> None:
        made.append(book)
        make(book, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(LogoBook, "__init__", counted)
    pictures = {"/seal.png": SEAL.read_bytes(), "/club.png": crests.saved(crests.crest(7))}
    home = page("".join(f'<img src="{path}" alt="">' for path in pictures))
    replies: dict[str, Route] = {"/": home, **{path: Reply(data, type="image/png") for path, data in pictures.items()}}
    district = District(tmp_path)
    with serve(replies) as site:
        district.configure(site.url, more=f'[[logos]]\nid = "seal"\nimages = ["{SEAL.as_posix()}"]\n')
        config = configs.load(district.config, datetime.now(UTC).date())
        with stores.open(config) as store:

            def audited() -> tuple[int, set[str]]:
                made.clear()
                Audit(config, store, None, lambda _: None).run(config.district.accounts)
                return len(made), {stored.finding.subject for stored in store.findings(rule="unapproved-logo")}

            assert audited() == (1, {site.at("/seal.png")})
            assert audited() == (0, {site.at("/seal.png")})
            replies["/club.png"] = Reply(crests.saved(crests.crest(8)), type="image/png")
            assert audited() == (1, {site.at("/seal.png")})
