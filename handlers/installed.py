"""What Slack tells of the app itself: that it was removed from a workspace, or its token revoked.

The two come in any order (docs.slack.dev/reference/events/app_uninstalled), and may come late, when
the app has been installed again. So Slack is asked, and its answer counts.
"""

from __future__ import annotations

from handlers.answers import IGNORED, Answer
from handlers.door import Door, Services
from handlers.incoming import Incoming
from operations import workspaces


def register(door: Door) -> None:
    """Attaches what is here."""
    door.event("app_uninstalled", removed)
    door.event("tokens_revoked", removed)


def removed(incoming: Incoming, services: Services) -> Answer:
    """What that workspace was to be told ends, and nobody else's waits for it."""
    if services.clients.forget_lost(incoming.team_id):
        workspaces.set_aside(services.store, incoming.team_id)
    return IGNORED
