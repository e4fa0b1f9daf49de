"""What a person does with the app, outside of forms: commands, clicks, shortcuts, options.

Each sends an envelope, waits for the acknowledgement and does with it what Slack does.
"""

from typing import Any

from playground import blockkit, files, payloads
from playground.core import ApiError, Playground
from playground.delivery import Envelope
from playground.elements import (
    BadValue,
    Placed,
    chosen_option,
    entry_of,
    find,
    initial_state,
)
from playground.messages import content_of, post
from playground.responses import ResponseUrls, respond
from playground.text import typed_command
from playground.traffic import Direction
from playground.views import View
from playground.workspace import Channel, Json, Message, Person

TROUBLE = "We had some trouble connecting. Try again?"


class Impossible(Exception):
    """A person cannot do this in Slack's client; the sentence says why."""


def outcome(envelope: Envelope, acked: bool, error: str | None = None, **more: Any) -> Json:
    """What a player is told of a delivery."""
    return {
        "ok": acked and error is None,
        "acked": acked,
        "error": error,
        "envelope_id": envelope.envelope_id,
        **more,
    }


def slackbot_says(
    pg: Playground, person: Person, channel: Channel, text: str, thread_ts: str | None = None
) -> None:
    """A line of Slack's own, for this person only."""
    post(
        pg,
        channel,
        content_of(text, None),
        user="USLACKBOT",
        thread_ts=thread_ts,
        ephemeral_to=person.id,
    )


async def command(
    pg: Playground,
    urls: ResponseUrls,
    person: Person,
    channel: Channel,
    typed: str,
    thread_ts: str | None = None,
) -> Json:
    """A slash command, as typed: `/draft hello`."""
    name, _, rest = typed.strip().partition(" ")
    known = next((c for c in pg.app.commands if c.command == name.lower()), None)
    refusal: Json = {"ok": False, "acked": False, "ack": None, "envelope_id": None}
    if thread_ts:
        slackbot_says(pg, person, channel, f"{name} is not supported in threads. Sorry!", thread_ts)
        return refusal | {"error": "not_in_thread"}
    if known is None:
        slackbot_says(pg, person, channel, f"{name} is not a valid command.")
        return refusal | {"error": "unknown_command"}
    text = typed_command(pg.workspace, rest.strip(), known.should_escape)
    url = urls.new("commands", person.id, channel)
    envelope = payloads.slash(payloads.command(pg, person, channel, known.command, text, url))
    if not await pg.delivery.deliver(envelope):
        slackbot_says(pg, person, channel, f'{name} failed with the error "{envelope.error}"')
        return outcome(envelope, False, envelope.error, ack=None)
    if not envelope.answer:
        return outcome(envelope, True, ack=None)
    try:
        respond(pg, person.id, channel, envelope.answer)
    except ApiError as refused:
        flag(pg, f"ack {name}", f"{refused.code}: {' '.join(refused.messages)}", envelope.answer)
        error = "dispatch_unknown_error"
        slackbot_says(pg, person, channel, f'{name} failed with the error "{error}"')
        return outcome(envelope, True, error, ack=envelope.answer)
    return outcome(envelope, True, ack=envelope.answer)


def flag(pg: Playground, name: str, problem: str, detail: Any) -> None:
    """Notes what Slack would not have taken, in red."""
    pg.traffic.note(Direction.EVENT, name, "", {"detail": detail}, problem)
    pg.changed("log")


def visible_message(channel: Channel, person: Person, ts: str) -> Message:
    """Raises Impossible."""
    message = next((m for m in channel.messages if m.ts == ts and m.is_seen_by(person.id)), None)
    if message is None:
        raise Impossible(f"{person.real_name} sees no message {ts} in #{channel.name}.")
    return message


def check_ids(pg: Playground, entry: Json) -> None:
    """Only people and channels that are there can be chosen. Raises Impossible."""
    users = [entry.get("selected_user"), *entry.get("selected_users", [])]
    rooms = [entry.get("selected_channel"), *entry.get("selected_channels", [])]
    rooms += [entry.get("selected_conversation"), *entry.get("selected_conversations", [])]
    for user in filter(None, users):
        person = pg.person(user)
        if person is None or person.deleted:
            raise Impossible(f"{user} is nobody who can be chosen.")
    for room in filter(None, rooms):
        if room not in pg.workspace.channels:
            raise Impossible(f"{room} is no channel that can be chosen.")


def element_in(blocks: list[Json], action_id: str, block_id: str | None) -> Placed:
    """Raises Impossible."""
    spot = find(blocks, action_id, block_id)
    if spot is None:
        raise Impossible(f"There is no “{action_id}” to click here.")
    return spot


def chosen(pg: Playground, spot: Placed, given: Json, offered: list[Json]) -> Json:
    """What `actions[]` says was selected or typed. Raises Impossible.

    `given` is the request of a player, with `selected` or `value`.
    """
    kind = spot.element["type"]
    wanted = given.get("selected", given.get("value"))
    try:
        if kind == "overflow":
            return {"selected_option": chosen_option(spot.element, wanted)}
        if kind in ("button", "workflow_button"):
            return {}
        entry = entry_of(spot.element, wanted, offered)
    except BadValue as error:
        raise Impossible(str(error)) from error
    check_ids(pg, entry)
    return {key: value for key, value in entry.items() if key != "type"}


