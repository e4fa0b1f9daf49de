"""The API by which tests order faults, move time limits and look at everything."""

from collections.abc import Iterator
from dataclasses import asdict, replace

from starlette.routing import BaseRoute, Route

from playground import happenings
from playground.clock import Clock, wanted
from playground.core import Playground
from playground.deliveries import Impossible
from playground.faults import Fault, Hold, Pending
from playground.messages import as_record
from playground.requests import Asked, endpoint
from playground.responses import ResponseUrls
from playground.web_api.methods import METHODS
from playground.workspace import Json


def routes(pg: Playground, urls: ResponseUrls, clock: Clock) -> Iterator[BaseRoute]:
    """Everything under /control."""
    reading = {"faults": pending, "held": held, "workspace": whole, "calls": calls}
    for name, read in reading.items():
        yield Route(f"/control/{name}", endpoint(pg, read), methods=["GET"])
    ordering = {
        "faults": order_fault,
        "faults/clear": clear_faults,
        "hold": hold,
        "release": release,
        "sockets/drop": drop,
        "sockets/refresh": refresh,
        "sockets/deafen": deafen,
        "sockets/refuse": refuse,
        "redeliver": redeliver,
        "scopes": scopes,
        "tokens/revoke": revoke,
        "people": people,
        "limits": limits,
        "expire": lambda asked: expire(asked, urls),
        "clock": lambda asked: clock.move(wanted(asked)),
    }
    for name, order in ordering.items():
        yield Route(f"/control/{name}", endpoint(pg, order), methods=["POST"])


def pending(asked: Asked) -> Json:
    """What is ordered, what is held or will be, and the calls that it can be ordered for."""
    faults = asked.pg.faults
    return {
        "faults": [asdict(fault) for fault in faults.pending],
        "holds": [{"method": h.method, "at": h.at, "arrived": h.arrived} for h in faults.holds],
        "methods": [*sorted(METHODS), "response_url"],
    }


def order_fault(asked: Asked) -> Json:
    given = asked.given
    fault = Pending(
        method=asked.text("method"),
        kind=Fault(str(given["kind"])),
        count=int(given.get("count", 1)),
        retry_after=int(given.get("retry_after", 1)),
        seconds=float(given.get("seconds", 1.0)),
    )
    asked.pg.faults.order(fault)
    return pending(asked)


def clear_faults(asked: Asked) -> Json:
    asked.pg.faults.call_off()
    return {"ok": True}


def hold(asked: Asked) -> Json:
    at = asked.text("at")
    if at not in ("before", "after"):
        raise Impossible("“at” is before or after.")
    asked.pg.faults.hold(Hold(asked.text("method"), at))
    return {"ok": True}


def held(asked: Asked) -> Json:
    holds = [h for h in asked.pg.faults.holds if h.arrived]
    return {"held": [{"method": h.method, "at": h.at} for h in holds]}


def release(asked: Asked) -> Json:
    return {"ok": True, "released": asked.pg.faults.release(asked.optional("method"))}


def drop(asked: Asked) -> Json:
    return {"ok": True, "dropped": asked.pg.sockets.drop()}


async def refresh(asked: Asked) -> Json:
    """`warning_seconds`: how long the connections still take payloads; without it, no longer."""
    warning = asked.given.get("warning_seconds")
    seconds = None if warning is None else float(warning)
    return {"ok": True, "refreshed": await asked.pg.sockets.refresh(seconds)}


def deafen(asked: Asked) -> Json:
    """`answers_pings`: false for half-open connections; `new_ones`: those to come, too."""
    answers = bool(asked.given.get("answers_pings", True))
    new_ones = bool(asked.given.get("new_ones", False))
    return {"ok": True, "deafened": asked.pg.sockets.deafen(answers, new_ones)}


def refuse(asked: Asked) -> Json:
    """`count`: how many of the app's next connections."""
    asked.pg.sockets.refuse(asked.whole_number("count", 1))
    return {"ok": True}


