"""A log line is one line, and never a key to somebody's workspace."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import OneLine, masked


def line(message: str, *args: object, **extra: object) -> str:
    record = logging.getLogger("handlers.reviews").makeRecord(
        "handlers.reviews", logging.INFO, "f.py", 1, message, args, None, extra=extra
    )
    return OneLine().format(record)


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
