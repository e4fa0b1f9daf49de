"""The floors: imports only go down, and the floor that decides stays pure.

`bot -> handlers, web -> operations -> storage, networks -> rules`. The playground stands beside
the house: it imports nothing of it, and nothing of it is imported.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

BELOW: dict[str, set[str]] = {
    "rules": set(),
    "storage": {"rules"},
    "operations": {"storage", "rules"},
    "handlers": {"operations", "storage", "rules"},
    "web": {"operations", "storage", "rules"},
    "bot": {"handlers", "web", "operations", "storage", "rules"},
    "playground": set(),
}
"""For each floor, those it may import."""

OUTSIDE: dict[str, set[str]] = {
    # Pure libraries: graphemes and emoji are what networks count a text's length by; the days that
    # a country doesn't work; dates in words (dateparser's own clock is never used, see there).
    "rules": {"regex", "emoji", "holidays", "dateparser"},
    # slack_sdk: the tables of its installation store are ours, its client is not (see the test).
    "storage": {"sqlalchemy", "alembic", "slack_sdk"},
    "operations": {"sqlalchemy"},
    "handlers": {"slack_bolt", "slack_sdk", "click"},
    "web": {"starlette", "uvicorn", "slack_bolt", "slack_sdk"},
    "bot": {
        *("apscheduler", "click", "dotenv", "prometheus_client", "slack_bolt", "slack_sdk"),
        *("sqlalchemy", "yaml"),
    },
    "playground": {"starlette", "uvicorn", "h11", "websockets", "yaml", "click"},
}
"""For each floor, what it may import besides the standard library."""

CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "localtime", "gmtime"}
IMPURE = {
    *("asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"),
    *("shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading"),
    *("time", "urllib.request"),
}
"""What `rules` may not import of the standard library: files, network, threads, chance, clocks."""


def files(floor: str) -> list[Path]:
    return sorted((ROOT / floor).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each module that the code names in an import, wherever it stands, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import, line {node.lineno}: name the whole path"
            yield node.module or "", node.lineno


def forbidden_imports(floor: str, tree: ast.AST) -> list[str]:
    allowed = BELOW[floor] | OUTSIDE[floor] | {floor} | set(sys.stdlib_module_names)
    impure = IMPURE if floor == "rules" else set()
    return [
        f"line {line} imports {module}"
        for module, line in imported(tree)
        for top in [module.partition(".")[0]]
        if top not in allowed or not impure.isdisjoint({top, module})
    ]


def clock_calls(tree: ast.AST) -> list[str]:
    """Where the code asks for the time: `datetime.now()`, `date.today()`, `time.time()`, ..."""
    return [
        f"line {node.lineno} asks the clock: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date", "time"}
    ]


def test_every_folder_with_code_is_a_floor_or_tests() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders - {"tests", "bench"} == set(BELOW)


@pytest.mark.parametrize("floor", BELOW)
def test_imports_only_go_down(floor: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in files(floor)
        for what in forbidden_imports(floor, ast.parse(path.read_text("utf-8")))
    ]
    assert wrong == []


@pytest.mark.parametrize("floor", ["rules", "storage", "operations"])
def test_nobody_below_the_doors_asks_the_clock(floor: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in files(floor)
        for what in clock_calls(ast.parse(path.read_text("utf-8")))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("floor", "code"),
    [
        ("rules", "import storage"),
        ("rules", "def f():\n    from operations.reviews import approve"),
        ("rules", "import sqlalchemy"),
        ("rules", "import random"),
        ("rules", "from urllib.request import urlopen"),
        ("storage", "from operations import drafts"),
        ("operations", "import handlers.courier"),
        ("operations", "from slack_sdk import WebClient"),
        ("handlers", "import sqlalchemy"),
        ("web", "from handlers.door import Door"),
        ("web", "import bot.settings"),
        ("handlers", "import web.server"),
        ("playground", "from rules.posts import Status"),
        ("bot", "import playground"),
        ("handlers", "from playground import text"),
    ],
)
def test_the_check_sees_a_wrong_import(floor: str, code: str) -> None:
    assert forbidden_imports(floor, ast.parse(code)) != []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "time.monotonic()",
    ],
)
def test_the_check_sees_a_clock(code: str) -> None:
    assert clock_calls(ast.parse(code)) != []
