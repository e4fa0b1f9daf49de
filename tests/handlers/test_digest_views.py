"""However many people there are and whatever they write, Slack takes the digest."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import times
from handlers.digests import private, views, weekly, words
from operations.digest_contents import Shown, Silent
from operations.standups.rounds import Attendance
from operations.weekly import Shown as ShownWeek
from rules.desks import Desk
from rules.digest_parts import parts
from rules.digests import (
    POSTS_SHOWN,
    RECAP_LIMIT,
    Away,
    Blocker,
    Digest,
    DuePost,
    Question,
    Waiting,
    Word,
)
from rules.people import Person
from rules.posts import Status
from rules.standups import LONGEST_ANSWER, LONGEST_QUESTION, MOST_MEMBERS, Round
from rules.weekly import LONGEST, Approvals, Carried, Finding, Timed, Week
from tests.handlers import made_up
from tests.handlers.made_up import CROWD
from tests.handlers.test_views import MEMORY, buttons, check_message, check_view

DAY = date(2030, 3, 4)
STATES = ("skipped", "away", "later", "silent")
counts = st.sampled_from([0, 1, 3, CROWD])
answers = made_up.texts(LONGEST_ANSWER, 1)


@st.composite
def due_posts(draw: st.DrawFn, count: int) -> tuple[DuePost, ...]:
    one = DuePost(
        post_id=10**9,
        code="P-100000000",
        publish_at=draw(made_up.moments),
        text=draw(made_up.texts(3000, 1)),
        networks=draw(made_up.networks),
        status=draw(st.sampled_from(Status)),
        on_hold=draw(st.booleans()),
        urgent=draw(st.booleans()),
    )
    return (one,) * min(count, POSTS_SHOWN)


@st.composite
def digests(
    draw: st.DrawFn,
    count: st.SearchStrategy[int] = counts,
    answered: st.SearchStrategy[str] = answers,
) -> Shown:
    """A day of nobody, of one, of three or of sixty people, who all write the same."""
    people, desk = draw(made_up.people()), draw(made_up.desks())
    who = range(1, draw(count) + 1)
    said, posts = draw(answered), draw(counts)
    helpers = tuple(range(1, draw(counts) + 1))
    asked = [draw(made_up.texts(LONGEST_QUESTION, 1)) for _ in range(draw(st.integers(0, 3)))]
    listed = draw(due_posts(posts))
    waiting = Waiting(10**9, "P-100000000", draw(made_up.texts(3000, 1)), draw(made_up.reviews()))
    digest = Digest(
        day=DAY,
        coming_until=DAY + timedelta(draw(st.sampled_from([1, 3]))),
        recap=draw(made_up.texts(RECAP_LIMIT)),
        recap_by=1,
        blockers=tuple(Blocker(10**9, i, said, helpers) for i in who),
        today=listed,
        today_in_all=posts,
        coming=listed,
        coming_in_all=posts,
        waiting=(waiting,) * min(posts, POSTS_SHOWN),
        waiting_in_all=posts,
        questions=tuple(Question(q, tuple(Word(i, said) for i in who), 2) for q in asked),
        away=tuple(Away(i, draw(st.none() | st.just(DAY))) for i in who),
        answers=len(who),
    )
    shown = Shown(desk, Round(1, 1, DAY, "", None, None), digest, people)
    outside = replace(shown, digest=digest.for_outsiders())
    return draw(st.sampled_from([shown, outside]))


long = st.sampled_from(["x", "&", "é", "<a ", "🎉"]).map(
    lambda part: (part * 1000)[:LONGEST_ANSWER]
)


@given(digests(st.just(CROWD), long))
@settings(max_examples=20)
def test_sixty_people_who_write_as_much_as_they_may(shown: Shown) -> None:
    for number in range(len(parts(shown.digest))):
        drawn = views.detail(shown, number, is_new=True)
        assert drawn is not None
        check_message(drawn)


@given(digests())
@settings(max_examples=30)
def test_a_digest_of_any_size(shown: Shown) -> None:
    check_message(views.digest(shown))
    every = parts(shown.digest)
    for number in range(len(every)):
        drawn = views.detail(shown, number, is_new=True)
        assert drawn is not None
        check_message(drawn)
    gone = views.detail(shown, len(every), is_new=False)
    assert gone is not None
    check_message(gone)
    assert views.detail(shown, len(every), is_new=True) is None


@given(digests())
@settings(max_examples=20)
def test_each_blocker_has_its_button_and_each_answer_its_place(shown: Shown) -> None:
    drawn = [views.detail(shown, n, is_new=True) for n in range(len(parts(shown.digest)))]
    blocks = [block.to_dict() for one in drawn if one for block in one.blocks]
    labels = [button["text"]["text"] for button in buttons(blocks)]
    assert labels.count("I can help") == len(shown.digest.blockers)
    posts = (shown.digest.today, shown.digest.coming, shown.digest.waiting)
    assert labels.count("Open") == sum(map(len, posts))
    bullets = str(blocks).count("'rich_text_section'")
    asked = sum(len(question.words) for question in shown.digest.questions)
    assert bullets >= asked + len(shown.digest.away)


@given(digests())
def test_a_quiet_day_is_one_line(shown: Shown) -> None:
    nothing = {"today_in_all": 0, "coming_in_all": 0, "waiting_in_all": 0, "answers": 0}
    digest = replace(shown.digest, **nothing, recap="")  # type: ignore[arg-type]
    assert len(views.digest(replace(shown, digest=digest)).blocks) == 1


@given(digests(), st.integers(0, 99))
@settings(max_examples=20)
def test_the_answers_behind_a_button(shown: Shown, number: int) -> None:
    check_view(views.answers(shown, number))


@given(made_up.desks(), made_up.texts(RECAP_LIMIT))
def test_the_form_of_a_recap(desk: Desk, recap: str) -> None:
    check_view(private.recap_form(desk, recap, MEMORY))


@given(made_up.people(), made_up.desks(), answers, st.sampled_from([1, 2]))
def test_introductions(people: dict[int, Person], desk: Desk, by: str, reader: int) -> None:
    check_message(private.introduction(people[1], people[2], reader, desk, by))


@given(made_up.people(), made_up.desks(), counts, st.sampled_from([1, 2, 12]), st.integers(0, 3))
def test_who_said_nothing(
    people: dict[int, Person], desk: Desk, count: int, desks: int, silent: int
) -> None:
    everybody = {i: replace(people[1 + i % CROWD], id=i) for i in range(1, MOST_MEMBERS + 1)}
    who = tuple(everybody)[: count * 2]
    groups = {name: who if n == silent else () for n, name in enumerate(STATES)}
    stands = Attendance(DAY, (), **groups)
    found = [Silent(desk, DAY, stands, everybody)] * desks
    drawn = private.silent(found, is_new=False)
    assert drawn is not None
    check_message(drawn)
    new = private.silent(found, is_new=True)
    assert (new is not None) == bool(groups["skipped"] or groups["silent"])


@st.composite
def weeks(draw: st.DrawFn) -> ShownWeek:
    people, desk, count = draw(made_up.people()), draw(made_up.desks()), draw(counts)
    at, text = draw(made_up.moments), draw(answers)
    late = Timed(1, "P-1", at, draw(st.none() | st.just(at + timedelta(days=2))), Status.MISSED)
    took = draw(st.timedeltas(timedelta(), timedelta(days=60)))
    step = draw(st.none() | st.just((2, took)))
    found = Approvals(draw(st.integers(1, 60)), took, took, 1, step)
    used = draw(made_up.networks)
    week = Week(
        since=at - draw(st.timedeltas(timedelta(), LONGEST)),
        until=at,
        published=count,
        networks=dict.fromkeys(used, count) if count else {},
        slipped=(late,) * count,
        approvals=found if count else None,
        carried=tuple(Carried(i, 1, i % 2, i % 3) for i in range(1, count + 1)),
        findings=tuple(Finding(i, DAY, text) for i in range(1, count + 1)),
    )
    note = draw(made_up.texts(1500))
    findings = draw(st.none() | made_up.texts(3000))
    return ShownWeek(desk, week, note, findings, {1: "P-1"}, people, draw(st.booleans()))


@given(weeks())
def test_a_week(shown: ShownWeek) -> None:
    check_message(weekly.draft(shown, 10**9))
    check_message(weekly.posted(shown))
    check_view(weekly.form(shown, MEMORY))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (7, "The week until Monday 4 March"),
        (8, "From Sunday 24 February to Monday 4 March"),
        (6, "From Tuesday 26 February to Monday 4 March"),
    ],
)
def test_a_week_names_its_days(days: int, said: str) -> None:
    assert words.weekly_title(DAY - timedelta(days), DAY) == said


@given(st.timedeltas(timedelta(), timedelta(days=400)))
def test_a_span_is_said_in_hours_and_minutes(took: timedelta) -> None:
    said = words.worked(took)
    assert said == "under a minute" or re.fullmatch(r"\d+ h( \d+ min)?|\d+ min", said)
    assert words.late(took).endswith(" late")


def test_days_are_said_in_words() -> None:
    assert times.day(DAY) == "Monday 4 March"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (DAY + timedelta(1), "Nothing goes out today or tomorrow"),
        (DAY + timedelta(4), "Nothing goes out from today to Friday 8 March"),
    ],
)
def test_when_nothing_goes_out_it_is_said_for_all_of_these_days(until: date, said: str) -> None:
    assert words.nothing_goes_out(Digest(DAY, until, waiting_in_all=1)) == said
