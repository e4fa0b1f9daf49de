"""No row of one workspace is reached from another: what looks something up by a number from outside
asks for the workspace too."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import storage
from rules.standups import AnswerState
from storage import absences, desks, messages, people, posts, reviews, standups
from tests.newsroom import LATER, NOW, TEAM, Newsroom

ELSEWHERE = "T2"
DAY = date(2026, 3, 2)

# Look-ups by a number that a button, a form or a command may carry, and by Slack's ids.
LOOK_UPS: dict[str, Callable[[sa.Connection, str], Any]] = {
    "a desk": lambda tx, team: desks.by_id(tx, team, 1),
    "desks": lambda tx, team: desks.by_ids(tx, team, [1]),
    "the desk of a channel": lambda tx, team: desks.by_channel(tx, team, "C1"),
    "desks of channels": lambda tx, team: desks.by_channels(tx, team, ["C1"]),
    "a post": lambda tx, team: posts.by_id(tx, team, 1),
    "posts": lambda tx, team: posts.by_ids(tx, team, [1]),
    "P-1": lambda tx, team: posts.by_number(tx, team, 1),
    "a review": lambda tx, team: reviews.by_id(tx, team, 1),
    "what waits": lambda tx, team: reviews.waiting_for(tx, team, 2, 10),
    "an absence": lambda tx, team: absences.by_id(tx, team, 1),
    "absences": lambda tx, team: absences.by_ids(tx, team, [1]),
    "a round": lambda tx, team: standups.round_by_id(tx, team, 1),
    "an answer": lambda tx, team: standups.answer_by_id(tx, team, 1),
    "a message": lambda tx, team: messages.of_kind(tx, team, 1, messages.Kind.DRAFT_CARD),
    "a message by its key": lambda tx, team: messages.by_key(tx, team, "review:1:channel"),
    "a person": lambda tx, team: people.by_slack_id(tx, team, "U-ann"),
    "people": lambda tx, team: people.by_slack_ids(tx, team, ["U-ann"]),
}


@pytest.mark.parametrize("look_up", LOOK_UPS.values(), ids=LOOK_UPS)
def test_it_is_found_in_its_own_workspace_alone(
    team: Newsroom, look_up: Callable[[sa.Connection, str], Any]
) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    team.sent(ann, desk, publish_at=LATER)
    team.away(ann, DAY + timedelta(7), None)
    with team.store.write() as tx:
        held = standups.round_of(tx, desk.id, DAY, NOW)
        assert standups.keep_answer(tx, held.id, ann.id, AnswerState.SKIPPED, False, (), None, NOW)
        people.ensure_workspace(tx, ELSEWHERE, NOW)
    with team.store.read() as tx:
        assert look_up(tx, TEAM)
        assert not look_up(tx, ELSEWHERE)


# What takes a number alone. It is reached with the number of a row that was found through its
# workspace, or by what the clock or the courier found; never with one from outside.
ALONE = {
    "absences": "begin covered_by end is_over lock of_person set_cover_desks shorten standing",
    "campaigns": "by_id by_ids ensure names",
    "comments": "add by_id has_written_in latest of_post of_posts",
    "desks": "add_policy changes everywhere set_asleep set_managers set_name set_outsiders"
    " wait_for_changes",
    "digests": "due_posts latest_round lock_round offer offers rounds_between",
    "history": "by_id of_desk of_posts page",
    "lists": "at_hand by_ids campaigns_of counts page",
    "messages": "about by_id direct_channel last_shown latest readers redraw refresh thread"
    " to_person told_since",
    "occurrences": "done fail last_day of_message of_post pass_to plan_anew put_back postpone"
    " skip told waiting",
    "people": "by_ids lock set_quiet",
    "posts": "add_version all_versions following last_networks last_written set_campaign"
    " set_owner set_published set_statuses set_targets version version_by_form versions_in"
    " with_times",
    "reviews": "add by_ids latest of_posts open_at open_posts policy_id_of undo_decision",
    "standups": "answer_of answers_in answers_of by_desk find_round keep_answer of_person"
    " round_of set_message set_recap",
}


def alone() -> Iterator[tuple[str, str]]:
    """Every query that takes the number of something, and no workspace."""
    for found in pkgutil.iter_modules(storage.__path__):
        module = importlib.import_module(f"storage.{found.name}")
        for name, query in vars(module).items():
            is_own = inspect.isfunction(query) and query.__module__ == module.__name__
            if not is_own or name.startswith("_"):
                continue
            taken = set(inspect.signature(query).parameters)
            numbers = {one for one in taken if one.endswith(("_id", "_ids")) or one == "ids"}
            if "tx" in taken and numbers and "team_id" not in taken:
                yield found.name, name


def test_what_asks_for_no_workspace_is_known() -> None:
    """A new one fails here: let it ask for the workspace too, or make sure that no number from
    outside comes to it, and say so above."""
    known = {(module, name) for module, names in ALONE.items() for name in names.split()}
    assert set(alone()) == known
