"""GET /healthz and /readyz: whether this process runs, and whether it can take work; and /metrics,
on a port that isn't the public one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

OK = "ok"


@dataclass(frozen=True, slots=True)
class Report:
    """For each part, `OK` or a few words about what is wrong; nothing that is secret."""

    checks: Mapping[str, str]

    @property
    def is_ok(self) -> bool:
        """Whether all is well."""
        return all(said == OK for said in self.checks.values())


class Health(Protocol):
    """How this process is. Asked on a thread of its own, and soon answered whatever hangs."""

    def alive(self) -> Report:
        """Where it isn't, only starting anew helps."""

    def ready(self) -> Report:
        """Where it isn't, work is better sent elsewhere for a while."""


Metrics = Callable[[], tuple[bytes, str]]
"""What Prometheus reads, and its content type."""


def routes(health: Health) -> list[Route]:
    """For whoever watches over the process."""

    def healthz(_: Request) -> Response:
        return _answer(health.alive())

    def readyz(_: Request) -> Response:
        return _answer(health.ready())

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def _answer(report: Report) -> Response:
    body = {"ok": report.is_ok, "checks": dict(report.checks)}
    headers = {"cache-control": "no-store"}
    return JSONResponse(body, status_code=200 if report.is_ok else 503, headers=headers)


def build_health_app(health: Health, metrics: Metrics | None) -> ASGIApp:
    """All that is served on the port for those who watch."""
    served = routes(health)
    if metrics is not None:
        measured = metrics

        def show(_: Request) -> Response:
            body, kind = measured()
            return Response(body, headers={"content-type": kind})

        served.append(Route("/metrics", show))
    return Starlette(routes=served)
