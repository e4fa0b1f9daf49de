"""Logs: one line a record, to stderr, with the secrets taken out; as text, or as JSON."""

import json
import logging
import re
import sys
import threading
import time
from types import TracebackType

from operations import log_fields

# What leads to somebody's workspace or database must not be read in a log that is pasted into an
# issue. Tokens: https://docs.slack.dev/authentication/tokens. A response_url and a trigger_id let
# whoever holds them speak and open views in the app's name; a Socket Mode ticket lets them listen.
_SECRETS = (
    (re.compile(r"\bxox[a-z](?:\.xox[a-z])?-[\w-]+"), "xox*-***"),
    (re.compile(r"\bxapp-[\w-]+"), "xapp-***"),
    (re.compile(r"(?i)\b(bearer\s+)[^\s\"',]+"), r"\1***"),
    (re.compile(r"(?<=://)([^\s:/@\"']*):[^\s/\"']+@"), r"\1:***@"),
    (
        re.compile(r"https?://[^\s/\"'<>]+/(commands|actions|services|workflows)/[^\s\"'<>]+"),
        r"(\1 url)",
    ),
    (re.compile(r"(?<=ticket=)[^\s&\"']+"), "***"),
    (re.compile(r"\b\d{6,}\.\d{6,}\.[0-9a-f]{8,}\b"), "(trigger)"),
    (re.compile(r"(trigger_id[\"']?\s*[:=]\s*[\"']?)[^\s\"',&}]+"), r"\1(trigger)"),
    (re.compile(r"(?i)\b((?:password|passwd|pwd|secret)=)[^\s&\"',]+"), r"\1***"),
)

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def masked(text: str) -> str:
    """The text without tokens, passwords in addresses, response urls and trigger ids."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class OneLine(logging.Formatter):
    """`2026-03-02T08:15:00.123Z INFO handlers.reviews Approved. post=P-12 team=T1`.

    Fields are what the caller gave as `extra`. The time is UTC. Line breaks are written as \\n, so
    that a text somebody typed cannot pretend to be another record. Masking comes last: it sees the
    traceback, too.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a secret."""
        line = f"{_when(record)} {record.levelname} {record.name} {_said(record)}"
        for name, value in _fields(record).items():
            line += f" {name}={value}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        if record.stack_info:
            line += "\n" + record.stack_info
        return masked(line.replace("\r", "\\r").replace("\n", "\\n"))


class Json(logging.Formatter):
    """One JSON object a line, with the same fields: time, level, logger, message, those of `extra`
    and of what was going on, and `trace` for a traceback. Masked alike."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a secret."""
        said: dict[str, object] = {
            "time": _when(record),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(_said(record)),
        }
        said |= {name: _masked_value(name, value) for name, value in _fields(record).items()}
        if record.exc_info:
            said["trace"] = masked(self.formatException(record.exc_info))
        if record.stack_info:
            said["stack"] = masked(record.stack_info)
        return json.dumps(said, ensure_ascii=False)


class WhatGoesOn(logging.Filter):
    """Lets every record carry the id of the click, delivery or occurrence that it was logged in."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True."""
        vars(record).update(log_fields.now_bound())
        return True


def _when(record: logging.LogRecord) -> str:
    when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{when}.{int(record.msecs):03d}Z"


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _masked_value(name: str, value: object) -> object:
    """Numbers stay numbers. A name such as `password` tells a secret only beside its value."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked(f"{name}={value}").removeprefix(f"{name}=")


def _said(record: logging.LogRecord) -> str:
    """A library's broken log call must not cost the record."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args}"


def set_up_logging(level: str, *, as_json: bool = False) -> None:
    """Sends every record of this process to stderr, what ends a thread included.

    The libraries say less than we do, and the Slack ones never their DEBUG lines: those hold whole
    payloads, which is what people typed.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if as_json else OneLine())
    handler.addFilter(WhatGoesOn())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    library_level = "INFO" if level == "DEBUG" else "WARNING" if level == "INFO" else level
    for name in ("slack_sdk", "slack_bolt", "alembic"):
        logging.getLogger(name).setLevel(library_level)
    threading.excepthook = _log_thread
    sys.excepthook = _log_uncaught


def _log_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit and args.exc_value is not None:
        info = (args.exc_type, args.exc_value, args.exc_traceback)
        name = args.thread.name if args.thread else "?"
        logging.getLogger("bot").error("The thread %s ended with an error.", name, exc_info=info)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    logging.getLogger("bot").critical(
        "Copydesk ended with an error.", exc_info=(kind, error, traceback)
    )
