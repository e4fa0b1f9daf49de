"""One bot in two workspaces, in which people, channels and posts have the same ids."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

import storage
from handlers import words
from storage import Trouble, revisions
from storage.tables import slack_bots, slack_installations, slack_oauth_states
from tests.bot_process import BotProcess
from tests.databases import a_postgres_server, as_url, patient_store
from tests.flows.balancer import Balancer
from tests.flows.launcher import Bot, Pace
from tests.player import Player, Playground, labels, wait_until
from tests.several import (
    FIRST,
    SECOND,
    SOCIAL,
    Browser,
    Desks,
    TwoWorkspaces,
    asked,
    button,
    players,
    posted,
)

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@dataclass
class Firm(Desks):
    """Two workspaces, a database, and the address at which the bots are."""

    playground: TwoWorkspaces
    balancer: Balancer
    url: str
    folder: Path

    def bot(self, **pace: float) -> Bot:
        """One more, not started yet."""
        settings = self.playground.settings(self.balancer.new_port())
        return Bot(
            self.folder,
            {**settings, "DATABASE_URL": self.url},
            pace=Pace(click_timeout=10.0, **pace),
        )

    def wait_for_bots(self, bots: int = 1) -> None:
        wait_until(lambda: self.balancer.listening() >= bots, f"{bots} bots listen")

    def browser(self) -> Browser:
        return Browser(self.balancer.url)

    def settle(self, team_id: str) -> None:
        def is_settled() -> bool:
            return not any(row.pending for row in self.rows(team_id))

        wait_until(is_settled, f"everything is told in {team_id}")

    def stored(self) -> int:
        """How many rows there are of installations."""
        with self.store.read() as tx:
            tables = (slack_bots, slack_installations)
            counts = (tx.execute(sa.select(sa.func.count()).select_from(t)) for t in tables)
            return sum(found.scalar_one() for found in counts)


@pytest.fixture
def firm(database: str, tmp_path: Path) -> Iterator[Firm]:
    with a_firm(database, tmp_path) as firm:
        yield firm


@contextmanager
def a_firm(database: str, folder: Path) -> Iterator[Firm]:
    store = patient_store(database)
    with Balancer() as balancer, TwoWorkspaces(balancer.url, folder) as playground:
        playground.limits(ack_seconds=10)
        playground.second.limits(ack_seconds=10)
        yield Firm(store, playground, balancer, database, folder)
    store.close()


def send_draft(tom: Player, text: str) -> None:
    form = None
    while form is None:  # as people do, where a busy machine isn't ready within Slack's 3 seconds
        tom.command(SOCIAL, f"/draft {text}")
        with suppress(AssertionError):
            form = tom.wait_for_view("New draft", timeout=3)
    done = tom.submit(form, {"when_saved": {"when_saved": "send"}})
    assert done["errors"] is None, done


def texts(playground: Playground) -> str:
    return str(posted(playground))


def refused(playground: Playground) -> list[str]:
    failed = [call for call in playground.calls() if not call["ok"]]
    # Each bot tries the app's secret with a made-up code when it starts.
    expected = ("invalid_code", "expired_trigger_id")
    return [f"{c['method']}: {c['error']}" for c in failed if c["error"] not in expected]


@BOTH
def test_nobody_meets_what_is_anothers(firm: Firm) -> None:
    """The same post code, approver and channel in both; then one of them removes the app while the
    other goes on, and comes back."""
    here, there = firm.playground, firm.playground.second
    with firm.bot() as bot:
        firm.wait_for_bots()
        for team_id in (FIRST, SECOND):
            assert firm.browser().install(team_id).status_code == 200
            firm.desk(team_id)
        (_, tom, ines), (_, other_tom, other_ines) = players(here), players(there)
        send_draft(tom, "A cup of spring")
        send_draft(other_tom, "Autumn in a bowl")
        card = ines.wait_for_dm("*P-1*")
        other_card = other_ines.wait_for_dm("*P-1*")
        other_ines.click(other_card, "Approve")
        wait_until(lambda: "Approve" not in labels(other_ines.again(other_card)), "it is so")
        assert "Approve" in labels(ines.again(card))
        assert "Autumn" not in texts(here)
        assert "spring" not in texts(there)

        there.post("/control/app/uninstall")
        wait_until(lambda: firm.stored() == 2, "it is forgotten")
        send_draft(tom, "Second helping")
        ines.wait_for_dm("*P-2*")
        firm.send(SECOND, "Kept for later")  # as by another door, or the timer
        firm.settle(SECOND)
        assert firm.ended(SECOND) == {"not_installed"}
        other_tom.command(SOCIAL, "/desk")  # Slack still shows what it doesn't ask about
        other_tom.wait_for_message(SOCIAL, "isn't installed in this workspace")

        assert firm.browser().install(SECOND).status_code == 200
        other_ines.wait_for_dm("*P-2*")
        send_draft(other_tom, "Back again")
        other_ines.wait_for_dm("*P-3*")
        assert "Back again" not in texts(here)
        assert "Kept for later" not in texts(here)
        assert bot.stop() == 0
    # The second workspace's own calls failed while it was out; nobody else's did.
    assert refused(here) == []


@BOTH
def test_a_revoked_token_ends_what_was_to_be_told_there_and_holds_up_nobody(firm: Firm) -> None:
    """Nor does it where Slack's event of it is lost."""
    here, there = firm.playground, firm.playground.second
    with firm.bot() as bot:
        firm.wait_for_bots()
        for team_id in (FIRST, SECOND):
            firm.browser().install(team_id)
            firm.desk(team_id)
        (_, tom, ines), (_, other_tom, other_ines) = players(here), players(there)
        there.post("/control/app/revoke", quietly=True)
        firm.send(SECOND, "Kept for later")
        send_draft(tom, "A cup of spring")
        ines.wait_for_dm("*P-1*")
        firm.settle(SECOND)
        assert firm.ended(SECOND) == {"not_installed"}
        assert firm.stored() == 2

        firm.browser().install(SECOND)
        other_ines.wait_for_dm("*P-1*")
        send_draft(other_tom, "Autumn in a bowl")
        other_ines.wait_for_dm("*P-2*")
        assert bot.stop() == 0
    assert refused(here) == []


