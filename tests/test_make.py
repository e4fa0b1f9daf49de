"""`make` on a machine that lacks something: it names what, and the package to install.

On one that has all, continuous integration is the test: it starts with `make`.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = ("make", "sh", "sed", "touch")


@pytest.fixture
def machine(root: Path, tmp_path: Path) -> Path:
    """A folder with the Makefile, and in `bin` all the programs that this machine has."""
    shutil.copy(root / "Makefile", tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def give_python(machine: Path, name: str, version: tuple[int, int], *, venv: bool) -> None:
    """A Python that answers what the Makefile asks it: its version, whether it has venv."""
    new_enough = 0 if version >= (3, 11) else 1
    program = machine / "bin" / name
    program.write_text(
        "#!/bin/sh\n"
        'case "$2" in\n'
        f"*exit*) exit {new_enough};;\n"
        f"*print*) echo {version[0]}.{version[1]};;\n"
        f"*ensurepip*) exit {0 if venv else 1};;\n"
        'venv) echo "making a venv" >&2; exit 1;;\n'
        "*) exit 3;;\n"
        "esac\n"
    )
    program.chmod(0o755)


def make(machine: Path, target: str) -> str:
    """What `make` says; it must fail."""
    done = subprocess.run(
        ["make", target],
        cwd=machine,
        env={"PATH": str(machine / "bin"), "LANG": os.environ.get("LANG", "C")},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode != 0
    return done.stdout


@pytest.mark.parametrize("target", ["run", "test", "lint", "faults"])
def test_without_python(machine: Path, target: str) -> None:
    (machine / "requirements").mkdir()
    for lock in ("run.txt", "dev.txt"):
        (machine / "requirements" / lock).touch()
    said = make(machine, target)
    assert "needs Python 3.11 or newer; there is none here" in said
    assert "sudo apt-get install python3 python3-venv" in said


def test_with_an_old_python(machine: Path) -> None:
    give_python(machine, "python3", (3, 9), venv=True)
    said = make(machine, ".venv/bin/python")
    assert "needs Python 3.11 or newer; the one here is 3.9" in said


def test_with_a_python_that_has_no_venv(machine: Path) -> None:
    give_python(machine, "python3", (3, 11), venv=False)
    said = make(machine, ".venv/bin/python")
    assert "the Python 3.11 here comes without it" in said
    assert "sudo apt-get install python3.11-venv" in said


def test_the_first_python_that_has_all_is_taken(machine: Path) -> None:
    give_python(machine, "python3.13", (3, 13), venv=False)
    give_python(machine, "python3.12", (3, 12), venv=True)
    give_python(machine, "python3", (3, 9), venv=True)
    said = make(machine, ".venv/bin/python")
    assert "(Python 3.12)" in said
    assert "could not make it" in said


def test_make_alone_says_what_there_is(root: Path) -> None:
    said = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True).stdout
    for command in ("make run", "make test", "make lint", "make faults", "make lock"):
        assert command in said
