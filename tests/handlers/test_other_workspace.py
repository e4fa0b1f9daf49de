"""Another workspace's records stand in the same database, with the same people and channels by
Slack's ids: nobody of this workspace reads or changes any of it, by whatever ids they send."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.handlers import twin
from tests.handlers.forging import numbers, packed, renamed_fields, renumbered, unpacked
from tests.handlers.inside import Deed, Inside
from tests.player import Json

pytestmark = pytest.mark.usefixtures("without_limits")

ADMIN = "U0MAYA"

# The tables whose ids travel in buttons and views, and some that never do.
TABLES = (
    "desks",
    "posts",
    "reviews",
    "messages",
    "absences",
    "rounds",
    "answers",
    "people",
    "campaigns",
    "history",
)


def forged(inside: Inside, deed: Deed) -> Iterator[tuple[str, Json]]:
    """The deed as it is, and with ids of the other workspace: in each place, and in all."""
    yield "as it is", inside.fresh(deed)
    held = numbers(unpacked(deed.payload))
    ways = [held[:1], held] if len(held) > 1 else [held]
    fields = deed.kind == "form" and any(":" in name for name in _fields(deed.payload))
    for table in TABLES if held or fields else ():
        theirs = sorted(inside.other_ids[table])

        def number(own: int, table: str = table, theirs: list[int] = theirs) -> int:
            same = twin.moved(table, own)
            return same if same in theirs else theirs[own % len(theirs)]

        for way in ways:
            payload = unpacked(inside.fresh(deed))
            for at in way:
                renumbered(payload, at, number)
            if way == held:
                renamed_fields(payload, number)
            yield f"{table} at {way}", packed(payload)


def _fields(payload: Json) -> Json:
    values: Json = payload.get("view", {}).get("state", {}).get("values", {})
    return values


def as_admin(inside: Inside, deed: Deed, payload: Json) -> list[Json]:
    """The same click, by an admin of this workspace, who may manage each of its desks."""
    if deed.kind != "action" or deed.person == ADMIN:
        return []
    changed = copy.deepcopy(payload)
    changed["user"]["id"] = ADMIN
    changed["trigger_id"] = inside.pg.new_trigger(deed.person)
    return [changed]


# What no click writes: where the app is installed (tests/flows/test_workspaces.py), and that a
# backup was restored.
NOT_PLAYED = {"restores", "slack_bots", "slack_installations", "slack_oauth_states"}


def one_of_each(deeds: list[Deed]) -> list[Deed]:
    """One deed for each listener and each form of what it was given."""
    seen: Counter[tuple[object, ...]] = Counter()
    chosen = []
    for deed in deeds:
        opened = unpacked(deed.payload)
        shape = tuple(str(at) for at in numbers(opened))
        words = deed.payload.get("text") if deed.kind == "command" else ""
        alike = (*deed.listener, shape, words)
        seen[alike] += 1
        if seen[alike] == 1:
            chosen.append(deed)
    return chosen


def deed_of(deeds: list[Deed], name: str) -> Deed:
    return next(deed for deed in deeds if deed.name == name and deed.person == ADMIN)


def test_days_off_elsewhere_are_not_known(inside: Inside, deeds: list[Deed]) -> None:
    deed = deed_of(deeds, "absence:cover")
    for absence_id in inside.other_ids["absences"]:
        inside.restore()
        payload = inside.fresh(deed)
        payload["actions"][0]["value"] = str(absence_id)
        seen = inside.hands_over(deed, payload)
        assert "These days off aren't known here." in seen.told


def test_somebody_elsewhere_has_no_name(inside: Inside, deeds: list[Deed]) -> None:
    deed = deed_of(deeds, "nudge:reassign:submit")
    for person_id in inside.other_ids["people"]:
        inside.restore()
        payload = unpacked(inside.fresh(deed))
        payload["view"]["private_metadata"]["place"] = person_id
        seen = inside.hands_over(deed, packed(payload))
        assert "This doesn't wait for Somebody else any more." in seen.told


@pytest.mark.timeout(900)
def test_nothing_of_it_is_shown_or_changed(inside: Inside, deeds: list[Deed]) -> None:
    inside.restore()
    before = inside.others()
    assert {table for table, rows in before.items() if not rows} == NOT_PLAYED
    for deed in one_of_each(deeds):
        for how, payload in forged(inside, deed):
            sent_again = as_admin(inside, deed, payload) if how != "as it is" else []
            for sent in (payload, *sent_again):
                inside.restore()
                seen = inside.hands_over(deed, sent, delivers=True)
                assert not twin.shows(seen.told), (str(deed), how, twin.shows(seen.told))
                assert not seen.unforeseen, (str(deed), how, seen.unforeseen)
                if seen.changed:
                    after = inside.others()
                    changed = {t: after[t] ^ before[t] for t in before if after[t] != before[t]}
                    assert not changed, (str(deed), how, changed)
