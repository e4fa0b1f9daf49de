"""The weekly digest, for those who lead: what went out, what slipped, how long approvals took,
who carried how much, and what came up that nobody had planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.desks import Desk
from rules.digests import says_nothing
from rules.local_time import instant
from rules.networks import Network
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Review, ReviewState, Verdict
from rules.standups import Answer, AnswerState, QuestionKind, Round, Weekly
from rules.working_time import Hours, is_working_day, next_working_day, weekday, worked_between

WEEK = timedelta(days=7)
# One that was left out is made up for by the next. What is older than this is no news any more, as
# where it was switched off for a season.
LONGEST = 4 * WEEK
# The named person has this long to look at it before it is posted.
READ_BEFORE = timedelta(hours=1)
# Who publishes by hand is not late at once.
GRACE = timedelta(hours=1)

FINDINGS = 5
CARRIED = 20
SLIPPED = 10
NOTE_LIMIT = 1500
FINDINGS_LIMIT = 3000

_DAY = timedelta(days=1)
_OVER = frozenset({Status.CANCELLED, Status.REJECTED})


class WeeklyRefusal(StrEnum):
    """Why something can't be done with a weekly digest."""

    NOT_READER = "not_reader"
    POSTED_ALREADY = "posted_already"
    NOTE_TOO_LONG = "note_too_long"
    FINDINGS_TOO_LONG = "findings_too_long"


@dataclass(frozen=True, slots=True)
class Timed:
    """A post whose publish time was in the week; `published_at` is when it went out (UTC)."""

    post_id: int
    code: str
    publish_at: datetime
    published_at: datetime | None
    status: Status


@dataclass(frozen=True, slots=True)
class Approvals:
    """How long approval took, in working time, over the `number` reviews that ended with a yes.

    `step` is the slowest step (its number, from 1) with its own median, where there were several.
    """

    number: int
    median: timedelta
    longest: timedelta
    longest_post: int
    step: tuple[int, timedelta] | None


@dataclass(frozen=True, slots=True)
class Carried:
    """What somebody did in the week: posts they wrote, decisions they took, posts they brought
    out."""

    person_id: int
    wrote: int
    decided: int
    published: int

    @property
    def in_all(self) -> int:
        """Everything together."""
        return self.wrote + self.decided + self.published


@dataclass(frozen=True, slots=True)
class Finding:
    """What came up on a day, by whoever was on duty."""

    person_id: int
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Week:
    """From `since` until before `until` (UTC), seven days as a rule. `published` counts posts,
    `networks` where they went."""

    since: datetime
    until: datetime
    published: int
    networks: Mapping[Network, int]
    slipped: tuple[Timed, ...]
    approvals: Approvals | None
    carried: tuple[Carried, ...]
    findings: tuple[Finding, ...]

    @property
    def is_quiet(self) -> bool:
        """Nothing of all that happened."""
        return not (
            self.published or self.slipped or self.approvals or self.carried or self.findings
        )

    def for_outsiders(self) -> Week:
        """The same without what the team says of itself and among itself."""
        return replace(self, carried=(), findings=())


def days_after(desk: Desk, weekly: Weekly, after: date) -> Iterator[tuple[date, datetime]]:
    """The chosen days later than `after`, without end, and when the weekly digest of each is due
    (UTC): where the desk doesn't work on it, on its next working day. Where it doesn't work until
    the next chosen day, that one's digest tells of both."""
    day = after
    while True:
        day += _DAY
        if weekday(day) is weekly.day and posting_day(desk, day) < day + WEEK:
            yield day, instant(posting_day(desk, day), weekly.at, desk.time_zone)


def posting_day(desk: Desk, day: date) -> date:
    """The day itself, or the next one on which the desk works."""
    return day if is_working_day(desk.hours, day) else next_working_day(desk.hours, day)


