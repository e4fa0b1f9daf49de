"""Looks in Slack for messages that may be there already, before anything is sent again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from slack_sdk.errors import SlackClientError

from handlers.courier.slack import Slack
from handlers.courier.verdicts import Failure, failure
from operations import deliveries
from storage import Store
from storage.messages import Message, State
from storage.restores import Restore

# Slack's clock and ours may differ; a message is looked for from a little earlier on.
_CLOCKS_DIFFER = timedelta(minutes=10)


class CannotTell(Exception):
    """Whether a message arrived can't be found out: its channel may not be read."""


class Finder:
    """Knows which messages to look for, and where. `slack` is the workspace that a message is for;
    `is_hopeless` says of a failed call whether it is worth another try."""

    def __init__(
        self,
        store: Store,
        slack: Callable[[Message], Slack],
        is_hopeless: Callable[[Message, Failure], bool],
    ) -> None:
        self._store = store
        self._slack = slack
        self._is_hopeless = is_hopeless
        self._last_restore: Restore | None = None

    def start(self) -> None:
        """Learns whether a backup took the database's place, which it never does while we run."""
        self._last_restore = deliveries.restored(self._store)

    def is_needed(self, message: Message) -> bool:
        """Whether Slack may have a message that we were to send: its claim ended while it was being
        sent, or it may have been sent before the database was restored."""
        if message.state is State.WAITING:
            return self._restored() is not None
        return message.state is State.SENDING

    def find(self, message: Message) -> tuple[str, str] | None:
        """The channel and ts of a message in Slack, None where it certainly isn't there.

        Raises CannotTell, and what the client raises.
        """
        restored = self._restored()
        begun = (message.sending_since, restored.told_since if restored else None)
        since = min(at for at in begun if at is not None) - _CLOCKS_DIFFER
        try:
            root = deliveries.root(self._store, message)
            if root is not None and root.posted_ts is None:
                return None
            slack, channel = self._slack(message), self._channel(message)
            ts = slack.find(channel, message.delivery_id, since, thread_of(message, root))
        except SlackClientError as error:
            failed = failure(error)
            if not self._is_hopeless(message, failed):
                raise
            if restored and message.state is State.WAITING and restored.is_before(message):
                return None  # it was noted since; that it had been before as well is rare
            raise CannotTell(failed.error) from error
        return (channel, ts) if ts is not None else None

    def _restored(self) -> Restore | None:
        """The restore because of which Slack may know more than we do."""
        last = self._last_restore
        return last if last and last.matters(datetime.now(UTC)) else None

    def _channel(self, message: Message) -> str:
        if message.channel_id is not None:
            return message.channel_id
        assert message.person_id is not None
        known = deliveries.direct_channel(self._store, message.person_id)
        if known is not None:
            return known
        slack_id = deliveries.person(self._store, message.person_id).slack_id or ""
        return self._slack(message).open_direct(slack_id)


def thread_of(message: Message, root: Message | None) -> str | None:
    """The ts of the thread to post in: under a message of ours, or under somebody else's."""
    return root.posted_ts if root is not None else message.data.get("thread_ts")
