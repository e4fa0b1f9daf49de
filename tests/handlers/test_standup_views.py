"""However many desks, posts and questions somebody has, Slack takes what is drawn of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers import draw
from handlers.answers import Drawn
from handlers.standups import plates, settings, views, words
from handlers.standups.settings import Named
from handlers.words import Reader
from operations.posts import Shown
from operations.standups.mornings import Morning
from operations.standups.planning import Asked
from operations.standups.plates import Plate
from operations.standups.rounds import Attendance
from rules.desks import Desk
from rules.people import Person
from rules.slack_text import escape
from rules.standups import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    MOST_MEMBERS,
    MOST_QUESTIONS,
    Answer,
    AnswerState,
    QuestionKind,
    Said,
    Standup,
    Weekly,
)
from rules.working_time import Weekday
from storage.lists import Listed
from tests.handlers import made_up
from tests.handlers.test_views import (
    MEMORY,
    buttons,
    check_message,
    check_view,
    with_all_that_can_be_said,
)

DESKS, POSTS = 20, 60

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def standups(draw: st.DrawFn) -> Standup:
    """Settings with as many questions and people as there may be, or fewer."""
    question = draw(made_up.texts(LONGEST_QUESTION, 1))
    count = draw(st.integers(1, MOST_QUESTIONS))
    questions = tuple(f"{n}{question}"[:LONGEST_QUESTION] for n in range(count))
    weekly = st.builds(Weekly, st.sampled_from(Weekday), times, made_up.ids)
    return Standup(
        desk_id=1,
        is_on=draw(st.booleans()),
        days=tuple(draw(st.lists(st.sampled_from(Weekday), unique=True))),
        prompt_at=draw(times),
        digest_at=draw(times),
        questions=questions,
        duty_questions=questions if draw(st.booleans()) else (),
        duty=draw(made_up.crowds),
        members=tuple(range(1, MOST_MEMBERS + 1)),
        weekly=draw(st.none() | weekly),
    )


@st.composite
def asked(draw: st.DrawFn, desk: Desk) -> Asked:
    standup, at = draw(standups()), draw(made_up.moments)
    typed = draw(made_up.texts(LONGEST_ANSWER, 1))
    old = (Said("What was asked before", typed, QuestionKind.ANY),)
    said = tuple(Said(q, typed, QuestionKind.BLOCKER) for q in standup.questions)
    state = draw(st.sampled_from(AnswerState))
    answer = Answer(1, 1, 1, state, True, said + old, 1, at, None)
    return Asked(desk, standup, draw(st.booleans()), draw(st.none() | st.just(answer)))


@st.composite
def mornings(draw: st.DrawFn) -> Morning:
    """Two kinds of desks and posts, each as often as it may be."""
    count = draw(st.sampled_from([0, 1, 2, DESKS]))
    desk = draw(made_up.desks())
    two = [draw(asked(desk)), draw(asked(desk))]
    several = [
        replace(two[n % 2], desk=replace(desk, id=10**9 + n, channel_id=f"C01234567{n}"))
        for n in range(count)
    ]
    posts = draw(st.sampled_from([0, 1, POSTS]))
    return Morning(
        person=next(iter(draw(made_up.people()).values())),
        day=draw(made_up.moments).date(),
        asked=tuple(several),
        waiting=(draw(made_up.shown(reviewed=True)),) * posts,
        at_hand=(draw(made_up.listed()),) * posts,
        reminded=(draw(made_up.reminders()).reminders * 10)[:posts],
        is_over=draw(st.booleans()),
    )


@given(mornings())
def test_the_morning(morning: Morning) -> None:
    check_message(views.prompt(morning))


@given(mornings(), made_up.shown(reviewed=True))
def test_the_longest_morning(morning: Morning, shown: Shown) -> None:
    waiting = (with_all_that_can_be_said(shown),) * POSTS
    check_message(views.prompt(replace(morning, waiting=waiting, is_over=False)))


@given(mornings())
def test_a_morning_has_three_buttons_a_row_and_no_dead_ones(morning: Morning) -> None:
    blocks = [block.to_dict() for block in views.prompt(morning).blocks]
    assert all(len(b.get("elements", ())) <= 3 for b in blocks if b["type"] == "actions")
    labels = [button["text"]["text"] for button in buttons(blocks)]
    if morning.is_over:
        assert labels == []
    waits = any(each.answer is None for each in morning.asked)
    assert ("Skip today" in labels) is (waits and not morning.is_over)


@given(mornings())
def test_the_answer(morning: Morning) -> None:
    memory: dict[str, Any] = MEMORY
    form = views.answer_form(morning, memory)
    check_view(form)
    asked = [b for b in form.to_dict()["blocks"] if b.get("block_id", "").startswith("said:")]
    assert bool(asked) is bool(morning.asked)


@given(standups(), made_up.desks(), st.integers(0, MOST_MEMBERS))
def test_the_settings(standup: Standup, desk: Desk, count: int) -> None:
    ids = [f"U{n:010}" for n in range(count)]
    check_view(settings.build(standup, desk, Named(ids, ids, ids[0] if ids else ""), MEMORY))


@given(
    made_up.people(), made_up.listed(), made_up.shown(reviewed=True), st.sampled_from([0, POSTS])
)
def test_too_much(everybody: dict[int, Person], listed: Listed, shown: Shown, count: int) -> None:
    check_message(plates.too_much(Plate(everybody[1], (listed,) * count, (shown,) * count)))


@given(made_up.names, made_up.moments, st.integers(0, MOST_MEMBERS))
def test_who_has_answered(name: str, at: datetime, count: int) -> None:
    answered, silent = tuple(range(count)), tuple(range(count, MOST_MEMBERS))
    found = Attendance(at.date(), answered, (), silent[1::3], (), silent[::3] + silent[2::3])
    lines = words.attendance(found, Reader("UTC", lambda _: name))
    check_message(Drawn("Who", draw.lines([escape(line) for line in lines])))


@given(standups())
def test_what_was_saved_is_echoed(standup: Standup) -> None:
    said = words.saved(replace(standup, is_on=True, prompt_at=time(9)), "Paris time")
    assert "at 09:00" in said
