"""A workspace that doesn't let us in any more, and one that does again."""

from __future__ import annotations

from storage import Store, messages, outbox

NOT_INSTALLED = "not_installed"


def set_aside(store: Store, team_id: str) -> None:
    """Ends what a workspace was to be told: the app isn't installed there any more."""
    with store.write() as tx:
        outbox.set_aside(tx, team_id, NOT_INSTALLED)


def take_up(store: Store, team_id: str) -> None:
    """The app is installed there again: its cards become true."""
    with store.write() as tx:
        messages.take_up(tx, team_id)
