"""What Prometheus reads. No label holds a name, an id of somebody's or anything they typed."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

import storage
from bot.health import Probe
from handlers.clicks import Click
from storage import condition
from storage.condition import Backlog

# Slack waits 3 s for an answer.
_ANSWER_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)


class Meters:
    """Counts what this process does."""

    def __init__(self, store: storage.Store, now: Callable[[], datetime]) -> None:
        self._registry = CollectorRegistry()
        self._sessions: Callable[[], int] = lambda: 0
        self._clicks = Counter(
            "copydesk_clicks",
            "Commands, clicks, forms, shortcuts and events, by how they ended",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._answers = Histogram(
            "copydesk_answer_seconds",
            "From the arrival of a click to its acknowledgement",
            ["kind"],
            buckets=_ANSWER_SECONDS,
            registry=self._registry,
        )
        self._deliveries = Counter(
            "copydesk_deliveries",
            "What became of messages and cards that Slack is told",
            ["outcome"],
            registry=self._registry,
        )
        self._calls = Counter(
            "copydesk_slack_calls",
            "Calls of Slack's Web API; 429 has the outcome ratelimited",
            ["method", "outcome"],
            registry=self._registry,
        )
        self._database_errors = Counter(
            "copydesk_database_errors",
            "What the database refused or failed at",
            ["kind"],
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_Now(store, now, lambda: self._sessions()))
        sa.event.listen(store.engine, "handle_error", self._database_failed)

    def clicked(self, click: Click) -> None:
        """Something was answered."""
        self._clicks.labels(click.kind.value, click.outcome.value).inc()
        self._answers.labels(click.kind.value).observe(click.seconds)

    def delivered(self, outcome: str) -> None:
        """The courier is through with a message, for now or for good."""
        self._deliveries.labels(outcome).inc()

    def called(self, method: str, outcome: str) -> None:
        """Slack was asked for something."""
        self._calls.labels(method, outcome).inc()

    def _database_failed(self, context: Any) -> None:
        self._database_errors.labels(type(context.original_exception).__name__).inc()

    def count_sessions(self, sessions: Callable[[], int]) -> None:
        """Asks for the number of Socket Mode connections, where there are any."""
        self._sessions = sessions

    def text(self) -> tuple[bytes, str]:
        """All of it, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _Now(Collector):
    """What is counted when it is asked for. Where the database doesn't answer in time, what it
    would say is left out."""

    def __init__(
        self, store: storage.Store, now: Callable[[], datetime], sessions: Callable[[], int]
    ) -> None:
        self._store = store
        self._now = now
        self._sessions = sessions
        self._backlog: Backlog | None = None
        self._probe = Probe(self._count)

    def _count(self) -> str:
        self._backlog = None
        with self._store.read() as tx:
            self._backlog = condition.backlog(tx, self._now())
        return ""

    def describe(self) -> list[Metric]:
        """Nothing beforehand: it would ask the database at registration."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The present values."""
        sessions = CounterMetricFamily(
            "copydesk_socket_sessions", "Socket Mode connections made since the start"
        )
        sessions.add_metric([], self._sessions())
        yield sessions
        try:
            self._probe.answer()
        except Exception:
            return  # counted as a database error, and logged where somebody waits for it
        found = self._backlog
        if found is None:
            return
        now = self._now()
        yield from (
            _gauge("queue_messages", "Messages and cards that Slack is to be told", found.pending),
            _gauge(
                "queue_oldest_seconds", "Age of what it wasn't told", _age(found.unsent_since, now)
            ),
            _gauge("due", "What has fallen due and isn't done", found.due),
            _gauge("due_oldest_seconds", "How late that is", _age(found.due_since, now)),
        )


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"copydesk_{name}", says, value=value)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since is not None else 0.0


class CountedClient(WebClient):
    """slack_sdk's client, whose calls are counted."""

    def __init__(self, called: Callable[[str, str], None], **settings: Any) -> None:
        super().__init__(**settings)
        self._called = called

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        """As slack_sdk's."""
        outcome = "no_answer"
        try:
            answer = super().api_call(api_method, **arguments)
            outcome = "ok"
            return answer
        except SlackApiError as error:
            outcome = _outcome(error)
            raise
        finally:
            self._called(api_method, outcome)


def _outcome(error: SlackApiError) -> str:
    status = error.response.status_code
    if status == 429:
        return "ratelimited"
    return "failed" if status >= 500 else "refused"
