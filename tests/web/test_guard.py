"""The front guard, over real sockets: what is let through, and the answer to what isn't."""

import json

from slack_bolt.response import BoltResponse

from tests.web.served import FORM, Served, event, payload, signed


def test_what_slack_signed_comes_to_the_app_and_its_answer_back(served: Served) -> None:
    served.app.answer = lambda _: BoltResponse(status=200, body={"response_action": "clear"})
    body = payload(type="view_submission", user={"id": "U1"}, text="é✓")
    reply = served.post(body, signed(body, kind=FORM))
    assert (reply.status, json.loads(reply.body)) == (200, {"response_action": "clear"})
    assert reply.headers["content-type"].startswith("application/json")
    assert served.app.came[0].body["text"] == "é✓"
    body = event()
    assert served.post(body, signed(body)).status == 200
    assert len(served.app.came) == 2
