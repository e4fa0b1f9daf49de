"""chat.*: what is posted where, and what is refused.

Source, unless a test names another: the pages of chat.postMessage, chat.update, chat.delete,
chat.postEphemeral and chat.getPermalink under docs.slack.dev/reference/methods.
"""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.player import Player, Playground
from tests.playground.raw import button, buttons, call

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


def posted(playground: Playground, channel: str = "C0SOCIAL", **more: Any) -> str:
    answer = call(playground, "chat.postMessage", channel=channel, text="Hello", **more)
    assert answer["ok"], answer
    return str(answer["ts"])


def test_what_is_posted_is_read_by_everybody(client: WebClient, maya: Player) -> None:
    answer = client.chat_postMessage(channel="C0SOCIAL", text="A &lt;b&gt;", blocks=[SECTION])
    shown = maya.messages("C0SOCIAL")[-1]
    assert shown["ts"] == answer["ts"]
    assert shown["text"] == "A &lt;b&gt;"
    assert shown["bot_id"] == answer["message"]["bot_id"]
    assert shown["blocks"][0]["block_id"], "a missing block_id is made up"


def test_a_user_id_opens_the_direct_message(client: WebClient, playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/chat.postMessage, "channel"."""
    answer = client.chat_postMessage(channel="U0TOM", text="Psst")
    assert answer["channel"] == "D0TOM"
    assert playground.player("U0TOM").dms()[-1]["text"] == "Psst"


def test_a_deactivated_person_can_still_be_written_to(client: WebClient) -> None:
    """Source: github.com/slackapi/python-slack-sdk/issues/1156."""
    assert client.chat_postMessage(channel="U0DORA", text="Hello?")["ok"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"channel": "C0NOWHERE", "text": "a"}, "channel_not_found"),
        # As if there were none: docs.slack.dev/reference/methods/conversations.info.
        ({"channel": "C0BRAND", "text": "a"}, "channel_not_found"),
        ({"channel": "C0GENERAL", "text": "a"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "a"}, "is_archived"),
        ({"channel": "C0SOCIAL"}, "no_text"),
        ({"channel": "C0SOCIAL", "text": ""}, "no_text"),
        ({"channel": "C0SOCIAL", "text": "a", "blocks": "["}, "invalid_blocks_format"),
        ({"channel": "C0SOCIAL", "text": "a", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        (
            {"channel": "C0SOCIAL", "text": "a", "attachments": [{"text": "a"}] * 101},
            "too_many_attachments",
        ),
        ({"channel": "C0SOCIAL", "text": "a", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": "C0SOCIAL", "text": "a", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ],
)
def test_refused(playground: Playground, args: dict[str, Any], code: str) -> None:
    assert call(playground, "chat.postMessage", **args)["error"] == code
    assert playground.problems(), "a refusal is red in the log"


def test_a_public_channel_needs_no_membership_with_the_scope_for_it(
    playground: Playground,
) -> None:
    """Source: docs.slack.dev/reference/scopes/chat.write.public."""
    playground.grant("chat:write", "chat:write.public")
    assert call(playground, "chat.postMessage", channel="C0GENERAL", text="Hi")["ok"]


def test_what_is_wrong_with_blocks_is_said(playground: Playground) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    answer = call(playground, "chat.postMessage", channel="C0SOCIAL", text="a", blocks=[header])
    assert answer["error"] == "invalid_blocks"
    assert "/blocks/0/text" in answer["response_metadata"]["messages"][0]


def test_a_long_text_is_cut(playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/chat.postMessage, "text" (40,000 characters)."""
    answer = call(playground, "chat.postMessage", channel="C0SOCIAL", text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000


def test_an_update_is_a_revision(client: WebClient, maya: Player, playground: Playground) -> None:
    ts = posted(playground, blocks=[buttons(button("Go", "go"))])
    client.chat_update(channel="C0SOCIAL", ts=ts, text="Second", blocks=[SECTION])
    shown = maya.messages("C0SOCIAL")[-1]
    assert shown["text"] == "Second"
    assert shown["revision"] == 1
    assert shown["edited"]
    contents = playground.all_messages("C0SOCIAL")[-1]["contents"]
    assert [content["text"] for content in contents] == ["Hello", "Second"]


def test_an_update_without_blocks_keeps_them(client: WebClient, playground: Playground) -> None:
    """Source: issues 523 of slackapi/python-slack-sdk and 1214 of slack-go/slack."""
    ts = posted(playground, blocks=[SECTION])
    kept = client.chat_update(channel="C0SOCIAL", ts=ts, text="Second")
    assert kept["message"]["blocks"]
    removed = client.chat_update(channel="C0SOCIAL", ts=ts, text="Third", blocks=[])
    assert "blocks" not in removed["message"]


def test_an_update_without_metadata_keeps_it(client: WebClient, playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/chat.update, "metadata"."""
    ts = posted(playground, metadata={"event_type": "card", "event_payload": {"id": 1}})
    client.chat_update(channel="C0SOCIAL", ts=ts, text="Second")
    assert playground.all_messages("C0SOCIAL")[-1]["metadata"]["event_payload"] == {"id": 1}
    client.chat_update(channel="C0SOCIAL", ts=ts, text="Third", metadata={})
    assert "metadata" not in playground.all_messages("C0SOCIAL")[-1]


def test_an_update_holds_less_text_than_a_post(playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/chat.update (4,000 characters)."""
    ts = posted(playground)
    update = {"channel": "C0SOCIAL", "ts": ts}
    assert call(playground, "chat.update", **update, text="x" * 4_000)["ok"]
    assert call(playground, "chat.update", **update, text="x" * 4_001)["error"] == "msg_too_long"


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_a_message_that_is_not_there(playground: Playground, method: str) -> None:
    answer = call(playground, method, channel="C0SOCIAL", ts="1.000000", text="a")
    assert answer["error"] == "message_not_found"


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_a_deleted_message_is_not_there(playground: Playground, method: str) -> None:
    ts = posted(playground)
    assert call(playground, "chat.delete", channel="C0SOCIAL", ts=ts)["ok"]
    answer = call(playground, method, channel="C0SOCIAL", ts=ts, text="a")
    assert answer["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("method", "code"),
    [("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")],
)
def test_somebody_elses_message(
    playground: Playground, maya: Player, method: str, code: str
) -> None:
    ts = maya.messages("C0SOCIAL")[0]["ts"]
    assert call(playground, method, channel="C0SOCIAL", ts=ts, text="a")["error"] == code


def test_an_archived_channel_is_frozen(playground: Playground, maya: Player) -> None:
    ts = posted(playground)
    maya.archive("C0SOCIAL")
    answer = call(playground, "chat.update", channel="C0SOCIAL", ts=ts, text="a")
    assert answer["error"] == "is_inactive"


def test_a_workspace_may_forbid_edits(playground: Playground) -> None:
    ts = posted(playground)
    playground.limits(edit_window_closed=True)
    answer = call(playground, "chat.update", channel="C0SOCIAL", ts=ts, text="a")
    assert answer["error"] == "edit_window_closed"


def test_an_ephemeral_message_is_for_its_reader(
    client: WebClient, maya: Player, playground: Playground
) -> None:
    answer = client.chat_postEphemeral(channel="C0SOCIAL", user="U0MAYA", text="For you")
    shown = maya.messages("C0SOCIAL")[-1]
    assert (shown["text"], shown["ephemeral"]) == ("For you", True)
    tom = playground.player("U0TOM")
    assert "For you" not in [m["text"] for m in tom.messages("C0SOCIAL")]
    history = client.conversations_history(channel="C0SOCIAL")
    assert "For you" not in [m["text"] for m in history["messages"]]
    # Source: docs.slack.dev/messaging/modifying-messages: it cannot be updated.
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel="C0SOCIAL", ts=answer["message_ts"], text="Changed")


def test_an_ephemeral_message_in_a_thread_needs_one(
    client: WebClient, maya: Player, playground: Playground
) -> None:
    """Source: docs.slack.dev/reference/methods/chat.postEphemeral (`thread_ts`)."""
    root = posted(playground)
    client.chat_postEphemeral(channel="C0SOCIAL", user="U0MAYA", text="Psst", thread_ts=root)

    def texts() -> list[str]:
        return [m["text"] for m in maya.messages("C0SOCIAL", root)]

    assert "Psst" not in texts()
    maya.say("C0SOCIAL", "A reply", thread_ts=root)
    assert "Psst" in texts()
    assert "Psst" not in [m["text"] for m in maya.messages("C0SOCIAL")]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"channel": "C0SOCIAL", "user": "U0GIL"}, "user_not_in_channel"),
        ({"channel": "C0SOCIAL", "user": "U0NOBODY"}, "user_not_in_channel"),
        ({"channel": "C0GENERAL", "user": "U0MAYA"}, "not_in_channel"),
        ({"channel": "C0BRAND", "user": "U0MAYA"}, "channel_not_found"),
        ({"channel": "C0OLD", "user": "U0MAYA"}, "is_archived"),
    ],
)
def test_an_ephemeral_message_is_refused(
    playground: Playground, args: dict[str, str], code: str
) -> None:
    assert call(playground, "chat.postEphemeral", text="a", **args)["error"] == code


