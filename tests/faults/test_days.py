"""A desk's day under faults, by its seed; `make faults` goes through as many as one likes."""

from __future__ import annotations

import json
import time

import pytest
import sqlalchemy as sa

from storage.tables import metadata
from tests.faults.day import live
from tests.faults.script import Script, script
from tests.faults.verdict import wrong
from tests.flows.house import House

pytestmark = pytest.mark.timeout(240)


def test_the_same_seed_is_the_same_day() -> None:
    assert script(7) == script(7)
    assert script(7) != script(8)


def test_whatever_is_picked_is_there() -> None:
    scenes = [scene for seed in range(200) for scene in script(seed).scenes]
    acts = [act.picks for scene in scenes for act in scene.acts]
    wrong = [one.picks for scene in scenes for one in scene.wrong]
    assert all(0 <= pick < 1 for picks in (*acts, *wrong) for pick in picks)


def keep(house: House) -> None:
    """Leaves beside the bots' log what the database and the playground say."""
    with house.store.read() as tx:
        tables = {
            table.name: [dict(row._mapping) for row in tx.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }
    for name, content in (("record", tables), ("playground", house.playground.log())):
        text = json.dumps(content, default=str, indent=1)
        (house.folder / f"{name}.json").write_text(text, "utf-8")


def test_a_day(house: House, plan: Script) -> None:
    print(f"seed {plan.seed}: {plan} ...", end=" ", flush=True)
    began = time.monotonic()
    try:
        day = live(house, plan)
        log = (house.folder / "log").read_text("utf-8")
        found = wrong(house, day, log)
        assert not found, "\n".join(["", *found])
    except BaseException as error:
        keep(house)
        again = f"make faults SEED={plan.seed} RUNS=1"
        print(f"WRONG, see {house.folder}; once more: {again}\n{error}", flush=True)
        raise
    print(f"well, in {time.monotonic() - began:.0f} s ({day.acts_done} acts done)", flush=True)
