"""What Slack tells of people, and what is then known of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from operations import people
from rules.people import Person
from storage import messages
from storage.messages import Kind
from tests.handlers.world import SOCIAL, World
from tests.player import Player, wait_until


def known(world: World, who: Player) -> Person | None:
    return people.remembered(world.store, "T0LARKFIELD", who.id)


def asked_about(world: World, who: Player) -> int:
    """How often Slack was asked who somebody is."""
    return sum(call["args"]["user"] == who.id for call in world.playground.calls("users.info"))


def heard_of(world: World, changes: int) -> None:
    """Waits until the bot has acknowledged so many changes of people."""

    def acked() -> bool:
        log = world.playground.log()
        acked = {e["detail"].get("envelope_id") for e in log if e["name"].startswith("ack ")}
        sent = [e for e in log if e["direction"] == "in" and "user_change" in e["name"]]
        return sum(e["detail"]["envelope_id"] in acked for e in sent) >= changes

    wait_until(acked, f"{changes} changes of people are acknowledged")


def meet(world: World, who: Player) -> None:
    who.command(SOCIAL, "/desk queue")
    wait_until(lambda: known(world, who), f"{who.id} is known")


def test_a_new_time_zone_is_known_at_once(world: World) -> None:
    meet(world, world.tom)
    world.playground.change_person("U0TOM", tz="Asia/Tokyo", real_name="Tom Sato", locale="it-IT")
    heard_of(world, 1)
    tom = known(world, world.tom)
    assert tom is not None
    assert (tom.time_zone, tom.name, tom.locale) == ("Asia/Tokyo", "Tom Sato", "it-IT")


def test_somebody_who_left_is_known_to_be_gone(world: World) -> None:
    meet(world, world.tom)
    world.playground.change_person("U0TOM", deleted=True)
    heard_of(world, 1)
    tom = known(world, world.tom)
    assert tom is not None
    assert tom.is_gone


def test_who_was_never_met_is_nobodys_business(world: World) -> None:
    world.playground.change_person("U0TOM", tz="Asia/Tokyo")
    heard_of(world, 1)
    assert known(world, world.tom) is None
    assert asked_about(world, world.tom) == 0


def test_what_is_no_news_costs_no_call(world: World) -> None:
    """In a big workspace every new status comes as such an event."""
    meet(world, world.tom)
    before = asked_about(world, world.tom)
    world.playground.change_person("U0TOM", color="000000")
    heard_of(world, 1)
    assert asked_about(world, world.tom) == before


def test_an_event_that_comes_late_changes_nothing_back(world: World) -> None:
    meet(world, world.tom)
    world.playground.change_person("U0TOM", tz="Asia/Tokyo")
    world.playground.change_person("U0TOM", tz="Europe/Oslo")
    heard_of(world, 2)
    world.again("event", "Asia/Tokyo")
    tom = known(world, world.tom)
    assert tom is not None
    assert tom.time_zone == "Europe/Oslo"


@pytest.mark.parametrize("zone", ["Mars/Olympus", ""])
def test_a_zone_that_is_not_known_here_counts_as_utc(world: World, zone: str) -> None:
    meet(world, world.tom)
    world.playground.change_person("U0TOM", tz=zone)
    heard_of(world, 1)
    tom = known(world, world.tom)
    assert tom is not None
    assert tom.time_zone == "UTC"


def test_who_cant_be_asked_about_now_gets_their_message_all_the_same(world: World) -> None:
    """Five hundred mornings come at once, and Slack answers a hundred questions a minute."""
    meet(world, world.tom)
    tom = known(world, world.tom)
    assert tom is not None
    before = asked_about(world, world.tom)
    world.forgiven.append("ratelimited")
    world.playground.fault("users.info", "429", retry_after=60)
    world.clock.at += timedelta(days=1)
    with world.store.write() as tx:
        messages.add(tx, tom.team_id, "one", Kind.HELP, world.clock(), person_id=tom.id)
    world.courier.wake()
    world.tom.wait_for_dm("Copydesk")
    assert asked_about(world, world.tom) == before + 1