@POSTGRESQL
def test_tokens_are_renewed_while_people_work(firm: Firm) -> None:
    """They last for seconds, and two bots use them: each refresh token is used once."""
    here, there = firm.playground, firm.playground.second
    # A token that ends within a minute is not begun with.
    here.post("/control/app/expire", new=66)
    with firm.bot(ahead=1.0) as one, firm.bot(ahead=1.0) as two:
        firm.wait_for_bots(2)
        for team_id in (FIRST, SECOND):
            firm.browser().install(team_id)
            firm.desk(team_id)
        (_, tom, ines), (_, other_tom, other_ines) = players(here), players(there)
        ends = datetime.now(UTC) + timedelta(seconds=15)
        number = 0
        while datetime.now(UTC) < ends:
            number += 1
            send_draft(tom, f"Spring {number}")
            send_draft(other_tom, f"Autumn {number}")
        ines.wait_for_dm(f"*P-{number}*")
        other_ines.wait_for_dm(f"*P-{number}*")
        renewed = [c for c in here.calls("oauth.v2.access") if "grant_type" in c["args"]]
        assert len(renewed) > 2
        assert all(call["ok"] for call in renewed)
        assert (one.stop(), two.stop()) == (0, 0)
    assert refused(here) == refused(there) == []


@SQLITE
def test_a_token_is_renewed_where_nobody_does_anything(firm: Firm) -> None:
    """The first click after a night needs all of Slack's three seconds for itself. So does one
    after a night in which no bot ran."""
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)

    def expire() -> None:
        firm.playground.post("/control/app/expire", seconds=3600)
        with firm.store.write() as tx:
            tx.execute(slack_bots.update().values(bot_token_expires_at=soon))

    def is_renewed() -> bool:
        with firm.store.read() as tx:
            ends = tx.execute(sa.select(slack_bots.c.bot_token_expires_at)).scalar_one()
        return bool(ends > soon)

    with firm.bot(renewals=0.1) as bot:
        firm.wait_for_bots()
        firm.browser().install(FIRST)
        expire()
        wait_until(is_renewed, "there is a new token")
        assert bot.stop() == 0
    expire()
    with firm.bot():  # its second look is a minute away
        wait_until(is_renewed, "there is a new token at once")


