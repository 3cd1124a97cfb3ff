"""The command line: what it says, how it ends, and that asking for help costs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from auditor import __version__
from auditor.cli import commands, main

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_help_names_every_command_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    told = capsys.readouterr().out
    for command in commands():
        (line,) = (line for line in told.splitlines() if line.split()[:1] == [command])
        assert len(line.split()) > 3, f"{command} has no words of its own"


def test_help_imports_no_command() -> None:
    code = "import sys; from auditor.cli import main; main(['--help']); print('aiohttp' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_explains_itself_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert "example" in told
    assert "--config" in told
    assert "--allow-network" in told


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`auditor {command}" in README or f"`{command}`" in README


def test_a_command_that_does_not_exist_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adit"]) == 2
    assert 'Did you mean "audit"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("audit --schol lincoln", 'there is no option "--schol" here (did you mean "--school"?). See "auditor audit'),
        ("audit --school", '--school: write a value behind it. See "auditor audit --help".'),
        ("dismiss f-1 --reason why not", '"not" is one word too many; a text with spaces needs quotes around it. See'),
        ("dismiss f-1 --reason why --until soon", '--until: "soon" is no date; write it like 2027-06-11. See'),
        ("dismiss f-1", '--reason is missing. See "auditor dismiss --help".'),
        ("verdicts --format xml", '--format: "xml" is none of table, jsonl. See "auditor verdicts --help".'),
        ("accounts discver", '"discver" is none of list, check, discover, add (did you mean "discover"?). See'),
        ("check https://a.example --pages two", '--pages: "two" is no whole number. See "auditor check --help".'),
        ("purge --readings-days x", '--readings-days: "x" is no number of days; write it like 400. See'),
    ],
)
def test_what_is_wrong_with_the_words_is_one_plain_line(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert told in said.err


CONFIG = """\
[district]
name = "Riverbend"
policy = "mcps"
[[schools]]
id = "lincoln"
name = "Lincoln"
[[schools]]
id = "roosevelt"
name = "Roosevelt"
[[accounts]]
id = "lincoln-site"
kind = "official"
platform = "website"
school = "lincoln"
url = "https://lincoln.riverbend.example/"
"""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "audit --school nope --school roosevelt --account lincon-site",
            '--school: there is no school "nope"; there are lincoln, roosevelt\n'
            '--account: there is no account "lincon-site" (did you mean "lincoln-site"?); there is lincoln-site\n'
            '--school: no account of "roosevelt" is registered; "auditor accounts add URL" begins\n',
        ),
        ("findings --school lincon", '--school: there is no school "lincon" (did you mean "lincoln"?); there are'),
        ("findings --account nope", '--account: there is no account "nope"; there are lincoln-site, district\n'),
        ("findings --rule nope", '--rule: there is no rule "nope"; "auditor explain" lists them all\n'),
        ("report --school nope", '--school: there is no school "nope"; there are lincoln, roosevelt\n'),
        ("accounts add https://a.example/x --school nope", '--school: there is no school "nope"; there are lincoln'),
        ("explain student-nme", 'there is no rule "student-nme" (did you mean "student-name"?)'),
    ],
)
def test_a_name_that_nobody_knows_is_told_with_those_that_there_are(
    words: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")

    status = main([*words.split(), "--config", str(config)])

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.replace("auditor: ", "").startswith(told)


@pytest.mark.parametrize("words", [["help", "audit"], ["audit", "/?"], ["audit", "-h"]])
def test_help_is_there_however_it_is_asked_for(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: auditor audit")


def test_the_doctor_tells_of_a_store_that_cannot_be_used_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "auditor.db").write_text("Dear diary, " * 500)

    status = main(["doctor", "--config", str(config)])

    told = capsys.readouterr().out
    assert status == 1
    assert "FIX  store: cannot be used\n" in told
    assert "this file is not a store" in told
    assert "next audit: " in told


def test_the_doctor_tells_which_browser_is_used_and_who_named_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    mine = tmp_path / "my-browser"
    mine.touch()
    told = []

    for named, variable in (('browser = "my-browser"', "/elsewhere"), ("", str(mine)), ('browser = "gone"', "")):
        config.write_text(f"{CONFIG}\n[crawl]\n{named}\n", "utf-8")
        monkeypatch.setenv("AUDITOR_BROWSER", variable)
        main(["doctor", "--config", str(config)])
        told += [line[5:] for line in capsys.readouterr().out.splitlines() if line[5:].startswith("browser: ")]

    assert told == [
        f"browser: {mine}, named by browser under [crawl] in config.toml",
        f"browser: {mine}, named by AUDITOR_BROWSER",
        "browser: gone, named by browser under [crawl] in config.toml, is not there",
    ]


def test_a_missing_configuration_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", "--config", str(tmp_path / "config.toml")]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert "not found" in told.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"auditor {__version__}\n"
