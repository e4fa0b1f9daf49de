"""Filling in the showcase app's form on the page, and reading what reached the app."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.app import option

NETWORKS = [option("LinkedIn"), option("X"), option("Bluesky")]


def open_form(page: Page, title: str = "A form") -> Locator:
    box = page.get_by_role("textbox", name="Message #")
    box.fill("/form")
    box.press("Enter")
    dialog = page.get_by_role("dialog", name=title)
    dialog.wait_for()
    return dialog


def choose(dialog: Locator, label: str, *options: str) -> None:
    combobox = dialog.get_by_role("combobox", name=label, exact=True)
    for name in options:
        combobox.click()
        dialog.get_by_role("option", name=name).click()


def values(payload: dict[str, Any]) -> dict[str, Any]:
    """What the app reads of each field, by block_id."""
    state = payload["view"]["state"]["values"]
    found = {}
    for block_id, fields in state.items():
        (entry,) = fields.values()
        (value,) = (value for key, value in entry.items() if key != "type")
        if isinstance(value, dict):
            value = value["value"]
        if isinstance(value, list):
            value = [v["value"] if isinstance(v, dict) else v for v in value]
        found[block_id] = value
    return found
