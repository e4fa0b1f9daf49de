"""Where the app is installed by OAuth.

The columns are those of Bolt's own stores (slack_sdk.oauth), which read and write these tables;
text is of any length, since Slack says of no token how long it may get. Times are in UTC without
saying so, as Bolt writes them. Tokens are plain text.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, flag, metadata, own_id, text

# Who the bot is in a workspace, and with which token. `refreshing_until` is ours, and real time:
# somebody is getting a new token.
slack_bots = sa.Table(
    "slack_bots",
    metadata,
    own_id(),
    text("client_id"),
    text("app_id"),
    text("enterprise_id", nullable=True),
    text("enterprise_name", nullable=True),
    text("team_id", nullable=True),
    text("team_name", nullable=True),
    text("bot_token", nullable=True),
    text("bot_id", nullable=True),
    text("bot_user_id", nullable=True),
    text("bot_scopes", nullable=True),
    text("bot_refresh_token", nullable=True),
    sa.Column("bot_token_expires_at", sa.DateTime),
    flag("is_enterprise_install"),
    sa.Column("installed_at", sa.DateTime, nullable=False),
    at("refreshing_until", nullable=True),
    sa.Index(None, "team_id", "client_id"),
)

# Who installed it, when.
slack_installations = sa.Table(
    "slack_installations",
    metadata,
    own_id(),
    text("client_id"),
    text("app_id"),
    text("enterprise_id", nullable=True),
    text("enterprise_name", nullable=True),
    text("enterprise_url", nullable=True),
    text("team_id", nullable=True),
    text("team_name", nullable=True),
    text("bot_token", nullable=True),
    text("bot_id", nullable=True),
    text("bot_user_id", nullable=True),
    text("bot_scopes", nullable=True),
    text("bot_refresh_token", nullable=True),
    sa.Column("bot_token_expires_at", sa.DateTime),
    text("user_id"),
    text("user_token", nullable=True),
    text("user_scopes", nullable=True),
    text("user_refresh_token", nullable=True),
    sa.Column("user_token_expires_at", sa.DateTime),
    text("incoming_webhook_url", nullable=True),
    text("incoming_webhook_channel", nullable=True),
    text("incoming_webhook_channel_id", nullable=True),
    text("incoming_webhook_configuration_url", nullable=True),
    flag("is_enterprise_install"),
    text("token_type", nullable=True),
    sa.Column("installed_at", sa.DateTime, nullable=False),
    sa.Index(None, "team_id", "client_id"),
)

# With what somebody comes back from Slack's page, once, until then.
slack_oauth_states = sa.Table(
    "slack_oauth_states",
    metadata,
    own_id(),
    text("state"),
    sa.Column("expire_at", sa.DateTime, nullable=False),
    sa.Index(None, "state", unique=True),
    sa.Index(None, "expire_at"),
)
