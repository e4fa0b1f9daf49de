"""The libraries alone, started: what Copydesk cannot take less time and memory than.

python -m bench.libraries
"""

from __future__ import annotations

import os

import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bench.slack import APP_TOKEN, BOT_TOKEN

if __name__ == "__main__":
    with sa.create_engine(os.environ["DATABASE_URL"]).connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    BackgroundScheduler(timezone="UTC").start()
    client = WebClient(BOT_TOKEN, base_url=os.environ["SLACK_API_URL"])
    SocketModeHandler(App(client=client), APP_TOKEN).start()
