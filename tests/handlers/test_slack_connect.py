"""Somebody of another company, in a channel that is shared with theirs (Slack Connect), sends
whatever anybody of the team could send: they get what people from outside may have, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.handlers.busy_day import INTERNAL
from tests.handlers.inside import Deed, Inside
from tests.handlers.test_other_workspace import one_of_each
from tests.handlers.world import PARTNERS
from tests.player import Json

pytestmark = pytest.mark.usefixtures("without_limits")

SAM = {"id": "U0SAM", "username": "sam", "name": "sam", "team_id": "T0PARTNERS"}

# Who they are as far as Slack says, and which events were heard.
NOTED = {"people", "seen_events"}
# What they may do, and where it is written down; of all else nothing is.
MAY = {
    ("event", "app_mention"): {"messages"},  # ask for a draft, which the team then writes
    ("action", "standup:too_much"): {"messages"},  # tell the managers of the channel they share
}


def as_stranger(inside: Inside, deed: Deed) -> tuple[Deed, Json]:
    """The same, done by somebody of another company in the channel that they share."""
    told = json.dumps(deed.payload).replace(INTERNAL, "Words")
    payload: Json = json.loads(told)
    payload["enterprise"] = {"id": "E0PARTNERS", "name": "Porter"}
    if "trigger_id" in payload:
        payload["trigger_id"] = inside.pg.new_trigger(SAM["id"])
    if deed.kind == "command":
        payload |= {"user_id": SAM["id"], "channel_id": PARTNERS, "channel_name": "partners"}
        payload |= {"enterprise_id": "E0PARTNERS"}
    elif deed.kind == "event":
        _as_event(payload)
    else:
        payload["user"] = dict(SAM)
        if "channel" in payload:
            payload["channel"] = {"id": PARTNERS, "name": "partners"}
            payload.get("container", {})["channel_id"] = PARTNERS
    return Deed(deed.kind, deed.name, SAM["id"], payload, deed.stack), payload


def _as_event(payload: Json) -> None:
    event: dict[str, Any] = payload["event"]
    payload["is_ext_shared_channel"] = True
    if isinstance(event.get("user"), str) and event["user"] != "U0PLAYBOT":
        event |= {"user": SAM["id"], "user_team": SAM["team_id"], "source_team": SAM["team_id"]}
        if isinstance(event.get("channel"), str) and not event["channel"].startswith("D"):
            event["channel"] = PARTNERS


@pytest.mark.timeout(600)
def test_what_they_send_shows_and_changes_nothing_of_the_teams(
    inside: Inside, deeds: list[Deed]
) -> None:
    inside.restore()
    before = inside.record()
    for deed in one_of_each(deeds):
        inside.restore()
        theirs, payload = as_stranger(inside, deed)
        seen = inside.hands_over(theirs, payload)
        assert INTERNAL not in seen.told, (str(deed), seen.told)
        assert not seen.unforeseen, (str(deed), seen.unforeseen)
        after = inside.record()
        changed = {table for table in before if before[table] != after[table]} - NOTED
        assert changed <= MAY.get(deed.listener, set()), (str(deed), changed)
