"""What waits, on a phone: five posts in five taps; and the same person's Home and lists."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.test_files import png
from tests.player import Player, Playground, wait_until

SOCIAL = "C0SOCIAL"
TEXTS = (
    "Spring in a cup is back 🍵 First harvest, picked by hand and dried in small batches. In our"
    " shop from Thursday, together with the blue teapot that everybody asked about last year.",
    "How long do you steep a white tea? Three minutes, water at 80 °C or less. Tell us yours.",
    "Rainy Tuesday, warm cup.",
    "We open an hour later on Friday: the whole team is at the harvest festival.",
    "Thank you for 10,000 cups. The next one is on us: bring this post to the shop.",
)


@pytest.fixture
def playground(tmp_path: Path) -> Playground:
    """A desk at which five posts wait for Ines."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        _set_up(running)
        yield running
        assert running.problems() == []


def _set_up(playground: Playground) -> None:
    maya, tom, ines = (playground.player(f"U0{name}") for name in ("MAYA", "TOM", "INES"))
    maya.command(SOCIAL, "/desk setup")
    asked = {"approvers": [ines.id], "need": "any", "networks": ["linkedin", "instagram"]}
    form = {name: {name: value} for name, value in asked.items()}
    maya.submit(maya.wait_for_view("Set up this desk"), form)
    picture = tom.upload("teapot.png", **png("teapot.png"), alt="The blue teapot")
    for number, text in enumerate(TEXTS, 1):
        _draft(tom, text, number, picture if number == 1 else None)
    wait_until(lambda: len(ines.dms()) == len(TEXTS), "five cards for Ines")
