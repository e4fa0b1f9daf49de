"""A desk with much to click on, and what Slack sends for each click: distinct ones, so that each is
done and written."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import storage
from bench.slack import TEAM
from operations import desks, drafts, people
from operations.drafts import DraftForm
from rules.contents import Content
from rules.desks import DeskForm, Need
from rules.networks import Network
from rules.people import Person
from storage import Store, tables
from storage.messages import State
from storage.people import Profile
from storage.tables import decisions, messages

CHANNEL = "C0"
OWNER, APPROVERS = "U0OWNER", tuple(f"U0{number:02}" for number in range(3))
_TEXT = "Spring in a cup: the first harvest is here, and the shop is open until six. " * 3

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """What can be clicked: reviews that wait for a decision, and the desk of a new draft."""

    desk_id: int
    post_ids: tuple[int, ...]
    review_ids: tuple[int, ...]


def fill(url: str, posts: int) -> Work:
    """A desk with so many posts in review, whose cards are all in Slack."""
    storage.migrate(url)
    store = storage.open_store(url)
    owner, *approvers = (_person(store, slack_id) for slack_id in (OWNER, *APPROVERS))
    asked = tuple(person.id for person in approvers)
    form = DeskForm(asked, Need.ANY, (Network.X,), (owner.id,), "Europe/Rome")
    desk = desks.set_up(store, owner, CHANNEL, "social", form, _now())
    post_ids, review_ids = [], []
    for _ in range(posts):
        draft = DraftForm(uuid.uuid4().hex, Content(_TEXT, (Network.X,)), None, "", send=True)
        saved = drafts.create(store, owner, desk.id, draft, _now())
        assert saved.review is not None
        post_ids.append(saved.post.id)
        review_ids.append(saved.review.id)
    _deliver(store)
    store.close()
    return Work(desk.id, tuple(post_ids), tuple(review_ids))


def _person(store: Store, slack_id: str) -> Person:
    return people.remember(store, TEAM, Profile(slack_id, slack_id, "Europe/Rome", "en-US"), _now())


def _now() -> datetime:
    return datetime.now(UTC)


def _deliver(store: Store) -> None:
    """As if the courier had been here."""
    done = {"state": State.SENT, "pending": False, "posted_channel": CHANNEL}
    ts = sa.literal("1700000000.") + (messages.c.id + 1_000_000).cast(sa.Text)
    with store.write() as tx:
        tx.execute(messages.update().values(**done, posted_ts=ts, shown=messages.c.wanted))


def write(path: Path, payloads: Iterator[Json], most: int) -> Path:
    """The first ones, one a line."""
    lines = (json.dumps(payload) + "\n" for payload in islice(payloads, most))
    path.write_text("".join(lines), "utf-8")
    return path


def approvals(work: Work) -> Iterator[Json]:
    """Approve, on the card in the channel; of each post once."""
    for number, review_id in enumerate(work.review_ids):
        yield _click("review:approve", str(review_id), APPROVERS[number % len(APPROVERS)])


def openings(work: Work) -> Iterator[Json]:
    """Open, on the card in the channel."""
    for number in count():
        post_id = work.post_ids[number % len(work.post_ids)]
        yield _click("post:open", str(post_id), APPROVERS[number % len(APPROVERS)])


def home_visits() -> Iterator[Json]:
    """The approvers look at their Homes."""
    for number in count():
        who = APPROVERS[number % len(APPROVERS)]
        opened = {"type": "app_home_opened", "user": who, "channel": "D0", "tab": "home"}
        named = {"event_id": uuid.uuid4().hex, "team_id": TEAM, "api_app_id": "A0"}
        yield {"event": opened, "type": "event_callback", **named}


def comments(work: Work) -> Iterator[Json]:
    """The form Comment, sent again and again, on one post after the other."""
    for number in count():
        post_id = work.post_ids[number % len(work.post_ids)]
        memory = {"origin": CHANNEL, "answer": "", "post": post_id, "key": uuid.uuid4().hex}
        typed = {"comment": {"comment": {"type": "plain_text_input", "value": "Lovely."}}}
        yield _form("comment:write:submit", OWNER, memory, typed)


def new_drafts(work: Work) -> Iterator[Json]:
    """The form New draft, to be sent for approval at once."""
    while True:
        memory = {"origin": CHANNEL, "answer": "", "desk": work.desk_id, "key": uuid.uuid4().hex}
        text = {"type": "plain_text_input", "value": _TEXT}
        chosen = {"text": {"type": "plain_text", "text": "X"}, "value": "x"}
        send = {"text": {"type": "plain_text", "text": "Send"}, "value": "send"}
        typed = {
            "text": {"text": text},
            "networks": {"networks": {"type": "checkboxes", "selected_options": [chosen]}},
            "when_saved": {"when_saved": {"type": "radio_buttons", "selected_option": send}},
        }
        yield _form("draft:new:submit", OWNER, memory, typed)


def _click(action: str, value: str, who: str) -> Json:
    button = {
        "type": "button",
        "action_id": action,
        "block_id": "buttons",
        "text": {"type": "plain_text", "text": "Click"},
        "value": value,
        "action_ts": "1.0",
    }
    return {
        **_said_by("block_actions", who),
        "container": {"type": "message", "message_ts": "1.0", "channel_id": CHANNEL},
        "channel": {"id": CHANNEL, "name": "social"},
        "message": {"ts": "1.0", "text": _TEXT, "blocks": _card()},
        "state": {"values": {}},
        "response_url": "",
        "actions": [button],
    }


def kept(url: str) -> dict[str, int]:
    """How many of each there are: what was answered is only done when it is kept."""
    store = storage.open_store(url)
    made = {"Approve": decisions, "a comment": tables.comments, "a new draft": tables.posts}
    with store.read() as tx:
        found = {
            kind: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for kind, table in made.items()
        }
    store.close()
    return found


def _form(callback: str, who: str, memory: Json, typed: Json) -> Json:
    return {
        **_said_by("view_submission", who),
        "view": {
            "id": "V0",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": json.dumps(memory),
            "state": {"values": typed},
            "blocks": _card(),
            "title": {"type": "plain_text", "text": "Form"},
        },
        "response_urls": [],
    }


def _said_by(kind: str, who: str) -> Json:
    return {
        "type": kind,
        "user": {"id": who, "username": who, "name": who, "team_id": TEAM},
        "api_app_id": "A0",
        "token": "none",
        "team": {"id": TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": "1.2.3",
    }


def _card() -> list[Json]:
    """About as much as a card holds, which comes with every click."""
    text = {"type": "section", "text": {"type": "plain_text", "text": _TEXT}}
    return [{**text, "block_id": f"b{number}"} for number in range(4)]
