"""Forms submitted and closed, and what the app answers to them.

Source: docs.slack.dev/surfaces/modals and, for the payloads,
docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

from typing import Any

from playground import blockkit, files, payloads
from playground.core import Playground
from playground.deliveries import TROUBLE, Impossible, flag, outcome, take_values
from playground.elements import objection
from playground.views import View
from playground.workspace import Json, Person

_ACTIONS = ("errors", "update", "push", "clear")


async def submit(pg: Playground, person: Person, view: View, values: Json) -> Json:
    """Sends a form as Slack's client would: only when its fields are in order.

    Raises Impossible when they are not.
    """
    if pg.views.stack(person.id)[-1:] != [view]:
        raise Impossible("This form is not on top.")
    if "submit" not in view.given:
        raise Impossible("This form has nothing to submit it with.")
    take_values(pg, view, values)
    for block in view.blocks:
        if block["type"] == "input":
            entry = view.state[block["block_id"]][block["element"]["action_id"]]
            why = objection(block, entry)
            if why:
                raise Impossible(f"{block['label']['text']}: {why}")
    envelope = payloads.interactive(
        f"submit {view.given.get('callback_id', '')}",
        payloads.view_submission(pg, person, view),
        answered=True,
    )
    if not await pg.delivery.deliver(envelope):
        return outcome(envelope, False, TROUBLE, response_action=None, errors=None)
    answer = envelope.answer or {}
    found = problems(pg, person, view, answer)
    if found:
        flag(pg, envelope.name, " ".join(found), answer)
        return outcome(envelope, True, TROUBLE, response_action=None, errors=None)
    action = answer.get("response_action")
    _follow(pg, person, view, action, answer)
    return outcome(envelope, True, response_action=action, errors=answer.get("errors"))


def problems(pg: Playground, person: Person, view: View, answer: Json) -> list[str]:
    """Why Slack would not take an answer to a submission; [] when it would."""
    action = answer.get("response_action")
    if not answer:
        return []
    if action not in _ACTIONS:
        return [f"The answer's response_action is {action!r}."]
    if action == "errors":
        return _error_problems(view, answer.get("errors"))
    if action in ("update", "push"):
        if action == "push" and pg.views.is_full(person.id):
            return ["A fourth view cannot be pushed."]
        given = answer.get("view")
        found = blockkit.problems("modal", given)
        if isinstance(given, dict):
            found += files.problems(pg, given.get("blocks"), "/view/blocks")
        external_id = given.get("external_id") if isinstance(given, dict) else None
        if pg.views.is_taken(external_id, except_for=view.id):
            found.append("The external_id is in use.")
        return found
    return []


def _error_problems(view: View, errors: Any) -> list[str]:
    if not isinstance(errors, dict) or not errors:
        return ["errors must name at least one block."]
    fields = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    return [
        *(
            f"errors names “{block_id}”, which is no input."
            for block_id in errors
            if block_id not in fields
        ),
        *(
            f"The error of “{key}” is no text."
            for key, text in errors.items()
            if not text or not isinstance(text, str)
        ),
    ]


def _follow(pg: Playground, person: Person, view: View, action: str | None, answer: Json) -> None:
    if action == "update":
        pg.views.update(view, answer["view"])
    elif action == "push":
        pg.views.push(person.id, answer["view"])
    elif action == "clear":
        pg.views.clear(person.id)
    elif action is None:
        pg.views.close(view)
    pg.changed("views")


def close(pg: Playground, person: Person, view: View, clear: bool) -> Json:
    """The form's Cancel or Close; with `clear`, or when the view says so, all of the stack goes."""
    all_of_them = clear or bool(view.given.get("clear_on_close"))
    gone = pg.views.clear(person.id) if all_of_them else [view]
    pg.views.close(view)
    pg.changed("views")
    for closed in reversed(gone):
        if closed.given.get("notify_on_close"):
            payload = payloads.view_closed(pg, person, closed, all_of_them)
            name = f"closed {closed.given.get('callback_id', '')}"
            pg.in_background(pg.delivery.deliver(payloads.interactive(name, payload)))
    return {"ok": True}
