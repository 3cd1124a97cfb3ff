"""Where a proved handle is in use: questions by the sites of a manifest, and the manifests themselves."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor import cli
from auditor.commands import footprint
from auditor.footprint import consent, proof, vault
from auditor.footprint.handles.manifest import load, shipped
from auditor.footprint.handles.sensitive import is_sensitive
from auditor.footprint.person import Person, dumped, new, read
from auditor.footprint.scanning import Network, scan
from auditor.footprint.vault import Vault
from spiders.settings import Manners
from tests.servers import Reply, Site, serve
from tests.test_footprint_command import NOW, PASS, Typist

HANDLE = "mrivera_room12"
HERE = (
    "<html><title>{0}</title><body class='profile'><h1>{0}</h1><p>All that {0} wrote about lessons.</p></body></html>"
)
LOOPBACK = ["--allow-network", "127.0.0.0/8"]


def site(name: str, served: Site, category: str = "social", **more: Any) -> dict[str, Any]:
    known = {"known": ["sitesownaccount"], "cat": category, "valid": True}
    told = {"e_code": 200, "e_string": "class='profile'", "m_string": "", "m_code": 404}
    return {"name": name, "uri_check": f"{served.url}{name}/{{account}}", **told, **known, **more}


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Site, Site, Site]]:
    """A site where the handle is, one that says yes to everybody, and one about meeting people."""
    here = {"/here/mrivera_room12": HERE.format(HANDLE), "/here/sitesownaccount": HERE.format("sitesownaccount")}
    with (
        serve(here) as good,
        serve({"*": lambda handler: Reply(HERE.format(handler.path.rpartition("/")[2]))}, host="127.0.0.2") as ghost,
        serve({"*": HERE.format("somebody")}, host="127.0.0.3") as meeting,
    ):
        yield good, ghost, meeting


@pytest.fixture
def manifest(sites: tuple[Site, Site, Site], tmp_path: Path) -> Path:
    good, ghost, meeting = sites
    listed = [site("here", good), site("everybody", ghost), site("meeting", meeting, "dating")]
    listed.append(site("facebook", good, valid=False))
    content = {"license": ["Invented, free for all"], "authors": ["Nobody"], "sites": listed}
    (tmp_path / "wmn-data.json").write_text(json.dumps(content, indent=1), "utf-8")
    return tmp_path / "wmn-data.json"


def somebody(*agreed: str) -> Person:
    person = proof.proved(new(), proof.HANDLE, HANDLE, "export", NOW)
    for source in agreed:
        person = consent.agree(person, source, NOW)
    return person


def looked(person: Person) -> dict[str, str]:
    assert person.last is not None
    return {one.title: str(one.verdict) for one in person.last.looked}


def network() -> Network:
    return Network(Manners(delay=0.0, allow_networks=("127.0.0.0/8",), pause=0.01))


def test_an_account_that_answers_is_a_question_and_a_site_that_says_yes_to_everybody_is_none(
    manifest: Path, sites: tuple[Site, Site, Site]
) -> None:
    before = len(sites[2].hits)

    person = scan(somebody("handles"), [], None, NOW, network(), [load(manifest)])

    assert person.last is not None
    (found,) = person.last.exposures
    assert (found.told, found.proved, found.url) == (
        "An account with your handle answers at here.",
        False,
        f"{sites[0].url}here/{HANDLE}",
    )
    assert looked(person) == {
        f"{HANDLE} at everybody": "could not check",
        f"{HANDLE} at facebook": "could not check",
        f"{HANDLE} at here": "found",
    }
    assert len(sites[2].hits) == before


def test_platforms_that_let_no_program_look_are_not_asked_because_an_imported_list_says_so(
    manifest: Path, sites: tuple[Site, Site, Site]
) -> None:
    content = json.loads(manifest.read_text("utf-8"))
    content["sites"] += [
        {**site("LinkedIn", sites[0]), "uri_check": "https://linkedin.com/in/{account}"},
        {**site("Facebook pages", sites[0]), "uri_check": "https://www.facebook.com/{account}/"},
        {**site("Instagram mirror", sites[0]), "uri_pretty": "https://instagram.com/{account}"},
    ]
    manifest.write_text(json.dumps(content), "utf-8")
    before = len(sites[0].hits)

    person = scan(somebody("handles"), [], None, NOW, network(), [load(manifest)])

    assert sorted(looked(person)) == [f"{HANDLE} at {name}" for name in ("everybody", "facebook", "here")]
    assert not [hit for hit in sites[0].hits[before:] if "mirror" in str(hit)]


def test_sensitive_sites_are_asked_with_a_yes_of_their_own_and_forgotten_with_it(manifest: Path) -> None:
    person = scan(somebody("handles", "sensitive"), [], None, NOW, network(), [load(manifest)])
    assert f"{HANDLE} at meeting" in looked(person)

    person = consent.withdraw(person, "sensitive")

    assert not [what for what in looked(person) if "meeting" in what]
    assert f"{HANDLE} at here" in looked(person)
    both = scan(somebody("handles", "sensitive"), [], None, NOW, network(), [load(manifest)])
    assert looked(consent.withdraw(both, "handles")) == {}


@pytest.mark.parametrize("name", ["Venmo", "Cash App"])
def test_sites_about_money_are_sensitive_though_a_list_does_not_say_so(name: str) -> None:
    (own,) = (one for one in shipped().sites if one.name == name)

    assert is_sensitive(own)
    assert is_sensitive(replace(own, sensitive=False))
    assert not is_sensitive(replace(own, sensitive=False, url="https://a.cash.app.example/", shown=""))


def test_without_a_yes_or_a_proof_no_site_hears_of_a_handle(manifest: Path, sites: tuple[Site, Site, Site]) -> None:
    before = [len(one.hits) for one in sites]

    scan(somebody(), [], None, NOW, network(), [load(manifest)])
    scan(consent.agree(new(), "handles", NOW), [], None, NOW, network(), [load(manifest)])

    assert [len(one.hits) for one in sites] == before


def test_a_list_is_kept_as_it_came_checked_and_deleted_with_all_the_rest(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footprint, "DELAY", 0.0)
    own = ["--folder", str(tmp_path / "own")]

    assert cli.main(["footprint", "manifest", "import", str(manifest), *own]) == 0
    said = capsys.readouterr().out
    assert "Kept: 4 sites." in said
    assert "Invented, free for all" in said
    assert (tmp_path / "own" / "manifest.json").read_bytes() == manifest.read_bytes()

    assert cli.main(["footprint", "manifest", "check", str(manifest), "--self-test", *own, *LOOPBACK]) == 0
    said = capsys.readouterr().out
    assert "here: answers as it should" in said
    assert "everybody: it says yes to everybody" in said
    assert "1 of 4 sites answer as the list says." in said

    (tmp_path / "broken.json").write_text('{"sites": [{"name": "x"}]}')
    assert cli.main(["footprint", "manifest", "import", str(tmp_path / "broken.json"), *own]) == 2
    assert (tmp_path / "own" / "manifest.json").read_bytes() == manifest.read_bytes()

    assert cli.main(["footprint", "delete", "--yes", *own]) == 0
    assert list((tmp_path / "own").iterdir()) == []


def test_the_page_names_whose_list_it_was(
    manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vault, "COST", 2**10)
    monkeypatch.setattr(footprint, "DELAY", 0.0)
    monkeypatch.setattr(footprint, "manifests", lambda folder: (load(manifest), load(folder / "manifest.json")))
    monkeypatch.setattr(sys, "stdin", Typist([PASS]))
    folder = tmp_path / "own"
    Vault(folder, PASS).write(dumped(somebody("handles")))
    cli.main(["footprint", "manifest", "import", str(manifest), "--folder", str(folder)])

    status = cli.main(["footprint", "scan", "--folder", str(folder), *LOOPBACK])

    assert status == 0, capsys.readouterr().err
    page = (folder / "footprint.html").read_text("utf-8")
    assert "List of sites (manifest.json): Invented, free for all; Nobody." in page
    assert "An account with your handle answers at here. Is it yours?" in page
    kept = Vault(folder, PASS).read()
    assert kept is not None
    assert read(kept).last is not None
