"""The manifest asks a workspace for what the code uses, and for nothing else."""

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers
import storage
from bot.access import SettingsError
from bot.manifest import for_http
from handlers.clients import OneClient
from handlers.ids import Command, Shortcut

ROOT = Path(__file__).parent.parent

# Scopes by method: docs.slack.dev/reference/methods/<method>, "Required scopes". A desk's channel
# is public or private, and a card may stand in a direct message.
METHOD_SCOPES: dict[str, set[str]] = {
    "apps_connections_open": set(),  # connections:write, of the app-level token
    "auth_test": set(),
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_info": {"files:read"},
    "oauth_v2_access": set(),  # asked with the app's own id and secret
    "users_conversations": {"channels:read", "groups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}

# Scopes by event: docs.slack.dev/reference/events/<event>. Both kinds of channel again.
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_left": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}


class Door:
    """Stands in for `handlers.door.Door`, and notes what is registered at it."""

    made: "Door"

    def __init__(self, *_: object) -> None:
        self.heard: dict[str, list[str]] = {}
        Door.made = self

    def _note(self, kind: str, name: str) -> None:
        self.heard.setdefault(kind, []).append(str(name))

    def __getattr__(self, kind: str) -> Any:
        return lambda name, *_: self._note(kind, name)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, list[str]]:
    """What the app listens to: by kind (command, event, ...), the names."""
    monkeypatch.setattr("handlers.app.Door", Door)
    store = storage.open_store(f"sqlite:///{tmp_path / 'x.db'}")

    class Courier:
        def wake(self) -> None:
            pass

    with ThreadPoolExecutor(1) as executor:
        ours = AuthorizeResult(enterprise_id=None, team_id="T1")
        clients = OneClient(WebClient("xoxb-test"), ours)
        handlers.build_app(clients, store, Courier(), lambda: datetime.now(UTC), executor)
    store.close()
    return Door.made.heard


@pytest.fixture
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    return loaded


def methods_called() -> Iterator[str]:
    """The Web API methods that the code calls, as slack_sdk names them."""
    methods = {name for name in dir(WebClient) if "_" in name.strip("_")} - {"api_call"}
    for floor in ("bot", "handlers"):
        for path in (ROOT / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Attribute) or "client" not in ast.unparse(node.value):
                    continue
                assert node.attr != "api_call", f"{path}: call the method by its name"
                if node.attr in methods:
                    yield node.attr


def names(enum: type[StrEnum]) -> list[str]:
    return sorted(member.value for member in enum)


def subscribed(manifest: dict[str, Any]) -> list[str]:
    return list(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_the_commands_are_those_that_are_listened_to(
    manifest: dict[str, Any], heard: dict[str, list[str]]
) -> None:
    asked = sorted(entry["command"] for entry in manifest["features"]["slash_commands"])
    assert asked == sorted(heard["command"]) == names(Command)


def test_the_shortcuts_are_those_that_are_listened_to(
    manifest: dict[str, Any], heard: dict[str, list[str]]
) -> None:
    asked = sorted(entry["callback_id"] for entry in manifest["features"]["shortcuts"])
    assert asked == sorted(heard["shortcut"]) == names(Shortcut)


def test_the_events_are_those_that_are_listened_to(
    manifest: dict[str, Any], heard: dict[str, list[str]]
) -> None:
    # Bolt hears message.im, message.channels, ... as "message".
    assert sorted({name.partition(".")[0] for name in subscribed(manifest)}) == sorted(
        heard["event"]
    )


def test_the_scopes_are_those_that_something_needs(manifest: dict[str, Any]) -> None:
    needed = {"commands"}
    for method in methods_called():
        needed |= METHOD_SCOPES[method]
    for event in subscribed(manifest):
        needed |= EVENT_SCOPES[event]
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes["bot"]) | set(scopes["bot_optional"]) == needed
    assert not set(scopes["bot"]) & set(scopes["bot_optional"])


def test_no_scope_is_known_for_a_method_that_is_not_called() -> None:
    assert set(METHOD_SCOPES) == set(methods_called())


def test_what_is_switched_on_is_used(manifest: dict[str, Any], heard: dict[str, list[str]]) -> None:
    tabs = manifest["features"]["app_home"]
    assert tabs["home_tab_enabled"] == ("app_home_opened" in heard["event"])
    assert tabs["messages_tab_enabled"]
    assert not tabs["messages_tab_read_only_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]


def test_a_drafts_text_comes_as_typed_and_a_desks_words_with_names(
    manifest: dict[str, Any],
) -> None:
    escaped = {
        entry["command"]: entry["should_escape"] for entry in manifest["features"]["slash_commands"]
    }
    assert escaped == {"/draft": False, "/desk": True, "/standup": True}


ADDRESS = "https://copydesk.example.com/slack/events"


def test_over_http_everything_comes_to_one_address(
    manifest: dict[str, Any], heard: dict[str, list[str]]
) -> None:
    """What the two have in common is the same, and what they haven't is what HTTP needs."""
    over_http = yaml.safe_load(for_http("https://copydesk.example.com"))
    settings = over_http["settings"]
    assert settings.pop("socket_mode_enabled") is False
    assert manifest["settings"].pop("socket_mode_enabled") is True
    assert settings["event_subscriptions"].pop("request_url") == ADDRESS
    assert settings["interactivity"].pop("request_url") == ADDRESS
    assert ("message_menu_options_url" in settings["interactivity"]) == bool(heard["options"])
    assert settings["interactivity"].pop("message_menu_options_url") == ADDRESS
    commands = over_http["features"]["slash_commands"]
    assert {command.pop("url") for command in commands} == {ADDRESS}
    assert over_http == manifest


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://copydesk.example.com/", ADDRESS),
        (ADDRESS, ADDRESS),
        ("https://example.com/copydesk", "https://example.com/copydesk/slack/events"),
        ("https://example.com:8443", "https://example.com:8443/slack/events"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000/slack/events"),
        ("http://localhost:3000", "http://localhost:3000/slack/events"),
    ],
)
def test_the_address_that_is_given_is_the_one_that_is_meant(url: str, address: str) -> None:
    settings = yaml.safe_load(for_http(url))["settings"]
    assert settings["interactivity"]["request_url"] == address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://copydesk.example.com", "does not start with https://"),
        ("http://127.0.0.1.example.com", "does not start with https://"),
        ("ftp://copydesk.example.com", "does not start with https://"),
        ("copydesk.example.com", "is not an address"),
        ("https://", "is not an address"),
        ("https://copydesk.example.com?team=1", "is not an address"),
        ("https://copydesk.example.com/#events", "is not an address"),
        ("https://copydesk.example.com/?", "is not an address"),
        ("https://copydesk.example.com/#", "is not an address"),
        ("https://maya:hush@copydesk.example.com", "is not an address"),
        ("https://[", "is not an address"),
        ("https://copydesk.example.com:http", "is not an address"),
        ("https://copydesk example.com", "is not an address"),
        ("", "is not an address"),
    ],
)
def test_an_address_that_slack_cannot_send_to_is_refused(url: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        for_http(url)
    assert "hush" not in str(refused.value)


def test_what_is_printed_can_be_read_as_easily(manifest: dict[str, Any]) -> None:
    printed = for_http("https://copydesk.example.com")
    assert list(yaml.safe_load(printed)) == list(manifest)
    assert "Draft, approve, schedule and publish your team's posts" in printed
    assert max(map(len, printed.splitlines())) < 140


def test_for_several_workspaces_it_says_where_who_installs_it_comes_back_to(
    manifest: dict[str, Any],
) -> None:
    made = yaml.safe_load(for_http("https://copydesk.example.com/", several=True))
    back = "https://copydesk.example.com/slack/oauth_redirect"
    assert made["oauth_config"] == {"redirect_urls": [back], **manifest["oauth_config"]}
    assert made["settings"]["token_rotation_enabled"]
    one = yaml.safe_load(for_http("https://copydesk.example.com"))
    assert one["oauth_config"] == manifest["oauth_config"]
    assert not one["settings"]["token_rotation_enabled"]
