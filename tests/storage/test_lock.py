"""One process at a time has an SQLite database to itself."""

import errno
from pathlib import Path

import pytest

import storage


def test_a_second_one_is_told_who_has_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copydesk.db'}"
    with (
        storage.alone(url, "python -m bot"),
        pytest.raises(storage.Taken, match=r"^python -m bot \(process \d+\) is using"),
        storage.alone(url, "python -m bot restore"),
    ):
        pass
    with storage.alone(url, "python -m bot restore"):
        pass


def test_another_name_of_the_same_file_is_the_same_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "copydesk.db")
    monkeypatch.chdir(tmp_path)
    with storage.alone(f"sqlite:///{tmp_path / 'copydesk.db'}", "python -m bot"):
        for name in ("copydesk.db", "./copydesk.db", str(tmp_path / "link.db")):
            with (
                pytest.raises(storage.Taken),
                storage.alone(f"sqlite:///{name}", "python -m bot"),
            ):
                pass


def test_two_databases_have_two(tmp_path: Path) -> None:
    with (
        storage.alone(f"sqlite:///{tmp_path / 'one.db'}", "python -m bot"),
        storage.alone(f"sqlite:///{tmp_path / 'two.db'}", "python -m bot"),
    ):
        pass


def test_a_full_disk_keeps_nobody_from_having_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a traceback: Copydesk has to run, for people to be told that the disk is full."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("storage.lock.os.pwrite", full)
    url = f"sqlite:///{tmp_path / 'copydesk.db'}"
    with (
        storage.alone(url, "python -m bot"),
        pytest.raises(storage.Taken, match=r"^another process is using"),
        storage.alone(url, "python -m bot"),
    ):
        pass


def test_postgresql_is_for_several() -> None:
    url = "postgresql://desk@127.0.0.1/copydesk"
    with storage.alone(url, "python -m bot"), storage.alone(url, "python -m bot"):
        pass


def test_a_folder_that_may_not_be_written_to_is_a_sentence() -> None:
    url = "sqlite:////proc/copydesk.db"
    with pytest.raises(storage.StorageError, match="keeps a second"), storage.alone(url, "x"):
        pass
