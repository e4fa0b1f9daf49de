"""What falls due is done once, by one process, and nothing ends silently."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import timetable
from operations.timetable import Work
from operations.tries import Overtaken
from rules.occurrences import Occurrence, OccurrenceKind, OccurrenceState
from rules.people import Person
from storage import messages, occurrences
from storage.messages import Kind
from storage.tables import messages as messages_table
from storage.tables import people as people_table
from tests.logged import logged
from tests.newsroom import NOW, TEAM, Newsroom, at_once

SOON = NOW + timedelta(hours=1)


def note(team: Newsroom, *names: str, due_at: datetime = NOW, person_id: int | None = None) -> None:
    with team.store.write() as tx:
        for name in names:
            kind = OccurrenceKind.REMINDER
            occurrences.add(tx, TEAM, name, kind, due_at, NOW, person_id=person_id)


def found(team: Newsroom, name: str) -> Occurrence:
    with team.store.read() as tx:
        occurrence = occurrences.by_key(tx, TEAM, name)
    assert occurrence is not None
    return occurrence


def run(team: Newsroom, work: Work, now: datetime = NOW) -> int:
    return timetable.run_due(team.store, now, dict.fromkeys(OccurrenceKind, work))


def tell(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Work that leaves a message for each."""
    for occurrence in due:
        key = occurrence.key
        messages.add(tx, TEAM, key, Kind.DONE, now, person_id=occurrence.person_id)
    occurrences.done(tx, [occurrence.id for occurrence in due], now)


def test_what_is_due_is_done_once(team: Newsroom) -> None:
    ann = team.person("ann")
    note(team, "first", "second", person_id=ann.id)
    note(team, "later", person_id=ann.id, due_at=SOON)
    assert run(team, tell) == 2
    assert run(team, tell) == 0
    assert found(team, "first").state is OccurrenceState.DONE
    assert found(team, "later").state is OccurrenceState.WAITING
    assert run(team, tell, SOON) == 1
    assert team.count(messages_table) == 3


def test_a_key_falls_due_once_even_after_it_is_done(team: Newsroom) -> None:
    ann = team.person("ann")
    note(team, "first", person_id=ann.id)
    run(team, tell)
    note(team, "first", person_id=ann.id)
    assert run(team, tell) == 0


def test_somebodys_are_done_together(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    together = []

    def work(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
        together.append({occurrence.key for occurrence in due})
        occurrences.done(tx, [occurrence.id for occurrence in due], now)

    note(team, "a1", "a2", person_id=ann.id)
    note(team, "b1", person_id=ben.id)
    run(team, work)
    assert sorted(map(sorted, together)) == [["a1", "a2"], ["b1"]]


def test_what_cant_be_worked_out_is_told_in_the_log_and_keeps_nobody_else_waiting(
    team: Newsroom,
) -> None:
    ann, ben = team.person("ann"), team.person("ben")

    def work(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
        tell(tx, due, now)
        if due[0].person_id == ann.id:
            raise ZeroDivisionError

    note(team, "broken", person_id=ann.id)
    note(team, "whole", person_id=ben.id)
    with logged() as log:
        run(team, work)
    broken = found(team, "broken")
    assert broken.state is OccurrenceState.FAILED
    assert broken.reason
    (line,) = log.lines(broken.reason)
    assert f" occurrence={broken.id}\\nTraceback" in line
    assert found(team, "whole").state is OccurrenceState.DONE
    assert team.count(messages_table) == 1  # half of a work is none


def test_who_was_overtaken_does_it_at_the_next_tick(team: Newsroom) -> None:
    note(team, "first", person_id=team.person("ann").id)

    def overtaken(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
        tell(tx, due, now)
        raise Overtaken

    run(team, overtaken)
    assert found(team, "first").state is OccurrenceState.WAITING
    assert run(team, tell) == 1


def test_two_at_the_same_instant_do_each_thing_once(team: Newsroom) -> None:
    people = [team.person(f"p{number}") for number in range(8)]
    for person in people:
        note(team, *(f"{person.name}-{n}" for n in range(40)), person_id=person.id)

    def drain() -> int:
        done = 0
        while some := run(team, tell):
            done += some
        return done

    counts = at_once(drain, drain, drain)
    assert sum(count for count in counts if isinstance(count, int)) == 320
    assert team.count(messages_table) == 320


def wait_for(tx: sa.Connection, who: Person) -> None:
    tx.execute(sa.select(people_table.c.id).filter_by(id=who.id).with_for_update())


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_what_a_click_is_at_is_done_at_the_next_tick(team: Newsroom) -> None:
    """A click has one person's row, and waits for the other's, which the tick has: the two would
    wait for each other. Found by a day of tests/faults."""
    ann, ben = team.person("ann"), team.person("ben")
    note(team, "first", person_id=ann.id)
    both_wait = threading.Barrier(2)
    tries = []

    def lock_both(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
        tries.append(1)
        wait_for(tx, ann)
        if len(tries) == 1:
            both_wait.wait(30)
        wait_for(tx, ben)
        tell(tx, due, now)

    def click() -> None:
        with team.store.write() as tx:
            # So that it is the tick that is sent away.
            tx.exec_driver_sql("SET LOCAL deadlock_timeout = '1min'")
            wait_for(tx, ben)
            both_wait.wait(30)
            wait_for(tx, ann)

    clicked = threading.Thread(target=click)
    clicked.start()
    assert run(team, lock_both) == 1
    assert found(team, "first").state is OccurrenceState.WAITING
    clicked.join(30)
    assert run(team, lock_both) == 1
    assert len(tries) == 2
    assert found(team, "first").state is OccurrenceState.DONE
