"""What a manifest says, and what Slack refuses in one.

Sources: the schema in github.com/slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json; the
rules between parts, answers of apps.manifest.validate told in github.com/derive-to/derive/pull/558
and github.com/gastownhall/gascity-packs/issues/63.
"""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from playground.manifest import Command, Shortcut, load
from playground.manifest_group import ManifestError
from tests.playground.raw_http import PATHS, over_http

Manifest = dict[str, Any]

GOOD: Manifest = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {
        "name": "Copydesk",
        "description": "Drafts and approvals.",
        "background_color": "#1f3a4d",
    },
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Copydesk", "always_online": True},
        "shortcuts": [
            {"name": "Draft", "type": "message", "callback_id": "d", "description": "A draft"}
        ],
        "slash_commands": [
            {"command": "/draft", "description": "Write", "usage_hint": "[text]"},
            {"command": "/desk", "description": "Help", "should_escape": True},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["chat:write", "commands", "im:history", "channels:read"],
            "bot_optional": ["channels:history"],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": ["message.im", "message.channels", "member_joined_channel"]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def written(folder: Path, manifest: object) -> Path:
    path = folder / "manifest.yml"
    path.write_text(yaml.safe_dump(manifest))
    return path


def changed(place: str, value: object, good: Manifest = GOOD) -> Manifest:
    """A good one with another value at a dotted place; None takes it away."""
    manifest = copy.deepcopy(good)
    *path, last = place.split(".")
    group: Any = manifest
    for name in path:
        group = group[int(name)] if isinstance(group, list) else group[name]
    key: Any = int(last) if isinstance(group, list) else last
    if value is None:
        del group[key]
    else:
        group[key] = value
    return manifest


def test_the_products_own_manifest_is_good(root: Path) -> None:
    app = load(root / "manifest.yml")
    assert app.name == "Copydesk"
    assert "/draft" in {command.command for command in app.commands}
    assert app.socket_mode


def test_everything_that_the_playground_needs_is_read(tmp_path: Path) -> None:
    app = load(written(tmp_path, GOOD))
    assert (app.name, app.bot_display_name) == ("Copydesk", "Copydesk")
    assert (app.description, app.background_color) == ("Drafts and approvals.", "#1f3a4d")
    assert app.commands == (
        Command("/draft", "Write", "[text]", should_escape=False),
        Command("/desk", "Help", "", should_escape=True),
    )
    assert app.shortcuts == (Shortcut("Draft", "message", "d", "A draft"),)
    assert app.bot_scopes == {"chat:write", "commands", "im:history", "channels:read"}
    assert app.bot_optional_scopes == {"channels:history"}
    assert app.bot_events == {"message.im", "message.channels", "member_joined_channel"}
    assert (app.home_tab, app.messages_tab, app.messages_tab_read_only) == (True, True, False)
    assert (app.interactivity, app.socket_mode) == (True, True)


def test_without_socket_mode_everything_has_its_address(tmp_path: Path) -> None:
    """Source: github.com/slackapi/node-slack-sdk, web-api/src/types/request/manifest.ts."""
    manifest = over_http(GOOD, "https://example.com", PATHS)
    app = load(written(tmp_path, manifest))
    assert not app.socket_mode
    assert {command.url for command in app.commands} == {"https://example.com/commands"}
    assert app.events_url == "https://example.com/events"
    assert app.interactivity_url == "https://example.com/clicks"
    assert app.options_url == "https://example.com/options"
    del manifest["settings"]["interactivity"]["message_menu_options_url"]
    assert load(written(tmp_path, manifest)).options_url == ""


@pytest.mark.parametrize(
    "place",
    [
        "features.slash_commands.1.url",
        "settings.event_subscriptions.request_url",
        "settings.interactivity.request_url",
    ],
)
def test_an_address_that_is_missing_is_told(tmp_path: Path, place: str) -> None:
    manifest = changed(place, None, over_http(GOOD, "https://example.com"))
    told = place.replace(".1.", "[1].") + " is needed without Socket Mode."
    with pytest.raises(ManifestError) as refused:
        load(written(tmp_path, manifest))
    assert told in str(refused.value)


def test_json_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text('{"display_information": {"name": "Copydesk"}}')
    app = load(path)
    assert (app.name, app.commands, app.bot_scopes) == ("Copydesk", (), frozenset())


SHORTCUT = GOOD["features"]["shortcuts"][0]
COMMAND = GOOD["features"]["slash_commands"][0]


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        # display_information
        (changed("display_information", None), "display_information.name is missing."),
        (changed("display_information.name", "a" * 36), "name has 36 characters, 35 are allowed."),
        (changed("display_information.name", ""), "display_information.name must not be empty."),
        (changed("display_information.name", 7), "display_information.name must be a text."),
        (changed("display_information.description", "a" * 141), "141 characters, 140 are allowed."),
        (changed("display_information.background_color", "blue"), "must look like #1f3a4d."),
        (changed("display_information.long_description", "a" * 174), "needs 175 characters"),
        (changed("display_information.icon", "a"), "icon is not a setting Slack knows."),
        # features
        (changed("features.bot_user.display_name", "a" * 81), "81 characters, 80 are allowed."),
        (changed("features.bot_user.display_name", None), "bot_user.display_name is missing."),
        (changed("features.app_home.home_tab_enabled", "yes"), "must be true or false."),
        (changed("features.home", {}), "features.home is not a setting Slack knows."),
        # features.slash_commands
        (changed("features.slash_commands", []), "slash_commands has 0 entries, 1 to 50 are"),
        (changed("features.slash_commands", "/draft"), "slash_commands must be a list."),
        (changed("features.slash_commands.0", "/draft"), "[0] must be a group of settings."),
        (changed("features.slash_commands.0.command", "draft"), "must be a slash and a word"),
        (changed("features.slash_commands.0.command", "/a b"), "must be a slash and a word"),
        (changed("features.slash_commands.0.command", "/Draft"), "must be a slash and a word"),
        (changed("features.slash_commands.0.command", "/" + "a" * 32), "33 characters, 32 are"),
        (changed("features.slash_commands.0.command", "/desk"), "slash_commands has /desk twice."),
        (changed("features.slash_commands.0.description", None), "description is missing."),
        (changed("features.slash_commands.0.description", "a" * 2001), "2000 are allowed."),
        (changed("features.slash_commands.0.usage_hint", "a" * 1001), "1000 are allowed."),
        (changed("features.slash_commands.0.url", "example.com"), "must begin with https://."),
        (changed("features.slash_commands", [COMMAND] * 51), "51 entries, 1 to 50 are allowed."),
        # features.shortcuts
        (changed("features.shortcuts.0.name", "a" * 25), "25 characters, 24 are allowed."),
        (changed("features.shortcuts.0.type", "channel"), "must be message or global."),
        (changed("features.shortcuts.0.callback_id", None), "callback_id is missing."),
        (changed("features.shortcuts.0.callback_id", "a" * 256), "255 are allowed."),
        (changed("features.shortcuts.0.description", "a" * 151), "150 are allowed."),
        (changed("features.shortcuts", [SHORTCUT] * 2), "has the callback_id d twice."),
        (changed("features.shortcuts", [SHORTCUT] * 11), "11 entries, 1 to 10 are allowed."),
        # oauth_config
        (changed("oauth_config.scopes.bot.0", "a" * 51), "must hold texts of 1 to 50 characters."),
        (changed("oauth_config.scopes.bot.0", "write everything"), "which is no scope."),
        (changed("oauth_config.scopes.bot.0", "commands"), "names commands twice."),
        # settings
        (changed("settings.event_subscriptions.bot_events.0", "message.dm"), "which is no event."),
        (changed("settings.interactivity.is_enabled", None), "is_enabled is missing."),
        (changed("settings.interactivity.message_menu_options_url", "a"), "must begin with https"),
        (changed("settings.socket_mode_enabled", 1), "must be true or false."),
        (changed("_metadata.major_version", 3), "_metadata.major_version must be 1 or 2."),
        # between the parts
        (
            changed("oauth_config.scopes.bot", ["chat:write", "im:history", "channels:read"]),
            "a slash command or a shortcut needs the bot scope commands.",
        ),
        (
            changed("oauth_config.scopes.bot", ["commands", "channels:read"]),
            "the event message.im needs the bot scope im:history.",
        ),
        (
            changed("oauth_config.scopes.bot", ["commands", "im:history"]),
            "the event member_joined_channel needs the bot scope channels:read or groups:read.",
        ),
        (changed("features.bot_user", None), "features.bot_user is needed."),
        (changed("settings.interactivity.is_enabled", False), "a shortcut needs settings.inter"),
        (changed("settings.socket_mode_enabled", False), "url is needed without Socket Mode."),
        ([], "it must be a group of settings."),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
def test_what_slack_refuses_is_told_in_one_sentence(
    tmp_path: Path, manifest: object, sentence: str
) -> None:
    path = written(tmp_path, manifest)
    with pytest.raises(ManifestError) as refused:
        load(path)
    told = str(refused.value)
    assert told.startswith(f"Slack would refuse {path}: ")
    assert sentence in told
    assert "\n" not in told


def test_a_file_that_is_no_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"nowhere\.yml cannot be read: No such file"):
        load(tmp_path / "nowhere.yml")
    broken = tmp_path / "broken.yml"
    broken.write_text("features:\n  - [\n")
    with pytest.raises(ManifestError, match="is not valid YAML: there is a mistake in line 3"):
        load(broken)
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ManifestError, match="is not UTF-8 text"):
        load(broken)
