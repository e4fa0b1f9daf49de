"""Lists, searches, the queue and the Home, with a thousand posts and with a hundred thousand.

A line has the median of several runs in milliseconds at each size, and how many times longer the
larger one takes; each makes as many queries at both. A search for words that are nowhere, or were
used once long ago, reads every text, so it grows with them; everything else must not.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy import event

import storage
from bench.report import Report
from operations import homes, lists, reviews
from rules.desks import Desk
from rules.networks import Network
from rules.people import Person
from rules.posts import Status
from storage import Store
from storage.lists import Filter
from tests.archive import fill
from tests.newsroom import TEAM, Newsroom

SIZES = (1_000, 100_000)
RUNS = 9
CHANNELS = [f"C{number}" for number in range(5)]
# Much less than the hundred times more posts; a machine that is busy elsewhere makes some of it.
GROWS_AT_MOST = 8.0
SEARCHES = frozenset({"search: once, long ago", "search: nowhere"})
# A command must be answered within 3 s, of which Slack's own calls take a part.
LONGEST_MS = 1_500

Calls = dict[str, Callable[[], object]]


def test_lists_take_as_long_for_many_posts_as_for_few(database_url: str, report: Report) -> None:
    storage.migrate(database_url)
    store = storage.open_store(database_url)
    ann, ben, desks = _people(store)
    measured, first = [], 1
    for size in SIZES:
        fill(store, desks, [ann, ben], ben, size, first=first)
        first = size + 1
        measured.append(_measure(store, _calls(store, ann, ben, desks)))
    few, many = measured
    system = store.engine.dialect.name
    for name, (ms, _) in few.items():
        later = many[name][0]
        what = f"{system}, {SIZES[1]:,} posts beside {SIZES[0]:,}: {name}, ms"
        goal = "" if name in SEARCHES else f"< {GROWS_AT_MOST:.0f}"
        report.add(what, f"{later:.1f}", f"{ms:.1f}", later / ms, goal)
    store.close()
    for name, (ms, queries) in many.items():
        before = max(few[name][0], 2.0)
        assert queries == few[name][1], name
        assert ms < LONGEST_MS, name
        assert name in SEARCHES or ms < GROWS_AT_MOST * before, name


def _people(store: Store) -> tuple[Person, Person, list[Desk]]:
    team = Newsroom(store)
    ann, ben = team.person("ann"), team.person("ben")
    return ann, ben, [team.desk(ben, ben, channel=channel) for channel in CHANNELS]


def _calls(store: Store, ann: Person, ben: Person, desks: list[Desk]) -> Calls:
    ids = tuple(desk.id for desk in desks)

    def page(wanted: Filter, number: int = 0) -> Callable[[], object]:
        return lambda: lists.page(store, ann, CHANNELS, wanted, number)

    over = (Status.REJECTED, Status.CANCELLED)
    return {
        "one desk": page(Filter(ids[:1])),
        "five desks": page(Filter(ids)),
        "five desks, page 50": page(Filter(ids), 50),
        "drafts": page(Filter(ids, statuses=(Status.DRAFT,))),
        "rejected or cancelled": page(Filter(ids, statuses=over)),
        "one network": page(Filter(ids, network=Network.X)),
        "one person's": page(Filter(ids, owner_id=ben.id)),
        "one person's, in review": page(Filter(ids, owner_id=ben.id, statuses=(Status.IN_REVIEW,))),
        "search: common words": page(Filter(ids, words=("spring", "TEA"))),
        "search: once, long ago": page(Filter(ids, words=("number", "777"))),
        "search: nowhere": page(Filter(ids, words=("nowhere",))),
        "search: a code": page(Filter(ids, number=777)),
        "queue": lambda: reviews.queue(store, ben),
        "Home": lambda: homes.show(store, TEAM, ben.id, ids),
    }


def _measure(store: Store, calls: Calls) -> dict[str, tuple[float, int]]:
    """The median time in ms, and the queries of one run, by name."""
    texts: list[str] = []

    def keep(_c: sa.Connection, _cur: object, text: str, *_: object) -> None:
        texts.append(text)

    event.listen(store.engine, "before_cursor_execute", keep)
    found = {}
    for name, call in calls.items():
        times = []
        for _ in range(RUNS):
            texts.clear()
            begun = perf_counter()
            call()
            times.append((perf_counter() - begun) * 1000)
        found[name] = median(times), len(texts)
    event.remove(store.engine, "before_cursor_execute", keep)
    return found
