"""Where Slack comes in: payloads become plain values, listeners answer, Slack is answered.

A listener is a plain function: it gets what came in and the desk's services, calls one operation
and returns an Answer. Everything that Bolt and Slack want besides is done here, once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from slack_bolt import Ack, App, BoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block

from handlers import clicks, draw, words
from handlers.answers import IGNORED, Answer, NotYet
from handlers.clicks import ClickKind, ClickOutcome
from handlers.clients import Clients, NotInstalled
from handlers.contents.files import Files
from handlers.directory import Directory
from handlers.ids import Action, Command, Form, Shortcut
from handlers.incoming import Incoming, place_of, read
from handlers.shapes import NotOurs
from handlers.voice import Voice
from handlers.words import Reader, Sentences
from operations import homes, people
from rules.drafting import TEXT_LIMIT
from rules.people import Person
from rules.refused import Refused
from rules.slack_text import clean, escape
from rules.text_length import beginning
from storage import Store, Unavailable

log = logging.getLogger(__name__)

# Of whom or what Slack knows nothing.
_NOBODY = frozenset({"user_not_found", "user_not_visible", "channel_not_found"})
_ANYTHING = re.compile("")
_SLACKS_TROUBLE = (SlackApiError, SlackClientError, OSError)


class Wakes(Protocol):
    """The courier, as far as a listener's door knows it."""

    def wake(self) -> None:
        """There may be something to tell Slack."""


@dataclass(frozen=True, slots=True)
class Services:
    """What listeners work with."""

    store: Store
    directory: Directory
    files: Files
    clients: Clients
    now: Callable[[], datetime]

    def person(self, incoming: Incoming) -> Person:
        """Who acted."""
        return self.directory.person(incoming.team_id, incoming.user_id)

    def is_in(self, incoming: Incoming, channel_id: str) -> bool:
        """Whether they are in a channel; what they do there proves it."""
        if incoming.channel_id == channel_id:
            return True
        return channel_id in self.directory.channels_of(incoming.team_id, incoming.user_id)

    def is_there(self, incoming: Incoming, said: bool) -> bool:
        """Whether who came or went is in that channel as Slack says, because an event may come
        minutes late, after a newer one; what the event `said` where Slack doesn't tell."""
        try:
            channels = self.directory.channels_of(incoming.team_id, incoming.user_id)
        except SlackApiError as error:
            log.warning("Slack does not tell who is in a channel: %s", error)
            return said
        return incoming.channel_id in channels

    def reader(self, incoming: Incoming, known: Person | None = None) -> Reader:
        """Whom a sentence is for, as far as the database knows, if they aren't `known` already."""
        person = known or people.remembered(self.store, incoming.team_id, incoming.user_id)
        return Reader(
            time_zone=person.time_zone if person else "UTC",
            name=lambda person_id: (
                people.name(self.store, incoming.team_id, person_id) or words.SOMEBODY
            ),
        )


Listener = Callable[[Incoming, Services], Answer]
Heard = Callable[[Ack, dict[str, Any], BoltContext], None]


def _nothing(_incoming: Incoming) -> str:
    return ""


