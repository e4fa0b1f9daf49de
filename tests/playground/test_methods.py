"""What holds for every Web API method: token, scope, body, paging.

Source: docs.slack.dev/apis/web-api, docs.slack.dev/apis/web-api/pagination, and the errors that
every page under docs.slack.dev/reference/methods lists.
"""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.player import Playground
from tests.playground.raw import call


def test_the_real_client_is_told_who_it_is(client: WebClient) -> None:
    told = client.auth_test()
    assert told["team"] == "Larkfield Tea"
    assert told["bot_id"].startswith("B")
    assert told["user_id"].startswith("U")


def test_no_token_is_not_authed(playground: Playground) -> None:
    answer = httpx.post(playground.api_url + "auth.test").json()
    assert answer == {"ok": False, "error": "not_authed"}


def test_another_token_is_invalid(playground: Playground) -> None:
    assert call(playground, "auth.test", "xoxb-other")["error"] == "invalid_auth"


def test_the_token_may_be_an_argument(playground: Playground) -> None:
    """Source: docs.slack.dev/apis/web-api: in the header, or in the body of a form."""
    form = {"token": playground.bot_token}
    assert httpx.post(playground.api_url + "auth.test", data=form).json()["ok"]


def test_a_revoked_token(playground: Playground) -> None:
    playground.revoke_tokens()
    assert call(playground, "auth.test")["error"] == "token_revoked"


def test_a_token_of_the_other_kind(playground: Playground) -> None:
    """Source: docs.slack.dev/reference/methods/apps.connections.open."""
    by_app = call(playground, "auth.test", playground.app_token)
    by_bot = call(playground, "apps.connections.open", playground.bot_token)
    assert by_app["error"] == by_bot["error"] == "not_allowed_token_type"


def test_an_unknown_method_is_refused_and_red_in_the_log(playground: Playground) -> None:
    assert call(playground, "chat.shout")["error"] == "unknown_method"
    assert playground.problems() == ["chat.shout: Refused: unknown_method."]


def test_the_scope_is_checked_before_the_arguments(playground: Playground) -> None:
    playground.grant("commands")
    answer = call(playground, "chat.postMessage", channel="C0NOWHERE")
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "chat:write"
    assert answer["provided"] == "commands"


def test_a_missing_argument_is_named(playground: Playground) -> None:
    answer = call(playground, "users.info")
    assert answer["error"] == "invalid_arguments"
    assert "user" in answer["response_metadata"]["messages"][0]


def test_a_body_that_is_no_json(playground: Playground) -> None:
    headers = {
        "Authorization": f"Bearer {playground.bot_token}",
        "Content-Type": "application/json",
    }
    answer = httpx.post(playground.api_url + "auth.test", content="{", headers=headers).json()
    assert answer["error"] == "invalid_json"


def test_a_body_of_an_unknown_type(playground: Playground) -> None:
    headers = {
        "Authorization": f"Bearer {playground.bot_token}",
        "Content-Type": "application/xml",
    }
    answer = httpx.post(playground.api_url + "auth.test", content="<a/>", headers=headers).json()
    assert answer["error"] == "invalid_post_type"


def test_a_form_carries_structures_as_json(playground: Playground) -> None:
    form = {
        "token": playground.bot_token,
        "channel": "C0SOCIAL",
        "text": "Hello",
        "blocks": '[{"type": "divider"}]',
    }
    answer = httpx.post(playground.api_url + "chat.postMessage", data=form).json()
    assert answer["message"]["blocks"][0]["type"] == "divider"


def test_lists_are_paged(client: WebClient) -> None:
    seen: list[str] = []
    pages = 0
    for page in client.users_list(limit=4):
        pages += 1
        seen += [member["id"] for member in page["members"]]
    assert pages > 1
    assert len(seen) == len(set(seen))
    assert {"U0MAYA", "U0SAM", "U0DORA"} <= set(seen)


@pytest.mark.parametrize(
    ("wrong", "code"), [({"cursor": "abc"}, "invalid_cursor"), ({"limit": -1}, "invalid_limit")]
)
def test_a_page_that_cannot_be(client: WebClient, wrong: dict[str, Any], code: str) -> None:
    """Source: docs.slack.dev/reference/methods/conversations.members, errors."""
    with pytest.raises(SlackApiError) as refused:
        client.conversations_members(channel="C0SOCIAL", **wrong)
    assert refused.value.response["error"] == code
