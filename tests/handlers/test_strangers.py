"""Whatever is put into a payload, every listener answers: no error of ours, no silence, and nothing
that Slack would refuse.

The payloads are those that a played desk gives (see deeds.py), with something taken out, put in, or
put in the place of something else. More of it: COPYDESK_STRANGERS=500 make test
ARGS=tests/handlers/test_strangers.py.
"""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from handlers.app import FEATURES
from tests.handlers.deeds import nearest
from tests.handlers.forging import Path, packed, places, put, take, unpacked
from tests.handlers.inside import Deed, Inside, Seen, Unreadable
from tests.player import Json

pytestmark = pytest.mark.usefixtures("without_limits")

EXAMPLES = int(os.environ.get("COPYDESK_STRANGERS", "0"))


class _Registered:
    """A door that only notes what is attached to it."""

    def __init__(self) -> None:
        self.listeners: list[tuple[str, str]] = []
        for feature in FEATURES:
            feature.register(self)

    def __getattr__(self, kind: str) -> Any:
        def attach(name: str, *_: object) -> None:
            if kind != "anew":
                self.listeners.append(("action" if kind == "click" else kind, str(name)))

        return attach


LISTENERS = _Registered().listeners

# A number too large for a database, for a clock, for a calendar; what is no number, and looks so.
_NUMBERS = [0, -1, 1, 2, 2**31, 2**63, 10**30, 1.5, -(10**12)]
_TEXTS = ["", " ", "0", "-1", "1", "9" * 30, "٣", "²", "1:1", "1:", ":", "1:2:3", "hold:1", "P-1"]
_TEXTS += ["a\0b", "a\ud83db", "\ud800", "\u202e", "x" * 5000, "🎉" * 4000, "\n" * 400]
_TEXTS += ["<!channel>", "<@U0MAYA>", "&lt;!here&gt;", "'; DROP TABLE posts; --", "../../etc"]
_TEXTS += ["U0NOBODY", "C0NOWHERE", "D0NOBODY", "T0ELSEWHERE", "USLACKBOT", "U0DORA", "U0SAM"]
_TEXTS += ["2030-13-45", "0001-01-01", "9999-12-31", "25:61", "null", "true", "{}", "[]"]
_TEXTS += ["http://127.0.0.1:9/nowhere", "javascript:alert(1)", "linkedin", "none", "any"]
_OTHERS: list[Any] = [None, True, False, [], {}, [None], [[]], [{}], {"a": {"b": 1}}, [1, "a"]]


def _deep() -> Json:
    inside: Json = {}
    for _ in range(200):
        inside = {"a": [inside]}
    return inside


JUNK = [*_NUMBERS, *_TEXTS, *_OTHERS, _deep()]
EXTRA = ["extra", "text", "user", "view", "event", "command", "actions", "files", "thread_ts"]


@st.composite
def spoiled(draw: st.DrawFn, deed: Deed) -> list[tuple[str, Path, Any]]:
    """What to do to a payload, one thing after the other."""
    every = [at for at, _ in places(unpacked(deed.payload))]
    # Of all that a view or message shows the bot reads little; of the rest, much.
    read = [at for at in every if "blocks" not in at and "elements" not in at]
    way = st.one_of(st.sampled_from(read), st.sampled_from(read), st.sampled_from(every))
    junk = st.sampled_from(JUNK)
    put_in = st.tuples(st.just("put"), way, junk)
    taken = st.tuples(st.just("take"), way, st.none())
    added = st.tuples(
        st.just("put"), st.builds(lambda at, name: (*at, name), way, st.sampled_from(EXTRA)), junk
    )
    return draw(st.lists(st.one_of(put_in, put_in, taken, added), min_size=1, max_size=3))


def spoil(payload: Json, deeds: list[tuple[str, Path, Any]]) -> Json:
    opened = unpacked(payload)
    for how, at, value in deeds:
        if how == "take":
            take(opened, at)
        else:
            put(opened, at, copy.deepcopy(value))
    return packed(opened)


# What Slack says of what isn't there: a fair answer to a question about it.
_NOT_THERE = (
    "user_not_found",
    "users_not_found",
    "channel_not_found",
    "message_not_found",
    "file_not_found",
    "not_in_channel",
    "is_archived",
    "invalid_trigger_id",
    "exchanged_trigger_id",
    "expired_trigger_id",
    "invalid_url",
    "views.push: Refused: not_found",
    "views.update: Refused: not_found",
)


def check(inside: Inside, deed: Deed, payload: Json, seen: Seen) -> None:
    """Raises AssertionError where this isn't as it has to be."""
    assert seen.status == 200, seen
    assert not seen.unforeseen, [r.exc_info or r.getMessage() for r in seen.logged]
    refused = [p for p in seen.problems if not any(error in p for error in _NOT_THERE)]
    assert refused == []
    if deed.kind != "event" and can_be_answered(deed, payload):
        assert seen.is_answered, [r.getMessage() for r in seen.logged]


