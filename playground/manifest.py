"""Reads an app's manifest and refuses what Slack refuses in one.

Source: the JSON schema in github.com/slackapi/manifest-schema (version 2) and docs.slack.dev,
reference/app-manifest; the rules between parts, answers of `apps.manifest.validate` as told in
github.com/derive-to/derive/pull/558 and github.com/gastownhall/gascity-packs/issues/63.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import yaml

from playground.event_scopes import EVENT_SCOPES
from playground.manifest_group import Group, ManifestError
from playground.yaml_text import parse

ShortcutType = Literal["message", "global"]


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `should_escape` turns typed names into `<@U123|name>`. `url` is where it is
    sent over HTTP."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a message's "..." menu, or a global one."""

    name: str
    type: ShortcutType
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class App:
    """The app that a manifest describes. Texts that it leaves out are empty.

    Without Socket Mode events go to `events_url`, clicks, forms and shortcuts to
    `interactivity_url`, and external selects ask `options_url`. Who installs it by
    OAuth comes back to one of `redirect_urls`.
    """

    name: str
    description: str
    background_color: str
    bot_display_name: str
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    bot_scopes: frozenset[str]
    bot_optional_scopes: frozenset[str]
    bot_events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    interactivity: bool
    socket_mode: bool
    events_url: str
    interactivity_url: str
    options_url: str
    redirect_urls: tuple[str, ...]
    token_rotation: bool


def load(path: Path) -> App:
    """Reads the manifest at `path` (YAML or JSON).

    Raises ManifestError when there is no such file, it isn't YAML, or Slack would refuse it.
    """
    try:
        content = parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path} is not UTF-8 text.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ManifestError(f"{path} is not valid YAML: there is a mistake{where}.") from error
    try:
        return _app(Group(content, ""))
    except ManifestError as error:
        raise ManifestError(f"Slack would refuse {path}: {error}") from error


def _app(root: Group) -> App:
    root.only(
        "$schema",
        "_metadata",
        "app_directory",
        "datastores",
        "display_information",
        "external_auth_providers",
        "features",
        "functions",
        "mcp_servers",
        "oauth_config",
        "outgoing_domains",
        "settings",
        "types",
        "workflows",
    )
    if root.group("_metadata").values.get("major_version", 2) not in (1, 2):
        raise ManifestError("_metadata.major_version must be 1 or 2.")
    display = root.group("display_information")
    display.only("name", "description", "background_color", "long_description")
    name = display.text("name", 35, required=True)
    color = display.text("background_color", 7)
    if color and not re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", color):
        raise ManifestError(f"{display.name('background_color')} must look like #1f3a4d.")
    long_description = display.text("long_description", 4000)
    if long_description and len(long_description) < 175:
        raise ManifestError(f"{display.name('long_description')} needs 175 characters at least.")

    features = root.group("features")
    features.only(
        "agent_view",
        "app_home",
        "assistant_view",
        "bot_user",
        "code_channels",
        "functions",
        "shortcuts",
        "slash_commands",
        "unfurl_domains",
        "workflow_steps",
    )
    home = features.group("app_home")
    home.only("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled")
    bot = features.group("bot_user")
    bot.only("display_name", "always_online")
    bot.flag("always_online")

    oauth = root.group("oauth_config")
    oauth.only("pkce_enabled", "redirect_urls", "scopes", "token_management_enabled")
    scopes = oauth.group("scopes")
    scopes.only("bot", "bot_optional", "user", "user_optional")

    settings = root.group("settings")
    settings.only(
        "allowed_ip_address_ranges",
        "event_subscriptions",
        "function_runtime",
        "hermes_app_type",
        "incoming_webhooks",
        "interactivity",
        "is_hosted",
        "is_mcp_enabled",
        "org_deploy_enabled",
        "siws_links",
        "socket_mode_enabled",
        "token_rotation_enabled",
    )
    socket_mode = settings.flag("socket_mode_enabled")
    bot_events, events_url = _events(settings, socket_mode=socket_mode)
    interactivity, interactivity_url, options_url = _interactivity(
        settings, socket_mode=socket_mode
    )
    app = App(
        name=name,
        description=display.text("description", 140),
        background_color=color,
        bot_display_name=bot.text("display_name", 80, required="bot_user" in features.values),
        commands=_commands(features, socket_mode=socket_mode),
        shortcuts=_shortcuts(features),
        bot_scopes=_scopes(scopes, "bot"),
        bot_optional_scopes=_scopes(scopes, "bot_optional"),
        bot_events=bot_events,
        home_tab=home.flag("home_tab_enabled"),
        messages_tab=home.flag("messages_tab_enabled"),
        messages_tab_read_only=home.flag("messages_tab_read_only_enabled"),
        interactivity=interactivity,
        socket_mode=socket_mode,
        events_url=events_url,
        interactivity_url=interactivity_url,
        options_url=options_url,
        redirect_urls=tuple(map(str, oauth.items("redirect_urls", 1000))),
        token_rotation=settings.flag("token_rotation_enabled"),
    )
    _agree(app)
    return app