async def redeliver(asked: Asked) -> Json:
    """The same payload again, so the same event_id; an event may be marked as a retry."""
    envelope = asked.pg.delivery.envelopes.get(asked.text("envelope_id"))
    if envelope is None:
        raise Impossible("No such envelope is remembered.")
    again = replace(
        envelope,
        retry_attempt=asked.whole_number("retry_attempt", 0),
        retry_reason=asked.optional("retry_reason") or "",
        acked=False,
        answer=None,
    )
    acked = await asked.pg.delivery.deliver(again)
    return {"ok": acked, "acked": acked, "ack": again.answer, "envelope_id": again.envelope_id}


def scopes(asked: Asked) -> Json:
    asked.pg.granted = set(asked.given["granted"])
    return {"ok": True}


def revoke(asked: Asked) -> Json:
    """Both tokens; `revoked: false` gives them back."""
    asked.pg.revoked = bool(asked.given.get("revoked", True))
    return {"ok": True}


def people(asked: Asked) -> Json:
    person = asked.person("id")
    given = {key: value for key, value in asked.given.items() if key != "id"}
    return happenings.change_person(asked.pg, person, given)


def limits(asked: Asked) -> Json:
    """`ack_seconds`: what an ack may take; `event_retries`: after how many seconds each an event
    comes again over HTTP; with `edit_window_closed` no message can be changed, with `strict_rates`
    no method can be called more often than its page says, with `holds_back` no payload reaches the
    app before it is delivered again."""
    pg = asked.pg
    if "ack_seconds" in asked.given:
        pg.delivery.ack_seconds = float(asked.given["ack_seconds"])
    if "event_retries" in asked.given:
        pg.http.event_retries = tuple(float(seconds) for seconds in asked.given["event_retries"])
    if "edit_window_closed" in asked.given:
        pg.edit_window_closed = bool(asked.given["edit_window_closed"])
    if "strict_rates" in asked.given:
        pg.rates.are_strict = bool(asked.given["strict_rates"])
    if "holds_back" in asked.given:
        pg.delivery.holds_back = bool(asked.given["holds_back"])
    return {
        "ack_seconds": pg.delivery.ack_seconds,
        "event_retries": pg.http.event_retries,
        "edit_window_closed": pg.edit_window_closed,
        "strict_rates": pg.rates.are_strict,
        "holds_back": pg.delivery.holds_back,
    }


def expire(asked: Asked, urls: ResponseUrls) -> Json:
    """Makes all triggers or all response_urls handed out so far too old."""
    what = asked.text("what")
    if what == "triggers":
        asked.pg.expire_triggers()
    elif what == "response_urls":
        urls.expire()
    else:
        raise Impossible("“what” is triggers or response_urls.")
    return {"ok": True}


def whole(asked: Asked) -> Json:
    """Everything, whoever may see it."""
    pg = asked.pg
    return {
        "team": {"id": pg.workspace.team_id, "name": pg.workspace.name},
        "people": [asdict(person) for person in pg.workspace.people.values()],
        "channels": [
            {
                "id": channel.id,
                "name": channel.name,
                "kind": channel.kind,
                "members": channel.members,
                "is_archived": channel.is_archived,
                "is_shared": channel.is_shared,
                "messages": [as_record(pg, channel, m) for m in channel.messages],
            }
            for channel in pg.workspace.channels.values()
        ],
        "views": [{**pg.views.as_api(v), "user": v.user} for v in pg.views.all_open()],
        "homes": {user: pg.views.as_api(view) for user, view in pg.views.homes.items()},
        "ahead_seconds": pg.workspace.ahead_seconds,
        "connected": pg.delivery.connected,
        "granted": sorted(pg.granted),
    }


def calls(asked: Asked) -> list[Json]:
    wanted = asked.optional("method")
    return [asdict(c) for c in asked.pg.traffic.calls if wanted in (None, c.method)]
