"""What is remembered of who is where, while people come and go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from handlers.directory import Directory
from tests.handlers.world import SOCIAL, World
from tests.player import wait_until

TEAM = "T0LARKFIELD"


def test_an_answer_from_before_somebody_came_is_not_remembered(world: World) -> None:
    """Otherwise they would see nothing of the desk for a minute."""
    directory = Directory(world.clients, world.store, world.clock)
    lea, slack = world.lea.id, world.playground
    world.maya.remove(SOCIAL, lea)
    slack.hold("users.conversations", "after")
    with ThreadPoolExecutor(1) as pool:
        before = pool.submit(directory.channels_of, TEAM, lea)
        wait_until(lambda: slack.get("/control/held")["held"], "Slack has answered")
        world.maya.invite(SOCIAL, lea)
        directory.forget(TEAM, lea)
        slack.release()
        assert SOCIAL not in before.result()
    assert SOCIAL in directory.channels_of(TEAM, lea)
