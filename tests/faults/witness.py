"""What the bot has acknowledged, by the playground's log, against what the record has of it.

An acknowledgement says that it is done (or the person reads why not), so it must be in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from handlers.clicks import ClickOutcome
from handlers.ids import Action, Form
from rules.reviews import Verdict
from storage import Store
from storage.history import Event
from storage.tables import answers, decisions, history, messages, metadata, people
from tests.player import Json, Playground

_WORD = re.compile(r"zq\d+zq")
_CLOCK_SECONDS = 0.1
"""How much the times of a log's lines and of the playground's differ."""

_ANSWERED = re.compile(r"Answered\. kind=\S+ action=(\S+) outcome=(\S+) .*\buser=(\w+)")
_KEEP_THE_LAST = frozenset({Form.STANDUP_ANSWER, Form.RECAP, Form.PUBLISH, Form.CAMPAIGN})
"""Forms that put what is written in the place of what was there."""

_EVENTS = {
    Action.CANCEL: {Event.CANCELLED},
    Action.RESTORE: {Event.RESTORED},
    Action.BACK_TO_DRAFT: {Event.BACK_TO_DRAFT},
    Action.TAKE_OFF_HOLD: {Event.TAKEN_OFF_HOLD},
    Action.SEND: {Event.SENT, Event.PASSED},
}


@dataclass(frozen=True, slots=True)
class Acked:
    """A payload that the app has acknowledged, with the answer that was in that. `sent` and `at`
    are unix seconds."""

    payload: Json
    answer: Json
    sent: float
    at: float

    @property
    def user(self) -> str:
        event = self.payload.get("event", {})
        user = self.payload.get("user") or event.get("user") or {}
        return str(user.get("id", "")) if isinstance(user, dict) else str(user)

    @property
    def action(self) -> str:
        """What the log calls it."""
        if self.payload.get("type") == "view_submission":
            return str(self.payload["view"]["callback_id"])
        if self.payload.get("type") == "block_actions":
            return str(self.payload["actions"][0]["action_id"])
        return str(self.payload.get("event", {}).get("type", ""))

    def is_answered_by(self, action: str, user: str, at: float) -> bool:
        """Whether a line of the log, of that moment, is about this."""
        about = (action, user) == (self.action, self.user)
        return about and self.sent - _CLOCK_SECONDS <= at <= self.at + _CLOCK_SECONDS


def acknowledged(playground: Playground) -> list[Acked]:
    """Each acknowledgement there was, repeated ones too."""
    log = playground.log()
    assert log[0]["n"] == 1, "the playground's log is too short for this day"
    sent: dict[str, Json] = {}
    found = []
    for entry in log:
        envelope_id = entry["detail"].get("envelope_id")
        if entry["direction"] == "in" and envelope_id:
            sent[envelope_id] = entry
        elif entry["name"].startswith("ack ") and envelope_id in sent:
            began = entry["at"] - entry["detail"]["seconds"]
            answer = entry["detail"]["ack"] or {}
            payload = sent[envelope_id]["detail"]["payload"]
            found.append(Acked(payload, answer, began, entry["at"]))
    return found


def missing(playground: Playground, store: Store, log: str) -> Iterator[str]:
    """What was acknowledged and isn't in the record, a sentence each."""
    acked = acknowledged(playground)
    entries = playground.log()
    sent = [e["detail"]["payload"] for e in entries if "payload" in e["detail"]]
    refused = list(_refused(log))
    words = recorded(store)
    for one in acked:
        if _words(one.payload):
            about = _written(one, sent, words) if _is_kept(one, store) else ""
        else:
            about = _clicked(one, store)
        if about and not any(one.is_answered_by(*each) for each in refused):
            yield f"acknowledged, but not in the record: {about} by {one.user}"


