"""How a digest is drawn: the message in the channel, its thread, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import RichTextElement
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.answers import Drawn
from handlers.digests import words
from handlers.ids import Action, Form
from handlers.posts.parts import status_said
from handlers.reviews.views import progress
from handlers.words import in_a_row
from operations.digest_contents import Shown
from rules.digest_parts import Part, Section, parts
from rules.digests import Away, Blocker, DuePost, Item, More, Nothing, Topic, Waiting, Word
from rules.slack_text import escape

# The message in the channel names a few people in short; its thread names all.
_NAMED = 5
_SHORT_NAME = 24


def digest(shown: Shown) -> Drawn:
    """The message in the channel: what a glance is for."""
    found = shown.digest
    if found.is_quiet:
        blocks = [*_recap(shown), draw.line(escape(words.quiet(found)) + _away_in_short(shown))]
        return Drawn(words.aloud(found), blocks)
    title = HeaderBlock(text=PlainTextObject(text=words.title(found.day), emoji=False))
    blocks = [title, *_recap(shown), draw.line("\n".join(_in_short(shown)))]
    if found.is_shared:
        blocks += draw.small(words.FOR_THE_TEAM)
        blocks += draw.row(draw.button(Action.ANSWERS, words.ANSWERS, f"{shown.round.id}:0"))
    blocks += draw.small(words.DETAILS if parts(found) else words.NO_DETAILS)
    return Drawn(words.aloud(found), blocks)


def detail(shown: Shown, number: int, *, is_new: bool) -> Drawn | None:
    """One message of the thread; None where it was never there and has nothing to show."""
    every = parts(shown.digest)
    if number < len(every):
        where = f", part {number + 1} of {len(every)}" if len(every) > 1 else ""
        said = f"{words.title(shown.digest.day)}{where}"
        return Drawn(said, _part(shown, every[number]))
    return None if is_new else Drawn(words.SHORTER, draw.small(words.SHORTER))


def answers(shown: Shown, number: int) -> View:
    """What the team answered, for its own people, where the channel has others too."""
    found = replace(
        shown.digest,
        today=(),
        today_in_all=0,
        coming=(),
        coming_in_all=0,
        waiting=(),
        waiting_in_all=0,
    )
    every = parts(found)
    number = min(number, len(every) - 1)
    if not every:
        return draw.sheet(Form.ANSWERS, words.ANSWERS, [draw.line(words.NO_ANSWERS)])
    turn = []
    if number > 0:
        turn.append(draw.button(Action.ANSWERS_BACK, "Back", f"{shown.round.id}:{number - 1}"))
    if number + 1 < len(every):
        turn.append(draw.button(Action.ANSWERS_ON, "More", f"{shown.round.id}:{number + 1}"))
    blocks = [*_part(shown, every[number]), *draw.row(*turn)]
    return draw.sheet(Form.ANSWERS, words.ANSWERS, blocks)


def _in_short(shown: Shown) -> list[str]:
    """A line for each thing that there is to tell, in mrkdwn."""
    found, zone = shown.digest, shown.desk.time_zone
    lines = []
    if found.blockers:
        who = dict.fromkeys(blocker.person_id for blocker in found.blockers)
        said = words.number(len(found.blockers), "blocker")
        lines.append(f"🚧 *{said}*: {_few(shown, list(who))}")
    if found.today:
        first = found.today[0].publish_at
        at = f"{times.clock(first, zone)} {escape(times.place(zone))}"
        said = words.number(found.today_in_all, "post")
        lines.append(f"📣 *{said} today*, the first at {at}")
    if found.coming:
        said = words.number(found.coming_in_all, "post")
        lines.append(f"🗓️ *{said}* {words.coming(found)}")
    if not found.today and not found.coming:
        lines.append(f"📣 {words.nothing_goes_out(found)}")
    if found.waiting:
        since = times.day_in_readers_zone(found.waiting[0].review.sent_at)
        wait = "post waits" if found.waiting_in_all == 1 else "posts wait"
        oldest = "" if found.waiting_in_all == 1 else " the oldest"
        lines.append(f"👀 *{found.waiting_in_all} {wait} for approval*,{oldest} since {since}")
    if found.answers:
        lines.append(f"💬 *{words.number(found.answers, 'answer')}*")
    return [*lines, *([f"🌴 Away: {_away_named(shown)}"] if found.away else [])]


def _away_in_short(shown: Shown) -> str:
    return f" Away: {_away_named(shown)}." if shown.digest.away else ""


def _away_named(shown: Shown) -> str:
    return _row(
        [f"{_short(shown, each.person_id)} ({words.until(each)})" for each in shown.digest.away]
    )


def _few(shown: Shown, who: Sequence[int]) -> str:
    return _row([_short(shown, person_id) for person_id in who])


def _row(names: Sequence[str]) -> str:
    if len(names) > _NAMED + 1:
        return in_a_row([*names[:_NAMED], f"{len(names) - _NAMED} others"])
    return in_a_row(names)


def _short(shown: Shown, person_id: int) -> str:
    return draw.name(draw.excerpt(shown.people[person_id].name, _SHORT_NAME))


def _recap(shown: Shown) -> list[Block]:
    if not shown.digest.recap or shown.digest.recap_by is None:
        return []
    by = shown.people[shown.digest.recap_by].name
    return [*draw.quoted(shown.digest.recap), *draw.plain(f"Recap by {by}")]


def _part(shown: Shown, part: Part) -> list[Block]:
    blocks: list[Block] = []
    for section in part:
        blocks += [DividerBlock(), *_section(shown, section)]
    return blocks[1:]


def _section(shown: Shown, section: Section) -> list[Block]:
    if section.topic in (Topic.QUESTION, Topic.AWAY):
        return _said(shown, section)
    continued = " (continued)" if section.continued else ""
    blocks: list[Block] = [draw.line(words.heading(section.topic, shown.digest) + continued)]
    for item in section.items:
        blocks += _item(shown, item)
    return blocks


def _said(shown: Shown, section: Section) -> list[Block]:
    """What people said, in one block of their words as typed."""
    continued = " (continued)" if section.continued else ""
    lines = [_line(shown, item) for item in section.items if isinstance(item, Word | Away)]
    elements: list[RichTextElement] = []
    blocks: list[Block] = []
    if section.topic is Topic.QUESTION:
        elements.append(draw.bold(f"💬 {section.question}{continued}"))
    else:
        blocks.append(draw.line(words.heading(section.topic, shown.digest) + continued))
    if lines:
        elements.append(draw.bullets(lines))
    blocks.append(RichTextBlock(elements=elements))
    for item in section.items:
        if isinstance(item, Nothing):
            blocks += draw.small(words.nothing_said(item.number))
    return blocks


def _line(shown: Shown, item: Word | Away) -> tuple[str, str]:
    said = item.text if isinstance(item, Word) else words.until(item)
    return shown.people[item.person_id].name, said


def _item(shown: Shown, item: Item) -> list[Block]:
    match item:
        case Blocker():
            return _blocker(shown, item)
        case DuePost():
            return _due(shown, item)
        case Waiting():
            return _waiting(item)
        case More():
            return draw.small(words.more_posts(item.number))
        case _:
            raise AssertionError(f"{item} stands in no list of its own")


def _blocker(shown: Shown, blocker: Blocker) -> list[Block]:
    who = shown.people[blocker.person_id].name
    button = draw.button(Action.HELP, words.I_CAN_HELP, blocker.answer_id, says=f"I can help {who}")
    said = PlainTextObject(text=f"{who}: {blocker.text}", emoji=False)
    names = in_a_row([shown.people[helper].name for helper in blocker.helpers])
    offered = draw.plain(words.helping(names, len(blocker.helpers))) if blocker.helpers else []
    return [SectionBlock(text=said, accessory=button), *offered]


def _due(shown: Shown, post: DuePost) -> list[Block]:
    zone, found = shown.desk.time_zone, shown.digest
    if post in found.today or words.is_tomorrow(found):  # then the heading says the day
        at = times.clock(post.publish_at, zone)
        yours = times.hour_in_readers_zone(post.publish_at)
    else:
        at = times.plain(post.publish_at, zone)
        yours = times.in_readers_zone(post.publish_at)
    flags = ("⏸️ On hold · " if post.on_hold else "") + ("🔥 Urgent · " if post.urgent else "")
    state = f"{flags}{status_said(post.status, None)} · {draw.network_names(post.networks)}"
    when = f"*{at}* {escape(times.place(zone))} ({yours} your time)"
    said = f"*{post.code}* · {when}\n{state}"
    return [draw.line(said, _open(post)), *draw.in_short(post.text)]


def _waiting(post: Waiting) -> list[Block]:
    since = times.day_in_readers_zone(post.review.sent_at)
    said = f"*{post.code}* · {progress(post.review)} · since {since}"
    return [draw.line(said, _open(post)), *draw.in_short(post.text)]


def _open(post: DuePost | Waiting) -> Any:
    return draw.button(Action.OPEN, "Open", post.post_id, says=f"Open {post.code}")
