"""What a click is answered with besides its acknowledgement: views, and words for one person."""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block
from slack_sdk.webhook import WebhookClient

from handlers import draw
from handlers.answers import Answer
from handlers.clients import Clients, trusted
from handlers.incoming import Incoming
from handlers.pictures import drawn_or_named
from handlers.shapes import NotOurs
from rules.slack_text import escape

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 2


class Voice:
    """Shows views, and says what only the person who acted is to read."""

    def __init__(self, clients: Clients, executor: ThreadPoolExecutor) -> None:
        self._clients = clients
        self._executor = executor

    def open(self, incoming: Incoming, answer: Answer) -> None:
        """Opens or updates the views of an answer. Raises what the client raises, and NotOurs."""
        client, trigger = self._clients.of(incoming.team_id), incoming.trigger_id
        # The courier draws the Home; what is opened from there lies on nothing.
        inside = "" if incoming.in_home else incoming.view_id
        # What would take the place of a view is opened where there is none.
        opens = answer.opens or (None if inside else answer.updates)
        if opens and not trigger:
            raise NotOurs("nothing to open a view with")
        if opens:
            show = client.views_push if inside else client.views_open
            drawn_or_named(lambda v: show(trigger_id=trigger, view=v), opens.to_dict())
        if answer.updates and inside:
            update = client.views_update
            drawn_or_named(lambda v: update(view_id=inside, view=v), answer.updates.to_dict())

    def say_later(self, incoming: Incoming, answer: Answer, *, in_view: bool = False) -> None:
        """The private answer; it is a courtesy, and neither fails nor delays what was done."""
        if answer.text:
            self.later(self._say, incoming, answer, in_view)

    def later(self, work: Callable[..., None], *arguments: object) -> None:
        """On another thread, whose log records are still this click's."""
        self._executor.submit(contextvars.copy_context().run, work, *arguments)

    def _say(self, incoming: Incoming, answer: Answer, in_view: bool) -> None:
        text = escape(answer.text)
        blocks = list(answer.blocks) or None
        try:
            if in_view and not incoming.on_third:
                self.open(incoming, Answer(opens=draw.note("Copydesk", answer.text)))
                return
            private = bool(incoming.origin) and not incoming.origin.startswith("D")
            # By its address it may come to stand beside the thread (slackapi/bolt-js issue 963).
            in_thread = private and bool(incoming.answer_thread) and not answer.replaces
            if in_thread and self._said_alone(incoming, text, blocks):
                return
            url, replaces = incoming.answer_url, answer.replaces
            if url and self._said_by_url(url, text, blocks, replaces):
                return
            if private and not in_thread and self._said_alone(incoming, text, blocks):
                return
            if incoming.trigger_id and not in_view:
                # There is nowhere else. A form that it came from has closed by now.
                closed = replace(incoming, view_id="")
                self.open(closed, Answer(opens=draw.note("Copydesk", answer.text)))
        except Exception as error:
            log.warning("a private answer was not delivered: %s", error)

    def _said_alone(self, incoming: Incoming, text: str, blocks: list[Block] | None) -> bool:
        """False where we are not in that channel, or they aren't any more."""
        try:
            self._clients.of(incoming.team_id).chat_postEphemeral(
                channel=incoming.origin,
                user=incoming.user_id,
                text=text,
                blocks=blocks,
                thread_ts=incoming.answer_thread or None,
            )
        except SlackApiError as error:
            log.warning("a private answer was not taken: %s", error)
            return False
        return True

    def _said_by_url(self, url: str, text: str, blocks: list[Block] | None, replaces: bool) -> bool:
        """False where the address is used up: it lives for 30 minutes and 5 answers."""
        hook = WebhookClient(url, timeout=_ANSWER_SECONDS, ssl=trusted(url), retry_handlers=[])
        try:
            said = hook.send(
                text=text, blocks=blocks, response_type="ephemeral", replace_original=replaces
            )
        except (ValueError, OSError, SlackClientError) as error:
            log.warning("a private answer did not go by its address: %s", error)
            return False
        return bool(said.status_code == 200)