def begins(ends: Iterable[datetime], until: datetime) -> datetime:
    """Where a weekly digest that ends at `until` begins (UTC): where the last one before it ended,
    of the `ends` of those that were posted, so that nothing is in two of them or in none. Where
    there is none, or none as late as LONGEST before it, seven days before its end."""
    before = max((end for end in ends if end <= until), default=None)
    return before if before is not None and until - before <= LONGEST else until - WEEK


def slipped(posts: Iterable[Timed], until: datetime) -> list[Timed]:
    """Those that did not go out, or more than an hour after their time; oldest first."""
    late = []
    for post in posts:
        if post.status in _OVER and post.published_at is None:
            continue
        if (post.published_at or until) - post.publish_at > GRACE:
            late.append(post)
    return sorted(late, key=lambda post: post.publish_at)


def approvals(reviews: Iterable[Review], hours: Hours) -> Approvals | None:
    """How long these reviews took, of those that ended with a yes; None where there were none."""
    took: list[tuple[timedelta, int]] = []
    by_step: dict[int, list[timedelta]] = {}
    for review in reviews:
        if review.state is not ReviewState.APPROVED or review.ended_at is None:
            continue
        took.append((worked_between(hours, review.sent_at, review.ended_at), review.post_id))
        for step, each in enumerate(_steps(review, hours), 1):
            by_step.setdefault(step, []).append(each)
    if not took:
        return None
    longest, post_id = max(took)
    medians = [(_median(each), step) for step, each in by_step.items()]
    slowest, step = max(medians)
    return Approvals(
        number=len(took),
        median=_median([each for each, _ in took]),
        longest=longest,
        longest_post=post_id,
        step=(step, slowest) if len(medians) > 1 else None,
    )


def _median(of: Sequence[timedelta]) -> timedelta:
    ordered = sorted(of)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _steps(review: Review, hours: Hours) -> list[timedelta]:
    """How long each step took: from the end of the one before to the last yes that it needed."""
    found, start = [], review.sent_at
    for step in range(len(review.steps)):
        given = (d for d in review.standing if d.step == step and d.verdict is Verdict.APPROVE)
        end = max([start, *(decision.decided_at for decision in given)])
        found.append(worked_between(hours, start, end))
        start = end
    return found


def carried(
    wrote: Iterable[int], decided: Iterable[int], published: Iterable[int]
) -> list[Carried]:
    """By person, from who did each thing, once for each time; in no order of merit."""
    counts = [Counter(each) for each in (wrote, decided, published)]
    everybody = sorted(set().union(*counts))
    return [Carried(who, *(count[who] for count in counts)) for who in everybody]


def findings(rounds: Iterable[Round], answers: Sequence[Answer]) -> list[Finding]:
    """What whoever was on duty answered to the questions for that (what happened overnight, what
    is trending, a risk or an opportunity), newest first: what nobody could have planned. Who said
    that there is nothing is left out, and what was said before in the same words.
    """
    days = {each.id: each.local_date for each in rounds}
    told: dict[str, Finding] = {}
    for answer in sorted(answers, key=lambda answer: (days[answer.round_id], answer.id)):
        if answer.state is not AnswerState.ANSWERED:
            continue
        for said in answer.said:
            if said.kind is QuestionKind.DUTY and not says_nothing(said.answer):
                key = " ".join(said.answer.casefold().split())
                day = days[answer.round_id]
                told.setdefault(key, Finding(answer.person_id, day, said.answer))
    return sorted(told.values(), key=lambda finding: finding.day, reverse=True)


def check_words(note: str, findings: str) -> None:
    """What the named person wrote must fit. Raises Refused at `note` or `findings`."""
    if len(note) > NOTE_LIMIT:
        raise Refused(WeeklyRefusal.NOTE_TOO_LONG, field="note", limit=NOTE_LIMIT)
    if len(findings) > FINDINGS_LIMIT:
        reason = WeeklyRefusal.FINDINGS_TOO_LONG
        raise Refused(reason, field="findings", limit=FINDINGS_LIMIT)
