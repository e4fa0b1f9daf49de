"""HTTP as an app without any framework sees it.

Source, unless a test names another: docs.slack.dev/apis/events-api/using-http-request-urls,
docs.slack.dev/interactivity/handling-user-interaction.
"""

import functools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.player import Json, Player, Playground, wait_until
from tests.playground.conftest import BesideTheTest, quiet_manifest
from tests.playground.raw import button, buttons, call, field, modal
from tests.playground.raw_http import PATHS, RawHttpApp, Received, over_http

FORM = "application/x-www-form-urlencoded"


def manifest(folder: Path, app: RawHttpApp, **changed: str) -> Path:
    """Our manifest, listening at the app on a path for each kind of payload."""
    described = yaml.safe_load(quiet_manifest(folder).read_text("utf-8"))
    paths = {kind: path for kind, path in (PATHS | changed).items() if path}
    written = folder / "http.yml"
    written.write_text(yaml.safe_dump(over_http(described, app.url, paths)), encoding="utf-8")
    return written


@pytest.fixture
def http() -> Iterator[RawHttpApp]:
    with RawHttpApp() as app:
        yield app


@pytest.fixture
def playground(tmp_path: Path, http: RawHttpApp) -> Iterator[Playground]:
    with BesideTheTest(manifest(tmp_path, http)) as started:
        started.wait_for_app()
        yield started


def received(http: RawHttpApp, playground: Playground, path: str, kind: str = FORM) -> Received:
    """The next request, of which the address, the kind and the signature are right."""
    request = http.receive()
    assert (request.path, request.headers["content-type"]) == (path, kind)
    assert request.is_signed(playground.signing_secret)
    assert not request.is_signed("another secret")
    assert abs(time.time() - int(request.headers["x-slack-request-timestamp"])) < 60
    return request


def asked(http: RawHttpApp, maya: Player, answer: Any = "", **more: Any) -> list[Json]:
    """Maya types a command; what it came to after this answer."""
    with maya.doing(lambda: maya.command("C0SOCIAL", "/draft Tea & <cake>")) as done:
        http.receive().answer(answer, **more)
    return done


def in_message(playground: Playground, *elements: Json) -> None:
    posted = call(
        playground, "chat.postMessage", channel="C0SOCIAL", text="Card", blocks=[buttons(*elements)]
    )
    assert posted["ok"]


def test_a_command_is_a_form(http: RawHttpApp, playground: Playground, maya: Player) -> None:
    with maya.doing(lambda: maya.command("C0SOCIAL", "/draft Tea & <cake>")) as done:
        request = received(http, playground, "/commands")
        form = request.form
        assert (form["command"], form["text"]) == ("/draft", "Tea &amp; &lt;cake&gt;")
        assert (form["user_id"], form["channel_id"]) == ("U0MAYA", "C0SOCIAL")
        assert form["is_enterprise_install"] == "false"
        assert form["response_url"].startswith(playground.url)
        request.answer()
    assert done[0]["ok"]
    assert done[0]["ack"] is None
    assert playground.problems() == []


@pytest.mark.parametrize("answer", ["Here is *help*", {"text": "Here is *help*"}])
def test_what_a_command_is_answered(
    http: RawHttpApp, playground: Playground, maya: Player, answer: str | Json
) -> None:
    """Source: docs.slack.dev/interactivity/implementing-slash-commands (text, or JSON)."""
    done = asked(http, maya, answer)
    said = maya.messages("C0SOCIAL")[-1]
    assert (said["text"], said["ephemeral"]) == ("Here is *help*", True)
    assert done[0]["ack"] == {"text": "Here is *help*"}
    assert playground.problems() == []


def test_json_that_is_not_named_so_is_a_text(http: RawHttpApp, maya: Player) -> None:
    asked(http, maya, '{"text": "Help"}')
    assert maya.messages("C0SOCIAL")[-1]["text"] == '{"text": "Help"}'


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"body": "", "status": 202}, "dispatch_failed"),
        ({"body": "", "status": 302}, "dispatch_failed"),
        ({"body": "", "status": 401}, "http_client_error"),
        ({"body": "", "status": 503}, "http_service_error"),
        ({"body": "[1]", "kind": "application/json"}, "dispatch_unknown_error"),
        ({"body": "{", "kind": "application/json"}, "dispatch_unknown_error"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.get("status", value["body"])),
)
def test_what_is_no_acknowledgement(
    http: RawHttpApp, playground: Playground, maya: Player, answer: dict[str, Any], error: str
) -> None:
    with maya.doing(lambda: maya.command("C0SOCIAL", "/desk")) as done:
        http.receive().answer(**answer)
    assert (done[0]["acked"], done[0]["error"]) == (False, error)
    assert maya.messages("C0SOCIAL")[-1]["text"] == f'/desk failed with the error "{error}"'
    assert len(playground.problems()) == 1


