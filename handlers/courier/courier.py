"""Takes what is to be told, one message after the other, and tells Slack: once, and truly."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackClientError

from handlers.clients import Clients
from handlers.courier.drawing import draw, draw_home, prepare
from handlers.courier.finding import CannotTell, Finder, thread_of
from handlers.courier.lanes import Roads
from handlers.courier.slack import Content, Slack, as_content
from handlers.courier.verdicts import Failure, Gone, Outcome, failure
from handlers.directory import Directory
from operations import deliveries, log_fields, people, workspaces
from storage import Store, Unavailable
from storage.messages import Kind, Message, State

log = logging.getLogger(__name__)

_AT_ONCE = 4
_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=5)
_TRIES = 12
_NOTE_AGAIN_SECONDS = 0.5
# Each click wakes it; while many click, it mostly finds that all have just been told something.
_LOOKS_EVERY_SECONDS = 0.05

# The old message can't be changed any more, so the card is posted anew.
_FROZEN = frozenset({"edit_window_closed", "cant_update_message"})


# What whoever counts is told.
_BECAME: Mapping[Callable[..., None], str] = {
    deliveries.posted: "posted",
    deliveries.drawn: "drawn",
    deliveries.retry: "retried",
    deliveries.doubt: "in_doubt",
    deliveries.anew: "posted_anew",
    deliveries.taken_away: "taken_away",
    deliveries.drop: "dropped",
    deliveries.fail: "failed",
}


class Courier:
    """Delivers until stopped. Safe to run in several processes on one PostgreSQL.

    `lease` is how long a claim is ours; no call is made that could take longer than what is left of
    it, so it must be well above the client's timeout. `settle` is how long a call whose answer was
    lost is left alone before it is looked up. `watch` is told what becomes of each message.
    """

    def __init__(
        self,
        store: Store,
        clients: Clients,
        now: Callable[[], datetime],
        *,
        lease: timedelta = timedelta(seconds=60),
        settle: timedelta = timedelta(seconds=5),
        watch: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._store = store
        self._now = now
        self._clients = clients
        self._directory = Directory(clients, store, now)
        self._lease = lease
        self._call_takes = timedelta(seconds=clients.timeout)
        self._settle = settle
        self._watch = watch
        self._holder = uuid.uuid4().hex
        self._roads = Roads()
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="courier")
        self._free = threading.Semaphore(_AT_ONCE)
        self._finder = Finder(store, self._slack, self._is_hopeless)
        self._looked_at = float("-inf")
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begins to deliver, on threads of its own."""
        self._finder.start()
        self._thread.start()

    def wake(self) -> None:
        """There may be something to tell. Called after each click, and by the timer's tick."""
        self._woken.set()

    def is_alive(self) -> bool:
        """Whether it still delivers."""
        return self._thread.is_alive()

    def stop(self, timeout: float) -> None:
        """Takes nothing new, and gives what is on its way `timeout` seconds to arrive."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout)
        self._pool.shutdown(wait=False)
        ends = time.monotonic() + timeout
        for _ in range(_AT_ONCE):
            self._free.acquire(timeout=max(0.0, ends - time.monotonic()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and self._take_one():
                    pass
            except Unavailable as error:
                log.warning("%s", error)  # the timer's tick wakes us
            except Exception:
                log.exception("the record can't be read; trying again")
            self._woken.wait(timeout=self._roads.next_free())
            self._stopping.wait(self._looked_at + _LOOKS_EVERY_SECONDS - time.monotonic())
            self._woken.clear()

    def _take_one(self) -> bool:
        """Hands one message to a thread; False when there is nothing to do, or nobody to do it."""
        if not self._free.acquire(blocking=False):
            return False
        message = None
        try:
            real = datetime.now(UTC)
            busy, full = self._roads.busy(), self._roads.full()
            message = deliveries.claim(self._store, self._holder, real, self._lease, busy, full)
        finally:
            if message is None:
                self._free.release()
        if message is None:
            self._looked_at = time.monotonic()
            return False
        self._roads.of(message.team_id).take(_lane(message))
        self._pool.submit(self._work, message, real + self._lease)
        return True

    def _work(self, message: Message, ours_until: datetime) -> None:
        try:
            with log_fields.bound(delivery=message.id):
                self._try_to_deliver(message, ours_until)
        finally:
            self._roads.of(message.team_id).leave(_lane(message))
            self._free.release()
            self._woken.set()

    def _note(self, how: Callable[..., None], message: Message, *what: Any, **more: Any) -> None:
        """Writes down what became of a message. Where the database can't be used it tries again
        for as long as the claim lasts: Slack may have the message, and only we know."""
        ends = time.monotonic() + self._lease.total_seconds()
        while True:
            try:
                how(self._store, message, *what, **more)
                self._watch("unknown" if State.UNKNOWN in what else _BECAME[how])
                return
            except Unavailable as error:
                if time.monotonic() > ends or self._stopping.wait(_NOTE_AGAIN_SECONDS):
                    raise
                log.warning("it is settled later: %s", error)

    def _try_to_deliver(self, message: Message, ours_until: datetime) -> None:
        try:
            self._deliver(message, ours_until)
        except Unavailable as error:
            log.warning("it waits: %s", error)
        except Exception:
            # The lease stays: the message comes back when it runs out, and is looked up then.
            log.exception("it could not be delivered")

    def _deliver(self, message: Message, ours_until: datetime) -> None:
        if message.kind is Kind.HOME:
            self._publish(message, ours_until)
            return
        if self._finder.is_needed(message) and not self._is_still_to_post(message):
            return
        try:
            prepare(self._store, message, self._now())
            drawn = draw(self._store, message)
            content = as_content(drawn) if drawn is not None else None
        except Exception as error:
            self._not_drawn(message, error)
            return
        if content is None:
            self._note(deliveries.drop, message, "its reason was gone")
        elif message.state is State.SENT:
            self._update(message, content, ours_until)
        else:
            self._post(message, content, ours_until)

    def _not_drawn(self, message: Message, error: Exception) -> None:
        """Nothing was sent, so there is nothing to look up."""
        if isinstance(error, Unavailable):
            log.warning("it waits: %s", error)
        else:
            log.error("it could not be drawn", exc_info=error)
        self._again(message, Failure(Outcome.NOT_DONE, "it could not be drawn"))

    def _publish(self, message: Message, ours_until: datetime) -> None:
        """Draws somebody's Home; twice does no harm."""
        try:
            prepare(self._store, message, self._now())
            view = draw_home(self._store, message)
        except Exception as error:
            self._not_drawn(message, error)
            return
        try:
            address = self._address(message)
            if self._is_late(message, ours_until):
                return
            self._slack(message).publish(address, view)
        except Exception as error:
            failed = failure(error)
            log.warning("the Home of person %s: %s", message.person_id, failed.error)
            if failed.outcome is Outcome.LOCKED_OUT and not self._is_hopeless(message, failed):
                self._locked_out(message, failed)
                return
            if not self._is_hopeless(message, failed):
                self._again(message, failed)
                return
        self._note(deliveries.drawn, message)

    def _post(self, message: Message, content: Content, ours_until: datetime) -> None:
        root = deliveries.root(self._store, message)
        if root is not None and not root.may_have_thread:
            self._note(deliveries.drop, message, "its thread is gone")
            return
        if root is not None and root.posted_ts is None:
            self._again(message, Failure(Outcome.NOT_DONE, "its thread isn't there yet"))
            return
        if deliveries.is_too_early(self._store, message):
            self._again(message, Failure(Outcome.NOT_DONE, "what it stands below isn't there yet"))
            return
        try:
            address = self._address(message)
        except Exception as error:
            failed = failure(error)
            if failed.outcome is Outcome.DOUBT:  # of a question; the message itself wasn't sent
                failed = replace(failed, outcome=Outcome.NOT_DONE)
            self._failed(message, failed)
            return
        if self._is_late(message, ours_until):
            return
        try:
            thread = thread_of(message, root)
            channel, ts = self._slack(message).post(address, content, message.delivery_id, thread)
        except Exception as error:
            self._failed(message, failure(error))
            return
        self._note(deliveries.posted, message, channel, ts, self._now())

    def _update(self, message: Message, content: Content, ours_until: datetime) -> None:
        if self._is_late(message, ours_until):
            return
        try:
            assert message.posted_channel is not None
            assert message.posted_ts is not None
            slack = self._slack(message)
            slack.update(message.posted_channel, message.posted_ts, content)
        except Exception as error:
            failed = failure(error)
            if failed.error in _FROZEN:
                self._note(deliveries.anew, message)
            elif failed.error == "message_not_found":
                self._note(deliveries.taken_away, message)
            elif failed.outcome is Outcome.DOUBT:
                # Drawing a card twice does no harm: no doubt is worth a look.
                self._again(message, failed)
            else:
                self._failed(message, failed)
            return
        self._note(deliveries.drawn, message)

    def _is_late(self, message: Message, ours_until: datetime) -> bool:
        """Whether our claim may end before a call does. The machine slept, say, and somebody else
        has posted the message meanwhile, or drawn a newer state of the card."""
        late = datetime.now(UTC) + self._call_takes > ours_until
        if late:
            self._again(message, Failure(Outcome.NOT_DONE, "the claim had run out"))
        return late

    def _failed(self, message: Message, failed: Failure) -> None:
        log.warning("not delivered: %s", failed.error)
        if failed.outcome is Outcome.DOUBT:
            until = datetime.now(UTC) + self._pause(message, self._settle)
            self._note(deliveries.doubt, message, until, failed.error)
        elif self._is_hopeless(message, failed):
            state = State.SENT if message.state is State.SENT else State.FAILED
            self._note(deliveries.fail, message, state, failed.error, self._now())
        elif failed.outcome is Outcome.LOCKED_OUT:
            self._locked_out(message, failed)
        else:
            self._again(message, failed)

    def _locked_out(self, message: Message, failed: Failure) -> None:
        """Nothing can be told in this workspace for a while, or ever."""
        wait = self._pause(message, _FIRST_WAIT)
        self._roads.of(message.team_id).close(wait.total_seconds())
        self._again(message, failed)
        with suppress(SlackClientError, OSError):  # then the next try tells
            if self._clients.forget_lost(message.team_id):
                workspaces.set_aside(self._store, message.team_id)

    def _again(self, message: Message, failed: Failure) -> None:
        # What has no answer may still be on its way: it would draw an older state over the newer.
        base = self._settle if failed.outcome is Outcome.DOUBT else _FIRST_WAIT
        wait = self._pause(message, base)
        if failed.retry_after is not None:
            wait = timedelta(seconds=failed.retry_after)
        self._note(deliveries.retry, message, datetime.now(UTC) + wait, failed.error)

    def _pause(self, message: Message, base: timedelta) -> timedelta:
        factor: int = 2 ** min(message.attempts, 10)
        return min(base * factor, _LONGEST_WAIT)

    def _is_still_to_post(self, message: Message) -> bool:
        """Looks for a message that Slack may have; settles it when it is found."""
        try:
            found = self._finder.find(message)
        except CannotTell as unknown:
            self._note(deliveries.fail, message, State.UNKNOWN, str(unknown), self._now())
            return False
        except Exception as error:
            failed = failure(error)
            wait = timedelta(seconds=failed.retry_after or 0) or self._pause(message, self._settle)
            until = datetime.now(UTC) + wait
            self._note(deliveries.doubt, message, until, failed.error)
            return False
        if found is None:
            return True
        channel, ts = found
        self._note(deliveries.posted, message, channel, ts, self._now(), stale=True)
        return False

    def _address(self, message: Message) -> str:
        """Where to post. Slack takes messages to a deactivated person without a word
        (github.com/slackapi/python-slack-sdk/issues/1156), so it is asked about people that it
        wasn't asked about lately; where that is too many at once, the rest are as they were.

        Raises Gone, and what the client raises when Slack can't say.
        """
        if message.channel_id is not None:
            return message.channel_id
        assert message.person_id is not None
        slack_id = self._slack_id(message.person_id)
        person = people.known(self._store, message.team_id, slack_id, self._now())
        if person is None:
            ask = self._directory.person
            who = {"team_id": message.team_id, "slack_id": slack_id}
            try:
                person = self._slack(message).call("users.info", ask, **who)
            except Exception as error:
                if failure(error).retry_after is None:
                    raise
                person = deliveries.person(self._store, message.person_id)
        if person.is_gone:
            raise Gone
        return slack_id

    def _is_hopeless(self, message: Message, failed: Failure) -> bool:
        if failed.outcome is Outcome.LOCKED_OUT and not self._clients.gives_up:
            return False
        few = failed.outcome in (Outcome.REFUSED, Outcome.LOCKED_OUT)
        return failed.outcome is Outcome.OVER or (few and message.attempts >= _TRIES)

    def _slack(self, message: Message) -> Slack:
        """The workspace that a message is for. Raises NotInstalled, and NotRefreshed."""
        return Slack(self._clients.of(message.team_id), self._roads.of(message.team_id))

    def _slack_id(self, person_id: int) -> str:
        return deliveries.person(self._store, person_id).slack_id or ""


def _lane(message: Message) -> str:
    """Where the message goes, as storage tells busy lanes apart."""
    if message.kind is Kind.HOME:
        return message.key
    return message.channel_id or str(message.person_id)
