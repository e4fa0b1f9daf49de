"""Whether a day came to a good end: database, playground and log say the same, and what is wrong in
one of them was ordered."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from handlers.courier.drawing import draw_home
from rules.occurrences import OccurrenceKind, OccurrenceState
from rules.posts import Status
from storage import messages as stored_messages
from storage.homes import STAYS_OPEN
from storage.messages import Kind, Message, State
from storage.tables import messages, occurrences, people, posts, reviews
from tests.faults import witness
from tests.faults.day import MONDAY, ZONE, Day
from tests.faults.script import PEOPLE, Trouble
from tests.faults.trouble import RETRY_AFTER_SECONDS, Window
from tests.flows import checker
from tests.flows.house import TEAM, House

# An envelope goes without an answer for three seconds before that is a problem, and a bot that
# ended takes a while to come back.
_AFTERWARDS_SECONDS = 12.0
# Calls that were under way when Slack asked for patience.
_UNDER_WAY_SECONDS = 0.5

_TOLD = {
    OccurrenceKind.PROMPT,
    OccurrenceKind.DIGEST,
    OccurrenceKind.REMINDER,
    OccurrenceKind.ESCALATION,
    OccurrenceKind.MISSED,
}
_CUT_OFF = {
    Trouble.KILL,
    Trouble.TERM,
    Trouble.FREEZE,
    Trouble.DROP,
    Trouble.REFRESH,
    Trouble.HALF_OPEN,
}
_SLACK = {Trouble.FAULT, Trouble.HOLD}
_LATE = {*_CUT_OFF, *_SLACK, Trouble.AGAIN, Trouble.HOLD_BACK, Trouble.REVOKE}
_UNANSWERED = r"Not acknowledged within|Acknowledged after|Not acknowledged: no answer within"
_EXPLAINED: Sequence[tuple[str, set[Trouble]]] = (
    (r"Not acknowledged within", _LATE),
    (r"Acknowledged after", _LATE),
    (r"Not acknowledged: (no answer within|.* cannot be reached)", _LATE),
    # An event without what had to be asked of Slack; it comes again.
    (r"event .*: Not acknowledged: it answered 500", {*_SLACK, Trouble.REVOKE}),
    (r"No connection of the app takes it", _CUT_OFF | {Trouble.FAULT, Trouble.REVOKE}),
    (r"The connection was lost while it was sent", _CUT_OFF),
    (r"It is held back", {Trouble.HOLD_BACK}),
    (r"It acknowledges what it was not sent, or twice", {Trouble.AGAIN, Trouble.HOLD_BACK}),
    (r"Refused: (ratelimited|fault )", {Trouble.FAULT}),
    (r"Refused: (token_revoked|invalid_auth|account_inactive)", {Trouble.REVOKE}),
    (r"Refused: (exchanged|expired)_trigger_id", {Trouble.AGAIN, *_LATE}),
    (r"Refused: (used|expired)_url", {Trouble.AGAIN, *_LATE}),
    (r"conversations\.\w+: Refused: missing_scope", _SLACK | _CUT_OFF),
    # A view that was closed meanwhile.
    (r"views.(update|push): Refused: not_found", {Trouble.AGAIN, *_LATE}),
)
"""What the playground notes as a problem, and what may be the reason."""

_LOGGED: Sequence[tuple[str, set[Trouble]]] = (
    (r"ERROR slack_sdk\.(web|webhook)\.\w+ Failed to send a request", _SLACK),
    (r"ERROR slack_sdk\.web\.base_client Failed to decode Slack API response", {Trouble.FAULT}),
    (r"ERROR handlers\.clients .* its token was revoked", {Trouble.REVOKE}),
    # A process that stood still loses its transaction, or its turn to write.
    (r"ERROR bot\.ticks What falls due waits", {Trouble.FREEZE}),
    # An ack that has no connection to go by any more.
    (r"ERROR slack_sdk\.socket_mode (on_error invoked|Failed to)", _CUT_OFF),
)
"""What is logged as an error, and what may be the reason."""


def wrong(house: House, day: Day, log: str) -> list[str]:
    """What is wrong, a sentence each."""
    return [
        *checker.differences(house.playground, house.store, settled=_settled(house)),
        *_ended(house, day),
        *_due(house),
        *_statuses(house),
        *_homes(house),
        *witness.missing(house.playground, house.store, log),
        *witness.twice(house.store),
        *_logged(day, log),
        *_problems(house, day),
        *_patience(house, day),
        *_exits(day),
    ]


def _settled(house: House) -> set[str]:
    """Digests and mornings of days that are over: they aren't kept up to date any more."""
    today = house.playground.now().astimezone(ZoneInfo(ZONE)).date().isoformat()
    kinds = (Kind.DIGEST, Kind.DIGEST_DETAIL, Kind.SILENT, Kind.PROMPT)
    return {row.key for row in house.rows(*kinds) if today not in row.key}


