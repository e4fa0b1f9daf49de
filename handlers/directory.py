"""Asks Slack who somebody is and what a channel is, and remembers it for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from handlers import shapes
from handlers.clients import Clients
from handlers.shapes import NotOurs
from operations import people
from rules.comments import is_outsider
from rules.desks import DeskRefusal
from rules.local_time import known_zone
from rules.people import Person
from rules.refused import Refused
from rules.slack_text import clean
from storage import Store
from storage.people import Profile

# How long "is in that channel" is believed. Real seconds, not the calendar's.
_MEMBERSHIP_SECONDS = 60
_PAGE = 500
# How many members of a channel are looked at, and of how many Slack is asked who they are.
_MEMBERS = 100
_ASKED_ABOUT = 16
_NOBODY = frozenset({"user_not_found", "user_not_visible"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Channel:
    """What Slack says of a channel that the bot is in. `is_shared`: with another workspace."""

    id: str
    name: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Outsiders:
    """Who reads along in a channel: guests, and people of other workspaces. `shared` channels have
    some even where nobody is known by name."""

    shared: bool
    people: tuple[Person, ...]

    def __bool__(self) -> bool:
        return self.shared or bool(self.people)


class Directory:
    """People and channels of each workspace. Safe to share between threads."""

    def __init__(self, clients: Clients, store: Store, now: Callable[[], datetime]) -> None:
        self._clients = clients
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._channels: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
        self._forgotten = 0

    def person(self, team_id: str, slack_id: str) -> Person:
        """The person behind a Slack id. Raises NotOurs where that is empty, and what the client
        raises when Slack can't say."""
        if not slack_id:
            raise NotOurs("nobody")
        known = people.known(self._store, team_id, slack_id, self._now())
        if known is not None:
            return known
        return self._ask(team_id, slack_id)

    def _ask(self, team_id: str, slack_id: str) -> Person:
        user = self._clients.of(team_id).users_info(user=slack_id, include_locale=True)["user"]
        return people.remember(self._store, team_id, _profile(user, team_id), self._now())

    def changed(self, team_id: str, user: Mapping[str, Any]) -> bool:
        """Whether what Slack now says of a user is news about somebody who is known. Then Slack is
        asked, because an event may come late, after a newer one."""
        slack_id = shapes.text(user.get("id"))
        known = people.remembered(self._store, team_id, slack_id)
        if known is None:
            return False
        said = _profile({"locale": known.locale, **user}, team_id)
        if all(getattr(known, name) == value for name, value in asdict(said).items()):
            return False
        self._ask(team_id, slack_id)
        return True

    def persons(self, team_id: str, slack_ids: Iterable[str]) -> list[Person]:
        """As `person`, for several at once."""
        wanted = tuple(dict.fromkeys(slack_ids))
        return _at_once(lambda slack_id: self.person(team_id, slack_id), wanted)

    def found(self, team_id: str, slack_ids: Iterable[str]) -> list[Person]:
        """As `persons`, without those whom Slack doesn't know, because a message from another app
        may name anybody."""
        wanted = tuple(dict.fromkeys(slack_ids))
        asked = _at_once(lambda slack_id: self._found(team_id, slack_id), wanted)
        return [person for person in asked if person]

    def names(self, team_id: str, slack_ids: Iterable[str]) -> dict[str, str]:
        """How those people are called whom Slack knows, by Slack id."""
        found = self.found(team_id, slack_ids)
        return {person.slack_id: person.name for person in found if person.slack_id}

    def _found(self, team_id: str, slack_id: str) -> Person | None:
        try:
            return self.person(team_id, slack_id)
        except SlackApiError as error:
            if error.response["error"] in _NOBODY:
                return None
            raise

    def outsiders(self, team_id: str, channel: Channel) -> Outsiders:
        """Who of a channel is from outside, as far as its first members tell: a form must be
        answered within 3 s, so that of a big channel only a part is looked at, and only some of
        those who were never met are asked about."""
        try:
            page = self._clients.of(team_id).conversations_members(
                channel=channel.id, limit=_MEMBERS
            )
        except SlackApiError:
            return Outsiders(channel.is_shared, ())
        ids: list[str] = page["members"]
        known = {person.slack_id: person for person in people.among(self._store, team_id, ids)}
        unmet = [slack_id for slack_id in ids if slack_id not in known][:_ASKED_ABOUT]
        met = [*known.values(), *self.found(team_id, unmet)]
        outside = tuple(p for p in met if is_outsider(p) and not p.is_bot and not p.is_gone)
        return Outsiders(channel.is_shared, outside)

    def channel(self, team_id: str, channel_id: str) -> Channel:
        """A channel that the bot is in.

        Raises Refused: DIRECT_MESSAGE, BOT_NOT_IN_CHANNEL (a private channel it isn't in looks
        like one that doesn't exist), ARCHIVED.
        """
        if channel_id.startswith("D"):
            raise Refused(DeskRefusal.DIRECT_MESSAGE)
        if not channel_id:
            raise Refused(DeskRefusal.BOT_NOT_IN_CHANNEL)
        try:
            client = self._clients.of(team_id)
            found = client.conversations_info(channel=channel_id)["channel"]
        except SlackApiError as error:
            if error.response["error"] == "channel_not_found":
                raise Refused(DeskRefusal.BOT_NOT_IN_CHANNEL) from None
            if error.response["error"] == "missing_scope":  # a group message: no scope asked for
                raise Refused(DeskRefusal.DIRECT_MESSAGE) from None
            raise
        if found.get("is_archived"):
            raise Refused(DeskRefusal.ARCHIVED)
        if not found.get("is_member"):
            raise Refused(DeskRefusal.BOT_NOT_IN_CHANNEL)
        is_shared = any(found.get(f"is_{how}shared") for how in ("", "ext_", "org_"))
        return Channel(channel_id, clean(found.get("name", "")), is_shared)

    def permalink(self, team_id: str, channel_id: str, ts: str) -> str | None:
        """The address of a message, or None where the bot can't see its channel."""
        try:
            client = self._clients.of(team_id)
            found = client.chat_getPermalink(channel=channel_id, message_ts=ts)
        except SlackApiError:
            return None
        return str(found["permalink"])

    def written(self, team_id: str, channel_id: str, ts: str) -> Mapping[str, Any]:
        """The first message of a thread, as Slack has it; nothing where the bot may not read there,
        or another app wrote it."""
        try:
            client = self._clients.of(team_id)
            found = client.conversations_replies(channel=channel_id, ts=ts, limit=1)
        except SlackApiError:
            return {}
        first: Mapping[str, Any] = next(iter(found["messages"]), {})
        return {} if "bot_id" in first or first.get("ts") != ts else first

    def forget(self, team_id: str, slack_id: str) -> None:
        """Asks Slack again which channels this person is in, the next time it matters."""
        with self._lock:
            self._channels.pop((team_id, slack_id), None)
            self._forgotten += 1

    def channels_of(self, team_id: str, slack_id: str) -> frozenset[str]:
        """The channels that both the bot and this person are in, as of a minute ago at most."""
        key = (team_id, slack_id)
        with self._lock:
            since, known = self._channels.get(key, (float("-inf"), frozenset()))
            forgotten = self._forgotten
        if time.monotonic() - since < _MEMBERSHIP_SECONDS:
            return known
        client = self._clients.of(team_id)
        found: set[str] = set()
        cursor = ""
        while True:
            page = client.users_conversations(
                user=slack_id,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=_PAGE,
                cursor=cursor,
            )
            found |= {channel["id"] for channel in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        with self._lock:
            # Somebody may have come or gone while Slack was asked.
            if self._forgotten == forgotten:
                self._channels[key] = (time.monotonic(), frozenset(found))
        return frozenset(found)


def _at_once(ask: Callable[[str], T], wanted: Sequence[str]) -> list[T]:
    """Asks Slack several questions together, because a form must be answered within 3 s."""
    if len(wanted) < 2:
        return [ask(one) for one in wanted]
    with ThreadPoolExecutor(max_workers=min(len(wanted), 8)) as pool:
        return list(pool.map(ask, wanted))


def _profile(user: Mapping[str, Any], team_id: str) -> Profile:
    about, slack_id = shapes.mapping(user.get("profile")), shapes.text(user.get("id"))
    name = about.get("display_name") or about.get("real_name") or user.get("name") or slack_id
    return Profile(
        slack_id=slack_id,
        name=clean(shapes.text(name)),
        time_zone=known_zone(shapes.text(user.get("tz"))),
        locale=shapes.text(user.get("locale")) or "en-US",
        is_admin=bool(user.get("is_admin")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or user.get("team_id", team_id) != team_id,
        is_bot=bool(user.get("is_bot")) or slack_id == "USLACKBOT",
        is_gone=bool(user.get("deleted")),
    )
