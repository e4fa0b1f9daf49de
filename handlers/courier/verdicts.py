"""What a failed call means: did it happen, may it be tried again, is it over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from handlers.clients import NotInstalled, NotRefreshed
from storage import Unavailable


class Outcome(Enum):
    """NOT_DONE: it never got there, try again. REFUSED: Slack said no for a reason we don't know,
    try a few times. DOUBT: it may have happened. LOCKED_OUT: Slack doesn't take our token, whatever
    we want. OVER: it never will happen."""

    NOT_DONE = auto()
    REFUSED = auto()
    DOUBT = auto()
    LOCKED_OUT = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call. `retry_after` is Slack's own word, in seconds."""

    outcome: Outcome
    error: str
    retry_after: float | None = None


# The person or the channel is not there any more, or the message is wrong: trying again changes
# nothing. https://docs.slack.dev/reference/methods/chat.postMessage/
_OVER = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_archived",
        "messages_tab_disabled",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "thread_not_found",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
    }
)

# Until we have a good token nothing can be told there. "Authentication token is for a deleted user
# or workspace" (Slack, of account_inactive): the user is our own, when the app has been removed.
_NO_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)

# chat.update's word for what chat.postMessage calls is_archived.
_SAME = {"is_inactive": "is_archived"}

_CODE = re.compile("[a-z][a-z0-9_]*")
_RETRY_AFTER_SECONDS = 30

# "Some aspect of the operation may have succeeded" (Slack, of fatal_error and internal_error).
_DOUBT = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


class Paused(Exception):
    """Slack said to leave a method alone, for `seconds` more; it was not called."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class Gone(Exception):
    """The person is deactivated: nobody would read it."""


def failure(error: Exception) -> Failure:
    """What an exception of the client says of its call."""
    if isinstance(error, Paused):
        return Failure(Outcome.NOT_DONE, "ratelimited", retry_after=error.seconds)
    if isinstance(error, Gone):
        return Failure(Outcome.OVER, "user_disabled")
    if isinstance(error, Unavailable):  # we never came to ask Slack
        return Failure(Outcome.NOT_DONE, "the database could not be used")
    if isinstance(error, NotInstalled):
        return Failure(Outcome.OVER, "not_installed")
    if isinstance(error, NotRefreshed):
        return Failure(Outcome.LOCKED_OUT, "token_expired")
    if isinstance(error, SlackApiError):
        return _answered(error)
    # urllib wraps what went wrong before the request was sent whole: no address, no connection. A
    # connection cut while sending may have been cut after the last byte.
    if isinstance(error, URLError) and not isinstance(error.reason, ConnectionError | str):
        return Failure(Outcome.NOT_DONE, "Slack could not be reached")
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ConnectionRefusedError):
        return Failure(Outcome.NOT_DONE, "Slack could not be reached")
    return Failure(Outcome.DOUBT, f"no answer ({type(cause).__name__})")


def _answered(error: SlackApiError) -> Failure:
    response = error.response
    if response.status_code == 429:
        headers = {name.lower(): value for name, value in response.headers.items()}
        seconds = float(headers.get("retry-after", _RETRY_AFTER_SECONDS))
        return Failure(Outcome.NOT_DONE, "ratelimited", retry_after=seconds)
    # Where the body wasn't JSON, such as an error page, the client has a sentence for an error.
    code = str(response.get("error", ""))
    code = _SAME.get(code, code)
    if response.status_code >= 500 or not _CODE.fullmatch(code) or code in _DOUBT:
        return Failure(Outcome.DOUBT, code if _CODE.fullmatch(code) else "not an answer of Slack's")
    if code in _NO_TOKEN:
        return Failure(Outcome.LOCKED_OUT, code)
    if code in _OVER:
        return Failure(Outcome.OVER, code)
    return Failure(Outcome.REFUSED, code)