async def message_click(
    pg: Playground,
    urls: ResponseUrls,
    person: Person,
    channel: Channel,
    message: Message,
    given: Json,
) -> Json:
    """A click in a message, in the revision that the person has on their screen."""
    revision = int(given.get("revision", message.revision))
    if not 0 <= revision <= message.revision:
        raise Impossible(f"The message has no revision {revision}.")
    blocks = message.contents[revision].get("blocks", [])
    spot = element_in(blocks, given["action_id"], given.get("block_id"))
    offered = _offered(pg, message.ts, spot)
    picked = chosen(pg, spot, given, offered)
    state = initial_state(blocks)
    if spot.action_id in state.get(spot.block_id, {}):
        state[spot.block_id][spot.action_id] |= picked
    url = urls.new("actions", person.id, channel, message)
    envelope = payloads.interactive(
        f"click {spot.action_id}",
        payloads.message_click(
            pg, person, channel, message, revision, payloads.action(pg, spot, picked), state, url
        ),
    )
    acked = await pg.delivery.deliver(envelope)
    return outcome(envelope, acked, None if acked else TROUBLE)


async def view_click(pg: Playground, person: Person, view: View, given: Json) -> Json:
    """A click in a modal or a Home tab; `state` are the values typed so far."""
    spot = element_in(view.blocks, given["action_id"], given.get("block_id"))
    take_values(pg, view, given.get("state") or {})
    picked = chosen(pg, spot, given, _offered(pg, view.id, spot))
    if spot.action_id in view.state.get(spot.block_id, {}):
        view.state[spot.block_id][spot.action_id] |= picked
    envelope = payloads.interactive(
        f"click {spot.action_id}",
        payloads.view_click(pg, person, view, payloads.action(pg, spot, picked)),
    )
    acked = await pg.delivery.deliver(envelope)
    return outcome(envelope, acked, None if acked else TROUBLE)


def take_values(pg: Playground, view: View, values: Json) -> None:
    """Puts what a person has typed into the view's state. Raises Impossible."""
    for block_id, fields in values.items():
        for action_id, given in fields.items():
            spot = element_in(view.blocks, action_id, block_id)
            try:
                entry = entry_of(spot.element, given, _offered(pg, view.id, spot))
            except BadValue as error:
                raise Impossible(str(error)) from error
            check_ids(pg, entry)
            if entry["type"] == "file_input":
                entry = _with_files(pg, view, spot, entry)
            view.state[block_id][action_id] = entry


def _with_files(pg: Playground, view: View, spot: Placed, entry: Json) -> Json:
    person = pg.workspace.people[view.user]
    try:
        return files.into_form(pg, person, spot.element, entry)
    except files.Unfit as unfit:
        raise Impossible(str(unfit)) from unfit


async def shortcut(
    pg: Playground,
    urls: ResponseUrls,
    person: Person,
    callback_id: str,
    channel: Channel | None,
    message: Message | None,
) -> Json:
    """An entry of a message's "..." menu, or a global shortcut when there is no message."""
    wanted = "message" if message else "global"
    known = any(s.callback_id == callback_id and s.type == wanted for s in pg.app.shortcuts)
    if not known:
        raise Impossible(f"The app has no {wanted} shortcut “{callback_id}”.")
    if channel and message:
        url = urls.new("actions", person.id, channel, message)
        payload = payloads.message_shortcut(pg, person, channel, message, callback_id, url)
    else:
        payload = payloads.global_shortcut(pg, person, callback_id)
    envelope = payloads.interactive(f"shortcut {callback_id}", payload)
    acked = await pg.delivery.deliver(envelope)
    return outcome(envelope, acked, None if acked else TROUBLE)


async def suggest(
    pg: Playground, person: Person, spot: Placed, query: str, where: Json, place: str
) -> Json:
    """The options of an external select; remembered, since only these can be chosen."""
    if spot.element["type"] not in ("external_select", "multi_external_select"):
        raise Impossible(f"“{spot.action_id}” does not ask the app for options.")
    if len(query) < spot.element.get("min_query_length", 3):
        # Slack's client does not ask before that much is typed.
        return {"ok": True, "acked": False, "error": None, "options": []}
    envelope = payloads.interactive(
        f"options {spot.action_id}",
        payloads.suggestion(pg, person, spot, query, where),
        answered=True,
    )
    if not await pg.delivery.deliver(envelope):
        return outcome(envelope, False, "The options could not be loaded.", options=[])
    answer = envelope.answer or {}
    found = _suggestion_problems(answer)
    if found:
        flag(pg, f"options {spot.action_id}", " ".join(found), answer)
        return outcome(envelope, True, "The options could not be loaded.", options=[])
    groups = [option for group in answer.get("option_groups", []) for option in group["options"]]
    options = [*answer.get("options", []), *groups]
    pg.offered.setdefault((place, spot.action_id), []).extend(options)
    return outcome(envelope, True, **answer)


def _offered(pg: Playground, place: str, spot: Placed) -> list[Json]:
    return pg.offered.get((place, spot.action_id), [])


def _suggestion_problems(answer: Json) -> list[str]:
    """The answer is held to the rules of a select that has these options.

    No options at all is a fair answer here: nothing was found.
    """
    groups = answer.get("option_groups")
    options = answer.get("options")
    if groups is None and not isinstance(options, list):
        return ["The answer has neither options nor option_groups."]
    if not groups and not options:
        return []
    select: Json = {"type": "static_select", "action_id": "a"}
    select |= {"option_groups": groups} if groups else {"options": options}
    return blockkit.problems("message", [{"type": "actions", "elements": [select]}])