def test_nobody_listens_or_answers(http: RawHttpApp, playground: Playground, maya: Player) -> None:
    with maya.doing(lambda: maya.command("C0SOCIAL", "/desk")) as done:
        http.receive().hang_up()
    assert done[0]["error"] == "dispatch_failed"
    playground.limits(ack_seconds=0.2)
    with maya.doing(lambda: maya.command("C0SOCIAL", "/desk")) as done:
        late = http.receive()
    assert done[0]["error"] == "operation_timeout"
    late.answer("Too late")
    assert "Too late" not in str(maya.messages("C0SOCIAL"))


def test_whether_the_app_listens_is_known(tmp_path: Path) -> None:
    http = RawHttpApp()
    with BesideTheTest(manifest(tmp_path, http)) as playground:
        with http:
            playground.wait_for_app()
        wait_until(lambda: playground.connected() == 0, "it is seen to be gone")
        done = playground.player("U0MAYA").command("C0SOCIAL", "/desk")
        assert done["error"] == "dispatch_failed"


def test_a_click_and_a_form(http: RawHttpApp, playground: Playground, maya: Player) -> None:
    in_message(playground, button("Open", "open", value="P-1"))
    card = maya.wait_for_message("C0SOCIAL", "Card")
    with maya.doing(lambda: maya.click(card, "Open")) as done:
        request = received(http, playground, "/clicks")
        trigger = request.payload["trigger_id"]
        assert request.payload["actions"][0]["value"] == "P-1"
        element = {"type": "plain_text_input"}
        view = modal(field("line", element))
        assert call(playground, "views.open", trigger_id=trigger, view=view)["ok"]
        request.answer()
    assert done[0]["ok"]
    form = maya.wait_for_view("Form")
    wrong = {"response_action": "errors", "errors": {"line": "Too short."}}
    with maya.doing(lambda: maya.submit(form, maya.fill(form, Line="Tea"))) as done:
        request = received(http, playground, "/clicks")
        assert request.payload["type"] == "view_submission"
        request.answer(wrong)
    assert done[0]["errors"] == {"line": "Too short."}
    with maya.doing(lambda: maya.submit(form, maya.fill(form, Line="Tea"))) as done:
        http.receive().answer('{"ok": true}')
    assert done[0]["error"] == "We had some trouble connecting. Try again?"
    with maya.doing(lambda: maya.submit(form, maya.fill(form, Line="Tea"))) as done:
        http.receive().answer()
    assert done[0]["ok"]
    assert maya.views() == []


def query(playground: Playground) -> Json:
    """Maya types a letter into the select of the card."""
    ts = playground.player("U0MAYA").wait_for_message("C0SOCIAL", "Card")["ts"]
    where = {"as": "U0MAYA", "channel": "C0SOCIAL", "ts": ts}
    told: Json = playground.post("/play/options", **where, action_id="zone", query="P")
    return told


EXTERNAL = {"type": "external_select", "action_id": "zone", "min_query_length": 1}
OPTION = {"text": {"type": "plain_text", "text": "Paris"}, "value": "paris"}


def test_options_have_an_address_of_their_own(
    http: RawHttpApp, playground: Playground, maya: Player
) -> None:
    in_message(playground, EXTERNAL)
    with maya.doing(lambda: query(playground)) as done:
        request = received(http, playground, "/options")
        assert request.payload["type"] == "block_suggestion"
        assert request.payload["value"] == "P"
        request.answer({"options": [OPTION]})
    assert done[0]["options"] == [OPTION]


def test_without_that_address_nobody_is_asked(tmp_path: Path, http: RawHttpApp) -> None:
    """Source: github.com/slackapi/bolt-js/issues/1479, java-slack-sdk/issues/1139."""
    with BesideTheTest(manifest(tmp_path, http, options="")) as playground:
        playground.wait_for_app()
        in_message(playground, EXTERNAL)
        assert query(playground)["options"] == []
        assert "the manifest has no address for it" in playground.problems()[0]
        assert http.is_idle()