@SQLITE
def test_an_installation_that_goes_wrong_leaves_nothing_behind(firm: Firm) -> None:
    slack = firm.playground
    with firm.bot():
        firm.wait_for_bots()
        browser = firm.browser()
        first = browser.open(f"{firm.balancer.url}/slack/install?team=T1%26redirect_uri=https://x")
        assert first.headers["set-cookie"].count("Secure; HttpOnly") == 1
        assert "redirect_uri" not in button(first)
        assert first.headers["referrer-policy"] == "no-referrer"
        policy = first.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)

        # Cancelled.
        cancelled = browser.open(browser.answer(button(first), FIRST, "cancel"))
        assert "cancelled in Slack" in cancelled.text
        assert button(cancelled) == "/slack/install"

        # In another browser, then in the right one, then in it again.
        back = browser.answer(browser.begin(), FIRST)
        assert firm.browser().open(back).status_code == 400
        without_code = back.replace("code=", "no=")
        cookie = browser.cookie
        assert browser.open(back).status_code == 200
        assert firm.stored() == 2
        for url in (back, without_code):
            again = Browser(firm.balancer.url, cookie).open(url)
            assert again.status_code == 401
            assert "nothing was installed" in again.text

        # A made-up code, and Slack in trouble.
        made_up = asked(browser.begin())["state"]
        page = f"{firm.balancer.url}/slack/oauth_redirect?code=made-up-code&state={made_up}"
        assert browser.open(page).status_code == 401
        slack.fault("oauth.v2.access", "nothing")
        assert browser.open(browser.answer(browser.begin(), SECOND)).status_code == 502
        assert httpx.post(f"{firm.balancer.url}/slack/install").status_code == 405
        hostile = browser.open(f"{firm.balancer.url}/slack/oauth_redirect?error=<script>%0aX")
        assert "<script>" not in hostile.text
        assert firm.stored() == 2
        # Somebody else has the database.
        with firm.store.write():
            locked = browser.open(f"{firm.balancer.url}/slack/install")
        assert (locked.status_code, "can't be used" in html.unescape(locked.text)) == (503, True)

        # Who asks for tickets all the time gets none, and the others' clicks don't wait.
        pages = [browser.open(f"{firm.balancer.url}/slack/install") for _ in range(60)]
        assert {page.status_code for page in pages} == {200, 503}
        # Each ticket was given once; what nobody came back with goes with time.
        with firm.store.read() as tx:
            left = tx.execute(sa.select(sa.func.count()).select_from(slack_oauth_states))
            assert left.scalar_one() < 60
    log = (firm.folder / "log").read_text("utf-8")
    assert "error: The request to the Slack API failed" in log  # Bolt says why...
    assert "made-up-code" not in log
    assert "xoxe" not in log
    assert "xoxb" not in log


def ask_doctor(firm: Firm, url: str) -> tuple[int, str]:
    """Its exit code, and what it says with this database."""
    folder = Path(tempfile.mkdtemp(dir=firm.folder))
    given = {**firm.playground.settings(3000), "DATABASE_URL": url}
    with BotProcess(folder, given, ("bot", "doctor")) as asked_doctor:
        return asked_doctor.wait(), asked_doctor.stdout


@SQLITE
def test_the_doctor_looks_at_each_workspace(firm: Firm) -> None:
    there = firm.playground.second
    with firm.bot() as bot:
        firm.wait_for_bots()
        for team_id in (FIRST, SECOND):
            assert firm.browser().install(team_id).status_code == 200
            firm.desk(team_id)
        there.post("/control/app/revoke", quietly=True)
        code, said = ask_doctor(firm, firm.url)
        assert code == 1
        assert said.count("The bot token opens the workspace") == 1
        assert said.count("✓ A desk's channel is reached.") == 1
        (line,) = [line for line in said.splitlines() if line.startswith("✗")]
        assert line.startswith("✗ Slack refuses the token of the installation in")
        assert bot.stop() == 0


def test_nothing_typed_is_lost_while_the_database_is_away(tmp_path: Path) -> None:
    """It is where the tokens are, so that nobody can be asked who wrote."""
    with a_postgres_server() as server:
        url = as_url(server.get_uri(), "postgres")
        storage.migrate(url)
        with a_firm(url, tmp_path) as firm, firm.bot():
            firm.wait_for_bots()
            firm.browser().install(FIRST)
            firm.desk(FIRST)
            _, tom, ines = players(firm.playground)
            send_draft(tom, "A cup of spring")
            card = ines.wait_for_dm("*P-1*")
            tom.command(SOCIAL, "/draft A second one")
            form = tom.wait_for_view("New draft")
            away = words.unavailable(Trouble.AWAY)
            server.stop()
            assert list(tom.submit(form)["errors"].values()) == [away]
            ines.click(card, "Approve")
            wait_until(lambda: away in str(ines.dms()), "it is said where it was clicked")
            server.ensure_postgres_running()
            wait_until(lambda: not tom.submit(form)["errors"], "it is kept")
            wait_until(lambda: "A second one" in texts(firm.playground), "its owner is told")


@SQLITE
def test_the_doctor_says_of_installations_only_what_it_has_read(firm: Firm) -> None:
    nowhere = "The app is not installed in any workspace yet"
    code, said = ask_doctor(firm, firm.url)
    assert (code, nowhere in said) == (0, True)
    code, said = ask_doctor(firm, "postgresql://desk:hush@127.0.0.1:1/copydesk")
    assert "✗ The database at postgresql://desk:***@127.0.0.1:1/copydesk can't be used" in said
    assert (code, nowhere in said) == (1, False)
    with firm.store.write() as tx:
        tx.execute(
            sa.text("UPDATE alembic_version SET version_num = :older"),
            {"older": revisions.KNOWN[0]},
        )
    code, said = ask_doctor(firm, firm.url)
    assert "✗ The database's tables are those of an older version" in said
    assert (code, nowhere in said) == (1, False)
