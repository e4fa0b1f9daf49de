"""auth.test and apps.connections.open."""

from playground.web_api.methods import Call, method
from playground.workspace import Json


@method("auth.test")
def auth_test(call: Call) -> Json:
    pg = call.pg
    return {
        "url": f"https://{pg.workspace.domain}.slack.com/",
        "team": pg.workspace.name,
        "user": pg.workspace.people[pg.bot_user_id].name,
        "team_id": pg.workspace.team_id,
        "user_id": pg.bot_user_id,
        "bot_id": pg.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_level=True)
def connections_open(call: Call) -> Json:
    pg = call.pg
    address = pg.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={pg.sockets.ticket()}&app_id={pg.app_id}"}
