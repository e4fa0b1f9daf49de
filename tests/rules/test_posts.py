"""The life of a post as its table has it, and what a draft must have."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contents import Content, tidy
from rules.drafting import (
    CAMPAIGN_LIMIT,
    NOTES_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    check_campaign,
    check_content,
    check_details,
    check_link,
    check_not_on_hold,
    check_not_over,
    check_reason,
    check_sendable,
)
from rules.life import TABLE, Event, advance, approved, going_on, retimed
from rules.networks import Network
from rules.posts import OVER, Details, PostRefusal, Status, combined
from rules.refused import Refused
from rules.reviews import Review, ReviewState
from tests.rules.desk_at_work import (
    ANA,
    CHANGES,
    EARLIER,
    LATER,
    NOW,
    any_of,
    played,
    post,
    review,
)

# Of a capability that is still to come: nothing leads to it yet.
TO_COME = {Status.FAILED}
GOOD = Content("Hello", (Network.X, Network.BLUESKY))


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("status", list(Status))
def test_the_table_is_all_that_can_happen(status: Status, event: Event) -> None:
    if (status, event) in TABLE:
        assert advance(status, event) is TABLE[status, event]
        return
    with pytest.raises(Refused) as refused:
        advance(status, event)
    assert refused.value.reason is PostRefusal.WRONG_STATUS
    assert refused.value.values == {"status": status, "event": event}


def test_every_status_can_be_reached_from_a_draft() -> None:
    reached = {Status.DRAFT}
    for _ in TABLE:
        reached |= {after for (before, _), after in TABLE.items() if before in reached}
    assert reached == set(Status) - TO_COME


def test_only_approval_makes_a_post_approved() -> None:
    ways = {(s, e) for (s, e), after in TABLE.items() if after is Status.APPROVED}
    assert {e for _, e in ways} == {Event.APPROVE, Event.PASS, Event.CLEAR_TIME}
    under_review = {Status.IN_REVIEW, Status.MISSED}
    assert {s for s, e in ways if e is Event.APPROVE} == under_review
    assert {s for s, e in ways if e is Event.CLEAR_TIME} == {Status.SCHEDULED}
    scheduled = {(s, e) for (s, e), after in TABLE.items() if after is Status.SCHEDULED}
    assert scheduled == {(Status.APPROVED, Event.SET_TIME)}


def test_only_what_is_approved_is_published() -> None:
    before = {s for (s, _), after in TABLE.items() if after is Status.PUBLISHED}
    assert before == {Status.APPROVED, Status.SCHEDULED}


def test_nothing_happens_to_what_is_published() -> None:
    assert not [key for key in TABLE if key[0] is Status.PUBLISHED]


def test_what_is_cancelled_comes_back_as_a_draft() -> None:
    """Whatever was approved before: an approval is of what somebody wants to publish."""
    ways = {e: after for (s, e), after in TABLE.items() if s is Status.CANCELLED}
    assert ways == {Event.RESTORE: Status.DRAFT}


def test_all_that_is_not_over_can_be_cancelled() -> None:
    assert {s for s, e in TABLE if e is Event.CANCEL} == set(Status) - OVER - TO_COME


def test_what_left_its_draft_can_go_back_to_it() -> None:
    before = {s for s, e in TABLE if e is Event.BACK_TO_DRAFT}
    assert before == set(Status) - OVER - TO_COME - {Status.DRAFT}
    assert {after for (_, e), after in TABLE.items() if e is Event.BACK_TO_DRAFT} == {Status.DRAFT}


def test_what_was_rejected_comes_back_by_an_undo_alone() -> None:
    assert [e for s, e in TABLE if s is Status.REJECTED] == [Event.UNDO]


def test_every_edit_makes_a_draft_again() -> None:
    assert {after for (_, e), after in TABLE.items() if e is Event.EDIT} == {Status.DRAFT}


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        ([Status.DRAFT], Status.DRAFT),
        ([Status.PUBLISHED, Status.SCHEDULED], Status.SCHEDULED),
        ([Status.PUBLISHED, Status.FAILED], Status.FAILED),
        ([Status.APPROVED, Status.IN_REVIEW, Status.PUBLISHED], Status.IN_REVIEW),
        ([Status.CANCELLED, Status.PUBLISHED], Status.PUBLISHED),
        ([Status.CHANGES_REQUESTED, Status.APPROVED], Status.CHANGES_REQUESTED),
        ([Status.CANCELLED, Status.CANCELLED], Status.CANCELLED),
    ],
)
def test_a_post_is_as_far_as_its_least_advanced_target(
    statuses: list[Status], shown: Status
) -> None:
    assert combined(statuses) is shown
    assert combined(reversed(statuses)) is shown


@given(st.sets(st.sampled_from(Status), min_size=1))
def test_a_post_always_shows_the_status_of_one_of_its_targets(statuses: set[Status]) -> None:
    assert combined(statuses) in statuses


@pytest.mark.parametrize("event", [Event.APPROVE, Event.PASS])
@pytest.mark.parametrize(
    ("publish_at", "after"),
    [
        (None, Status.APPROVED),
        (LATER, Status.SCHEDULED),
        (NOW, Status.APPROVED),
        (EARLIER, Status.APPROVED),
    ],
)
def test_what_is_approved_is_scheduled_where_its_time_lies_ahead(
    event: Event, publish_at: datetime | None, after: Status
) -> None:
    before = Status.IN_REVIEW if event is Event.APPROVE else Status.DRAFT
    assert approved(before, event, publish_at, NOW) is after


@pytest.mark.parametrize(
    ("status", "publish_at", "after"),
    [
        (Status.APPROVED, LATER, Status.SCHEDULED),
        (Status.APPROVED, None, Status.APPROVED),
        (Status.SCHEDULED, LATER, Status.SCHEDULED),
        (Status.SCHEDULED, None, Status.APPROVED),
        (Status.IN_REVIEW, LATER, Status.IN_REVIEW),
        (Status.DRAFT, None, Status.DRAFT),
    ],
)
def test_another_publish_time_voids_no_approval(
    status: Status, publish_at: datetime | None, after: Status
) -> None:
    assert retimed(status, publish_at, Event.GO_ON_DRAFTING) is after


@pytest.mark.parametrize(
    ("found", "after"),
    [
        (None, Status.DRAFT),
        (review(any_of(ANA)), Status.IN_REVIEW),
        (replace(review(any_of(ANA)), version=2), Status.DRAFT),
        (played(review(any_of(ANA)), (ANA, CHANGES)), Status.CHANGES_REQUESTED),
        (replace(review(any_of(ANA)), state=ReviewState.ENDED), Status.DRAFT),
    ],
)
@pytest.mark.parametrize("publish_at", [LATER, None])
def test_with_a_new_time_a_missed_post_is_where_it_was(
    found: Review | None, after: Status, publish_at: datetime | None
) -> None:
    assert retimed(Status.MISSED, publish_at, going_on(found, 1)) is after


@pytest.mark.parametrize(
    ("content", "reason", "field"),
    [
        pytest.param(replace(GOOD, text=""), PostRefusal.NO_TEXT, "text", id="empty"),
        pytest.param(replace(GOOD, text=" \n\u3000"), PostRefusal.NO_TEXT, "text", id="blank"),
        pytest.param(
            replace(GOOD, text="x" * (TEXT_LIMIT + 1)),
            PostRefusal.TEXT_TOO_LONG,
            "text",
            id="longer than the form takes",
        ),
        pytest.param(
            replace(GOOD, networks=()), PostRefusal.NO_NETWORKS, "networks", id="no networks"
        ),
    ],
)
def test_drafts_that_are_refused(content: Content, reason: PostRefusal, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_content(content, Network)
    assert (refused.value.reason, refused.value.field) == (reason, field)


@pytest.mark.parametrize("text", ["x", "x" * TEXT_LIMIT, "x" * 400, "<!channel>", "\ufffd"])
def test_drafts_that_may_be_saved(text: str) -> None:
    check_content(replace(GOOD, text=text), GOOD.networks)


def test_a_network_that_the_desk_does_not_have_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        check_content(GOOD, [Network.X])
    assert refused.value.reason is PostRefusal.NETWORK_NOT_OF_DESK
    assert (refused.value.field, refused.value.values) == (
        "networks",
        {"network": Network.BLUESKY},
    )


def test_too_long_a_text_may_be_saved_and_not_sent() -> None:
    content = replace(GOOD, text="x" * 310)
    check_content(content, Network)
    with pytest.raises(Refused) as refused:
        check_sendable(content, None, NOW)
    assert refused.value.reason is PostRefusal.TOO_LONG_FOR
    assert refused.value.field == "text"
    assert refused.value.values["over"] == {Network.X: 30, Network.BLUESKY: 10}


def test_a_limit_without_a_source_only_warns() -> None:
    check_sendable(Content("x" * 2900, (Network.PINTEREST,)), None, NOW)


def test_a_text_of_its_own_is_what_counts_for_a_network() -> None:
    content = Content("x" * 310, (Network.X,), texts={Network.X: "short"})
    check_sendable(content, None, NOW)
    with pytest.raises(Refused):
        check_sendable(replace(content, text="x", texts={Network.X: "x" * 310}), None, NOW)


@pytest.mark.parametrize("publish_at", [NOW, EARLIER])
def test_what_should_have_gone_out_already_is_not_sent(publish_at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        check_sendable(GOOD, publish_at, NOW)
    assert refused.value.reason is PostRefusal.TIME_PASSED
    assert refused.value.field == "publish_at"


@pytest.mark.parametrize(
    ("publish_at", "before", "refused"),
    [
        (None, None, False),
        (LATER, None, False),
        (EARLIER, None, True),
        (NOW, LATER, True),
        (EARLIER, EARLIER, False),
        (None, EARLIER, False),
    ],
)
def test_a_publish_time_that_stays_is_not_judged_again(
    publish_at: datetime | None, before: datetime | None, refused: bool
) -> None:
    if not refused:
        check_details(Details(publish_at, None, ""), Details(before, None, ""), NOW)
        return
    with pytest.raises(Refused) as caught:
        check_details(Details(publish_at, None, ""), Details(before, None, ""), NOW)
    assert caught.value.reason is PostRefusal.TIME_PASSED


@pytest.mark.parametrize(
    ("needed_by", "publish_at", "before", "reason"),
    [
        (LATER, None, None, None),
        (LATER, LATER, None, None),
        (NOW, None, None, PostRefusal.NEEDED_PASSED),
        (EARLIER, None, EARLIER, None),
        (LATER + timedelta(minutes=1), LATER, None, PostRefusal.NEEDED_TOO_LATE),
    ],
)
def test_when_it_is_needed_lies_ahead_and_before_it_is_out(
    needed_by: datetime,
    publish_at: datetime | None,
    before: datetime | None,
    reason: PostRefusal | None,
) -> None:
    details = Details(publish_at, needed_by, "")
    if reason is None:
        check_details(details, Details(publish_at, before, ""), NOW)
        return
    with pytest.raises(Refused) as refused:
        check_details(details, Details(publish_at, before, ""), NOW)
    assert (refused.value.reason, refused.value.field) == (reason, "needed_by")


def test_notes_have_a_limit() -> None:
    check_details(Details(None, None, "x" * NOTES_LIMIT), None, NOW)
    with pytest.raises(Refused) as refused:
        check_details(Details(None, None, "x" * (NOTES_LIMIT + 1)), None, NOW)
    assert (refused.value.reason, refused.value.field) == (PostRefusal.NOTES_TOO_LONG, "notes")


@pytest.mark.parametrize(
    "link", ["https://x.example/1", "http://sub.x.example/a?b=c#d", "https://x.example"]
)
def test_links_that_will_do(link: str) -> None:
    check_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "x.example/1",
        "javascript:alert(1)",
        "https://",
        "https://nothing",
        "https://x.example/a b",
        "https://x.example/\n<!channel>",
        "https://x.example/\u2028next",
        "https://x.example/" + "x" * 3000,
        "",
    ],
)
def test_links_that_will_not(link: str) -> None:
    with pytest.raises(Refused) as refused:
        check_link(link)
    assert (refused.value.reason, refused.value.field) == (PostRefusal.NOT_A_LINK, "link")


def test_the_order_of_networks_says_nothing() -> None:
    one = replace(GOOD, networks=(Network.BLUESKY, Network.X, Network.X))
    assert tidy(one) == tidy(GOOD)
    assert set(tidy(one).networks) == {Network.X, Network.BLUESKY}


def test_a_post_is_named_by_its_number() -> None:
    assert post().code == "P-12"


@pytest.mark.parametrize("status", list(Status))
def test_what_is_over_is_not_changed(status: Status) -> None:
    if status not in OVER:
        check_not_over(post(status))
        return
    with pytest.raises(Refused) as refused:
        check_not_over(post(status))
    assert refused.value.reason is PostRefusal.IS_OVER
    assert refused.value.values == {"code": "P-12", "status": status}


def test_what_is_held_is_refused_with_the_reason() -> None:
    check_not_on_hold(post())
    with pytest.raises(Refused) as refused:
        check_not_on_hold(replace(post(), hold_reason="Legal asks"))
    assert refused.value.reason is PostRefusal.ON_HOLD
    assert refused.value.values == {"code": "P-12", "why": "Legal asks"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Legal asks\n", "Legal asks"), ("x" * REASON_LIMIT, "x" * REASON_LIMIT), ("<!", "<!")],
)
def test_reasons_that_will_do(typed: str, kept: str) -> None:
    assert check_reason(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", PostRefusal.NO_REASON),
        (" \n\u3000", PostRefusal.NO_REASON),
        ("x" * (REASON_LIMIT + 1), PostRefusal.REASON_TOO_LONG),
    ],
)
def test_reasons_that_will_not(typed: str, reason: PostRefusal) -> None:
    with pytest.raises(Refused) as refused:
        check_reason(typed)
    assert (refused.value.reason, refused.value.field) == (reason, "reason")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Spring \n sale ", "Spring sale"),
        ("", ""),
        (" \n ", ""),
        ("E\u0301te\u0301", "\u00c9t\u00e9"),
        ("x" * CAMPAIGN_LIMIT, "x" * CAMPAIGN_LIMIT),
    ],
)
def test_a_campaigns_name_is_on_one_line(typed: str, kept: str) -> None:
    assert check_campaign(typed) == kept


@pytest.mark.parametrize("length", [CAMPAIGN_LIMIT + 1, 3000])
def test_a_campaigns_name_has_a_limit(length: int) -> None:
    with pytest.raises(Refused) as refused:
        check_campaign("x" * length)
    assert refused.value.reason is PostRefusal.CAMPAIGN_TOO_LONG
    assert (refused.value.field, refused.value.values) == ("campaign", {"limit": CAMPAIGN_LIMIT})
