"""Nothing of a desk is shown to, or changed by, somebody who is not in its channel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from slack_bolt.request import BoltRequest

from handlers.ids import Action, Field, Form
from rules.access import May
from storage.tables import decisions, desks, posts, reviews, targets, versions
from tests.handlers.conftest import a_strict_world
from tests.handlers.world import BRAND, SOCIAL, World
from tests.player import Player, wait_until

SECRET = "quince"
RECORD = (desks, posts, targets, versions, reviews, decisions)


@pytest.fixture
def secret(world: World) -> World:
    """A desk in a private channel that Tom isn't in, with a post in review and a draft; and one
    that he is in."""
    return prepared(world)


@pytest.fixture(scope="module")
def untouched(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same for several tests, of which none may change anything."""
    with a_strict_world(empty_database, tmp_path_factory.mktemp("untouched")) as world:
        yield prepared(world)


def prepared(world: World) -> World:
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    world.set_up(world.ines)
    world.draft(world.maya, f"The {SECRET} is coming", send=True, channel=BRAND, notes=SECRET)
    world.draft(world.maya, f"More {SECRET}", channel=BRAND)
    return world


def everything(world: World) -> dict[str, list[Any]]:
    with world.store.read() as tx:
        return {table.name: list(tx.execute(sa.select(table))) for table in RECORD}


def sees(who: Player) -> str:
    """All that is on somebody's screen, wherever they look."""
    state = who.state()
    channels = [channel["id"] for channel in state["channels"] if channel["is_member"]]
    shown = [who.messages(channel) for channel in channels]
    return json.dumps([state["views"], state["home"], shown, who.dms()])


def every_value() -> list[str]:
    """What a button's value may be: ids of each kind, of either post."""
    ids = ["1", "2"]
    return [*ids, "1:1", "2:1", BRAND, *(f"{choice}:{i}" for choice in May for i in ids)]


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.SETUP])
def test_no_button_reaches_another_desk(untouched: World, action: Action) -> None:
    before = everything(untouched)
    values = every_value() if action is Action.MORE else every_value()[:5]
    for value in values:
        untouched.tom.click(untouched.plant(SOCIAL, action, value), "Open")
        assert SECRET not in sees(untouched.tom), f"{action} with {value}"
    untouched.settle()
    assert everything(untouched) == before


@pytest.mark.parametrize("form", [f for f in Form if f.endswith("submit") and f is not Form.SETUP])
def test_no_form_reaches_another_desk(untouched: World, form: Form) -> None:
    before = everything(untouched)
    for post in (1, 2):
        memory = {"post": post, "review": 1, "desk": 2, "version": 1, "seen": 1, "key": "forged"}
        memory |= {"verdict": "approve", "choice": "hold", "origin": SOCIAL, "answer": ""}
        memory |= {"desk": 1, "asked": 1}
        untouched.app.dispatch(
            BoltRequest(mode="socket_mode", body=submitted(untouched, form, memory))
        )
        assert SECRET not in sees(untouched.tom)
    untouched.settle()
    assert everything(untouched) == before


def submitted(world: World, form: Form, memory: dict[str, Any]) -> dict[str, Any]:
    """A form that Tom submits with ids that were never given to him."""
    typed = {"type": "plain_text_input", "value": "forged"}
    chosen = {"selected_option": {"value": "1"}, "selected_options": [{"value": "x"}]}
    people = {"selected_users": ["U0TOM"], "selected_user": "U0TOM", "selected_time": "09:00"}
    state = {field: {field: {**typed, **chosen, **people}} for field in Field}
    return {
        "type": "view_submission",
        "team": {"id": world.client.auth_test()["team_id"]},
        "user": {"id": "U0TOM"},
        "trigger_id": "1.2.forged",
        "view": {
            "id": "V0FORGED",
            "type": "modal",
            "callback_id": form,
            "private_metadata": json.dumps(memory),
            "state": {"values": state},
        },
    }


@pytest.mark.parametrize(
    "command",
    [
        "/desk history P-1",
        "/desk history P-2",
        "/desk queue",
        "/desk posts",
        "/desk find coming",
        "/desk",
        "/desk settings",
    ],
)
def test_no_command_shows_another_desk(secret: World, command: str) -> None:
    secret.tom.command(SOCIAL, command)
    secret.settle()
    assert SECRET not in sees(secret.tom)


@pytest.mark.parametrize("command", ["history P-1", "history P-2", "queue", "posts", "find coming"])
def test_no_mention_shows_another_desk(secret: World, command: str) -> None:
    secret.tom.say(SOCIAL, f"@Copydesk {command}")
    told = secret.told(secret.tom, SOCIAL, "This opens it, for you alone:")
    secret.tom.click(told, "desk:said")
    secret.settle()
    assert SECRET not in sees(secret.tom)


@pytest.mark.parametrize("said", ["draft Mine", "setup", "settings", "help"])
def test_a_forged_word_reaches_no_other_desk(secret: World, said: str) -> None:
    before = everything(secret)
    secret.tom.click(secret.plant(SOCIAL, Action.SAID, said), "Open")
    assert SECRET not in sees(secret.tom)
    assert BRAND not in sees(secret.tom)
    assert everything(secret) == before


def test_a_new_draft_offers_no_other_desk(secret: World) -> None:
    secret.tom.shortcut("draft:new")
    assert "brand-private" not in json.dumps(secret.tom.wait_for_view("New draft"))


def test_the_home_shows_no_other_desk(secret: World) -> None:
    secret.tom.open_home()
    wait_until(lambda: secret.tom.state()["home"], "the Home is drawn")
    assert SECRET not in sees(secret.tom)
    assert BRAND not in sees(secret.tom)


def test_who_leaves_sees_it_no_more(secret: World) -> None:
    secret.lea.open_home()
    wait_until(lambda: BRAND in json.dumps(secret.lea.state()["home"]), "Lea's Home has the desk")
    secret.maya.remove(BRAND, "U0LEA")
    wait_until(lambda: BRAND not in json.dumps(secret.lea.state()["home"]), "and has it no more")
    secret.lea.command(SOCIAL, "/desk find coming")
    assert SECRET not in sees(secret.lea)


def test_a_draft_is_its_owners_business(secret: World) -> None:
    """In their own desk too: until it is sent, it is the owner's and the managers'."""
    secret.draft(secret.ines, f"A {SECRET} of mine")
    secret.tom.command(SOCIAL, "/desk posts")
    secret.tom.command(SOCIAL, "/desk find mine")
    assert SECRET not in sees(secret.tom)
    secret.maya.command(SOCIAL, "/desk find mine")
    assert SECRET in json.dumps(secret.maya.views())
