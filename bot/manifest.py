"""`python -m bot manifest`: the Slack app as Slack reads it, for Socket Mode or for HTTP.

One manifest cannot serve both: https://docs.slack.dev/reference/app-manifest.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import yaml

from bot.access import SettingsError, on_this_machine
from bot.logs import masked
from bot.terminal import one_sentence
from web.guard import SLACK_EVENTS
from web.install import REDIRECT

MANIFEST = Path(__file__).parent.parent / "manifest.yml"


@click.command("manifest")
@click.option("--url", help="Where Slack reaches Copydesk, for HTTP: https://copydesk.example.com")
@click.option("--several", is_flag=True, help="For several workspaces, which install it by OAuth.")
def command(url: str | None, several: bool) -> None:
    """Prints the app's manifest, to be pasted at api.slack.com/apps."""
    with one_sentence():
        if several and url is None:
            raise SettingsError("Several workspaces need HTTP: say where it is with --url.")
        text = MANIFEST.read_text("utf-8") if url is None else for_http(url, several=several)
        click.echo(text, nl=False)


def for_http(url: str, *, several: bool = False) -> str:
    """The manifest of an app whose requests come to `url`, as YAML. With `several` workspaces it is
    installed by OAuth, and its tokens are renewed.

    Raises:
        SettingsError: Slack could not send them there.
    """
    request_url = _base(url) + SLACK_EVENTS
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    for slash_command in manifest["features"]["slash_commands"]:
        slash_command["url"] = request_url
    settings = manifest["settings"]
    subscriptions = settings["event_subscriptions"]
    settings["event_subscriptions"] = {"request_url": request_url, **subscriptions}
    interactivity = settings["interactivity"]
    interactivity["request_url"] = request_url
    interactivity["message_menu_options_url"] = request_url  # the searchable menus of settings
    settings["socket_mode_enabled"] = False
    if several:
        oauth = manifest["oauth_config"]
        manifest["oauth_config"] = {"redirect_urls": [_base(url) + REDIRECT], **oauth}
        settings["token_rotation_enabled"] = True
    dumped: str = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
    return dumped


def _base(url: str) -> str:
    """What stands before our paths. A playground is on this machine, where nobody needs https."""
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    plain = url.isascii() and url.isprintable() and not set(url) & set(" ?#")
    if not whole or not plain or parts.username is not None:
        raise SettingsError(
            f"{masked(url)!r} is not an address that Slack could send to: it must look like "
            "https://copydesk.example.com, without anything after a ? or a #."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and on_this_machine(url)):
        raise SettingsError(
            f"{url!r} does not start with https://, and Slack sends to nothing else: put a "
            "balancer or a proxy that speaks https in front of Copydesk, and give its address."
        )
    return url.rstrip("/").removesuffix(SLACK_EVENTS)
