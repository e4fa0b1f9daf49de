"""auth.test, auth.revoke, oauth.v2.access and apps.connections.open."""

from playground.core import ApiError
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


@method("auth.revoke")
def auth_revoke(call: Call) -> Json:
    if call.flag("test"):
        return {"revoked": False}
    if call.pg.office is None:
        call.pg.revoked = True
    else:
        call.pg.office.revoke(call.pg, call.token or "")
    return {"revoked": True}


@method("oauth.v2.access", is_open=True)
def oauth_access(call: Call) -> Json:
    if call.pg.office is None:
        raise ApiError("invalid_client_id")
    return call.pg.office.access(call.args)


@method("apps.connections.open", app_level=True)
def connections_open(call: Call) -> Json:
    pg = call.pg
    address = pg.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={pg.sockets.ticket()}&app_id={pg.app_id}"}
