"""Where the app is installed, with which token: Bolt's own store, behind our two doors.

Bolt's stores open transactions of their own. They get `read` and `write` in the engine's place, so
that on SQLite they wait for their turn like everybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import cast

import sqlalchemy as sa
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from storage.engine import Store
from storage.tables import slack_bots, slack_installations, slack_oauth_states


class _Doors:
    """What Bolt's stores ask of an engine."""

    def __init__(self, store: Store) -> None:
        self.connect = store.read
        self.begin = store.write


class _Inside:
    """The same, in one transaction that is open already."""

    def __init__(self, tx: sa.Connection) -> None:
        self.connect = self.begin = lambda: nullcontext(tx)


def _engine(doors: _Doors | _Inside) -> sa.Engine:
    return cast(sa.Engine, doors)


class Installations(SQLAlchemyInstallationStore):
    """One installation a workspace: the last one counts. Safe to share between threads."""

    def __init__(self, client_id: str, store: Store) -> None:
        super().__init__(client_id, _engine(_Doors(store)))
        self._store = store

    def save(self, installation: Installation) -> None:
        """Keeps an installation in the place of those before; their tokens are not kept. All at
        once: Bolt's store takes two transactions, and the one before must not end before both."""
        with self._store.write() as tx:
            self._forget(tx, installation.team_id)
            inside = SQLAlchemyInstallationStore(self.client_id, _engine(_Inside(tx)))
            inside.save(installation)

    def of(self, team_id: str) -> Bot | None:
        """Who we are in a workspace. By its id alone, because the courier knows no more; Slack
        gives no id of a workspace twice."""
        query = sa.select(slack_bots).filter_by(client_id=self.client_id, team_id=team_id)
        with self._store.read() as tx:
            row = tx.execute(query.order_by(slack_bots.c.id.desc()).limit(1)).mappings().first()
        return self.build_bot_entity(row) if row else None

    def teams(self) -> list[str]:
        """The workspaces where the app is installed."""
        query = sa.select(slack_bots.c.team_id).filter_by(client_id=self.client_id)
        with self._store.read() as tx:
            return list(tx.execute(query.distinct().order_by("team_id")).scalars())

    def may_refresh(self, bot: Bot, now: datetime, lease: timedelta) -> bool:
        """Whether it is ours to refresh this token: of all threads and processes one may, for
        `lease` of real time."""
        free = sa.or_(slack_bots.c.refreshing_until.is_(None), slack_bots.c.refreshing_until < now)
        claim = self._exactly(bot).where(free).values(refreshing_until=now + lease)
        with self._store.write() as tx:
            return tx.execute(claim).rowcount > 0

    def refreshed(self, before: Bot, after: Bot) -> None:
        """Keeps a new token, unless the app was installed again meanwhile."""
        expires = datetime.fromtimestamp(after.bot_token_expires_at or 0, UTC)
        values = {
            "bot_token": after.bot_token,
            "bot_refresh_token": after.bot_refresh_token,
            "bot_token_expires_at": expires.replace(tzinfo=None),  # as Bolt's store keeps it
            "refreshing_until": None,
        }
        with self._store.write() as tx:
            tx.execute(self._exactly(before).values(**values))

    def remove(self, bot: Bot) -> None:
        """Forgets an installation that is no longer good, and those before it, unless there is a
        newer one."""
        team = {"client_id": self.client_id, "team_id": bot.team_id}
        last = sa.select(slack_bots.c.bot_token).filter_by(**team).order_by(slack_bots.c.id.desc())
        with self._store.write() as tx:
            if tx.execute(last.limit(1).with_for_update()).scalar() == bot.bot_token:
                self._forget(tx, bot.team_id)

    def _forget(self, tx: sa.Connection, team_id: str | None) -> None:
        for table in (slack_bots, slack_installations):
            tx.execute(table.delete().filter_by(client_id=self.client_id, team_id=team_id))

    def _exactly(self, bot: Bot) -> sa.Update:
        return slack_bots.update().filter_by(
            client_id=self.client_id, team_id=bot.team_id, bot_refresh_token=bot.bot_refresh_token
        )


class States(SQLAlchemyOAuthStateStore):
    """The tickets with which somebody comes back from Slack, each good for `seconds`. `now` is real
    time. Safe to share between threads."""

    def __init__(self, seconds: int, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(seconds, _engine(_Doors(store)))
        self._store = store
        self._now = now

    def issue(self, *args: object, **kwargs: object) -> str:
        """A new one. Those that ran out go: Bolt's store keeps what nobody came back with."""
        with self._store.write() as tx:
            tx.execute(
                slack_oauth_states.delete().where(slack_oauth_states.c.expire_at < self._real())
            )
        return super().issue()

    def consume(self, state: str) -> bool:
        """Whether it is good; never twice. Bolt's store reads and then deletes, so that of two who
        come at once on PostgreSQL both would be let in."""
        wanted = slack_oauth_states.delete().filter_by(state=state)
        with self._store.write() as tx:
            found = tx.execute(wanted.where(slack_oauth_states.c.expire_at > self._real()))
            return found.rowcount > 0

    def _real(self) -> datetime:
        """Now, as Bolt's store writes it: in UTC, without saying so."""
        return self._now().astimezone(UTC).replace(tzinfo=None)
