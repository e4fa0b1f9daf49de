"""Whatever happens to a post, in whatever order, nothing goes out without its approval."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules.life import TABLE, Event, advance, approved, going_on, retimed
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Review, ReviewState, Step, Verdict, steps_of, undo
from tests.rules.desk_at_work import (
    ANA,
    BEN,
    CLEO,
    NOW,
    OWNER,
    UNDO,
    all_of,
    any_of,
    at_least,
    edited,
    review,
    said,
)

ENDS = {
    ReviewState.APPROVED: Event.APPROVE,
    ReviewState.CHANGES_REQUESTED: Event.REQUEST_CHANGES,
    ReviewState.REJECTED: Event.REJECT,
}
PEOPLE = st.sampled_from([ANA, BEN, CLEO, OWNER])
# Mostly yes, or few reviews would live to their last step.
VERDICTS = st.sampled_from([Verdict.APPROVE] * 3 + [Verdict.REQUEST_CHANGES, Verdict.REJECT])
POLICIES = st.sampled_from(
    [
        (),
        (any_of(ANA, BEN),),
        (all_of(ANA, BEN, OWNER),),
        (at_least(2, ANA, BEN, CLEO), all_of(ANA, BEN)),
        (any_of(OWNER), any_of(OWNER, CLEO)),
    ]
)
TIMES = st.one_of(st.none(), st.integers(-2, 5).map(lambda days: NOW + timedelta(days=days)))


class LifeOfAPost(RuleBasedStateMachine):
    """A post put together from the rules alone, as operations/ does with a database under them."""

    @initialize(policy=POLICIES)
    def drafted(self, policy: tuple[Step, ...]) -> None:
        self.policy = policy
        self.status = Status.DRAFT
        self.version = 1
        self.passed = False
        self.review: Review | None = None
        self.publish_at: datetime | None = None
        self.now = NOW

    def advance(self, event: Event) -> None:
        if event in (Event.APPROVE, Event.PASS):
            self.status = approved(self.status, event, self.publish_at, self.now)
        else:
            self.status = advance(self.status, event)

    @rule()
    def send(self) -> None:
        before = self.status
        try:
            self.advance(Event.SEND if self.policy else Event.PASS)
        except Refused:
            assert before not in (Status.DRAFT, Status.CHANGES_REQUESTED)
            return
        self.passed = not self.policy
        if self.policy:
            steps = steps_of(self.policy, OWNER, own_posts=True)
            self.review = review(*steps, version=self.version)

    @precondition(lambda self: self.review is not None)
    @rule(words=st.lists(st.tuples(PEOPLE, VERDICTS), min_size=1, max_size=5))
    def decide(self, words: list[tuple[int, Verdict]]) -> None:
        for who, verdict in words:
            self.one_decides(who, verdict)
            self.nothing_is_approved_without_its_approval()

    def one_decides(self, who: int, verdict: Verdict) -> None:
        assert self.review is not None
        try:
            self.review = said(self.review, who, verdict)
        except Refused:
            return
        if self.review.state in ENDS:
            self.advance(ENDS[self.review.state])

    @precondition(lambda self: self.review is not None and self.review.decisions)
    @rule(who=PEOPLE)
    def undo(self, who: int) -> None:
        assert self.review is not None
        try:
            undo(self.review, who, self.version, self.status is Status.PUBLISHED)
        except Refused:
            return
        was = self.review.state
        self.review = said(self.review, who, UNDO)
        if was is not ReviewState.OPEN:
            self.advance(Event.UNDO)

    @rule()
    def edit(self) -> None:
        before = self.status
        try:
            self.advance(Event.EDIT)
        except Refused:
            assert before in (Status.REJECTED, Status.PUBLISHED)
            return
        self.version += 1
        self.passed = False
        if self.review and self.review.state in (ReviewState.OPEN, ReviewState.APPROVED):
            self.review = replace(self.review, state=ReviewState.ENDED)

    @precondition(lambda self: self.review is not None and self.status is Status.IN_REVIEW)
    @rule(who=PEOPLE)
    def edit_and_approve(self, who: int) -> None:
        assert self.review is not None
        try:
            after = edited(self.review, who)
        except Refused:
            return
        self.advance(Event.EDIT)
        self.advance(Event.SEND)
        self.version += 1
        self.review = after
        if after.state in ENDS:
            self.advance(ENDS[after.state])

    @rule(publish_at=TIMES)
    def change_time(self, publish_at: datetime | None) -> None:
        if publish_at is not None and publish_at <= self.now:
            return
        self.publish_at = publish_at
        self.status = retimed(self.status, publish_at, going_on(self.review, self.version))

    @rule()
    def a_day_passes(self) -> None:
        self.now += timedelta(days=1)

    @precondition(lambda self: self.publish_at is not None)
    @rule()
    def the_time_comes(self) -> None:
        assert self.publish_at is not None
        self.now = max(self.now, self.publish_at)
        if (self.status, Event.MISS) in TABLE:
            self.advance(Event.MISS)

    @precondition(lambda self: self.status in (Status.APPROVED, Status.SCHEDULED))
    @rule()
    def publish(self) -> None:
        self.advance(Event.PUBLISH)

    @invariant()
    def nothing_is_approved_without_its_approval(self) -> None:
        if self.status not in (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED):
            return
        if self.passed:
            return
        assert self.review is not None
        assert self.review.version == self.version
        for position, step in enumerate(self.review.steps):
            yes = {
                d.person_id
                for d in self.review.standing
                if d.step == position and d.verdict is Verdict.APPROVE
            }
            assert yes <= set(step.approvers)
            assert len(yes) >= step.needed

    @invariant()
    def what_is_in_review_can_be_decided_by_somebody(self) -> None:
        is_open = self.review is not None and self.review.state is ReviewState.OPEN
        assert self.status is not Status.IN_REVIEW or is_open
        assert not is_open or self.status in (Status.IN_REVIEW, Status.MISSED)
        if is_open and self.review is not None:
            assert self.review.version == self.version
            assert self.review.waiting_for

    @invariant()
    def only_what_has_a_time_is_scheduled(self) -> None:
        assert self.status is not Status.SCHEDULED or self.publish_at is not None


TestLifeOfAPost = LifeOfAPost.TestCase
# Three seconds; to explain a failure would take it over the time that a test has.
TestLifeOfAPost.settings = settings(max_examples=300, phases=set(Phase) - {Phase.explain})
