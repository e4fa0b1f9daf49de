"""What those who watch over a process are told, and where."""

from __future__ import annotations

import json
import threading

import httpx
import pytest

from tests.web.served import Served, Told
from web.health import build_health_app
from web.server import WebServer, listen


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_well_is_200_and_anything_else_503(served: Served, path: str) -> None:
    url = f"http://127.0.0.1:{served.port}{path}"
    well = httpx.get(url)
    assert well.status_code == 200
    assert well.json()["ok"] is True
    served.health.checks["courier"] = "it has ended"
    ill = httpx.get(url)
    assert ill.status_code == 503
    assert ill.json()["ok"] is False
    assert ill.json()["checks"]["courier"] == "it has ended"
    assert ill.headers["cache-control"] == "no-store"


def test_metrics_are_never_on_the_public_port(served: Served) -> None:
    assert httpx.get(f"http://127.0.0.1:{served.port}/metrics").status_code == 404


@pytest.mark.parametrize("are_on", [True, False])
def test_metrics_are_on_the_other_port_where_they_are_switched_on(are_on: bool) -> None:
    metrics = (lambda: (b"desks 3\n", "text/plain")) if are_on else None
    server = WebServer(build_health_app(Told(), metrics), listen(0), threading.Event().set)
    server.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as asked:
            assert asked.get("/healthz").status_code == 200
            shown = asked.get("/metrics")
    finally:
        server.drain()
    assert shown.status_code == (200 if are_on else 404)
    if are_on:
        assert shown.text == "desks 3\n"
        assert shown.headers["content-type"] == "text/plain"


def test_what_is_told_is_small(served: Served) -> None:
    told = httpx.get(f"http://127.0.0.1:{served.port}/readyz").text
    assert json.loads(told) == {
        "ok": True,
        "checks": {"courier": "ok", "timer": "ok", "database": "ok"},
    }