def _ended(house: House, day: Day) -> Iterator[str]:
    """Nobody left, no channel was archived: all that was to be told is told, but for what the bot
    may not look up."""
    for row in house.rows():
        is_lost = row.state == State.UNKNOWN and not day.script.reads_history and row.channel_id
        if row.state in (State.FAILED, State.UNKNOWN) and not is_lost:
            yield f"{row.key} ended {row.state}: {row.error}"
        if row.state == State.SENT and row.error:
            yield f"{row.key} is not kept up to date: {row.error}"


def _due(house: House) -> Iterator[str]:
    """Each thing that fell due has ended, done or with its reason."""
    now = house.playground.now()
    states = {row.id: row.state for row in house.rows()}
    with house.store.read() as tx:
        found = list(tx.execute(sa.select(occurrences)))
    for each in found:
        if each.state == OccurrenceState.FAILED:
            yield f"{each.key} failed: {each.reason}"
        if each.state == OccurrenceState.WAITING and each.due_at <= now:
            yield f"{each.key} was due at {each.due_at} and waits"
        if each.state == OccurrenceState.SKIPPED and not each.reason:
            yield f"{each.key} was skipped, without a reason"
        # That a manager asked everybody, which they may do once a day, is noted like a prompt.
        is_note = each.kind == OccurrenceKind.PROMPT and each.person_id is None
        is_done = each.state == OccurrenceState.DONE and not is_note
        if is_done and each.kind in _TOLD and each.message_id is None:
            yield f"{each.key} is done, and nobody was told"
        if each.state == OccurrenceState.DONE and each.message_id is not None:
            ended = (State.SENT, State.DROPPED, State.UNKNOWN)
            if states[each.message_id] not in ended:
                yield f"{each.key} is done by a message that is {states[each.message_id]}"
    first = [each for each in found if each.local_date == MONDAY]
    prompts = [each for each in first if each.kind == OccurrenceKind.PROMPT]
    if len(prompts) != len(PEOPLE):
        yield f"{len(prompts)} prompts on the first day, not {len(PEOPLE)}"
    if len([each for each in first if each.kind == OccurrenceKind.DIGEST]) != 1:
        yield "not one digest on the first day"


def _statuses(house: House) -> Iterator[str]:
    """A post whose time has come was missed or handed over; one in review has its review."""
    now = house.playground.now()
    with house.store.read() as tx:
        every = list(tx.execute(sa.select(posts)))
        waiting = tx.execute(sa.select(reviews).filter_by(state="open"))
        under_review = {row.post_id: row.version for row in waiting}
        times = tx.execute(sa.select(occurrences).filter_by(kind=OccurrenceKind.PUBLISH_TIME))
        come = {(row.post_id, row.due_at) for row in times}
        handed = {
            row.post_id for row in tx.execute(sa.select(messages).filter_by(kind=Kind.HAND_OFF))
        }
    for post in every:
        waits, is_asked = post.status == Status.IN_REVIEW, post.id in under_review
        if waits > is_asked or (is_asked and not waits and post.status != Status.MISSED):
            yield f"P-{post.number} is {post.status}; its reviews: {under_review.get(post.id)}"
        is_over = post.status in (Status.CANCELLED, Status.REJECTED, Status.PUBLISHED)
        if is_over or post.hold_reason is not None:
            continue
        if post.publish_at is None or post.publish_at > now:
            continue
        if (post.id, post.publish_at) not in come:
            yield f"P-{post.number} is {post.status}, and its time went by unnoticed"
        if post.status == Status.SCHEDULED and post.id not in handed:
            yield f"P-{post.number} was handed over to nobody"