class Door:
    """Registers listeners with Bolt, each by one line."""

    def __init__(
        self,
        app: App,
        clients: Clients,
        services: Services,
        courier: Wakes,
        executor: ThreadPoolExecutor,
        sentences: Sentences,
    ) -> None:
        self._clients = clients
        self._services = services
        self._courier = courier
        self._voice = Voice(clients, executor)
        self._sentences = sentences
        self._anew: dict[str, Listener] = {}
        self._heard: dict[tuple[ClickKind, str], Heard] = {}
        app.error(self.unforeseen)
        # Bolt asks its listeners one after the other, which with a hundred of them takes a tenth of
        # an approval; so it gets one of each kind.
        for listen in (app.command, app.action, app.view, app.shortcut, app.options, app.event):
            listen(_ANYTHING)(self._hear)

    def _hear(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        kind, name = clicks.what(body)
        heard = self._heard.get((kind, name))
        if heard is None:
            raise NotOurs(f"nobody listens to the {kind} {name}")
        heard(ack, body, context)

    def command(
        self, name: Command, listener: Listener, written: Callable[[Incoming], str] = _nothing
    ) -> None:
        """A slash command; answered in the acknowledgement. Slack keeps nothing of what was typed:
        what was `written` with it, for a form that can't be shown, is given back."""

        def heard(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            incoming = read(body, self._team(context))
            answer = self._run(listener, incoming, opens=True)
            if answer.text:
                blocks = [*answer.blocks, *_given_back(answer, written(incoming))]
                ack(text=escape(answer.text), blocks=blocks or None)
            else:
                ack()

        self._heard[ClickKind.COMMAND, name] = heard

    def click(self, action: Action, listener: Listener) -> None:
        """A button in a message or a view; answered privately by its response_url, or on top of
        the view, because a click in a modal has none."""

        def heard(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            incoming = read(body, self._team(context))
            answer = self._run(listener, incoming, opens=True)
            ack()
            self._voice.say_later(incoming, answer, in_view=bool(incoming.view_id))
            self._draw_anew_later(incoming, was_refused=bool(answer.text))

        self._heard[ClickKind.CLICK, action] = heard

    def anew(self, form: Form, listener: Listener) -> None:
        """A view that shows how things stand. It is drawn again after a click in it that was
        refused, since something else is true by then, and after one in what was opened from it."""
        self._anew[form] = listener

    def form(self, callback: Form, listener: Listener) -> None:
        """A form that was submitted. Without errors it closes, with whatever was under it. What
        was opened from the Home or from nowhere has no place to be answered in but the form."""

        def heard(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            incoming = read(body, self._team(context))
            answer = self._run(listener, incoming, opens=False)
            if answer.errors:
                ack(response_action="errors", errors=dict(answer.errors))
                return
            view = answer.updates
            if view is None and answer.text and not incoming.has_place:
                view = draw.note("Copydesk", answer.text, ends=True)
            if view:
                ack(response_action="update", view=view)
                return
            ack(response_action="clear")
            self._voice.say_later(incoming, answer)

        self._heard[ClickKind.FORM, callback] = heard

    def shortcut(self, callback: Shortcut, listener: Listener) -> None:
        """A shortcut; answered privately where it was called, or by a view: a global one is called
        nowhere."""

        def heard(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            incoming = read(body, self._team(context))
            answer = self._run(listener, incoming, opens=True)
            ack()
            self._voice.say_later(incoming, answer, in_view=not incoming.has_place)

        self._heard[ClickKind.SHORTCUT, callback] = heard

    def options(self, action: Action, listener: Listener) -> None:
        """The choices of a searchable select."""

        def heard(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            answer = self._run(listener, read(body, self._team(context)), opens=False)
            ack(options=list(answer.options))

        self._heard[ClickKind.OPTIONS, action] = heard

    def event(self, name: str, listener: Listener) -> None:
        """Something that happened in Slack. What is refused is said to who did it, alone. What goes
        wrong is not acknowledged, so that Slack sends it again (three times, over minutes)."""

        def heard(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            incoming = read(body, self._team(context), context.bot_user_id or "")
            try:
                answer = listener(incoming, self._services)
            except Refused as refused:
                answer = Answer(self._refusal(incoming, refused))
            except SlackApiError as error:
                if error.response.get("error") not in _NOBODY:
                    raise
                # Asked again it would be the same.
                log.info("an event about nobody: %s", error.response.get("error"))
                answer = IGNORED
            if answer.ignored:
                clicks.current().outcome = ClickOutcome.IGNORED
            else:
                self._courier.wake()
            ack()
            self._voice.say_later(incoming, answer)

        self._heard[ClickKind.EVENT, name] = heard

    def _run(self, listener: Listener, incoming: Incoming, *, opens: bool) -> Answer:
        """Calls the listener; whatever goes wrong becomes an answer too."""
        click = clicks.current()
        try:
            if incoming.in_home:
                team_id, user_id = incoming.team_id, incoming.user_id
                homes.used(self._services.store, team_id, user_id, self._services.now())
            answer = listener(incoming, self._services)
        except Refused as refused:
            return _at_field(incoming, self._refusal(incoming, refused), refused.field)
        except NotOurs as error:
            click.outcome, click.reason = ClickOutcome.NOT_OURS, str(error)
            return _at_field(incoming, words.too_old())
        except NotInstalled as error:  # somebody of another workspace, in a shared channel
            click.outcome, click.reason = ClickOutcome.NOT_OURS, str(error)
            return _at_field(incoming, words.not_installed())
        except _SLACKS_TROUBLE as error:
            click.outcome = ClickOutcome.SLACK_FAILED
            log.warning("Slack did not do as asked: %s", error)
            return _at_field(incoming, words.slack_did_not_answer())
        except Unavailable as error:
            click.outcome = ClickOutcome.UNAVAILABLE
            log.warning("%s", error)
            return _at_field(incoming, words.unavailable(error.trouble))
        except Exception:
            click.outcome = ClickOutcome.TROUBLE
            log.exception("unforeseen trouble")
            return _at_field(incoming, words.unknown_trouble(click.id))
        finally:
            self._courier.wake()
        if answer.errors:
            click.outcome = ClickOutcome.SENT_BACK
        return self._shown(incoming, answer) if opens else answer

    def _refusal(self, incoming: Incoming, refused: Refused) -> str:
        click = clicks.current()
        click.outcome, click.reason = ClickOutcome.REFUSED, str(refused)
        return words.refusal(refused, self._services.reader(incoming), self._sentences)

    def _shown(self, incoming: Incoming, answer: Answer) -> Answer:
        """The answer, with its view shown; where that fails, what to say instead."""
        try:
            self._voice.open(incoming, answer)
        except Exception as error:
            clicks.current().outcome = ClickOutcome.SLACK_FAILED
            log.warning("Slack did not show a view: %s", error)
            # A view that is shown in place of another tells what was done.
            failed = words.done_but_not_shown if answer.updates else words.slack_did_not_answer
            return Answer(failed())
        return answer

    def _draw_anew_later(self, incoming: Incoming, *, was_refused: bool) -> None:
        listener, view_id = self._anew.get(incoming.view_form), incoming.view_id
        if not (listener and was_refused):
            listener, view_id = self._anew.get(incoming.kept_text("under")), incoming.under_id
        if listener and view_id:
            self._voice.later(self._draw_anew, listener, replace(incoming, view_id=view_id))

    def _draw_anew(self, listener: Listener, incoming: Incoming) -> None:
        try:
            self._voice.open(incoming, listener(incoming, self._services))
        except Exception as error:
            log.warning("a view was not drawn again: %s", error)

    def _team(self, context: BoltContext) -> str:
        """The workspace that we act in: the one whose token this is. What a payload says may be
        another one, where a channel is shared with it."""
        said = context.team_id or ""
        ours = context.authorize_result or self._clients.identity(said)
        return (ours.team_id if ours else None) or clean(said)

    def unforeseen(self, error: Exception, request: BoltRequest) -> BoltResponse:
        """What no listener is there for, or what Bolt itself met on the way."""
        body: Mapping[str, Any] = request.body
        click = clicks.current()
        nobody_listens = isinstance(error, (BoltUnhandledRequestError, NotOurs))
        if nobody_listens:
            click.outcome = ClickOutcome.NOBODY_LISTENS
            sentence = words.too_old()
        elif isinstance(error, _SLACKS_TROUBLE):
            click.outcome = ClickOutcome.SLACK_FAILED
            log.warning("Slack did not do as asked: %s", error)
            sentence = words.slack_did_not_answer()
        elif isinstance(error, Unavailable):
            click.outcome = ClickOutcome.UNAVAILABLE
            log.warning("%s", error)
            sentence = words.unavailable(error.trouble)
        elif isinstance(error, NotYet):  # an event, which nobody waits for
            click.outcome, click.reason = ClickOutcome.NOT_YET, str(error)
            sentence = ""
        else:
            click.outcome = ClickOutcome.TROUBLE
            log.error("unforeseen trouble", exc_info=error)
            sentence = words.unknown_trouble(click.id)
        if "event" in body:
            # Whatever isn't 200 is not acknowledged, and comes again.
            return BoltResponse(status=200 if nobody_listens else 500, body="")
        if "command" in body:
            return BoltResponse(status=200, body={"text": sentence})
        if body.get("type") == "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        with suppress(Exception):
            # Without the database, which was waited for once already.
            is_away = isinstance(error, Unavailable) and not request.context.authorize_result
            said = clean(request.context.team_id or "")
            incoming = place_of(body, said if is_away else self._team(request.context))
            if body.get("type") == "view_submission":
                return BoltResponse(status=200, body=_of_form(incoming, sentence, nobody_listens))
            self._voice.say_later(incoming, Answer(sentence), in_view=not incoming.response_url)
        return BoltResponse(status=200, body="")


def _of_form(incoming: Incoming, sentence: str, is_over: bool) -> dict[str, Any]:
    """What a form that failed is answered with: it stays, unless it `is_over`."""
    errors = {} if is_over else _at_field(incoming, sentence).errors
    if errors:
        return {"response_action": "errors", "errors": dict(errors)}
    return {"response_action": "update", "view": draw.note("Copydesk", sentence).to_dict()}


def _given_back(answer: Answer, written: str) -> list[Block]:
    if not written:
        return []
    sentence = [] if answer.blocks else [draw.line(escape(answer.text))]
    return [*sentence, *draw.small(words.WRITTEN), *draw.quoted(beginning(written, TEXT_LIMIT))]


def _at_field(incoming: Incoming, sentence: str, field: str | None = None) -> Answer:
    """In a form a sentence stands at its field, or at the first one; nothing typed is lost."""
    first = next(iter(incoming.fields.blocks), None)
    if first is None:
        return Answer(sentence)
    return Answer(sentence, errors={incoming.fields.block(field) or first: sentence})