def twice(store: Store) -> Iterator[str]:
    """What was written once and stands in the record twice."""
    for table, column in (("comments", "text"), ("posts", "creation_key")):
        chosen = metadata.tables[table]
        with store.read() as tx:
            rows = tx.execute(sa.select(chosen.c[column])).scalars().all()
        yield from (f"{rows.count(row)} {table}: {row}" for row in set(rows) if rows.count(row) > 1)
    first = sa.select(metadata.tables["versions"].c.text).filter_by(number=1)
    with store.read() as tx:
        texts = tx.execute(first).scalars().all()
    words = [word for text in texts for word in set(_WORD.findall(text))]
    yield from (f"{words.count(w)} posts begin with {w}" for w in set(words) if words.count(w) > 1)


def recorded(store: Store) -> frozenset[str]:
    """Every word of an act that stands anywhere in the database."""
    with store.read() as tx:
        rows = [row for table in metadata.sorted_tables for row in tx.execute(sa.select(table))]
    return frozenset(_WORD.findall(repr([tuple(row) for row in rows])))


def _words(payload: Json) -> set[str]:
    """What a person has typed, in a form or in a message."""
    if payload.get("type") == "view_submission":
        return set(_WORD.findall(repr(payload["view"]["state"]["values"])))
    event = payload.get("event", {})
    written = event.get("type") == "message" and event.get("thread_ts") and not event.get("bot_id")
    return set(_WORD.findall(event["text"])) if written else set()


def _refused(log: str) -> Iterator[tuple[str, str, float]]:
    """What wasn't done as asked, and said so: the action, who, and when."""
    for line in log.splitlines():
        found = _ANSWERED.search(line)
        if found and found[2] != ClickOutcome.DONE:
            yield found[1], found[3], seconds(line)


def _is_kept(one: Acked, store: Store) -> bool:
    """A reply is a comment where it stands under a message about one post."""
    event = one.payload.get("event")
    if event is None:
        return True
    at = {"posted_channel": event["channel"], "posted_ts": event["thread_ts"]}
    with store.read() as tx:
        above = tx.execute(sa.select(messages.c.post_id).filter_by(**at)).scalar()
    return above is not None


def _written(one: Acked, sent: Sequence[Json], recorded: frozenset[str]) -> str:
    """What isn't in the record of a form or a reply; "" where all is."""
    answer = one.answer
    if answer.get("response_action") == "errors":
        return ""
    lost = _words(one.payload) - recorded
    if not lost or lost <= set(_WORD.findall(repr(answer))):  # a form that asks once more
        return ""
    form = one.payload.get("view", {}).get("callback_id", "")
    others = [other for other in sent if other.get("view", {}).get("callback_id") == form]
    if form in _KEEP_THE_LAST and any(_words(other) & recorded for other in others):
        return ""
    return f"{', '.join(sorted(lost))} ({form or 'a reply'})"


def _clicked(one: Acked, store: Store) -> str:
    """A click that nothing in the record tells of; "" where something does, or need not."""
    if one.payload.get("type") != "block_actions":
        return ""
    action = one.payload["actions"][0]
    name, value = action["action_id"], str(action.get("value", ""))
    with store.read() as tx:
        who = tx.execute(sa.select(people.c.id).filter_by(slack_id=one.user)).scalar()
        query = _evidence(name, value, who)
        if query is None or tx.execute(query).first() is not None:
            return ""
    return f"{name} {value}"


def _evidence(name: str, value: str, who: int | None) -> sa.Select[Any] | None:
    """A query for what must be there after a click; None for one that only shows something."""
    if name == Action.APPROVE:
        given = {"review_id": int(value), "person_id": who, "verdict": Verdict.APPROVE}
        return sa.select(decisions.c.id).filter_by(**given)
    if name == Action.UNDO:
        undone = decisions.c.undone_at.is_not(None)
        of = {"review_id": int(value), "person_id": who}
        return sa.select(decisions.c.id).filter_by(**of).where(undone)
    if name == Action.STANDUP_SKIP:
        return sa.select(answers.c.id).filter_by(person_id=who)
    if name in _EVENTS:
        post_id = int(value.partition(":")[0])
        query = sa.select(history.c.id).filter_by(post_id=post_id, actor_id=who)
        return query.where(history.c.event.in_(_EVENTS[Action(name)]))
    return None


def seconds(line: str) -> float:
    """When a line was logged, in unix seconds."""
    text = line.partition(" ")[0].removesuffix("Z")
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
