"""What the database says against what Slack shows: each message exactly once, each card true."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

from handlers.comments import words
from handlers.courier.drawing import draw
from handlers.courier.slack import METADATA, as_content
from operations import posts
from storage import Store, messages
from storage.messages import Kind, Message, State
from storage.tables import messages as table
from tests.player import DEADLINE_SECONDS, Json, Playground, wait_until


def rows(store: Store) -> list[sa.Row[Any]]:
    """Everything that was noted to be told, oldest first."""
    with store.read() as tx:
        return list(tx.execute(sa.select(table).order_by(table.c.id)))


def row(store: Store, key: str) -> sa.Row[Any]:
    """The message that was noted under a key."""
    return next(found for found in rows(store) if found.key == key)


def wait_settled(store: Store, timeout: float = DEADLINE_SECONDS) -> None:
    """Until the courier has nothing left to do."""

    def is_settled() -> bool:
        return not any(row.pending for row in rows(store))

    try:
        wait_until(is_settled, "the courier has done everything", timeout)
    except AssertionError as error:
        left = [f"{r.key}: {r.state}, {r.error}" for r in rows(store) if r.pending]
        raise AssertionError(f"{error}; left: {left}") from None


def in_slack(playground: Playground) -> list[Json]:
    """What the bot has posted for all to see, or to somebody's direct messages, and still stands;
    ephemeral answers are not among it."""
    bot = playground.player("U0MAYA").state()["app"]["bot_user_id"]
    return [
        message
        for message in playground.all_messages()
        if message["user"] == bot and not message.get("subtype")  # "has joined the channel"
        if not message["ephemeral_to"] and not message["deleted"]
    ]


def differences(
    playground: Playground,
    store: Store,
    settled: Collection[str] = (),
    strays: Collection[str] = (),
) -> list[str]:
    """What is wrong, one sentence each. `settled`: the keys of messages that need no longer show
    what is true; `strays`: the ts of those that the record has forgotten since. A Home is no
    message."""
    found: list[str] = []
    by_delivery: dict[str, list[Json]] = defaultdict(list)
    for posted in in_slack(playground):
        metadata = posted["contents"][0].get("metadata") or {}
        if posted["ts"] in strays:
            continue
        if metadata.get("event_type") != METADATA:
            found.append(f"not the courier's: {posted['text']!r} in {posted['channel']}")
            continue
        by_delivery[metadata["event_payload"]["delivery"]].append(posted)
    for noted in rows(store):
        if noted.kind == Kind.HOME:
            continue
        shown = by_delivery.pop(noted.delivery_id, [])
        what_is_wrong = _wrong(store, noted, shown, is_true=noted.key not in settled)
        found += [f"{noted.key} ({noted.state}): {what}" for what in what_is_wrong]
    for others in by_delivery.values():
        found += [f"in Slack, but not noted: {other['text']!r}" for other in others]
    return found


def check(playground: Playground, store: Store, strays: Collection[str] = ()) -> None:
    """Waits until the courier is done, then compares. Raises AssertionError with every difference.

    Notes FAILED, DROPPED and UNKNOWN are for the test to judge; here they are only never shown, or
    in the last case at most once.
    """
    wait_settled(store)
    found = differences(playground, store, strays=strays)
    assert not found, "\n".join(found)


def _wrong(store: Store, noted: sa.Row[Any], shown: list[Json], *, is_true: bool) -> list[str]:
    if noted.state == State.UNKNOWN:
        return [] if len(shown) < 2 else [f"{len(shown)} times in Slack"]
    was_deleted = noted.state == State.SENT and not noted.live and noted.error is not None
    expected = 1 if noted.state == State.SENT and not was_deleted else 0
    if len(shown) != expected:
        return [f"{len(shown)} times in Slack, not {expected}"]
    if not shown:
        return []
    wrong = []
    at = (shown[0]["channel"], shown[0]["ts"])
    if at != (noted.posted_channel, noted.posted_ts):
        wrong.append(f"at {at}, not at {(noted.posted_channel, noted.posted_ts)}")
    # One that can't be changed any more has its error; the manager was told. Or it is there anew.
    if noted.error is None and is_true and noted.kind != Kind.EARLIER:
        wrong += _untrue(store, noted, shown[0])
    return wrong


def _untrue(store: Store, noted: sa.Row[Any], shown: Json) -> list[str]:
    with store.read() as tx:
        message = messages.by_key(tx, noted.team_id, noted.key)
    assert isinstance(message, Message)
    wrong = _differs(store, message, shown)
    if wrong and message.kind is Kind.COMMENT_KEPT:
        # Said once: whether the post is cancelled it says as of then.
        assert message.post_id is not None
        code = posts.show(store, noted.team_id, message.post_id).post.code
        wrong = _differs(store, message, shown, but_for=f" {words.cancelled(code)}")
    if wrong and message.kind is Kind.REMINDERS:
        # What was dealt with before it was sent is not in it, until it is drawn anew.
        wrong = _differs(store, replace(message, state=State.SENDING, shown=0), shown)
    return wrong


def _differs(store: Store, message: Message, shown: Json, but_for: str = "") -> list[str]:
    """What Slack shows of a message that isn't as we would draw it, `but_for` a sentence that may
    stand in the one and not in the other."""
    drawn = draw(store, message)
    if drawn is None:
        return []
    wanted, got = _without(as_content(drawn), but_for), _without(shown["contents"][-1], but_for)
    wrong = []
    if got["text"] != wanted["text"]:
        wrong.append(f"says {got['text']!r}, not {wanted['text']!r}")
    for theirs, ours in different_blocks(got.get("blocks", []), wanted["blocks"]):
        wrong.append(f"shows {theirs}, not {ours}")
    return wrong


def _without(content: Mapping[str, Any], sentence: str) -> Json:
    kept: Json = json.loads(json.dumps(content).replace(sentence, "")) if sentence else {**content}
    return kept


def different_blocks(got: list[Json], wanted: list[Json]) -> list[tuple[Json, Json]]:
    """What Slack shows and what it should, block by block; it makes the ids that weren't given."""
    pairs: Iterable[tuple[Json, Json]] = zip_longest(got, wanted, fillvalue={})
    as_ours = [({**theirs, "block_id": ours.get("block_id")}, ours) for theirs, ours in pairs]
    return [(got, ours) for got, ours in as_ours if got != {"block_id": None, **ours}]
