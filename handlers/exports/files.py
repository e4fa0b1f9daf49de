"""Writes a desk's posts as JSON or CSV, one after the other, however many there are.

Each moment is in the desk's zone, with its offset from UTC (ISO 8601).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from handlers.exports.words import HEADINGS
from operations.exports import Exported
from rules.desks import Desk
from rules.posts import Version
from rules.reviews import Decision, Review
from storage.history import Entry

# Where an entry of the history names people, one or several.
_ONE = ("owner", "before", "approver", "instead")
_MANY = ("approved_by", "for")

# What a spreadsheet takes for a formula, which could send a reader's data elsewhere:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROLS = ("\t", "\r", "\n", "\0")


def write_json(out: TextIO, desk: Desk, posts: Iterable[Exported], now: datetime) -> None:
    """One object: the desk, and under `posts` all there is about each of its posts."""
    at = _zoned(desk)
    about = {
        "desk": desk.name,
        "channel_id": desk.channel_id,
        "team_id": desk.team_id,
        "time_zone": desk.time_zone,
        "exported_at": at(now),
    }
    out.write(json.dumps(about, ensure_ascii=False)[:-1] + ', "posts": [')
    for number, post in enumerate(posts):
        out.write(",\n" if number else "\n")
        out.write(json.dumps(_post(post, at), ensure_ascii=False))
    out.write("\n]}\n")


def write_csv(out: TextIO, desk: Desk, posts: Iterable[Exported]) -> None:
    """A row for each post. What there may be several of stands in one cell, a line each."""
    out.write("\ufeff")  # without it, Excel takes UTF-8 for something else
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADINGS)
    at = _zoned(desk)
    for post in posts:
        writer.writerow([_harmless(cell) for cell in _cells(_post(post, at))])


def _harmless(cell: str) -> str:
    """The same text, which no spreadsheet runs."""
    if cell.startswith(_CONTROLS) or cell.lstrip().startswith(_FORMULAS):
        return f"'{cell}"
    return cell


At = Callable[[datetime | None], str | None]


def _zoned(desk: Desk) -> At:
    zone = ZoneInfo(desk.time_zone)

    def at(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    return at


def _post(exported: Exported, at: At) -> dict[str, Any]:
    post, names = exported.post, exported.names
    return {
        "post": post.code,
        "status": post.status,
        "owner": names[post.owner_id],
        "campaign": exported.campaign,
        "publish_at": at(post.publish_at),
        "needed_by": at(post.needed_by),
        "on_hold": post.hold_reason,
        "urgent": post.urgent_reason,
        "notes": post.notes,
        "version": post.version,
        "created_at": at(post.created_at),
        "source_link": post.source_link,
        "networks": [
            {
                "network": target.network,
                "status": target.status,
                "published_at": at(target.published_at),
                "link": target.published_link,
            }
            for target in post.targets
        ],
        "versions": [_version(one, names, at) for one in exported.versions],
        "decisions": [
            _decision(decision, review, names, at)
            for review in exported.reviews
            for decision in review.decisions
        ],
        "comments": [
            {
                "version": one.version,
                "author": names[one.author_id],
                "text": one.text,
                "at": at(one.created_at),
            }
            for one in exported.comments
        ],
        "history": [_entry(one, names, at) for one in exported.history],
    }


def _version(version: Version, names: Mapping[int, str], at: At) -> dict[str, Any]:
    content = version.content
    return {
        "number": version.number,
        "author": names[version.author_id],
        "created_at": at(version.created_at),
        "text": content.text,
        "texts": dict(content.texts),
        "networks": list(content.networks),
        "link": content.link,
        "attachments": [asdict(one) for one in content.attachments],
    }


def _decision(
    decision: Decision, review: Review, names: Mapping[int, str], at: At
) -> dict[str, Any]:
    return {
        "version": review.version,
        "step": decision.step + 1,
        "person": names[decision.person_id],
        "in_place_of": [names[who] for who in decision.in_place_of],
        "verdict": decision.verdict,
        "comment": decision.comment,
        "decided_at": at(decision.decided_at),
        "undone_at": at(decision.undone_at),
    }


def _entry(entry: Entry, names: Mapping[int, str], at: At) -> dict[str, Any]:
    details = dict(entry.data)
    details |= {role: names.get(details[role]) for role in _ONE if role in details}
    details |= {
        role: [names.get(who) for who in details[role]] for role in _MANY if role in details
    }
    person_id = entry.actor.person_id
    return {
        "at": at(entry.at),
        "by": names[person_id] if person_id is not None else entry.actor.kind,
        "event": entry.event,
        "details": details,
    }


def _cells(post: Mapping[str, Any]) -> Sequence[str]:
    """In the order of the headings."""
    shown = next((v for v in post["versions"] if v["number"] == post["version"]), None)
    shown = shown or {"text": "", "texts": {}, "link": None, "attachments": []}
    networks = post["networks"]
    return [
        post["post"],
        post["status"],
        _lines(f"{n['network']}: {n['status']}" for n in networks),
        post["owner"],
        post["campaign"] or "",
        post["publish_at"] or "",
        post["needed_by"] or "",
        next((n["published_at"] for n in networks if n["published_at"]), ""),
        _lines(dict.fromkeys(n["link"] for n in networks if n["link"])),
        post["on_hold"] or "",
        post["urgent"] or "",
        str(post["version"]),
        shown["text"],
        _lines(f"{network}: {text}" for network, text in shown["texts"].items()),
        shown["link"] or "",
        _lines(
            " ".join(filter(None, (a["name"], a["url"], a["alt"]))) for a in shown["attachments"]
        ),
        post["notes"],
        _lines(_decided(one) for one in post["decisions"]),
        _lines(
            f"{c['at']} {c['author']} (version {c['version']}): {c['text']}"
            for c in post["comments"]
        ),
        _lines(f"{e['at']} {e['by']}: {e['event'].replace('_', ' ')}" for e in post["history"]),
        post["created_at"] or "",
        post["source_link"] or "",
    ]


def _decided(one: Mapping[str, Any]) -> str:
    said = f"{one['decided_at']} {one['person']}: {one['verdict'].replace('_', ' ')}"
    said += f", version {one['version']}"
    if one["in_place_of"]:
        said += f", for {', '.join(one['in_place_of'])}"
    if one["undone_at"]:
        said += f", taken back {one['undone_at']}"
    return f"{said}: {one['comment']}" if one["comment"] else said


def _lines(said: Iterable[str]) -> str:
    return "\n".join(said)
