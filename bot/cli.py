"""The command line: `python -m bot` runs the bot; its commands look after what it needs."""

import click

from bot import data, manifest
from bot.doctor import doctor
from bot.migrate import migrate
from bot.run import run
from bot.terminal import do


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Copydesk, the copy desk of a social-media team, inside Slack.

    Without a command it runs: in the workspace that SLACK_BOT_TOKEN opens, over Socket Mode with
    SLACK_APP_TOKEN or over HTTP with SLACK_SIGNING_SECRET; with none of them, in a playground on
    this machine. Settings come from the environment and from the file .env in this folder;
    .env.example lists them.
    """
    if context.invoked_subcommand is None:
        do(run, until_ended=True)


@main.command()
def worker() -> None:
    """Runs beside processes that take Slack's requests over HTTP.

    It sends what is to be sent and does what falls due, and opens no port. Over Socket Mode and in
    the playground it is the same as no command.
    """
    do(lambda settings: run(settings, serves=False), until_ended=True)


main.add_command(migrate)
main.add_command(doctor)
main.add_command(data.backup)
main.add_command(data.restore)
main.add_command(manifest.command)
main.add_command(data.copy_to)
main.add_command(data.export)
