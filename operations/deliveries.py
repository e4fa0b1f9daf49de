"""The courier's side of the record: what is to be told, and how far it got.

All times here are real time, not the calendar's: moving the calendar must not end a lease.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from operations import escalations
from rules.desks import Desk
from rules.people import Person
from storage import (
    Store,
    desks,
    messages,
    occurrences,
    outbox,
    people,
    restores,
    standups,
)
from storage.messages import Kind, Message, State
from storage.restores import Restore

# Who is told when a message can't be delivered; their own notice of it is where that ends.
_TOLD_TO_MANAGERS = frozenset(Kind) - {Kind.TROUBLE, Kind.UNREACHABLE}

# https://docs.slack.dev/reference/methods/chat.postMessage/#errors; Slack itself doesn't say so of
# a deactivated person, the courier does.
_LEFT = frozenset({"user_disabled", "user_not_found"})

# Nobody there can be told of this either, until the app is installed again.
_LOCKED_OUT = frozenset(
    {
        *("account_inactive", "invalid_auth", "not_authed", "not_installed"),
        *("token_expired", "token_revoked"),
    }
)

_OF_MANY_POSTS = frozenset({Kind.DIGEST, Kind.PROMPT, Kind.REMINDERS, Kind.HOME})


def restored(store: Store) -> Restore | None:
    """When a backup last took the database's place, None where none did."""
    with store.read() as tx:
        return restores.latest(tx)


def claim(
    store: Store,
    holder: str,
    now: datetime,
    lease: timedelta,
    busy: Iterable[str] = (),
    full: Iterable[str] = (),
) -> Message | None:
    """Takes the oldest message with something to do, committed before Slack is called."""
    lanes = frozenset(busy), frozenset(full)
    if store.writes_one_by_one:
        # Where much waits for busy lanes it takes a while to see that nothing else does; who only
        # looks keeps no click waiting.
        with store.read() as tx:
            if not outbox.has_claimable(tx, now, *lanes):
                return None
    with store.write() as tx:
        return outbox.claim(tx, holder, now, lease, *lanes)


def posted(
    store: Store, message: Message, channel: str, ts: str, now: datetime, *, stale: bool = False
) -> None:
    """Slack has it, at this address, as it was drawn when it was claimed; `stale` where it was
    an earlier claim, so that a card is drawn anew."""
    with store.write() as tx:
        outbox.posted(tx, message, 0 if stale else message.wanted, channel, ts, now)


def drawn(store: Store, message: Message) -> None:
    """Slack shows the card as it was drawn when it was claimed."""
    with store.write() as tx:
        outbox.drawn(tx, message, message.wanted)


def retry(store: Store, message: Message, at: datetime, error: str) -> None:
    """It certainly did not happen: again at `at`."""
    with store.write() as tx:
        outbox.retry(tx, message, at, error)


def doubt(store: Store, message: Message, until: datetime, error: str) -> None:
    """It may have happened: to be looked up at `until`, before anything is sent again."""
    with store.write() as tx:
        outbox.doubt(tx, message, until, error)


def anew(store: Store, message: Message) -> None:
    """The card in Slack can't be changed any more: post it once more."""
    with store.write() as tx:
        outbox.anew(tx, message)


def taken_away(store: Store, message: Message) -> None:
    """Somebody deleted the message in Slack: it stays away."""
    with store.write() as tx:
        outbox.taken_away(tx, message)


def drop(store: Store, message: Message, reason: str) -> None:
    """Its reason is gone: it is not sent."""
    with store.write() as tx:
        outbox.drop(tx, message, reason)


