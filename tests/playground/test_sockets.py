"""Socket Mode as an app without any framework sees it.

Source, unless a test names another: docs.slack.dev/apis/events-api/using-socket-mode.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.player import Player, Playground, wait_until
from tests.playground.raw import RawApp


def test_hello_comes_first(raw: RawApp) -> None:
    assert raw.hello["type"] == "hello"
    assert raw.hello["num_connections"] == 1
    assert raw.hello["connection_info"]["app_id"].startswith("A")


def test_an_envelope_says_whether_an_answer_is_read(raw: RawApp, maya: Player) -> None:
    with maya.doing(lambda: maya.command("C0SOCIAL", "/desk help")):
        envelope = raw.receive()
        raw.ack(envelope, {"text": "Here is help"})
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert maya.messages("C0SOCIAL")[-1]["text"] == "Here is help"


def test_an_address_works_once(playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/apps.connections.open (a temporary url)."""
    address = playground.url.replace("http", "ws") + "/link/?ticket=made-up"
    with pytest.raises(InvalidStatus), connect(address, proxy=None):
        pass


def test_a_handshake_fails_when_it_is_ordered(playground: Playground) -> None:
    playground.refuse_sockets()
    with pytest.raises(InvalidStatus), RawApp(playground):
        pass
    with RawApp(playground) as app:
        assert app.hello["type"] == "hello"


def test_each_payload_goes_to_one_connection(playground: Playground, maya: Player) -> None:
    with RawApp(playground) as one, RawApp(playground) as two:
        assert two.hello["num_connections"] == 2
        got = []
        for connection in (one, two):
            with maya.doing(lambda: maya.command("C0SOCIAL", "/desk")):
                envelope = connection.receive()
                connection.ack(envelope)
            got.append(envelope["envelope_id"])
        assert len(set(got)) == 2


def test_an_eleventh_connection_is_turned_away(playground: Playground) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(RawApp(playground))
        with RawApp(playground) as eleventh:
            assert eleventh.hello["type"] == "disconnect"


def test_without_an_ack_the_person_is_told(playground: Playground, maya: Player) -> None:
    """Source: docs.slack.dev/interactivity/implementing-slash-commands (operation_timeout)."""
    playground.limits(ack_seconds=0.1)
    with RawApp(playground) as app:
        done = maya.command("C0SOCIAL", "/desk")
        envelope = app.receive()
        assert (done["acked"], done["error"]) == (False, "operation_timeout")
        shown = maya.messages("C0SOCIAL")[-1]
        assert shown["text"] == '/desk failed with the error "operation_timeout"'
        assert shown["ephemeral"]
        app.ack(envelope, {"text": "Too late"})
        wait_until(
            lambda: any("too late" in problem for problem in playground.problems()),
            "the late ack is red",
        )
        playground.limits(ack_seconds=3)
        assert app.trigger(maya), "the connection goes on"
    assert "Too late" not in [m["text"] for m in maya.messages("C0SOCIAL")]


def test_without_an_app_a_command_fails_at_once(maya: Player) -> None:
    """Source: docs.slack.dev/interactivity/implementing-slash-commands (dispatch_failed)."""
    assert maya.command("C0SOCIAL", "/desk")["error"] == "dispatch_failed"
    assert maya.messages("C0SOCIAL")[-1]["text"] == '/desk failed with the error "dispatch_failed"'


def test_the_same_envelope_again(playground: Playground, raw: RawApp, maya: Player) -> None:
    """Source: docs.slack.dev/apis/events-api (retries carry a number and a reason)."""
    maya.say("D0MAYA", "hello")
    first = raw.receive()
    raw.ack(first)
    wait_until(lambda: any("ack" in e["name"] for e in playground.log()), "the ack arrives")
    again = {"retry_attempt": 1, "retry_reason": "timeout"}
    with maya.doing(lambda: playground.redeliver(first["envelope_id"], **again)) as results:
        second = raw.receive()
        raw.ack(second)
    assert second["payload"] == first["payload"]
    assert second["payload"]["event_id"] == first["payload"]["event_id"]
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "timeout"
    assert results[0]["acked"]


def test_an_ack_of_nothing_is_red(playground: Playground, raw: RawApp) -> None:
    raw.ack({"envelope_id": "made-up"})
    wait_until(playground.problems, "the log says so")


def test_a_dropped_connection_ends_without_a_handshake(playground: Playground, raw: RawApp) -> None:
    playground.drop_sockets()
    with pytest.raises(ConnectionClosed) as ended:
        raw.receive()
    assert ended.value.rcvd is None, "no close frame came"
    wait_until(lambda: playground.connected() == 0, "the playground sees it gone")


@pytest.mark.parametrize("_time", range(6))
def test_a_half_open_connection_stays_so_whatever_is_on_its_way(
    playground: Playground, _time: int
) -> None:
    """Ten of them, several times, because it takes a message that arrives at that very moment."""
    over = Event()

    def acknowledge(connections: list[RawApp]) -> None:
        while not over.is_set():
            for connection in connections:
                connection.ack({"envelope_id": "E0"})

    with ExitStack() as stack:
        connections = [stack.enter_context(RawApp(playground)) for _ in range(10)]
        with ThreadPoolExecutor() as pool:
            pool.submit(acknowledge, connections)
            playground.deafen_sockets(answers_pings=False)
            over.set()
        pongs = [connection.ping() for connection in connections]
        for _ in range(20):  # it would have read on by then
            assert playground.connected() == 10
        playground.drop_sockets()
        assert sum(pong.is_set() for pong in pongs) == 0


def test_a_refresh_is_announced(playground: Playground, raw: RawApp) -> None:
    playground.refresh_sockets()
    message = raw.receive()
    assert (message["type"], message["reason"]) == ("disconnect", "refresh_requested")
    assert playground.connected() == 0, "nothing more is sent to it"


def test_what_is_held_back_arrives_when_it_is_delivered_again(
    playground: Playground, raw: RawApp, maya: Player
) -> None:
    playground.limits(holds_back=True)
    late = maya.command("C0SOCIAL", "/desk late")
    assert late["error"] == "operation_timeout"
    playground.limits(holds_back=False)
    assert raw.trigger(maya), "a later one comes first"
    with maya.doing(lambda: playground.redeliver(late["envelope_id"])) as results:
        envelope = raw.receive()
        raw.ack(envelope)
    assert envelope["payload"]["text"] == "late"
    assert results[0]["acked"]