def can_be_answered(deed: Deed, payload: Json) -> bool:
    """Whether there is any way to the person who did it."""
    own = deed.payload
    if deed.kind in ("command", "form", "options") and payload.get("type") == own.get("type"):
        return True
    view = own.get("view") or {}
    if view.get("previous_view_id") not in (None, view.get("root_view_id")):
        return False  # on two others already, and what it was is no longer told
    trigger = payload.get("trigger_id")
    is_theirs = isinstance(trigger, str) and trigger.count(".") == 2
    url = own.get("response_url")
    return is_theirs or (bool(url) and payload.get("response_url") == url)


@pytest.mark.parametrize(("kind", "name"), LISTENERS, ids=[" ".join(x) for x in LISTENERS])
@settings(
    max_examples=EXAMPLES or 12,
    derandomize=not EXAMPLES,
    deadline=None,
    # What fails is read from the changes that are noted; made smaller it is hardly clearer.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_every_listener(
    inside: Inside, deeds: list[Deed], kind: str, name: str, data: st.DataObject
) -> None:
    own = nearest(deeds, kind, name)
    deed = data.draw(st.sampled_from(own))
    changes = data.draw(spoiled(deed))
    payload = spoil(inside.fresh(deed), changes)
    note(f"{deed}: {changes}")
    inside.restore()
    try:
        seen = inside.hands_over(deed, payload, delivers=True)
    except Unreadable:
        return  # Bolt can't tell whose it is: both doors turn it away before anybody listens
    check(inside, deed, payload, seen)


VALUE: Path = ("actions", 0, "value")
BASE: Path = ("view", "private_metadata", "base")

# What was found, each a defect of its own.
FOUND: list[tuple[str, str, list[tuple[str, Path, Any]]]] = [
    ("action", "absence:cover", [("put", VALUE, "999")]),
    ("action", "digest:answers", [("put", VALUE, "999:0")]),
    ("action", "digest:recap", [("put", VALUE, "1:99999999")]),
    ("action", "comment:write", [("put", VALUE, "x")]),
    ("action", "comment:said_yes", [("put", VALUE, "x")]),
    ("action", "comment:said_yes", [("put", VALUE, "9" * 30)]),
    ("form", "content:alt_text:submit", [("put", BASE, [1, 99])]),
    ("form", "draft:edit:submit", [("put", BASE, "1")]),
    ("form", "draft:edit:submit", [("take", BASE, None)]),
    ("form", "nudge:reassign:submit", [("put", ("view", "private_metadata", "place"), 999)]),
    ("form", "review:comment:submit", [("put", ("view", "private_metadata", "review"), [])]),
    ("form", "review:comment:submit", [("take", ("view", "type"), None)]),
    ("form", "desk:settings:submit", [("put", ("view", "state"), [])]),
    ("form", "post:reason:submit", [("put", ("view", "app_installed_team_id"), "a\ud83db")]),
    ("action", "desk:settings", [("put", ("actions", 0), "-1")]),
    ("action", "desk:settings", [("put", ("actions",), "x")]),
    ("action", "desk:settings", [("take", ("actions", 0, "action_id"), None)]),
    ("action", "desk:settings", [("put", ("response_url",), "x")]),
    ("action", "digest:answers:on", [("take", ("trigger_id",), None)]),
    ("action", "list:open", [("put", ("view", "type"), [None])]),
    ("event", "app_home_opened", [("put", ("event",), "1:")]),
    ("event", "app_home_opened", [("put", ("event", "user"), "U0NOBODY")]),
    ("event", "reaction_added", [("put", ("event", "item"), "x")]),
    ("event", "user_change", [("put", ("event", "user", "profile"), [1])]),
]


@pytest.mark.parametrize(("kind", "name", "changes"), FOUND)
def test_what_was_found(
    inside: Inside,
    deeds: list[Deed],
    kind: str,
    name: str,
    changes: list[tuple[str, Path, Any]],
) -> None:
    deed = nearest(deeds, kind, name)[0]
    payload = spoil(inside.fresh(deed), changes)
    inside.restore()
    try:
        seen = inside.hands_over(deed, payload)
    except Unreadable:
        return
    check(inside, deed, payload, seen)


def test_all_that_is_attached_is_tried(inside: Inside) -> None:
    """Nothing is attached to the app past the features, where it would not be tried here: it has
    one listener of each kind."""
    assert len(inside.app._listeners) == len({kind for kind, _ in LISTENERS})
    assert len(set(LISTENERS)) == len(LISTENERS)


def test_all_that_can_be_done_is_answered(inside: Inside, deeds: list[Deed]) -> None:
    """The payloads as Slack sends them: nothing is refused that the bot says."""
    for deed in deeds:
        inside.restore()
        payload = inside.fresh(deed)
        check(inside, deed, payload, inside.hands_over(deed, payload, delivers=True))
