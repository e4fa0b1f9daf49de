"""Events that come minutes late, because the first delivery failed, after others that are newer:
what Slack says now counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt.request import BoltRequest

from operations import desks
from tests.handlers.world import SOCIAL, World, read, values
from tests.player import Player, labels, wait_until

TEAM = "T0LARKFIELD"
SIX_MINUTES = 360


def late(world: World, kind: str, **event: Any) -> None:
    """Slack's third attempt at an event of six minutes ago; it is acknowledged."""
    said = int(world.clock().timestamp()) - SIX_MINUTES
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": f"Ev0LATE{kind}{sorted(event.values())}",
        "event_time": said,
        "event": {"type": kind, "event_ts": f"{said}.000100", **event},
    }
    retry = {"x-slack-retry-num": "3", "x-slack-retry-reason": "http_timeout"}
    answer = world.app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=dict(retry)))
    assert answer.status == 200
    world.settle()


def person(player: Player, **more: str) -> dict[str, str]:
    return {"user": player.id, "channel": SOCIAL, "team": TEAM, **more}


def asleep(world: World) -> bool:
    desk = desks.find(world.store, TEAM, SOCIAL)
    assert desk is not None
    return desk.asleep


def test_that_it_was_removed_after_it_was_invited_again(world: World) -> None:
    world.set_up(world.ines)
    late(world, "channel_left", channel=SOCIAL)
    assert not asleep(world)
    assert not any("its desk sleeps" in read(m) for m in world.maya.dms())


def test_that_it_was_invited_after_it_was_removed(world: World) -> None:
    world.set_up(world.ines)
    world.maya.remove(SOCIAL)
    world.maya.wait_for_dm("its desk sleeps")
    bot = world.client.auth_test()["user_id"]
    late(world, "member_joined_channel", user=bot, channel=SOCIAL, inviter=world.maya.id)
    assert asleep(world)


def test_that_a_channel_was_archived_after_it_was_restored(world: World) -> None:
    world.set_up(world.ines)
    late(world, "channel_archive", channel=SOCIAL, user=world.maya.id)
    assert not asleep(world)


def test_that_a_channel_was_restored_after_it_was_archived(world: World) -> None:
    world.set_up(world.ines)
    world.maya.archive(SOCIAL)
    world.maya.wait_for_dm("its desk sleeps")
    late(world, "channel_unarchive", channel=SOCIAL, user=world.maya.id)
    assert asleep(world)


def covered(world: World) -> Callable[[], list[str]]:
    """Kenji covers for Ines, of whom approval is asked; the buttons on his card."""
    world.set_up(world.ines)
    world.ines.command(SOCIAL, "/standup away until friday")
    world.ines.submit(world.ines.wait_for_view("Away"), values(cover=world.kenji.id))
    world.told(world.ines, SOCIAL, "away")
    card = world.dm_card(world.kenji, world.draft(world.tom, "One", send=True))
    assert "Approve" in labels(card)
    return lambda: labels(world.kenji.again(card))


def test_that_somebody_left_after_they_came_back(world: World) -> None:
    buttons = covered(world)
    late(world, "member_left_channel", **person(world.kenji))
    assert "Approve" in buttons()


def test_that_somebody_came_after_they_left(world: World) -> None:
    buttons = covered(world)
    world.maya.remove(SOCIAL, world.kenji.id)
    wait_until(lambda: buttons() == ["Open"], "the card is small")
    late(world, "member_joined_channel", **person(world.kenji, inviter=world.maya.id))
    assert buttons() == ["Open"]


def test_where_slack_does_not_tell_the_event_is_believed(world: World) -> None:
    buttons = covered(world)
    world.forgiven.append("fault 500")
    world.playground.fault("users.conversations", "500")
    world.maya.remove(SOCIAL, world.kenji.id)
    wait_until(lambda: buttons() == ["Open"], "the card is small")


def test_a_reply_of_six_minutes_ago_is_kept_once_however_often_it_comes(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "One", send=True)
    card = world.channel_card(code)
    for _ in range(2):
        late(
            world,
            "message",
            **person(world.ines),
            text="Which cup?",
            ts="1900000000.000100",
            thread_ts=card["ts"],
        )
    told = [m for m in world.tom.dms() if "Which cup?" in read(m)]
    assert len(told) == 1
