"""How a weekly digest is drawn: its draft for one person, its form, and the message in the
channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock, PlainTextObject, RichTextBlock
from slack_sdk.models.blocks.block_elements import PlainTextInputElement
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.answers import Drawn
from handlers.digests import words
from handlers.ids import Action, Field, Form
from operations.weekly import Shown
from rules.local_time import today
from rules.posts import Status
from rules.slack_text import escape
from rules.weekly import (
    CARRIED,
    FINDINGS,
    FINDINGS_LIMIT,
    NOTE_LIMIT,
    SLIPPED,
    Carried,
    Timed,
)

_FINDING = 300


def draft(shown: Shown, draft_id: int) -> Drawn:
    """For the named person: what is going to be posted, to post or to edit; then, that it is."""
    channel = f"<#{shown.desk.channel_id}>"
    if shown.is_posted:
        said = words.weekly_posted(channel)
        return Drawn(said, draw.small(said))
    said = words.weekly_draft(channel, _when(shown.week.until, shown.desk.time_zone))
    row = draw.row(
        draw.button(Action.WEEKLY_POST, words.WEEKLY_POST, draft_id, style="primary"),
        draw.button(Action.WEEKLY_EDIT, words.WEEKLY_EDIT, draft_id),
    )
    return Drawn(said, [draw.line(said), DividerBlock(), *_blocks(shown), *row])


def posted(shown: Shown) -> Drawn:
    """The message in the channel."""
    said = words.number(shown.week.published, "post")
    return Drawn(f"{_title(shown)}: {said} published", _blocks(shown))


def form(shown: Shown, memory: dict[str, Any]) -> View:
    """The named person's own words; the numbers are the record's."""
    note = PlainTextInputElement(
        action_id=Field.NOTE,
        multiline=True,
        max_length=NOTE_LIMIT,
        initial_value=shown.note or None,
    )
    found = findings(shown)
    lines = PlainTextInputElement(
        action_id=Field.FINDINGS,
        multiline=True,
        max_length=FINDINGS_LIMIT,
        initial_value=found or None,
    )
    note_hint, findings_hint = words.WEEKLY_NOTE_HINT, words.WEEKLY_FINDINGS_HINT
    blocks = [
        draw.field(Field.NOTE, words.WEEKLY_NOTE, note, optional=True, hint=note_hint),
        draw.field(Field.FINDINGS, words.WEEKLY_FINDINGS, lines, optional=True, hint=findings_hint),
    ]
    return draw.form(Form.WEEKLY, "Weekly digest", "Save", memory, blocks)


def findings(shown: Shown) -> str:
    """What came up, one a line, as it was answered or as the named person has it."""
    if shown.findings is not None:
        return shown.findings
    return "\n".join(
        f"{shown.people[found.person_id].name}, {times.day(found.day)}:"
        f" {draw.excerpt(found.text, _FINDING)}"
        for found in shown.week.findings[:FINDINGS]
    )


def _blocks(shown: Shown) -> list[Block]:
    week = shown.week
    title = HeaderBlock(text=PlainTextObject(text=_title(shown), emoji=False))
    blocks: list[Block] = [title, *draw.quoted(shown.note)]
    if week.is_quiet:
        return [*blocks, draw.line(words.WEEKLY_QUIET)]
    blocks.append(draw.line("\n".join([_published(shown), *_slipped(shown), *_approvals(shown)])))
    if week.carried:
        blocks += [draw.line(words.WEEKLY_CARRIED), RichTextBlock(elements=[_carried(shown)])]
        left = len(week.carried) - CARRIED
        blocks += draw.small(words.more_people(left) if left > 0 else "")
    return [*blocks, *_came_up(shown)]


def _title(shown: Shown) -> str:
    zone = shown.desk.time_zone
    return words.weekly_title(today(shown.week.since, zone), today(shown.week.until, zone))


def _came_up(shown: Shown) -> list[Block]:
    lines = [line for line in findings(shown).splitlines() if line.strip()]
    if not lines:
        return []
    said = draw.typed("\n".join(f"•  {line}" for line in lines))
    left = len(shown.week.findings) - FINDINGS if shown.findings is None else 0
    more = draw.small(words.more_findings(left) if left > 0 else "")
    return [draw.line(words.WEEKLY_CAME_UP), *said, *more]


def _published(shown: Shown) -> str:
    week = shown.week
    said = f"📣 *{words.capital(words.number(week.published, 'post'))} published*"
    where = sorted(week.networks.items(), key=lambda each: (-each[1], each[0]))
    counts = ", ".join(f"{network.label} {count}" for network, count in where)
    return f"{said} ({counts})" if counts else said


def _slipped(shown: Shown) -> list[str]:
    slipped = shown.week.slipped
    if not slipped:
        return [words.WEEKLY_NONE_SLIPPED]
    said = ", ".join(_late(shown, post) for post in slipped[:SLIPPED])
    left = len(slipped) - SLIPPED
    more = f" and {left} more" if left > 0 else ""
    return [f"⏰ *{len(slipped)} slipped*: {said}{more}"]


def _late(shown: Shown, post: Timed) -> str:
    if post.published_at is None:
        state = "missed" if post.status is Status.MISSED else "not out yet"
        return f"{post.code} ({state})"
    late = post.published_at - post.publish_at
    return f"{post.code} ({words.late(late)})"


def _approvals(shown: Shown) -> list[str]:
    found = shown.week.approvals
    if found is None:
        return []
    said = f"👀 *Approval took {words.worked(found.median)}* of working time"
    if found.number == 1:
        return [f"{said}, for one post"]
    said += f" at the median of {found.number} posts"
    if found.step is not None:
        step, took = found.step
        return [f"{said}; step {step} was the slowest, with {words.worked(took)}"]
    code = shown.codes[found.longest_post]
    return [f"{said}; the longest was {code}, with {words.worked(found.longest)}"]


def _carried(shown: Shown) -> Any:
    by_name = sorted(
        shown.week.carried, key=lambda each: shown.people[each.person_id].name.casefold()
    )
    lines = [(shown.people[each.person_id].name, _did(each)) for each in by_name[:CARRIED]]
    return draw.bullets(lines)


def _did(each: Carried) -> str:
    said = []
    if each.wrote:
        said.append(f"wrote {words.number(each.wrote, 'post')}")
    if each.decided:
        said.append(f"took {words.number(each.decided, 'decision')}")
    if each.published:
        said.append(f"published {each.published}")
    return ", ".join(said)


def _when(at: datetime, zone: str) -> str:
    """A moment in the desk's zone and the reader's, in mrkdwn."""
    there = f"{times.clock(at, zone)} {escape(times.place(zone))}"
    return f"at {there} ({times.in_readers_zone(at)} your time)"
