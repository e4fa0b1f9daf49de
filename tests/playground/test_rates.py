"""Slack's rates, once they are strict: docs.slack.dev/apis/web-api/rate-limits."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.rates import MESSAGES_PER_MINUTE, PER_MINUTE, Rates
from playground.web_api import methods
from tests.player import Playground

AT = 1_000.0


class Time:
    """Real time, as these tests want it."""

    now = AT

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def rates(time: Time) -> Rates:
    made = Rates(time)
    made.are_strict = True
    return made


def test_a_method_in_any_minute(rates: Rates, time: Time) -> None:
    for _ in range(100):
        assert rates.wait("users.info", {}) == 0
    time.now += 20
    assert rates.wait("users.info", {}) == 40
    assert rates.wait("views.open", {}) == 0
    time.now += 40
    assert rates.wait("users.info", {}) == 0


def test_a_channel_in_a_second(rates: Rates, time: Time) -> None:
    assert rates.wait("chat.postMessage", {"channel": "C1"}) == 0
    assert rates.wait("chat.postMessage", {"channel": "C2"}) == 0
    time.now += 0.5
    assert rates.wait("chat.postMessage", {"channel": "C1"}) == 1
    time.now += 0.5
    assert rates.wait("chat.postMessage", {"channel": "C1"}) == 0


def test_a_workspace_in_a_minute(rates: Rates) -> None:
    for number in range(MESSAGES_PER_MINUTE):
        assert rates.wait("chat.postMessage", {"channel": f"C{number}"}) == 0
    assert rates.wait("chat.postMessage", {"channel": "C"}) == 60


def test_every_limited_method_is_one(playground: Playground) -> None:
    assert PER_MINUTE.keys() <= methods.METHODS.keys()


def test_they_are_off_until_asked_for(client: WebClient, playground: Playground) -> None:
    for _ in range(2):
        client.chat_postMessage(channel="C0SOCIAL", text="Hello")
    playground.limits(strict_rates=True)
    client.chat_postMessage(channel="C0SOCIAL", text="Hello")
    with pytest.raises(SlackApiError, match="ratelimited") as refused:
        client.chat_postMessage(channel="C0SOCIAL", text="Hello")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert [call["error"] for call in playground.calls()][-2:] == [None, "ratelimited"]
