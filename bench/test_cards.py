"""From a click to its card in the channel, drawn anew, beside a bare app that writes its row and
changes the message itself, before it acknowledges."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import storage
from bench import work
from bench.processes import SlackProcess, over_http
from bench.report import Report
from bench.slack import TEAM
from bench.work import CHANNEL
from storage import messages
from tests.player import wait_until

CLICKS = 12
# Each message goes to a channel that Slack takes another one for.
EVERY_SECONDS = 2.5


def test_from_a_click_to_its_card(tmp_path: Path, report: Report) -> None:
    ours = f"sqlite:///{tmp_path / 'ours.db'}"
    done = work.fill(ours, CLICKS)
    file = work.write(tmp_path / "clicks", work.approvals(done), CLICKS)
    card_ts = _cards(ours, done.review_ids)
    with SlackProcess() as slack, over_http(slack, tmp_path, ours, "bot") as (bot,):
        clicked = slack.click(file, 0, CLICKS, 1, bot.ports, EVERY_SECONDS)

        def all_drawn() -> bool:
            return all(any(ts in told["text"] for told in slack.told()) for ts in card_ts)

        wait_until(all_drawn, "every card was drawn anew", 60)
        told = slack.told()
    mine = [
        next(one["at"] for one in told if ts in one["text"]) - at
        for ts, at in zip(card_ts, clicked.sent_at, strict=True)
    ]
    bare = f"sqlite:///{tmp_path / 'bare.db'}"
    with SlackProcess() as slack, over_http(slack, tmp_path, bare, "bench.bare", "card") as (app,):
        clicked = slack.click(file, 0, CLICKS, 1, app.ports, EVERY_SECONDS)
        told = slack.told()
    theirs = [one["at"] - at for one, at in zip(told, clicked.sent_at, strict=True)]
    report.add(
        "from a click to its card: ms",
        f"{median(mine) * 1000:.0f}",
        f"{median(theirs) * 1000:.0f}",
        median(mine) / median(theirs),
    )
    assert json.loads(file.read_text().splitlines()[0])["channel"]["id"] == CHANNEL


def _cards(url: str, review_ids: tuple[int, ...]) -> list[str]:
    store = storage.open_store(url)
    with store.read() as tx:
        found = [messages.by_key(tx, TEAM, f"review:{n}:channel") for n in review_ids]
    store.close()
    return [str(card.posted_ts) for card in found if card is not None]
