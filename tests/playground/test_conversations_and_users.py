"""conversations.* and users.*: what the app may know, with the scope for each kind of channel.

Source, unless a test names another: docs.slack.dev/reference/methods/conversations.info, .members,
.open, .history, .replies, users.info, users.list, users.conversations.
"""

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.player import Player, Playground
from tests.playground.raw import call


def test_a_public_channel_is_known_without_being_in_it(client: WebClient) -> None:
    inside = client.conversations_info(channel="C0SOCIAL")["channel"]
    outside = client.conversations_info(channel="C0GENERAL")["channel"]
    assert (inside["is_member"], outside["is_member"]) == (True, False)
    assert client.conversations_info(channel="C0OLD")["channel"]["is_archived"]
    assert client.conversations_info(channel="C0PARTNERS")["channel"]["is_ext_shared"]


@pytest.mark.parametrize(
    ("method", "args", "code"),
    [
        ("conversations.info", {"channel": "C0BRAND"}, "channel_not_found"),
        ("conversations.members", {"channel": "C0BRAND"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0BRAND"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0GENERAL"}, "not_in_channel"),
        ("conversations.replies", {"channel": "C0SOCIAL", "ts": "1.0"}, "thread_not_found"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": "U0DORA"}, "user_disabled"),
        ("conversations.open", {"users": "U0PLAYBOT"}, "cannot_dm_bot"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.conversations", {"types": "rooms"}, "invalid_types"),
    ],
)
def test_refused(playground: Playground, method: str, args: dict[str, Any], code: str) -> None:
    assert call(playground, method, **args)["error"] == code


@pytest.mark.parametrize(
    ("method", "channel", "needed"),
    [
        ("conversations.info", "D0MAYA", "im:read"),
        ("conversations.members", "D0MAYA", "im:read"),
        ("conversations.history", "C0SOCIAL", "channels:history"),
    ],
)
def test_the_scope_is_that_of_the_kind_of_channel(
    playground: Playground, method: str, channel: str, needed: str
) -> None:
    playground.grant("channels:read", "groups:read", "groups:history")
    answer = call(playground, method, channel=channel)
    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)


def test_once_invited_a_private_channel_is_known(client: WebClient, maya: Player) -> None:
    maya.invite("C0BRAND")
    channel = client.conversations_info(channel="C0BRAND")["channel"]
    assert (channel["is_private"], channel["is_member"]) == (True, True)


def test_direct_messages_are_opened_once(client: WebClient) -> None:
    first = client.conversations_open(users="U0KENJI")["channel"]["id"]
    assert client.conversations_open(users="U0KENJI")["channel"]["id"] == first
    assert first.startswith("D")


def test_members_are_paged(client: WebClient) -> None:
    page = client.conversations_members(channel="C0SOCIAL", limit=2)
    assert len(page["members"]) == 2
    more = client.conversations_members(
        channel="C0SOCIAL", limit=100, cursor=page["response_metadata"]["next_cursor"]
    )
    assert "U0LEA" in more["members"]
    assert more["response_metadata"]["next_cursor"] == ""


def test_history_is_newest_first_and_shows_metadata_on_request(client: WebClient) -> None:
    metadata = {"event_type": "notice", "event_payload": {"delivery": "n-1"}}
    sent = client.chat_postMessage(channel="C0SOCIAL", text="Hi", metadata=metadata)
    plain = client.conversations_history(channel="C0SOCIAL", limit=2)
    assert plain["messages"][0]["text"] == "Hi"
    assert "metadata" not in plain["messages"][0]
    assert plain["has_more"]
    asked = client.conversations_history(
        channel="C0SOCIAL",
        include_all_metadata=True,
        oldest=sent["ts"],
        inclusive=True,
    )
    assert [m["metadata"] for m in asked["messages"]] == [metadata]


def test_history_holds_no_replies(client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0SOCIAL", text="Root")["ts"]
    client.chat_postMessage(channel="C0SOCIAL", text="Reply", thread_ts=root)
    texts = [m["text"] for m in client.conversations_history(channel="C0SOCIAL")["messages"]]
    assert "Root" in texts
    assert "Reply" not in texts
    thread = client.conversations_replies(channel="C0SOCIAL", ts=root)["messages"]
    assert [m["text"] for m in thread] == ["Root", "Reply"]


def test_a_person_has_time_zone_roles_and_locale(client: WebClient) -> None:
    maya = client.users_info(user="U0MAYA", include_locale=True)["user"]
    assert maya["tz"] == "Europe/Paris"
    assert maya["tz_offset"] in (3_600, 7_200)
    assert maya["is_admin"]
    assert maya["locale"] == "fr-FR"
    assert "locale" not in client.users_info(user="U0MAYA")["user"]
    assert client.users_info(user="U0GIL")["user"]["is_restricted"]
    stranger = client.users_info(user="U0SAM")["user"]
    assert stranger["is_stranger"]
    assert stranger["team_id"] == "T0PARTNERS"


def test_a_deactivated_person_has_neither_zone_nor_roles(client: WebClient) -> None:
    """Source: docs.slack.dev/reference/objects/user-object (fields left out of deleted users)."""
    dora = client.users_info(user="U0DORA")["user"]
    assert dora["deleted"]
    assert "tz" not in dora
    assert "is_admin" not in dora


def test_the_bots_own_channels(client: WebClient) -> None:
    listed = client.users_conversations(exclude_archived=True)["channels"]
    assert {channel["id"] for channel in listed} == {"C0SOCIAL", "C0PARTNERS"}
