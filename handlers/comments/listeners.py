"""What a person says about a post: by a form, in a thread, by a reaction."""

from __future__ import annotations

import uuid
from contextlib import suppress

from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block

from handlers import draw, shapes
from handlers.addressed import is_command, is_written
from handlers.answers import IGNORED, Answer, NotYet
from handlers.comments import views, words
from handlers.desks.listeners import wrote_to_bot
from handlers.door import Door, Services
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from operations import comments, posts, reviews
from operations.comments import Kept, Said
from rules import comments as rules
from rules.comments import MENTIONS_LIMIT, Origin
from rules.people import Person
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Verdict
from rules.slack_text import clean, escape, from_slack, mentioned
from storage.messages import Message


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.COMMENT, comment_clicked)
    door.click(Action.SAID_YES, yes_clicked)
    door.click(Action.ONLY_SAID, only_clicked)
    door.form(Form.WRITE, comment_written)
    door.event("message", message_heard)
    door.event("reaction_added", reaction_heard)


def comment_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Comment, in Open."""
    who, post_id = services.person(incoming), incoming.number
    shown = posts.show(services.store, incoming.team_id, post_id)
    in_channel = services.is_in(incoming, shown.desk.channel_id)
    shown, _ = posts.open_for(services.store, who, post_id, in_channel)
    memory = {**incoming.place, "post": post_id, "key": uuid.uuid4().hex}
    return Answer(opens=views.write(shown, memory))


def comment_written(incoming: Incoming, services: Services) -> Answer:
    """The form behind Comment."""
    who, key = services.person(incoming), incoming.kept_text("key")
    text = rules.check_text(incoming.fields.text(Field.COMMENT))
    post_id = incoming.kept_number("post")
    channel = posts.channel_of(services.store, incoming.team_id, post_id)
    called = services.directory.persons(incoming.team_id, incoming.fields.users(Field.MENTIONS))
    said = Said(
        key=key,
        text=text,
        origin=Origin.OPEN,
        mentions=tuple(called),
        in_channel=_in_channel(services, channel, called),
    )
    in_channel = services.is_in(incoming, channel)
    kept = comments.add(services.store, who, post_id, said, in_channel, services.now())
    sentence = words.kept(kept, services.reader(incoming, who))
    return _asking(services, kept, sentence) if kept.asks else Answer(sentence)


def message_heard(incoming: Incoming, services: Services) -> Answer:
    """Somebody wrote something: to the bot, or in a channel, where most of it isn't our business
    and is let go as cheaply as can be."""
    if not is_written(incoming.event):
        return IGNORED
    direct = incoming.is_direct(incoming.channel_id)
    under = card_above(incoming, services)
    if under is None:
        return wrote_to_bot(incoming, services) if direct else IGNORED
    if not direct and is_command(incoming.event, incoming.bot_user_id):
        return IGNORED  # that comes as a mention too, which direct messages don't
    return replied(incoming, services, under)


def card_above(incoming: Incoming, services: Services) -> Message | None:
    """The message of ours about a post that something written is a reply to. Raises NotYet."""
    if not incoming.thread_ts:
        return None
    is_ours = incoming.event.get("parent_user_id") == incoming.bot_user_id
    return _about_a_post(incoming, services, incoming.thread_ts, is_ours)


def _about_a_post(incoming: Incoming, services: Services, ts: str, is_ours: bool) -> Message | None:
    """The message of ours about a post that stands at `ts`; `is_ours`: as Slack says.

    Raises NotYet where Slack has taken that message, and we haven't heard so.
    """
    team_id, channel = incoming.team_id, incoming.channel_id
    found = comments.answered(services.store, team_id, channel, ts)
    if found is None and is_ours:
        reader = incoming.user_id if incoming.is_direct(channel) else ""
        if comments.is_not_known_yet(services.store, team_id, channel, ts, reader):
            raise NotYet("about a message whose posting isn't confirmed")
    return found


def replied(incoming: Incoming, services: Services, under: Message) -> Answer:
    """A reply under a message of ours about a post is a comment."""
    text, ts = clean(shapes.text(incoming.event.get("text"))), shapes.text(incoming.event.get("ts"))
    who = services.person(incoming)
    if not text.strip() or who.is_bot:
        return IGNORED
    called = services.directory.found(incoming.team_id, mentioned(text)[:MENTIONS_LIMIT])
    names = {person.slack_id: person.name for person in called if person.slack_id}
    converted = from_slack(text, names)
    shown = posts.show(services.store, incoming.team_id, under.post_id or 0)
    channel, here = shown.desk.channel_id, incoming.channel_id
    said = Said(
        key=f"{here}:{ts}",
        text=rules.cut(converted.text),
        origin=Origin.THREAD if here == channel else Origin.DIRECT,
        mentions=tuple(called),
        in_channel=_in_channel(services, channel, called),
        names=converted.mentions,
        under=under,
        address=(here, ts),
    )
    in_channel = services.is_in(incoming, channel)
    try:
        kept = comments.add(services.store, who, shown.post.id, said, in_channel, services.now())
    except Refused:  # who was given a card once, and has left the desk since, or handed it over
        if said.origin is Origin.THREAD:
            return IGNORED
        comments.not_kept(services.store, who, under, services.now())
        return Answer()
    if said.origin is Origin.DIRECT:  # answered by a message under the card
        return Answer()
    if kept.asks:
        return _asking(services, kept, "")
    is_cancelled = kept.is_new and kept.post.status is Status.CANCELLED
    return Answer(words.cancelled(kept.post.code)) if is_cancelled else Answer()


def reaction_heard(incoming: Incoming, services: Services) -> Answer:
    """A check mark on a card may mean a yes, and is asked about in private."""
    event, item = incoming.event, shapes.mapping(incoming.event.get("item"))
    author = event.get("item_user")
    if (
        author not in (None, incoming.bot_user_id)
        or not rules.is_yes_reaction(shapes.text(event.get("reaction")))
        or "ts" not in item
    ):
        return IGNORED
    card = _about_a_post(incoming, services, shapes.text(item["ts"]), author is not None)
    if card is None:
        return IGNORED
    direct, who = incoming.is_direct(incoming.channel_id), services.person(incoming)
    asks = comments.ask_after_reaction(
        services.store, who, card, incoming.event_id, direct, services.now()
    )
    if asks is None or direct:
        return Answer()
    return _question(services, incoming.team_id, card.post_id or 0, asks, "")


def yes_clicked(incoming: Incoming, services: Services) -> Answer:
    """Approve, under the question whether that was meant."""
    who, review_id = services.person(incoming), incoming.number
    made = reviews.decide(services.store, who, review_id, Verdict.APPROVE, "", services.now())
    if not incoming.only_for_them:
        return Answer()
    said = words.recorded(made.post.code, made.review.version)
    return Answer(said, replaces=True)


def only_clicked(incoming: Incoming, services: Services) -> Answer:
    """It was only a comment."""
    if incoming.only_for_them:
        return Answer(words.NOT_RECORDED, replaces=True)
    who, channel = services.person(incoming), incoming.channel_id
    comments.only_a_comment(services.store, who, channel, incoming.message_ts)
    return Answer()


def _asking(services: Services, kept: Kept, sentence: str) -> Answer:
    assert kept.asks is not None
    return _question(services, kept.post.team_id, kept.post.id, kept.asks, sentence)


def _question(
    services: Services, team_id: str, post_id: int, review_id: int, sentence: str
) -> Answer:
    shown = posts.show(services.store, team_id, post_id, review_id)
    assert shown.review is not None
    said = words.question(shown.post.code, shown.review.version)
    blocks: list[Block] = [draw.line(escape(sentence))] if sentence else []
    blocks += views.question(shown.review, shown.post.code)
    return Answer(f"{sentence} {said}".strip(), blocks=blocks)


def _in_channel(services: Services, channel: str, called: list[Person]) -> frozenset[int]:
    """Those of the people who are in a channel; whom Slack can't say it of is taken to be out."""
    found = set()
    for person in called:
        with suppress(SlackApiError):
            if channel in services.directory.channels_of(person.team_id, person.slack_id or ""):
                found.add(person.id)
    return frozenset(found)