def fail(store: Store, message: Message, state: State, error: str, now: datetime) -> None:
    """Nothing more can be done (FAILED), or told (UNKNOWN); the desk's managers hear it once."""
    with store.write() as tx:
        outbox.end(tx, message, state, error)
        if message.kind not in _TOLD_TO_MANAGERS or error in _LOCKED_OUT:
            return
        concerned = _desks(tx, message)
        unreachable = _unreachable(tx, message, error, concerned)
        for desk in unreachable:
            assert message.person_id is not None
            escalations.tell_unreachable(tx, desk, message.person_id, error, now)
        if message.desk_id is None or unreachable:
            return
        desk = concerned[0]
        # Once for each kind of trouble at each address, not once for each message; and again when
        # something got through there meanwhile.
        where = message.channel_id or f"person-{message.person_id}"
        person_id, channel_id = message.person_id, message.channel_id
        since = messages.last_delivered(tx, message.team_id, person_id, channel_id)
        about = f"unknown:{message.id}" if state is State.UNKNOWN else f"{where}:{error}:{since}"
        for manager in desk.managers:
            messages.add(
                tx,
                message.team_id,
                f"trouble:{desk.id}:{about}:{manager}",
                Kind.TROUBLE,
                now,
                desk_id=desk.id,
                person_id=manager,
                post_id=message.post_id,
                data={
                    "error": error,
                    "unknown": state is State.UNKNOWN,
                    "channel_id": message.channel_id,
                    "person_id": message.person_id,
                },
            )


def _desks(tx: sa.Connection, message: Message) -> list[Desk]:
    """The desks that a message is about; one that reminds of several things may name several."""
    ids = [message.desk_id]
    if message.kind is Kind.REMINDERS:
        ids = [each.desk_id for each in occurrences.of_message(tx, message.id)]
    return desks.by_ids(tx, message.team_id, {desk_id for desk_id in ids if desk_id is not None})


def _unreachable(
    tx: sa.Connection, message: Message, error: str, concerned: list[Desk]
) -> list[Desk]:
    """The desks at which somebody who left is still asked to approve something."""
    if message.person_id is None or error not in _LEFT:
        return []
    who = message.person_id
    return [desk for desk in concerned if escalations.waiting_at(tx, desk, who)]


def wait_for_changes(store: Store, message: Message) -> None:
    """To be called before what tells of many posts is drawn. Whoever changes one of them has it
    drawn anew; but who began with that before it was there didn't know of it, and may not be done
    yet."""
    if store.writes_one_by_one or message.kind not in _OF_MANY_POSTS:
        return
    if message.kind is not Kind.HOME and message.state is State.SENT:
        return
    with store.write() as tx:
        ids = {desk.id for desk in _desks(tx, message)}
        if message.kind is Kind.HOME:
            ids = set(message.data["desks"])
        elif message.kind is Kind.PROMPT and message.person_id is not None:
            ids = {standup.desk_id for standup in standups.of_person(tx, message.person_id)}
        desks.wait_for_changes(tx, ids)


def root(store: Store, message: Message) -> Message | None:
    """The message in whose thread this one stands, None where it stands alone."""
    if message.thread_of is None:
        return None
    with store.read() as tx:
        return messages.by_id(tx, message.thread_of)


def is_too_early(store: Store, message: Message) -> bool:
    """Whether something that is to stand above this one is still on its way. A hand-off says which
    of the messages below it is whose text, and each of those is one of several."""
    if message.kind is not Kind.HAND_OFF_TEXT:
        return False
    hand_off, _, number = message.key.rpartition(":")
    above = [hand_off, *(f"{hand_off}:{n}" for n in range(int(number)))]
    with store.read() as tx:
        found = messages.by_keys(tx, message.team_id, above)
    return any(each.state in (State.WAITING, State.SENDING) for each in found)


def person(store: Store, person_id: int) -> Person:
    """Whom a message is for."""
    with store.read() as tx:
        return people.by_ids(tx, [person_id])[person_id]


def direct_channel(store: Store, person_id: int) -> str | None:
    """The channel of a person's direct messages, where it is known."""
    with store.read() as tx:
        return messages.direct_channel(tx, person_id)