def test_the_address_is_verified_before_the_first_event(tmp_path: Path) -> None:
    with (
        RawHttpApp(verifies=False) as http,
        BesideTheTest(manifest(tmp_path, http)) as playground,
    ):
        playground.limits(event_retries=[])
        request = received(http, playground, "/events", "application/json")
        assert request.payload["type"] == "url_verification"
        request.answer("something else")
        wait_until(lambda: "doesn't answer url_verif" in str(playground.problems()), "it is told")
        playground.player("U0MAYA").say("D0MAYA", "help")
        # As form, as JSON or as text: docs.slack.dev/reference/events/url_verification.
        again = http.receive()
        again.answer(f"challenge={again.payload['challenge']}", kind=FORM)
        first = http.receive()
        while first.payload["type"] == "url_verification":
            first.answer({"challenge": first.payload["challenge"]})
            first = http.receive()
        assert first.payload["event"]["text"] == "help"
        first.answer()


def test_an_event_and_its_retries(http: RawHttpApp, playground: Playground, maya: Player) -> None:
    """Source: docs.slack.dev/apis/events-api (retries, and their headers)."""
    playground.limits(ack_seconds=0.3, event_retries=[0, 0.05, 0.05])
    maya.say("D0MAYA", "help")
    first = received(http, playground, "/events", "application/json")
    assert "x-slack-retry-num" not in first.headers
    first.answer("no", status=500)
    second = received(http, playground, "/events", "application/json")
    third, fourth = http.receive(), None
    third.hang_up()
    fourth = http.receive()
    fourth.answer({"ok": True}, status=202)
    sent = [first, second, third, fourth]
    assert {request.payload["event_id"] for request in sent} == {first.payload["event_id"]}
    retries = [
        (r.headers["x-slack-retry-num"], r.headers["x-slack-retry-reason"]) for r in sent[1:]
    ]
    assert retries == [("1", "http_error"), ("2", "http_timeout"), ("3", "connection_failed")]
    wait_until(lambda: any(e["name"].startswith("ack event") for e in playground.log()), "taken")
    second.answer()
    assert http.is_idle()


def test_an_app_may_refuse_the_retries(
    http: RawHttpApp, playground: Playground, maya: Player
) -> None:
    """Source: docs.slack.dev/apis/events-api (X-Slack-No-Retry)."""
    playground.limits(event_retries=[0, 0, 0])
    maya.say("D0MAYA", "one")
    http.receive().answer("no", status=500, X_Slack_No_Retry="1")
    wait_until(lambda: "answered 500" in str(playground.problems()), "it is told")
    maya.say("D0MAYA", "two")
    request = http.receive()
    assert request.payload["event"]["text"] == "two"
    request.answer()


def test_the_same_again_late_and_out_of_order(
    http: RawHttpApp, playground: Playground, maya: Player
) -> None:
    """What is delivered again carries the old payload and is signed anew."""
    playground.limits(event_retries=[])
    for text in ("one", "two"):
        maya.say("D0MAYA", text)
        http.receive().answer()
    events = [e for e in playground.log() if e["name"] == "event message"]
    one, two = [e["detail"] for e in events]
    retry = {"retry_attempt": 3, "retry_reason": "http_timeout"}
    for earlier in (two, one):
        again = functools.partial(playground.redeliver, earlier["envelope_id"], **retry)
        with maya.doing(again) as done:
            request = received(http, playground, "/events", "application/json")
            assert request.payload == earlier["payload"]
            assert request.headers["x-slack-retry-num"] == "3"
            request.answer()
        assert done[0]["acked"]
    done = asked(http, maya, "Once")
    with maya.doing(lambda: playground.redeliver(done[0]["envelope_id"])) as twice:
        request = received(http, playground, "/commands")
        assert "x-slack-retry-num" not in request.headers
        request.answer("Twice")
    assert twice[0]["ack"] == {"text": "Twice"}


def test_an_app_of_http_has_no_socket(playground: Playground) -> None:
    """Source: docs.slack.dev/apis/events-api/using-socket-mode (link_disabled)."""
    from tests.playground.raw import RawApp

    with RawApp(playground) as turned_away:
        assert turned_away.hello == {"type": "disconnect", "reason": "link_disabled"}
