"""A log line is one line, and never a key to somebody's workspace."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import Json, OneLine, masked
from operations import log_fields
from tests.logged import logged


def made(message: str, *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("handlers.reviews").makeRecord(
        "handlers.reviews", logging.INFO, "f.py", 1, message, args, None, extra=extra
    )


def line(message: str, *args: object, **extra: object) -> str:
    return OneLine().format(made(message, *args, **extra))


def as_json(record: logging.LogRecord) -> dict[str, object]:
    written = Json().format(record)
    assert "\n" not in written
    said = json.loads(written)
    assert isinstance(said, dict)
    return said


def test_a_line_has_time_level_logger_message_and_fields() -> None:
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO handlers\.reviews Approved by U1\."
        r" post=P-12 team=T1",
        line("Approved by %s.", "U1", post="P-12", team="T1"),
    )


def test_what_a_person_typed_cannot_forge_a_record() -> None:
    assert "\n" not in line("Said %s", "hello\r\n2026-01-01T00:00:00.000Z ERROR bot Forged")
    assert "\n" not in line("Said.", text="hello\nthere")


def test_a_broken_call_is_still_a_line() -> None:
    assert "Both %s and %s" in line("Both %s and %s", "one")


def test_a_traceback_is_masked_and_on_the_same_line() -> None:
    try:
        raise ValueError("refused: xoxb-12-34-abc")
    except ValueError:
        record = logging.getLogger("bot").makeRecord(
            "bot", logging.ERROR, "f.py", 1, "Failed.", (), sys.exc_info()
        )
    written = OneLine().format(record)
    assert "Traceback" in written
    assert "ValueError" in written
    assert "12-34" not in written
    assert "\n" not in written


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("token xoxb-12-34-AbC failed", "12-34"),
        ("token=xoxe.xoxp-1-AbC", "AbC"),
        ("xoxa-2-AbC", "AbC"),
        ("xapp-1-A1-99-deadbeef", "deadbeef"),
        ("{'Authorization': 'Bearer something-else'}", "something"),
        ("postgresql+psycopg://desk:hush%40hush@db.local:5432/copydesk", "hush"),
        ("http://user:hush@proxy:8080", "hush"),
        ("host=db user=desk password=hush", "hush"),
        ("POST https://hooks.slack.com/commands/T1/22/AbC done", "AbC"),
        ("https://hooks.slack.com/actions/T1/22/AbC", "AbC"),
        ("https://hooks.slack.com/services/T1/B1/AbC", "AbC"),
        ("http://127.0.0.1:3080/actions/T1/22/AbC", "AbC"),
        ("wss://wss-primary.slack.com/link/?ticket=AbC-1&app_id=A1", "AbC"),
        ("13345224609.738474920.8088930838d88f008e0 expired", "8088930838"),
        (json.dumps({"trigger_id": "AbC.1"}), "AbC"),
        ("trigger_id=AbC&x=1", "AbC"),
    ],
)
def test_secrets_are_masked(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "P-12 approved by U02AB at 1760000000.000100",
        "http://127.0.0.1:3080/api/chat.postMessage",
        "sqlite:///data/copydesk.db",
        "postgresql://desk@db/copydesk",
        "https://example.org/blog/commands/how-to",
        "The password field is empty.",
    ],
)
def test_the_rest_stays_readable(text: str) -> None:
    assert masked(text) == text


def test_as_json_the_same_fields_are_one_object() -> None:
    said = as_json(made("Approved by %s.", "U1", post="P-12", ms=12, who=None))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(said.pop("time")))
    assert said == {
        "level": "INFO",
        "logger": "handlers.reviews",
        "message": "Approved by U1.",
        "post": "P-12",
        "ms": 12,
        "who": None,
    }


def test_as_json_a_traceback_is_a_field_and_masked() -> None:
    try:
        raise ValueError("refused: xoxb-12-34-abc")
    except ValueError:
        record = made("Failed.")
        record.exc_info = sys.exc_info()
    said = as_json(record)
    assert str(said["trace"]).startswith("Traceback")
    assert "12-34" not in str(said)


@pytest.mark.parametrize(
    "extra",
    [
        {"answer": {"trigger_id": "AbC.1", "ok": True}},
        {"password": "AbC"},
        {"url": "https://hooks.slack.com/actions/T1/22/AbC"},
    ],
)
def test_as_json_secrets_are_masked(extra: dict[str, object]) -> None:
    assert "AbC" in str(extra)
    assert "AbC" not in str(as_json(made("Said.", **extra)))
    assert "AbC" not in line("Said.", **extra)


def test_each_record_carries_what_goes_on_and_nothing_of_before() -> None:
    log = logging.getLogger("handlers.reviews")
    with logged() as lines:
        with log_fields.bound(click="ab12"):
            log.info("First.")
            with log_fields.bound(delivery=7):
                log.info("Second.")
            log.info("Third.")
        log.info("Fourth.")
    ends = [line.partition("handlers.reviews ")[2] for line in lines.lines("handlers.reviews")]
    assert ends == [
        "First. click=ab12",
        "Second. click=ab12 delivery=7",
        "Third. click=ab12",
        "Fourth.",
    ]


def test_threads_warnings_and_libraries_are_in_the_same_log(root: Path) -> None:
    """In a process of its own: the set-up is the whole process's."""
    code = (
        "import logging, threading, warnings\n"
        "from bot.logs import set_up_logging\n"
        "set_up_logging('DEBUG')\n"
        "logging.getLogger('slack_sdk.web').debug('a payload')\n"
        "logging.getLogger('slack_sdk.web').warning('a warning of theirs')\n"
        "logging.getLogger('operations').debug('a detail of ours')\n"
        "warnings.warn('soon gone')\n"
        "thread = threading.Thread(target=lambda: 1 / 0, name='courier')\n"
        "thread.start(); thread.join()\n"
        "raise SystemError('xoxb-1-secret')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=30
    )
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert [line.split()[1:3] for line in lines] == [
        ["WARNING", "slack_sdk.web"],
        ["DEBUG", "operations"],
        ["WARNING", "py.warnings"],
        ["ERROR", "bot"],
        ["CRITICAL", "bot"],
    ]
    assert "courier" in lines[3]
    assert "ZeroDivisionError" in lines[3]
    assert "1-secret" not in done.stderr
