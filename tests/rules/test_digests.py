"""What a digest says, in which order, in how many messages, and on which days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import digest_days
from rules.desks import Desk, Policy, Weekday
from rules.digest_parts import PART_BLOCKS, PART_CHARACTERS, Section, parts, sections
from rules.digests import (
    Away,
    Blocker,
    Digest,
    DigestRefusal,
    DuePost,
    More,
    Nothing,
    Question,
    Topic,
    Word,
    blocked_by,
    blockers,
    check_may_help,
    check_may_read_answers,
    check_recap,
    fingerprint,
    questions,
    says_nothing,
)
from rules.networks import Network
from rules.posts import Status
from rules.refused import Refused
from rules.standups import Answer, AnswerState, QuestionKind, Said, Standup
from tests.rules.desk_at_work import ANA, BEN, NOW, person

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
DAY = timedelta(days=1)

NOTHING = """
-|–|...|.|no|No.|none|None!|nope|Nothing|nothing today|Nothing yet.|n/a|N/A|na|no blockers
No blocker|Not blocked|I'm not blocked|I’m not blocked|all good|All good 👍|👍|🎉|rien
Rien à signaler|R.A.S.|ras|Aucun blocage|non|niente|Niente di nuovo|nessuno|nulla|tutto bene
""".strip().replace("\n", "|")
SOMETHING = """
No pictures|Nothing works|No access|none of the links open|non riesco|Rien ne marche|na na na|Noah
Not blocked, but slow|1|x|Nothing from legal since Monday|日本語
""".strip().replace("\n", "|")


@pytest.mark.parametrize("text", [*NOTHING.split("|"), "", " \n"])
def test_a_way_of_saying_that_there_is_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", SOMETHING.split("|"))
def test_what_only_begins_like_that_is_something(text: str) -> None:
    assert not says_nothing(text)


def answer(who: int, *said: Said, state: AnswerState = AnswerState.ANSWERED) -> Answer:
    return Answer(
        id=who,
        round_id=1,
        person_id=who,
        state=state,
        on_duty=False,
        said=said,
        revision=1,
        answered_at=NOW,
        changed_at=None,
    )


def blocked(text: str) -> Said:
    return Said("What blocks you?", text, QuestionKind.BLOCKER)


def knows(text: str, question: str = "What should the team know?") -> Said:
    return Said(question, text, QuestionKind.ANY)


def test_blockers_are_told_apart_from_the_rest_with_their_helpers() -> None:
    answers = [answer(ANA, knows("Hello"), blocked("No pictures")), answer(BEN, blocked("-"))]
    assert blockers(answers, {ANA: [BEN, 7]}) == [Blocker(ANA, ANA, "No pictures", (BEN, 7))]
    assert questions(Standup(1), answers) == [
        Question("What should the team know?", (Word(ANA, "Hello"),))
    ]


def test_who_is_blocked_by_two_things_is_told_of_twice() -> None:
    two = answer(ANA, blocked("No pictures"), blocked("none"), blocked("No access"))
    assert blocked_by(two) == ("No pictures", "No access")


def test_who_skipped_says_nothing() -> None:
    skipped = answer(ANA, blocked("No pictures"), knows("x"), state=AnswerState.SKIPPED)
    assert blockers([skipped], {}) == []
    assert questions(Standup(1), [skipped]) == []


def test_questions_come_as_they_are_asked_now_and_older_ones_last() -> None:
    standup = Standup(1, questions=("One?", "Two?"), duty_questions=("Three?",))
    answers = [
        answer(ANA, knows("old", "Gone?"), knows("3", "Three?"), knows("2", "Two?")),
        answer(BEN, knows("2 too", "Two?"), knows("nothing", "Three?"), knows("1", "One?")),
    ]
    found = [
        (q.text, [word.text for word in q.words], q.nothing) for q in questions(standup, answers)
    ]
    assert found == [
        ("One?", ["1"], 0),
        ("Two?", ["2", "2 too"], 0),
        ("Three?", ["3"], 1),
        ("Gone?", ["old"], 0),
    ]


def due(number: int) -> DuePost:
    return DuePost(number, f"P-{number}", NOW, "x", (Network.X,), Status.APPROVED, False, False)


def full() -> Digest:
    return Digest(
        day=MONDAY,
        coming_until=MONDAY + DAY,
        blockers=(Blocker(1, ANA, "No pictures"),),
        today=(due(1),),
        today_in_all=31,
        coming=(due(2),),
        coming_in_all=1,
        questions=(Question("Why?", (Word(ANA, "So"),), 2),),
        away=(Away(BEN, None),),
        answers=3,
    )


def test_the_order_in_which_it_is_read() -> None:
    assert sections(full()) == [
        Section(Topic.BLOCKERS, (Blocker(1, ANA, "No pictures"),)),
        Section(Topic.TODAY, (due(1), More(30))),
        Section(Topic.COMING, (due(2),)),
        Section(Topic.QUESTION, (Word(ANA, "So"), Nothing(2)), "Why?"),
        Section(Topic.AWAY, (Away(BEN, None),)),
    ]


def test_people_from_outside_read_no_answers_and_who_is_away_is_not_theirs_to_know() -> None:
    seen = full().for_outsiders()
    assert [section.topic for section in sections(seen)] == [Topic.TODAY, Topic.COMING]
    assert (seen.answers, seen.is_shared) == (3, True)


def test_a_quiet_day_has_no_detail() -> None:
    quiet = Digest(MONDAY, MONDAY + DAY, recap="Rest", away=(Away(BEN, None),))
    assert quiet.is_quiet
    assert parts(quiet) == []
    for busy in ({"answers": 1}, {"today_in_all": 1}, {"coming_in_all": 1}, {"waiting_in_all": 1}):
        assert not replace(quiet, **busy).is_quiet  # type: ignore[arg-type]


texts = st.text(min_size=1, max_size=40) | st.sampled_from(["x" * 1000, "🎉" * 1000, "y" * 200])
words = st.lists(st.builds(Word, st.integers(1, 60), texts), max_size=60).map(tuple)
asked = st.lists(st.builds(Question, texts.map(lambda t: t[:150]), words), max_size=4).map(tuple)


@given(
    asked,
    st.lists(st.builds(Blocker, st.just(1), st.integers(1, 60), texts), max_size=60).map(tuple),
    st.integers(0, 30),
)
def test_nothing_is_lost_in_parts_and_each_fits(
    asked: tuple[Question, ...], blocked: tuple[Blocker, ...], posts: int
) -> None:
    digest = replace(
        full(),
        questions=asked,
        blockers=blocked,
        today=tuple(due(number) for number in range(posts)),
        today_in_all=posts,
    )
    split = parts(digest)
    whole = sections(digest)
    again: list[Section] = []
    for part in split:
        for section in part:
            if section.continued:
                again[-1] = replace(again[-1], items=(*again[-1].items, *section.items))
            else:
                again.append(section)
    assert again == whole
    for part in split:
        assert all(section.items for section in part)
        said = [item.text for s in part for item in s.items if isinstance(item, Word | Blocker)]
        assert sum(len(text.encode("utf-16-le")) // 2 for text in said) <= PART_CHARACTERS
        plain = [item for s in part for item in s.items if isinstance(item, DuePost | Blocker)]
        assert len(plain) <= PART_BLOCKS


def test_sixty_short_answers_are_few_messages() -> None:
    said = tuple(Word(i, "The spring blend arrives in the shop on Thursday.") for i in range(60))
    digest = replace(full(), questions=(Question("One?", said), Question("Two?", said)))
    assert len(parts(digest)) <= 3


# The days.


def desk(**more: object) -> Desk:
    known: dict[str, object] = {"time_zone": "Europe/Rome", "work_to": time(18), "country": None}
    return Desk(
        id=1,
        team_id="T1",
        channel_id="C1",
        name="social",
        language="en-US",
        working_days=tuple(Weekday)[:5],
        work_from=time(9),
        networks=(Network.X,),
        managers=(ANA,),
        policy=Policy(1, 1, (), False),
        asleep=False,
        revision=1,
        **known | more,  # type: ignore[arg-type]
    )


HELD = Standup(1, is_on=True, days=tuple(Weekday), digest_at=time(10, 30))


def test_a_digest_is_held_on_the_standups_days_that_are_working_days() -> None:
    some = [
        day for day, _ in zip(digest_days.days_after(desk(), HELD, FRIDAY), range(2), strict=False)
    ]
    assert [day for day, _ in some] == [FRIDAY + 3 * DAY, FRIDAY + 4 * DAY]
    easter = digest_days.days_after(desk(country="IT"), HELD, date(2026, 4, 4))
    assert next(easter)[0] == date(2026, 4, 7)  # after Easter Monday
    assert list(digest_days.days_after(desk(), replace(HELD, is_on=False), FRIDAY)) == []


def test_its_time_is_the_desks_whatever_the_season() -> None:
    tokyo = desk(time_zone="Asia/Tokyo")
    days = digest_days.days_after(tokyo, HELD, MONDAY - DAY)
    assert next(days) == (MONDAY, datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
    rome = dict(digest_days.days_after(desk(), HELD, date(2026, 3, 26)))
    assert rome[date(2026, 3, 27)].hour == 9
    assert rome[date(2026, 3, 30)].hour == 8


@pytest.mark.parametrize(
    ("digest_at", "ends"),
    [(9, 17), (15, 17), (16, 18), (21, 23)],
    ids=["am", "pm", "late", "night"],
)
def test_it_is_too_late_when_the_working_day_is_over_or_after_two_hours(
    digest_at: int, ends: int
) -> None:
    at = datetime(2026, 3, 2, digest_at, tzinfo=UTC)
    late = digest_days.too_late(desk(), MONDAY, at)
    assert late == datetime(2026, 3, 2, ends, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "until"), [(MONDAY, MONDAY + DAY), (FRIDAY, FRIDAY + 3 * DAY)], ids=["monday", "friday"]
)
def test_what_is_coming_reaches_to_the_next_working_day(day: date, until: date) -> None:
    start, end, coming_end, last = digest_days.span(desk(), day)
    assert last == until
    assert (start.hour, end - start) == (23, DAY)
    assert coming_end - end == until - day


# Who may.


def test_nobody_helps_themselves_nor_who_is_not_blocked() -> None:
    check_may_help(answer(ANA, blocked("x")), person(BEN))
    for who, said, reason in [
        (ANA, blocked("x"), DigestRefusal.OWN_BLOCKER),
        (BEN, blocked("none"), DigestRefusal.NOT_BLOCKED),
        (BEN, knows("x"), DigestRefusal.NOT_BLOCKED),
    ]:
        with pytest.raises(Refused) as refused:
            check_may_help(answer(ANA, said), person(who))
        assert refused.value.reason is reason


def test_the_answers_are_for_managers_and_the_team_in_the_channel() -> None:
    check_may_read_answers(desk(), person(ANA), in_channel=False)
    check_may_read_answers(desk(), person(BEN), in_channel=True)
    for who, in_channel in [(person(BEN), False), (person(BEN, is_guest=True), True)]:
        with pytest.raises(Refused):
            check_may_read_answers(desk(), who, in_channel)


def test_a_recap_has_an_end() -> None:
    assert check_recap("  Well done\n") == "Well done"
    with pytest.raises(Refused) as refused:
        check_recap("x" * 1501)
    assert refused.value.field == "recap"


def test_a_fingerprint_tells_texts_apart() -> None:
    assert fingerprint("a") != fingerprint("b")
    assert fingerprint("a") == fingerprint("a")
