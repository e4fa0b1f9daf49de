"""Files on the page: chosen in a form, sent with a message, drawn, and gone."""

import base64
import struct
import zlib

from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.app import Showcase, field, modal
from tests.browser.conftest import PHONE, People
from tests.browser.filling import open_form
from tests.player import Playground


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name: str, width: int = 2, height: int = 1) -> FilePayload:
    """A picture that gets lighter from top to bottom."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = (b"\0" + bytes((15, 110 + 120 * y // height, 100)) * width for y in range(height))
    pixels = _chunk(b"IDAT", zlib.compress(b"".join(rows)))
    content = b"\x89PNG\r\n\x1a\n" + header + pixels + _chunk(b"IEND", b"")
    return {"name": name, "mimeType": "image/png", "buffer": content}


def is_drawn(picture: Locator, width: int = 2) -> None:
    """Waits until the browser has the picture, in its own size."""
    expect(picture).to_have_js_property("naturalWidth", width)


def test_a_form_takes_files_and_its_app_shows_them(app: Showcase, open_page: People) -> None:
    app.form = modal(field("files", "Images", "file_input", max_files=2))
    page = open_page("U0MAYA", size=PHONE, touch=True)
    dialog = open_form(page)
    chooser = dialog.get_by_label("Images")
    chooser.set_input_files([png("tea <b>.png"), png("cake.png")])
    expect(dialog.get_by_role("listitem")).to_have_text(["tea <b>.png", "cake.png"])
    dialog.get_by_role("button", name="Take out cake.png").click()
    dialog.get_by_role("button", name="Save").click()
    state = app.next("view_submission")["view"]["state"]["values"]
    (file,) = state["files"]["v"]["files"]
    assert (file["name"], file["original_w"], file["original_h"]) == ("tea <b>.png", 2, 1)
    app.post({"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "A cup of tea"})
    is_drawn(page.get_by_role("img", name="A cup of tea"))


def test_a_message_carries_files_until_they_are_deleted(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    page = open_page("U0MAYA")
    tom = open_page("U0TOM")
    page.get_by_label("Files", exact=True).set_input_files([png("tea.png")])
    expect(page.get_by_role("button", name="Take out tea.png")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    picture = tom.get_by_role("img", name="tea.png")
    is_drawn(picture)
    expect(page.get_by_role("button", name="Take out tea.png")).to_be_hidden()
    maya = playground.player("U0MAYA")
    (file,) = maya.messages("C0SOCIAL")[-1]["files"]
    maya.delete_file(file["id"])
    expect(tom.get_by_text("This file was deleted.")).to_be_visible()
    expect(picture).to_be_hidden()


def test_pictures_that_come_late_leave_the_newest_in_sight(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    maya = playground.player("U0MAYA")
    tall = base64.b64encode(png("tall.png", 300, 900)["buffer"]).decode()
    for number in range(3):
        name = f"tall-{number}.png"
        maya.share("C0SOCIAL", maya.upload(name, content=tall), text=f"Picture {number}")
    maya.say("C0SOCIAL", "The newest")
    page = open_page("U0TOM")
    is_drawn(page.get_by_role("img", name="tall-2.png"), 300)
    expect(page.get_by_text("The newest")).to_be_in_viewport()

    page.get_by_role("log").evaluate("e => { e.scrollTop = 0; }")
    maya.say("C0SOCIAL", "Even newer")
    expect(page.get_by_text("Even newer")).to_be_attached()
    expect(page.get_by_text("Even newer")).not_to_be_in_viewport()