def test_a_deactivated_person_gets_no_ephemeral_message(playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/chat.postEphemeral ("an active member")."""
    playground.change_person("U0LEA", deleted=True)
    answer = call(playground, "chat.postEphemeral", channel="C0SOCIAL", user="U0LEA", text="a")
    assert answer["error"] == "user_not_in_channel"


def test_a_permalink_names_workspace_channel_and_message(client: WebClient, maya: Player) -> None:
    ts = maya.messages("C0SOCIAL")[0]["ts"]
    link = client.chat_getPermalink(channel="C0SOCIAL", message_ts=ts)["permalink"]
    plain = ts.replace(".", "")
    assert link == f"https://larkfield-tea.slack.com/archives/C0SOCIAL/p{plain}"
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_getPermalink(channel="C0SOCIAL", message_ts="1.000000")


def test_replies_are_a_thread(client: WebClient, maya: Player, playground: Playground) -> None:
    root = posted(playground)
    reply = client.chat_postMessage(channel="C0SOCIAL", text="Reply", thread_ts=root)
    client.chat_postMessage(channel="C0SOCIAL", text="To the reply", thread_ts=reply["ts"])
    assert maya.messages("C0SOCIAL")[-1]["reply_count"] == 2
    assert [m["text"] for m in maya.messages("C0SOCIAL", root)] == [
        "Hello",
        "Reply",
        "To the reply",
    ]


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Hey <!channel>"},
        {
            "text": "a",
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!here>"}}],
        },
        {"text": "Hey <!subteam^S0TEAM>"},
    ],
)
def test_a_mass_mention_is_red_in_the_log(playground: Playground, content: dict[str, Any]) -> None:
    call(playground, "chat.postMessage", channel="C0SOCIAL", **content)
    assert any("mass mention" in problem for problem in playground.problems())


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Hey &lt;!channel&gt;"},
        {
            "text": "a",
            "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "<!here>"}}],
        },
    ],
)
def test_words_that_mention_nobody_are_fine(
    playground: Playground, content: dict[str, Any]
) -> None:
    call(playground, "chat.postMessage", channel="C0SOCIAL", **content)
    assert playground.problems() == []
