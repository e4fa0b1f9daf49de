"""Any state of a desk, a post and its reviews, for the view builders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import available_timezones

from hypothesis import strategies as st

from operations.absences import DaysOff
from operations.history import PAGE as ENTRIES
from operations.history import Record
from operations.homes import DESKS, MINE, WAITING, Home
from operations.lists import CAMPAIGNS, PAGE, Page
from operations.posts import COMMENTS_SHOWN, Shown
from operations.reminders import SHOWN as REMINDERS
from operations.reminders import Reminder, Reminders
from rules.absences import Absence
from rules.attachments import ALT_LIMIT, ATTACHMENTS_LIMIT, NAME_LIMIT, Attachment, Kind
from rules.comments import Comment, Origin
from rules.contents import Content
from rules.desks import Desk, DeskForm, Need, Policy, Weekday, steps_for
from rules.drafting import CAMPAIGN_LIMIT, REASON_LIMIT
from rules.networks import Network
from rules.occurrences import OccurrenceKind
from rules.people import RULE, Actor, Person
from rules.posts import UNDER_WAY, Campaign, Post, Status, Target, Version
from rules.reviews import (
    COMMENT_LIMIT,
    Away,
    Decision,
    Quorum,
    QuorumKind,
    Review,
    ReviewState,
    Step,
    Verdict,
)
from rules.slack_text import clean
from storage.history import Entry, Event
from storage.lists import Filter, Listed

CROWD = 60
MARKUP = "<!channel> <!here> *b* _i_ ~s~ `c` &lt;!everyone&gt; @here \u202e <@U1> |\n> 🎉"

moments = st.integers(1_577_836_800, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, UTC))
zones = st.sampled_from(sorted(available_timezones()))
ids = st.integers(1, CROWD)
ALL = tuple(range(1, CROWD + 1))
crowds = st.integers(1, CROWD).map(lambda count: tuple(range(1, count + 1)))
networks = st.lists(st.sampled_from(Network), min_size=1, unique=True).map(tuple)


def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """What a person may have typed, once it is stored: short, or as long as it may be."""
    typed = st.one_of(st.text(), st.text("<>&*_~`@:!|# \n", max_size=40), st.just(MARKUP))
    parts = ["&", "🎉", "a", "<", "é\n", "a b ", "a 🎉 ", MARKUP]
    long = st.sampled_from(parts).map(lambda part: (part * most)[:most])
    return st.one_of(typed, long).map(lambda text: clean(text)[:most].ljust(least, "x"))


names = texts(80, 1)


@st.composite
def people(draw: st.DrawFn) -> dict[int, Person]:
    """Everybody of a crowd, half of them with one difficult name."""
    called = draw(names)
    return {i: _person(i, called if i % 2 else f"Person {i}") for i in range(1, CROWD + 1)}


def _person(i: int, name: str) -> Person:
    return Person(
        id=i,
        team_id="T1",
        slack_id=f"U{i}" if i % 7 else None,
        name=name,
        time_zone="Europe/Paris",
        locale="en-US",
        is_admin=False,
        is_guest=False,
        is_stranger=False,
        is_bot=False,
        is_gone=False,
        seen_at=datetime(2030, 1, 1, tzinfo=UTC),
    )


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    need, approvers = draw(st.sampled_from(Need)), draw(crowds)
    return Desk(
        id=draw(ids),
        team_id="T1",
        channel_id="C0SOCIAL",
        name=draw(texts(80)),
        time_zone=draw(zones),
        language="en-US",
        working_days=tuple(Weekday),
        work_from=time(9),
        work_to=time(18),
        networks=draw(networks),
        managers=draw(crowds),
        policy=Policy(1, 1, steps_for(need, approvers), draw(st.booleans())),
        asleep=draw(st.booleans()),
        revision=1,
        outsiders=draw(st.booleans()),
    )


desk_forms = st.builds(
    DeskForm,
    approvers=crowds,
    need=st.sampled_from(Need),
    networks=st.one_of(st.just(()), networks),
    managers=crowds,
    time_zone=zones,
    working_days=st.lists(st.sampled_from(Weekday), unique=True).map(tuple),
    work_from=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    work_to=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    own_posts=st.booleans(),
)


@st.composite
def reviews(draw: st.DrawFn, version: int = 1) -> Review:
    """A review in any state, decided on by anybody, also in ways that rules would not allow."""
    quorums = st.builds(Quorum, kind=st.sampled_from(QuorumKind), count=st.integers(1, 5))
    gone = st.builds(Away, ids, st.none() | st.dates(), st.none() | ids)
    away = st.dictionaries(ids, gone, max_size=6) | gone.map(lambda one: dict.fromkeys(ALL, one))
    steps = draw(st.lists(st.builds(Step, crowds, quorums, away), min_size=1, max_size=4))
    others = draw(st.sampled_from([(), (2,), ALL]))
    step = draw(st.integers(0, len(steps) - 1))
    verdicts = draw(st.lists(st.sampled_from(Verdict), max_size=CROWD))
    comment, undone = draw(texts(3000)), draw(st.integers(0, CROWD))
    at = draw(moments)
    decisions = tuple(
        Decision(
            id=i,
            review_id=1,
            step=step,
            person_id=1 + i % CROWD,
            verdict=verdict,
            comment=comment,
            decided_at=at,
            undone_at=at if i == undone else None,
            in_place_of=others,
        )
        for i, verdict in enumerate(verdicts)
    )
    return Review(
        id=10**9,
        post_id=1,
        version=version,
        owner_id=1,
        steps=tuple(steps),
        step=step,
        state=draw(st.sampled_from(ReviewState)),
        decisions=decisions,
        sent_by=1,
        sent_at=at,
        ended_at=None,
        revision=1,
    )


@st.composite
def posts(draw: st.DrawFn, used: tuple[Network, ...]) -> Post:
    status = draw(st.sampled_from(Status))
    link = draw(st.none() | st.just("https://a.example/" + "&" * 2900))
    return Post(
        id=10**9,
        team_id="T1",
        desk_id=1,
        number=10**8,
        owner_id=draw(ids),
        version=draw(st.integers(1, 2)),
        publish_at=draw(st.none() | moments),
        needed_by=draw(st.none() | moments),
        notes=draw(texts(3000)),
        source_link=draw(st.none() | st.just("https://larkfield.slack.com/archives/C1/p1?a=1&b=2")),
        hold_reason=draw(st.none() | texts(REASON_LIMIT, 1)),
        urgent_reason=draw(st.none() | texts(REASON_LIMIT, 1)),
        campaign_id=None,
        revision=1,
        created_at=draw(moments),
        targets=tuple(Target(network, status, None, link) for network in used),
    )


@st.composite
def attachments(draw: st.DrawFn) -> tuple[Attachment, ...]:
    """Up to as many as a post may have, half of them links."""
    name, alt = draw(texts(NAME_LIMIT, 1)), draw(texts(ALT_LIMIT))
    mime = draw(st.sampled_from(["image/png", "image/jpeg", "image/heic", "", "application/pdf"]))
    kinds = draw(st.lists(st.sampled_from(Kind), max_size=ATTACHMENTS_LIMIT))
    return tuple(
        Attachment(kind, name, url=f"https://drive.google.com/{i}?" + "&" * 2900)
        if kind in (Kind.DRIVE, Kind.CANVA)
        else Attachment(kind, name, f"F{i}", mime=mime, size=i * 10**7, alt=alt if i % 2 else "")
        for i, kind in enumerate(kinds)
    )


@st.composite
def contents(draw: st.DrawFn, used: tuple[Network, ...] = ()) -> Content:
    """All that a version can say, as long as it may be."""
    on = used or draw(networks)
    own = draw(texts(3000, 1))
    return Content(
        text=draw(texts(3000, 1)),
        networks=on,
        texts=dict.fromkeys(draw(st.lists(st.sampled_from(on), unique=True)), own),
        link=draw(st.none() | st.just("https://a.example/" + "&" * 2900)),
        attachments=draw(attachments()),
    )


@st.composite
def versions(draw: st.DrawFn, number: int = 1, used: tuple[Network, ...] = ()) -> Version:
    return Version(number, 1, number, draw(contents(used)), draw(ids), draw(moments))


comments = st.builds(
    Comment,
    id=ids,
    post_id=st.just(1),
    version=st.integers(1, 2),
    author_id=ids,
    text=texts(COMMENT_LIMIT, 1),
    mentions=crowds,
    origin=st.sampled_from(Origin),
    slack_channel=st.none(),
    slack_ts=st.none(),
    created_at=moments,
)


@st.composite
def shown(draw: st.DrawFn, reviewed: bool = False) -> Shown:
    """A post with, or perhaps without, a review."""
    used = draw(networks)
    review = draw(reviews() if reviewed else st.none() | reviews())
    version = draw(versions(used=used))
    campaign = draw(st.none() | st.builds(Campaign, ids, texts(CAMPAIGN_LIMIT, 1), ids, ids))
    said = tuple(draw(st.lists(comments, max_size=COMMENTS_SHOWN)))
    everybody = draw(people())
    return Shown(draw(posts(used)), draw(desks()), version, review, everybody, campaign, said)


@st.composite
def listed(draw: st.DrawFn, desk_ids: Sequence[int] = (1,)) -> Listed:
    return Listed(
        post_id=10**9,
        number=10**8,
        desk_id=draw(st.sampled_from(desk_ids)),
        owner_id=draw(ids),
        owner=draw(names),
        publish_at=draw(st.none() | moments),
        text=draw(texts(3000, 1)),
        on_hold=draw(st.booleans()),
        urgent=draw(st.booleans()),
        networks=draw(networks),
        status=draw(st.sampled_from(Status)),
    )


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """A page of a list, of no desk, of one or of many."""
    desk, count = draw(desks()), draw(st.sampled_from([0, 1, 40]))
    own = {i: replace(desk, id=i) for i in range(1, count + 1)}
    wanted = Filter(
        desks=tuple(own) if draw(st.booleans()) else tuple(own)[:1],
        network=draw(st.none() | st.sampled_from(Network)),
        campaign_id=draw(st.none() | st.integers(1, CAMPAIGNS)),
    )
    found = draw(st.lists(listed(tuple(own)), max_size=3)) if own else []
    campaigns = dict.fromkeys(
        range(1, draw(st.integers(0, CAMPAIGNS)) + 1), draw(texts(CAMPAIGN_LIMIT, 1))
    )
    posts = tuple((found * PAGE)[:PAGE])
    return Page(wanted, draw(st.integers(0, 9)), posts, draw(st.booleans()), own, campaigns)


absences = st.builds(
    Absence,
    person_id=ids,
    first=st.dates(),
    last=st.none() | st.dates(),
    cover_id=st.none() | ids,
    id=st.just(10**9),
)


@st.composite
def days_off(draw: st.DrawFn) -> DaysOff:
    several = st.lists(absences, max_size=5).map(tuple)
    covering = draw(several) * draw(st.sampled_from([1, 20]))
    return DaysOff(draw(st.none() | absences), draw(several), covering, draw(people()))


@st.composite
def homes(draw: st.DrawFn) -> Home:
    desk, count = draw(desks()), draw(st.sampled_from([0, 1, 5, DESKS + 2]))
    own = tuple(replace(desk, id=i) for i in range(1, count + 1))
    mine = draw(st.lists(listed([desk.id for desk in own]), max_size=3)) if own else []
    waiting = [draw(shown(reviewed=True))] * draw(st.integers(0, WAITING + 1))
    numbers = st.dictionaries(st.sampled_from(UNDER_WAY), st.integers(1, 10**6))
    return Home(
        person=_person(1, draw(names)),
        days_off=draw(days_off()),
        waiting=tuple(waiting),
        mine=tuple((mine * MINE)[: MINE + 1]),
        desks=own,
        counts={desk.id: draw(numbers) for desk in own},
    )


@st.composite
def reminders(draw: st.DrawFn) -> Reminders:
    """A message of reminders, as long as it may be."""
    kinds = (OccurrenceKind.REMINDER, OccurrenceKind.ESCALATION, OccurrenceKind.MISSED)
    about, at = draw(shown(reviewed=True)), draw(moments)
    found = [
        Reminder(kind, about, draw(st.booleans()), at, draw(st.booleans()), draw(st.booleans()))
        for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
    ]
    return Reminders(
        message_id=10**9,
        person_id=draw(ids),
        reminders=tuple((found * REMINDERS)[: draw(st.sampled_from([1, REMINDERS]))]),
        more=draw(st.sampled_from([0, 10_000])),
        is_last=draw(st.booleans()),
        snoozed_until=draw(st.none() | moments),
        was_sent=draw(st.booleans()),
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A page of a history: each kind of entry, or one edit after the other."""
    found = draw(shown())
    events = [event for event in Event if not event.startswith("desk")]
    count = draw(st.sampled_from([1, 5, ENTRIES]))
    comment, at = draw(texts(3000)), draw(moments)
    data = {
        "publish_at": draw(st.sampled_from([None, "2030-03-05T08:00:00+00:00"])),
        "notes": "",
        "approved_by": list(draw(crowds)),
        "verdict": draw(st.sampled_from(Verdict)),
        "comment": comment,
        "for": list(draw(crowds)),
        "reason": draw(texts(REASON_LIMIT, 1)),
        "owner": draw(ids),
        "before": draw(ids),
        "approver": draw(ids),
        "campaign": draw(texts(CAMPAIGN_LIMIT)),
        "link": draw(st.sampled_from(["", "https://a.example/" + "&" * 2900])),
    }
    kinds = draw(st.permutations(events))
    if draw(st.booleans()):
        kinds = [Event.EDITED]
    entries = tuple(_entry(i, kinds[i % len(kinds)], data, at) for i in range(count))
    two = {1: draw(versions(1)), 2: draw(versions(2))}
    number, has_more = draw(st.integers(0, 9)), draw(st.booleans())
    return Record(found.post, found.desk, entries, two, found.people, number, has_more)


_KEYS = {
    Event.DRAFTED: ("version",),
    Event.EDITED: ("version",),
    Event.DETAILS_CHANGED: ("publish_at", "notes"),
    Event.SENT: ("version",),
    Event.PASSED: ("version",),
    Event.DECIDED: ("verdict", "comment", "version", "for"),
    Event.UNDONE: ("verdict", "version"),
    Event.REVIEW_ENDED: ("version", "approved_by"),
    Event.PUBLISHED: ("link", "version"),
    Event.COMMENTED: ("version", "comment"),
    Event.HELD: ("reason",),
    Event.MADE_URGENT: ("reason",),
    Event.HANDED_OVER: ("owner",),
    Event.CAMPAIGN_SET: ("campaign",),
    Event.REASSIGNED: ("before", "approver"),
}


def _entry(i: int, event: Event, data: dict[str, object], at: datetime) -> Entry:
    actor = RULE if i % 9 == 8 else Actor.person(1 + i % CROWD)
    version = 2 if event is Event.EDITED else 1
    known = {**data, "version": version}
    return Entry(i, 1, 1, actor, event, {key: known[key] for key in _KEYS.get(event, ())}, at)
