"""Faults on order, as the real client meets them.

What 429 looks like: docs.slack.dev/apis/web-api/rate-limits. The others are what networks do.
"""

import http.client
import threading

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.player import Player, Playground
from tests.playground.raw import RawApp, call


def post(client: WebClient, text: str = "Hello") -> None:
    client.chat_postMessage(channel="C0SOCIAL", text=text)


def texts(maya: Player) -> list[str]:
    return [message["text"] for message in maya.messages("C0SOCIAL")]


def test_too_many_requests(client: WebClient, playground: Playground, maya: Player) -> None:
    playground.fault("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError, match="ratelimited") as refused:
        post(client)
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    post(client, "After")
    assert texts(maya)[-1] == "After"
    assert "Hello" not in texts(maya)


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("html", 503)])
def test_an_answer_that_is_no_json(
    client: WebClient, playground: Playground, maya: Player, kind: str, status: int
) -> None:
    playground.fault("chat.postMessage", kind)
    with pytest.raises(SlackApiError) as refused:
        post(client)
    assert refused.value.response.status_code == status
    assert "Hello" not in texts(maya)


@pytest.mark.parametrize(("kind", "done"), [("nothing", False), ("lost_reply", True)])
def test_a_connection_that_ends(
    client: WebClient, playground: Playground, maya: Player, kind: str, done: bool
) -> None:
    playground.fault("chat.postMessage", kind)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        post(client)
    assert ("Hello" in texts(maya)) is done


def test_slow(client: WebClient, playground: Playground, maya: Player) -> None:
    playground.fault("chat.postMessage", "slow", seconds=0.3)
    hasty = WebClient(client.token, base_url=client.base_url, timeout=30, retry_handlers=[])
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{playground.api_url}chat.postMessage",
            data={"token": client.token, "channel": "C0SOCIAL", "text": "Slow"},
            timeout=0.1,
        )
    playground.fault("chat.postMessage", "slow", seconds=0.01)
    post(hasty)
    assert texts(maya)[-1] in ("Hello", "Slow")


def test_as_many_as_ordered_and_of_that_method(client: WebClient, playground: Playground) -> None:
    playground.fault("users.info", "500", count=2)
    post(client)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            client.users_info(user="U0MAYA")
    assert client.users_info(user="U0MAYA")["ok"]


def test_any_method_and_cleared(client: WebClient, playground: Playground) -> None:
    playground.fault("*", "500", count=100)
    with pytest.raises(SlackApiError):
        client.auth_test()
    playground.clear_faults()
    assert client.auth_test()["ok"]


def test_joining_can_fail(playground: Playground) -> None:
    playground.fault("apps.connections.open", "500")
    answer = httpx.post(f"{playground.api_url}apps.connections.open")
    assert answer.status_code == 500


@pytest.mark.parametrize(("at", "done"), [("before", False), ("after", True)])
def test_a_call_is_held(
    client: WebClient, playground: Playground, maya: Player, at: str, done: bool
) -> None:
    playground.hold("chat.postMessage", at)
    calling = threading.Thread(target=post, args=[client])
    calling.start()
    assert playground.wait_for_held() == [{"method": "chat.postMessage", "at": at}]
    assert ("Hello" in texts(maya)) is done
    playground.release()
    calling.join(10)
    assert "Hello" in texts(maya)
    assert playground.get("/control/held")["held"] == []


def test_a_response_url_fails_like_a_method(
    raw: RawApp, playground: Playground, maya: Player
) -> None:
    with maya.doing(lambda: maya.command("C0SOCIAL", "/desk")):
        payload = raw.answer("slash_commands")
    playground.fault("response_url", "500")
    assert httpx.post(payload["response_url"], json={"text": "a"}).status_code == 500
    assert httpx.post(payload["response_url"], json={"text": "a"}).status_code == 200


def test_calls_are_counted(playground: Playground) -> None:
    call(playground, "users.info", user="U0MAYA")
    call(playground, "users.info", user="U0NOBODY")
    call(playground, "auth.test")
    calls = playground.calls("users.info")
    assert [(c["ok"], c["error"]) for c in calls] == [(True, None), (False, "user_not_found")]
    assert calls[0]["args"] == {"user": "U0MAYA"}
