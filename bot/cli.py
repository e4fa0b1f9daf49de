"""The command line: `python -m bot` runs the bot, `python -m bot migrate` prepares its database."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

import storage
from bot.errors import CannotStart, Ended
from bot.logs import masked, set_up_logging
from bot.run import run
from bot.settings import Settings, load_settings, prepare_folders

# A supervisor can tell them apart: starting again helps after the second only.
CANNOT_START = 2
ENDED = 1


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Copydesk, the copy desk of a social-media team, inside Slack.

    Without a command it runs: in the workspace that SLACK_BOT_TOKEN and SLACK_APP_TOKEN open, or,
    with neither, in a playground on this machine. Settings come from the environment and from the
    file .env in this folder; .env.example lists them.
    """
    if context.invoked_subcommand is None:
        _do(run)


@main.command()
def migrate() -> None:
    """Brings the database's tables to those of this version.

    On SQLite it happens at each start; PostgreSQL, which several processes may share, waits for
    this command.
    """
    _do(_migrate)


def _migrate(settings: Settings) -> None:
    prepare_folders(settings)
    storage.migrate(settings.database_url.reveal())
    click.echo("The database is ready.")


def _do(work: Callable[[Settings], None]) -> None:
    try:
        settings = load_settings(Path.cwd())
        set_up_logging(settings.log_level)
        _hide_from_bolt()
        work(settings)
    except (CannotStart, storage.StorageError) as error:
        _say(error)
        sys.exit(CANNOT_START)
    except Ended as error:
        _say(error)
        sys.exit(ENDED)
    finally:
        logging.shutdown()


def _hide_from_bolt() -> None:
    """Bolt reads tokens and OAuth settings of its own accord, past what was checked here."""
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]


def _say(error: Exception) -> None:
    sentence = masked(str(error)).rstrip(".")  # a driver's own words, at the end, have no full stop
    click.echo(f"Copydesk: {sentence}.", err=True)
