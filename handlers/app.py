"""The Bolt app, with every listener attached."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import cast

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from handlers import commands, installed, mentions, people, words
from handlers.absences import listeners as absences
from handlers.absences import words as absence_words
from handlers.clicks import Click, ClickedApp
from handlers.clients import Clients, new_client
from handlers.comments import listeners as comments
from handlers.comments import words as comment_words
from handlers.contents import alt_texts, preview
from handlers.contents import words as content_words
from handlers.contents.files import Files
from handlers.desks import listeners as desks
from handlers.desks import words as desk_words
from handlers.digests import listeners as digests
from handlers.digests import words as digest_words
from handlers.directory import Directory
from handlers.door import Door, Services, Wakes
from handlers.drafts import begin
from handlers.drafts import listeners as drafts
from handlers.lists import listeners as lists
from handlers.nudges import listeners as nudges
from handlers.nudges import words as nudge_words
from handlers.posts import listeners as posts
from handlers.posts import more
from handlers.posts import words as post_words
from handlers.readable import Readable
from handlers.reviews import listeners as reviews
from handlers.reviews import words as review_words
from handlers.standups import commands as standup_commands
from handlers.standups import listeners as standups
from handlers.standups import words as standup_words
from handlers.words import Sentences
from rules.absences import AbsenceRefusal
from rules.attachments import AttachmentRefusal
from rules.comments import CommentRefusal
from rules.desks import DeskRefusal
from rules.digests import DigestRefusal
from rules.nudges import NudgeRefusal
from rules.posts import PostRefusal
from rules.reviews import ReviewRefusal
from rules.standups import StandupRefusal
from rules.typed_dates import DateRefusal
from rules.weekly import WeeklyRefusal
from storage import Store

SENTENCES: Sentences = {
    AbsenceRefusal: absence_words.SENTENCES,
    DateRefusal: absence_words.DATES,
    CommentRefusal: comment_words.SENTENCES,
    DeskRefusal: desk_words.SENTENCES,
    DigestRefusal: digest_words.SENTENCES,
    PostRefusal: post_words.SENTENCES,
    AttachmentRefusal: content_words.SENTENCES,
    ReviewRefusal: review_words.SENTENCES,
    WeeklyRefusal: digest_words.WEEKLY_SENTENCES,
    NudgeRefusal: nudge_words.SENTENCES,
    StandupRefusal: standup_words.SENTENCES,
}

FEATURES = (
    commands,
    mentions,
    desks,
    begin,
    drafts,
    reviews,
    posts,
    more,
    comments,
    lists,
    alt_texts,
    preview,
    people,
    standup_commands,
    standups,
    digests,
    absences,
    nudges,
    installed,
)


def build_app(
    clients: Clients,
    store: Store,
    courier: Wakes,
    now: Callable[[], datetime],
    executor: ThreadPoolExecutor,
    watch: Callable[[Click], None] = lambda click: None,
) -> App:
    """The app over an open store. `clients` are for what a click needs at once: give them a
    timeout under Slack's 3 s and no retries. `executor` says the private answers, after the click.

    They also know who we are in a workspace. Left to itself, Bolt asks Slack for it during the
    click, which fails with that call. `watch` is told of each click once it is answered.
    """

    def authorize(team_id: str | None) -> AuthorizeResult | None:
        return clients.identity(team_id or "")

    readable = Readable()
    app = ClickedApp(
        watch,
        # Bolt gives its loggers the level of this one, or else the root's; their DEBUG lines hold
        # whole payloads.
        logger=logging.getLogger("slack_bolt"),
        client=new_client(clients.base_url, None, clients.timeout),
        authorize=cast(Callable[..., AuthorizeResult], authorize),
        before_authorize=readable,
        user_facing_authorize_error_message=words.not_installed(),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,  # over HTTP web/guard.py has done it, on the raw bytes
        listener_executor=executor,
    )
    services = Services(store, Directory(clients, store, now), Files(clients), clients, now)
    door = Door(app, clients, services, courier, executor, SENTENCES)
    readable.answer = door.unforeseen
    for feature in FEATURES:
        feature.register(door)
    return app