def _homes(house: House) -> Iterator[str]:
    """Each Home that was drawn shows what is true."""
    homes = house.playground.workspace()["homes"]
    with house.store.read() as tx:
        rows = tx.execute(sa.select(people.c.id, people.c.slack_id))
        ids = {row.id: row.slack_id for row in rows}
    now = house.playground.now()
    for row in house.rows(Kind.HOME):
        if row.opened_at <= now - STAYS_OPEN:
            continue  # drawn again when it is opened
        with house.store.read() as tx:
            message = stored_messages.by_key(tx, TEAM, row.key)
        assert isinstance(message, Message)
        shown = homes.get(ids[row.person_id])
        wanted = draw_home(house.store, message).to_dict()
        blocks = shown["blocks"] if shown else []
        for theirs, ours in checker.different_blocks(blocks, wanted["blocks"]):
            yield f"{row.key} shows {theirs}, not {ours}"


def _logged(day: Day, log: str) -> Iterator[str]:
    """No error of the bot's own, and of its libraries only what they call one."""
    for line in log.splitlines():
        level = line.split(" ", 2)[1:2]
        if level not in (["ERROR"], ["CRITICAL"]):
            continue
        at = witness.seconds(line)
        if day.was_slow and "timed out" in line:
            continue
        if not _is_explained(_LOGGED, line, at, day.windows):
            yield f"in the log: {line[:2000]}"


def _problems(house: House, day: Day) -> Iterator[str]:
    for entry in house.playground.log():
        if not entry["problem"] or entry["at"] < day.began:
            continue
        problem = f"{entry['name']}: {entry['problem']}"
        if day.was_slow and re.search(_UNANSWERED, problem):
            continue
        if not _is_explained(_EXPLAINED, problem, entry["at"], day.windows):
            yield f"{problem} ({entry['summary']})"


def _is_explained(
    explained: Sequence[tuple[str, set[Trouble]]],
    problem: str,
    at: float,
    windows: Sequence[Window],
) -> bool:
    reasons: set[Trouble] = set()
    for pattern, troubles in explained:
        if re.search(pattern, problem):
            reasons |= troubles
    return any(
        window.wrong.trouble in reasons and window.began <= at <= window.ended + _AFTERWARDS_SECONDS
        for window in windows
    )


def _patience(house: House, day: Day) -> Iterator[str]:
    """After a 429 the bot leaves that method alone, as long as it is the same process."""
    ends = [w.began for w in day.windows if w.wrong.trouble in (Trouble.KILL, Trouble.TERM)]
    if day.script.bots > 1:
        return
    calls = house.playground.calls()
    for refused in calls:
        method, since = refused["method"], refused["at"]
        if refused["error"] != "ratelimited" or not method.startswith("chat."):
            continue
        if method == "chat.postEphemeral":  # an answer to a click, whose lane is not the courier's
            continue
        until = since + 2.0
        # Slack may answer who has ended just before.
        if any(since - _UNDER_WAY_SECONDS <= end <= until for end in ends):
            continue
        for call in calls:
            if call["method"] == method and since + _UNDER_WAY_SECONDS < call["at"] < until:
                yield f"{method} was called within the {RETRY_AFTER_SECONDS} s of its Retry-After"


def _exits(day: Day) -> Iterator[str]:
    """Those that had only just begun may end at once."""
    asked = [window.exit_code for window in day.windows if window.exit_code is not None]
    codes = [*(code for code in asked if code != -signal.SIGTERM), *day.exit_codes]
    yield from (f"SIGTERM ended with the code {code}" for code in codes if code)
