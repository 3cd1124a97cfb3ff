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
    code = (
        "import sys; from auditor.cli import main; main(['--help']); print(len(sys.modules), 'scrapy' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines()[-1].endswith("False")


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


def test_a_missing_configuration_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", "--config", str(tmp_path / "config.toml")]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert "not found" in told.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"auditor {__version__}\n"
