"""Files: chosen in forms, shared in messages, asked for by the app, shown in blocks, deleted.

Source: docs.slack.dev/reference/methods/files.info,
docs.slack.dev/reference/block-kit/block-elements/file-input-element and
docs.slack.dev/reference/block-kit/composition-objects/slack-file-object.
"""

import base64
from pathlib import Path

import httpx
import pytest

from tests.player import Json, NotPossible, Player, Playground
from tests.playground.raw import RawApp, call, field, modal

PIXEL = base64.b64encode(b"\x89PNG not really").decode()
FILES = field("files", {"type": "file_input", "max_files": 2}, optional=True)


def image(file: str, **more: str) -> Json:
    return {"type": "image", "alt_text": "Tea", "slack_file": {"id": file}, **more}


def post(playground: Playground, *blocks: Json) -> Json:
    return call(playground, "chat.postMessage", channel="C0SOCIAL", text="Tea", blocks=list(blocks))


def opened(raw: RawApp, person: Player, *blocks: Json) -> Json:
    view = modal(*blocks)
    return call(raw.playground, "views.open", trigger_id=raw.trigger(person), view=view)


def test_a_chosen_file_arrives_with_the_form(raw: RawApp, maya: Player) -> None:
    view = opened(raw, maya, FILES)["view"]
    assert view["state"]["values"]["files"]["value"] == {"type": "file_input", "files": []}
    tea = maya.upload("tea.png", content=PIXEL, width=2, height=1, alt="Tea")
    assert call(raw.playground, "files.info", file=tea)["error"] == "file_not_found"
    with maya.doing(lambda: maya.submit(view, {"files": {"value": [tea]}})):
        payload = raw.answer("interactive")
    (file,) = payload["view"]["state"]["values"]["files"]["value"]["files"]
    assert (file["id"], file["name"], file["mimetype"]) == (tea, "tea.png", "image/png")
    assert file["size"] == 15
    found = call(raw.playground, "files.info", file=tea)["file"]
    assert (found["original_w"], found["original_h"], found["alt_txt"]) == (2, 1, "Tea")
    assert found["mode"] == "hosted"


def test_a_form_takes_what_slacks_client_lets_in(raw: RawApp, maya: Player) -> None:
    only = field("files", {"type": "file_input", "filetypes": ["png"], "max_files": 2})
    view = opened(raw, maya, only)["view"]
    tom = raw.playground.player("U0TOM")

    def refuses(sentence: str, *files: str) -> None:
        with pytest.raises(NotPossible, match=sentence):
            maya.submit(view, {"files": {"value": list(files)}})

    refuses("complete this required field")
    refuses("Choose at most 2 files", *(maya.upload(f"{n}.png") for n in range(3)))
    refuses("larger than 10 MB", maya.upload("large.png", size=10_000_001))
    refuses("of a type that isn't taken", maya.upload("tea.pdf"))
    refuses("has no file", tom.upload("his.png"))
    refuses("has no file", "F0NOBODY")


def test_a_message_carries_its_files(raw: RawApp, maya: Player, playground: Playground) -> None:
    tea = maya.upload("tea.png")
    maya.share("C0SOCIAL", tea, text="Look")
    maya.share("C0SOCIAL", tea)
    look, bare = maya.messages("C0SOCIAL")[-2:]
    assert [one["id"] for one in look["files"]] == [tea]
    assert bare["text"] == ""
    assert call(playground, "files.info", file=tea)["file"]["channels"] == ["C0SOCIAL"]
    with maya.doing(lambda: maya.shortcut("draft:from_message", look)):
        payload = raw.answer("interactive")
    assert payload["message"]["files"][0]["name"] == "tea.png"
    maya.delete_file(tea)
    assert maya.again(look)["files"] == [{"id": tea, "mode": "tombstone"}]
    with pytest.raises(NotPossible, match="was deleted"):
        maya.share("C0SOCIAL", tea)


def test_files_info_needs_its_scope_and_a_file(maya: Player, playground: Playground) -> None:
    tea = maya.upload("tea.png")
    maya.share("C0SOCIAL", tea)
    assert call(playground, "files.info")["error"] == "invalid_arguments"
    assert call(playground, "files.info", file="F0NOBODY")["error"] == "file_not_found"
    maya.delete_file(tea)
    assert call(playground, "files.info", file=tea)["error"] == "file_deleted"
    playground.grant("chat:write")
    assert call(playground, "files.info", file=tea)["needed"] == "files:read"


def test_a_file_the_app_cannot_see_is_not_found(maya: Player, playground: Playground) -> None:
    brand, tea = "C0BRAND", maya.upload("tea.png")
    maya.share(brand, tea)
    assert call(playground, "files.info", file=tea)["error"] == "file_not_found"
    maya.invite(brand)
    assert call(playground, "files.info", file=tea)["ok"]


def test_a_picture_in_blocks_must_be_there_and_be_one(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    tea, brief, gone = (maya.upload(name) for name in ("tea.png", "brief.pdf", "gone.gif"))
    maya.share("C0SOCIAL", tea, brief, gone)
    maya.delete_file(gone)
    assert post(playground, image(tea))["ok"]
    # github.com/slackapi/python-slack-sdk/issues/1797
    for bad in (brief, gone, maya.upload("unshared.png"), "F0NOBODY"):
        refused = post(playground, {"type": "divider"}, image(bad))
        assert refused["error"] == "invalid_blocks"
        sentence = "invalid slack file [json-pointer:/blocks/1/slack_file]"
        assert refused["response_metadata"]["messages"] == [sentence]
        refused = opened(raw, maya, image(bad))
        assert refused["error"] == "invalid_arguments"
        assert "/view/blocks/0/slack_file" in refused["response_metadata"]["messages"][0]
    beside = {"type": "context", "elements": [image(gone)]}
    assert post(playground, beside)["error"] == "invalid_blocks"


def test_a_file_is_shown_to_those_who_may_see_it(maya: Player, playground: Playground) -> None:
    tea = maya.upload("tea.png", content=PIXEL)

    def fetched(who: str) -> httpx.Response:
        return playground.http.get("/play/file", params={"id": tea, "as": who})

    assert fetched("U0TOM").status_code == 404
    maya.share("C0SOCIAL", tea)
    answer = fetched("U0TOM")
    assert answer.content == base64.b64decode(PIXEL)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"] == "sandbox"
    maya.delete_file(tea)
    assert fetched("U0TOM").content == b""


def test_files_outlive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with Playground(state=state) as playground:
        maya = playground.player("U0MAYA")
        tea = maya.upload("tea.png", content=PIXEL)
        maya.share("C0SOCIAL", tea, text="Look")
    with Playground(state=state) as playground:
        (file,) = playground.player("U0MAYA").messages("C0SOCIAL")[-1]["files"]
        assert (file["id"], file["size"]) == (tea, 15)
