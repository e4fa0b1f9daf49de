"""Slash commands: how the text arrives, and where an answer goes.

Source, unless a test names another: docs.slack.dev/interactivity/implementing-slash-commands.
"""

import pytest

from tests.player import Json, NotPossible, Player, Playground
from tests.playground.raw import RawApp


def sent(raw: RawApp, person: Player, channel: str, typed: str, ack: Json | None = None) -> Json:
    with person.doing(lambda: person.command(channel, typed)):
        return raw.answer("slash_commands", ack)


def test_a_command_is_a_form(raw: RawApp, maya: Player) -> None:
    payload = sent(raw, maya, "C0SOCIAL", "/draft  hello  ")
    assert payload["command"] == "/draft"
    assert payload["text"] == "hello"
    assert payload["user_id"] == "U0MAYA"
    assert payload["user_name"] == "maya"
    assert payload["team_domain"] == "larkfield-tea"
    assert payload["channel_name"] == "social"
    assert payload["is_enterprise_install"] == "false"
    assert all(isinstance(value, str) for value in payload.values())


@pytest.mark.parametrize(
    ("channel", "name"), [("D0MAYA", "directmessage"), ("C0BRAND", "privategroup")]
)
def test_the_name_of_a_private_place_is_not_told(
    raw: RawApp, maya: Player, channel: str, name: str
) -> None:
    """Also where the app is not a member."""
    assert sent(raw, maya, channel, "/desk")["channel_name"] == name


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("/draft a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("/draft <!channel>", "&lt;!channel&gt;"),
        ("/draft &lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("/draft ask @Tom in #general", "ask @Tom in #general"),
        ("/desk ask @Tom in #general", "ask <@U0TOM|tom> in <#C0GENERAL|general>"),
        ("/desk @Maya Okafor, @tom.", "<@U0MAYA|maya>, <@U0TOM|tom>."),
        ("/desk @nobody #nowhere a@b.example", "@nobody #nowhere a@b.example"),
        (
            "/desk see https://larkfield.example/a?b=1&c=2",
            "see https://larkfield.example/a?b=1&amp;c=2",
        ),
    ],
)
def test_names_are_understood_where_should_escape_says_so(
    raw: RawApp, maya: Player, typed: str, arrives: str
) -> None:
    assert sent(raw, maya, "C0SOCIAL", typed)["text"] == arrives


def test_half_of_a_surrogate_pair_and_a_nul_arrive_as_typed(raw: RawApp, maya: Player) -> None:
    assert sent(raw, maya, "C0SOCIAL", "/draft a\ud83d\0b")["text"] == "a\ud83d\0b"


def test_an_answer_is_for_the_person_alone(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    sent(raw, maya, "C0SOCIAL", "/desk", {"text": "Only you"})
    assert maya.messages("C0SOCIAL")[-1]["text"] == "Only you"
    assert maya.messages("C0SOCIAL")[-1]["ephemeral"]
    tom = playground.player("U0TOM")
    assert "Only you" not in [m["text"] for m in tom.messages("C0SOCIAL")]


def test_an_answer_can_be_for_the_channel(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    sent(raw, maya, "C0SOCIAL", "/desk", {"text": "All", "response_type": "in_channel"})
    assert playground.player("U0TOM").messages("C0SOCIAL")[-1]["text"] == "All"


def test_an_answer_that_slack_would_refuse_is_not_shown(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    with maya.doing(lambda: maya.command("C0SOCIAL", "/desk")) as results:
        raw.answer("slash_commands", {"text": "Hi", "blocks": [{"type": "nonsense"}]})
    assert results[0]["error"] == "dispatch_unknown_error"
    assert "Hi" not in [m["text"] for m in maya.messages("C0SOCIAL")]
    assert any("invalid_blocks" in problem for problem in playground.problems())


def test_an_empty_answer_shows_nothing(raw: RawApp, maya: Player) -> None:
    before = maya.messages("C0SOCIAL")
    sent(raw, maya, "C0SOCIAL", "/desk", {})
    assert maya.messages("C0SOCIAL") == before


def test_commands_do_not_work_in_threads(maya: Player) -> None:
    root = maya.messages("C0SOCIAL")[0]["ts"]
    assert maya.command("C0SOCIAL", "/draft hello", thread_ts=root)["error"] == "not_in_thread"
    assert "not supported in threads" in maya.messages("C0SOCIAL", root)[-1]["text"]


def test_a_command_nobody_has(maya: Player) -> None:
    assert maya.command("C0SOCIAL", "/brew tea")["error"] == "unknown_command"


def test_only_members_type_in_a_channel(playground: Playground) -> None:
    with pytest.raises(NotPossible, match="not in #partners"):
        playground.player("U0KENJI").command("C0PARTNERS", "/desk")
