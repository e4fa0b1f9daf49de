"""What tests and admins do to the app's installation in a workspace: /control/app/..."""

from collections.abc import Iterator

from starlette.routing import BaseRoute, Route

from playground.core import Playground
from playground.deliveries import Impossible
from playground.office import Office
from playground.requests import Asked, endpoint
from playground.workspace import Json


def routes(pg: Playground, office: Office) -> Iterator[BaseRoute]:
    """For one of several workspaces."""

    def uninstall(asked: Asked) -> Json:
        if not office.is_installed(pg):
            raise Impossible(f"The app is not installed in {pg.workspace.name}.")
        office.uninstall(pg)
        return {"ok": True}

    def revoke(asked: Asked) -> Json:
        """`quietly`: the app's event of it is lost."""
        office.revoke_all(pg, quietly=bool(asked.given.get("quietly")))
        return {"ok": True}

    def expire(asked: Asked) -> Json:
        """The tokens run out in `seconds`; `new` is how long new ones last, in all workspaces."""
        office.expire(pg, float(asked.given.get("seconds", 0)))
        office.token_seconds = int(asked.given.get("new", office.token_seconds))
        return {"ok": True}

    def installed(asked: Asked) -> Json:
        return {"installed": office.is_installed(pg)}

    for name, order in {"uninstall": uninstall, "revoke": revoke, "expire": expire}.items():
        yield Route(f"/control/app/{name}", endpoint(pg, order), methods=["POST"])
    yield Route("/control/app", endpoint(pg, installed), methods=["GET"])
