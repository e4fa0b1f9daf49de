"""What Slack refuses of an app that is installed by OAuth, and when its tokens work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.several import CLIENT, FIRST, SECOND, Browser, TwoWorkspaces, asked

APP = "http://127.0.0.1:1"
BACK = f"{APP}/slack/oauth_redirect"


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[TwoWorkspaces]:
    with TwoWorkspaces(APP, tmp_path) as started:
        yield started


def authorize(slack: TwoWorkspaces, **changed: str) -> str:
    query = {"client_id": CLIENT[0], "scope": "commands,chat:write", "state": "s", **changed}
    return f"{slack.url}/oauth/v2/authorize?{urlencode(query)}"


def code(slack: TwoWorkspaces, team: str = FIRST, **changed: str) -> str:
    return asked(Browser(APP).answer(authorize(slack, **changed), team))["code"]


def client(slack: TwoWorkspaces, token: str | None = None) -> WebClient:
    return WebClient(token, base_url=slack.api_url, retry_handlers=[])


def access(slack: TwoWorkspaces, *credentials: str, **more: str) -> dict[str, object]:
    client_id, secret = credentials or CLIENT
    answered = client(slack).oauth_v2_access(client_id=client_id, client_secret=secret, **more)
    assert isinstance(answered.data, dict)
    return answered.data


def refusal(call: object, *args: object, **more: object) -> str:
    assert callable(call)
    with pytest.raises(SlackApiError) as refused:
        call(*args, **more)
    return str(refused.value.response["error"])


def works(slack: TwoWorkspaces, token: object) -> str:
    """The workspace that a token opens, or why it opens none."""
    try:
        return str(client(slack, str(token)).auth_test()["team_id"])
    except SlackApiError as error:
        return str(error.response["error"])


def test_a_code_works_once_for_who_asked(slack: TwoWorkspaces) -> None:
    given = code(slack)
    assert refusal(access, slack, "1.1", CLIENT[1], code=given) == "invalid_client_id"
    assert refusal(access, slack, CLIENT[0], "guess", code=given) == "bad_client_secret"
    assert refusal(access, slack, code="1.made-up") == "invalid_code"
    assert refusal(access, slack, code=given, redirect_uri=BACK) == "bad_redirect_uri"
    got = access(slack, code=given)
    assert got["team"] == {"id": FIRST, "name": "Larkfield Tea"}
    assert (got["expires_in"], got["scope"]) == (43_200, "chat:write,commands")
    assert refusal(access, slack, code=given) == "invalid_code"
    assert works(slack, got["access_token"]) == FIRST
    assert code(slack, redirect_uri=BACK)


def test_the_page_refuses_what_slack_refuses(slack: TwoWorkspaces) -> None:
    for changed, word in (
        ({"client_id": "1.1"}, "invalid_client_id"),
        ({"redirect_uri": "https://elsewhere.example/"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}.example"}, "bad_redirect_uri"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "admin"}, "invalid_scope"),
    ):
        answered = httpx.get(authorize(slack, **changed))
        assert (answered.status_code, word in answered.text) == (400, True), changed
    cancelled = Browser(APP).answer(authorize(slack), FIRST, "cancel")
    assert asked(cancelled) == {"state": "s", "error": "access_denied"}


def test_each_token_opens_its_own_workspace_until_it_ends(slack: TwoWorkspaces) -> None:
    one, other = (access(slack, code=code(slack, team)) for team in (FIRST, SECOND))
    assert works(slack, other["access_token"]) == SECOND
    sent = client(slack, str(other["access_token"]))
    sent.chat_postMessage(channel="C0SOCIAL", text="Hello")
    assert [m["contents"][0]["text"] for m in slack.second.all_messages("C0SOCIAL")][-1] == "Hello"
    assert "Hello" not in str(slack.all_messages("C0SOCIAL"))

    renewed = access(slack, grant_type="refresh_token", refresh_token=str(one["refresh_token"]))
    assert works(slack, one["access_token"]) == works(slack, renewed["access_token"]) == FIRST
    used = {"grant_type": "refresh_token", "refresh_token": str(one["refresh_token"])}
    assert refusal(access, slack, **used) == "invalid_refresh_token"
    slack.post("/control/app/expire", seconds=0)
    assert works(slack, renewed["access_token"]) == "token_expired"
    assert works(slack, other["access_token"]) == SECOND
    slack.second.post("/control/app/uninstall")
    assert works(slack, other["access_token"]) == "account_inactive"
    third = access(slack, code=code(slack, SECOND))
    client(slack, str(third["access_token"])).auth_revoke()
    assert works(slack, third["access_token"]) == "token_revoked"
    assert works(slack, slack.bot_token) == "invalid_auth"


def test_the_second_workspace_has_a_page_of_its_own(slack: TwoWorkspaces) -> None:
    page = httpx.get(f"{slack.url}/w/2/")
    assert 'src="static/main.js"' in page.text
    assert httpx.get(f"{slack.url}/w/2/static/main.js").status_code == 200
    assert slack.second.player("U0MAYA").state()["team"]["name"] == "Larkfield Tea 2"