def _commands(features: Group, *, socket_mode: bool) -> tuple[Command, ...]:
    found: dict[str, Command] = {}
    for index, value in enumerate(features.items("slash_commands", 50, fewest=1)):
        one = Group(value, f"{features.at}.slash_commands[{index}]")
        one.only("command", "description", "should_escape", "url", "usage_hint")
        command = one.text("command", 32, required=True)
        if not re.fullmatch(r"/[^\s/A-Z]+", command):
            raise ManifestError(
                f"{one.name('command')} must be a slash and a word in lower case, like /draft."
            )
        if command in found:
            raise ManifestError(f"{features.at}.slash_commands has {command} twice.")
        found[command] = Command(
            command=command,
            description=one.text("description", 2000, required=True),
            usage_hint=one.text("usage_hint", 1000),
            should_escape=one.flag("should_escape"),
            url=one.request_url("url", needed=not socket_mode),
        )
    return tuple(found.values())


def _shortcuts(features: Group) -> tuple[Shortcut, ...]:
    found: dict[str, Shortcut] = {}
    for index, value in enumerate(features.items("shortcuts", 10, fewest=1)):
        one = Group(value, f"{features.at}.shortcuts[{index}]")
        one.only("callback_id", "description", "name", "type")
        kind = one.text("type", 7, required=True)
        if kind not in ("message", "global"):
            raise ManifestError(f"{one.name('type')} must be message or global.")
        callback_id = one.text("callback_id", 255, required=True)
        if callback_id in found:
            raise ManifestError(f"{features.at}.shortcuts has the callback_id {callback_id} twice.")
        found[callback_id] = Shortcut(
            name=one.text("name", 24, required=True),
            type=cast("ShortcutType", kind),
            callback_id=callback_id,
            description=one.text("description", 150, required=True),
        )
    return tuple(found.values())


def _scopes(group: Group, key: str) -> frozenset[str]:
    found = group.words(key, 255)
    for scope in sorted(found):
        if not re.fullmatch(r"[a-z]+([._-][a-z]+)*(:[a-z]+([._-][a-z]+)*)*", scope):
            raise ManifestError(f"{group.name(key)} has {scope}, which is no scope.")
    return found


def _events(settings: Group, *, socket_mode: bool) -> tuple[frozenset[str], str]:
    """Which events the app is sent, and where."""
    group = settings.group("event_subscriptions")
    group.only("bot_events", "metadata_subscriptions", "request_url", "user_events")
    found = group.words("bot_events", 100)
    for event in sorted(found):
        if event not in EVENT_SCOPES:
            raise ManifestError(f"{group.name('bot_events')} has {event}, which is no event.")
    return found, group.request_url("request_url", needed=bool(found) and not socket_mode)


def _interactivity(settings: Group, *, socket_mode: bool) -> tuple[bool, str, str]:
    """Whether there is any, where it is sent, and where external selects ask.

    Those have an address of their own, without which nobody is asked: the other one doesn't stand
    in for it (github.com/slackapi/bolt-js/issues/1479, java-slack-sdk/issues/1139).
    """
    group = settings.group("interactivity")
    group.only("is_enabled", "message_menu_options_url", "request_url")
    if "interactivity" in settings.values and "is_enabled" not in group.values:
        raise ManifestError(f"{group.name('is_enabled')} is missing.")
    enabled = group.flag("is_enabled")
    url = group.request_url("request_url", needed=enabled and not socket_mode)
    return enabled, url, group.address("message_menu_options_url")


def _agree(app: App) -> None:
    """Rules between the parts of a manifest."""
    asked = app.bot_scopes | app.bot_optional_scopes
    if asked and not app.bot_display_name:
        raise ManifestError("a bot scope is asked for, so features.bot_user is needed.")
    if (app.commands or app.shortcuts) and "commands" not in app.bot_scopes:
        raise ManifestError("a slash command or a shortcut needs the bot scope commands.")
    if app.shortcuts and not app.interactivity:
        raise ManifestError("a shortcut needs settings.interactivity.is_enabled.")
    for event in sorted(app.bot_events):
        needed = EVENT_SCOPES[event]
        if needed and not needed & asked:
            raise ManifestError(
                f"the event {event} needs the bot scope {' or '.join(sorted(needed))}."
            )
