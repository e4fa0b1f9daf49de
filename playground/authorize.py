"""GET /oauth/v2/authorize: Slack's page that asks somebody whether to let the app in."""

import html
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playground.core import ApiError
from playground.office import Office

AUTHORIZE = "/oauth/v2/authorize"


def routes(office: Office) -> Iterator[BaseRoute]:
    """The page, and its two buttons."""

    async def ask(request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            _check(office, asked)
        except ApiError as refused:
            return HTMLResponse(_page(f"<p>Slack refuses this: {refused.code}.</p>"), 400)
        return HTMLResponse(_page(_form(office, asked)))

    async def answer(request: Request) -> Response:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        try:
            scopes = _check(office, form)
            uri = office.redirect_uri(form.get("redirect_uri"))
            given = {"state": form.get("state", "")}
            if form.get("answer") != "allow":
                given["error"] = "access_denied"
            else:
                team, user = form.get("team", ""), form.get("user", "")
                pg = office.workspaces.get(team)
                person = pg.person(user) if pg else None
                if person is None or person.is_bot or person.deleted or person.is_guest:
                    raise ApiError("access_denied")
                given["code"] = office.allow(team, user, scopes, form.get("redirect_uri"))
        except ApiError as refused:
            return HTMLResponse(_page(f"<p>Slack refuses this: {refused.code}.</p>"), 400)
        return RedirectResponse(f"{uri}?{urlencode(given)}", 302)

    yield Route(AUTHORIZE, ask, methods=["GET"])
    yield Route(AUTHORIZE, answer, methods=["POST"])


def _check(office: Office, asked: dict[str, str]) -> tuple[str, ...]:
    """The scopes that are asked for. Raises ApiError."""
    if asked.get("client_id") != office.client_id:
        raise ApiError("invalid_client_id")
    office.redirect_uri(asked.get("redirect_uri"))
    scopes = tuple(scope for scope in asked.get("scope", "").split(",") if scope)
    known = office.app.bot_scopes | office.app.bot_optional_scopes
    if not scopes or not known.issuperset(scopes):
        raise ApiError("invalid_scope")
    return scopes


def _form(office: Office, asked: dict[str, str]) -> str:
    passed = ("client_id", "scope", "redirect_uri", "state")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(asked[name])}">'
        for name in passed
        if name in asked
    )
    teams = "".join(
        f'<option value="{team}"{" selected" if team == asked.get("team") else ""}>'
        f"{html.escape(pg.workspace.name)}</option>"
        for team, pg in office.workspaces.items()
    )
    first = next(iter(office.workspaces.values()))
    people = "".join(
        f'<option value="{person.id}">{html.escape(person.real_name)}</option>'
        for person in first.workspace.people.values()
        if not (person.is_bot or person.deleted or person.is_guest or person.is_stranger)
    )
    scopes = "".join(f"<li>{html.escape(scope)}</li>" for scope in asked["scope"].split(","))
    return f"""<form method="post" action="{AUTHORIZE}">{hidden}
<p>It asks for:</p><ul>{scopes}</ul>
<p><label>Workspace <select name="team">{teams}</select></label></p>
<p><label>You are <select name="user">{people}</select></label></p>
<p><button name="answer" value="allow">Allow</button>
<button name="answer" value="cancel">Cancel</button></p></form>"""


def _page(inside: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Let an app in</title>
<style>:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
main {{ max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }}</style></head>
<body><main><h1>An app wants to come into your workspace</h1>{inside}</main></body></html>"""
