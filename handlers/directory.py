"""Asks Slack who somebody is and what a channel is, and remembers it for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from operations import people
from rules.desks import DeskRefusal
from rules.people import Person
from rules.refused import Refused
from rules.slack_text import clean
from storage import Store
from storage.people import Profile

# How long "is in that channel" is believed. Real seconds, not the calendar's.
_MEMBERSHIP_SECONDS = 60
_PAGE = 500
_NOBODY = frozenset({"user_not_found", "user_not_visible"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Channel:
    """What Slack says of a channel that the bot is in."""

    id: str
    name: str


class Directory:
    """People and channels of the workspace. Safe to share between threads."""

    def __init__(self, client: WebClient, store: Store, now: Callable[[], datetime]) -> None:
        self._client = client
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._channels: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}

    def person(self, team_id: str, slack_id: str) -> Person:
        """The person behind a Slack id. Raises what the client raises when Slack can't say."""
        known = people.known(self._store, team_id, slack_id, self._now())
        if known is not None:
            return known
        user = self._client.users_info(user=slack_id, include_locale=True)["user"]
        return people.remember(self._store, team_id, _profile(user, team_id), self._now())

    def persons(self, team_id: str, slack_ids: Iterable[str]) -> list[Person]:
        """As `person`, for several at once."""
        wanted = tuple(dict.fromkeys(slack_ids))
        return _at_once(lambda slack_id: self.person(team_id, slack_id), wanted)

    def names(self, team_id: str, slack_ids: Iterable[str]) -> dict[str, str]:
        """How people are called, by Slack id; without those whom Slack doesn't know, because a
        message from another app may name anybody."""
        wanted = tuple(dict.fromkeys(slack_ids))
        found = _at_once(lambda slack_id: self._name(team_id, slack_id), wanted)
        return {slack_id: name for slack_id, name in zip(wanted, found, strict=True) if name}

    def _name(self, team_id: str, slack_id: str) -> str:
        try:
            return self.person(team_id, slack_id).name
        except SlackApiError as error:
            if error.response["error"] in _NOBODY:
                return ""
            raise

    def channel(self, channel_id: str) -> Channel:
        """A channel that the bot is in.

        Raises Refused: DIRECT_MESSAGE, BOT_NOT_IN_CHANNEL (a private channel it isn't in looks
        like one that doesn't exist), ARCHIVED.
        """
        if channel_id.startswith("D"):
            raise Refused(DeskRefusal.DIRECT_MESSAGE)
        try:
            found = self._client.conversations_info(channel=channel_id)["channel"]
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
        return Channel(channel_id, clean(found.get("name", "")))

    def permalink(self, channel_id: str, ts: str) -> str | None:
        """The address of a message, or None where the bot can't see its channel."""
        try:
            found = self._client.chat_getPermalink(channel=channel_id, message_ts=ts)
        except SlackApiError:
            return None
        return str(found["permalink"])

    def channels_of(self, team_id: str, slack_id: str) -> frozenset[str]:
        """The channels that both the bot and this person are in, as of a minute ago at most."""
        key = (team_id, slack_id)
        with self._lock:
            since, known = self._channels.get(key, (float("-inf"), frozenset()))
        if time.monotonic() - since < _MEMBERSHIP_SECONDS:
            return known
        found: set[str] = set()
        cursor = ""
        while True:
            page = self._client.users_conversations(
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
            self._channels[key] = (time.monotonic(), frozenset(found))
        return frozenset(found)


def _at_once(ask: Callable[[str], T], wanted: Sequence[str]) -> list[T]:
    """Asks Slack several questions together, because a form must be answered within 3 s."""
    if len(wanted) < 2:
        return [ask(one) for one in wanted]
    with ThreadPoolExecutor(max_workers=min(len(wanted), 8)) as pool:
        return list(pool.map(ask, wanted))


def _profile(user: dict[str, Any], team_id: str) -> Profile:
    about = user.get("profile") or {}
    name = about.get("display_name") or about.get("real_name") or user.get("name") or user["id"]
    return Profile(
        slack_id=user["id"],
        name=clean(name),
        time_zone=user.get("tz") or "UTC",
        locale=user.get("locale") or "en-US",
        is_admin=bool(user.get("is_admin")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or user.get("team_id", team_id) != team_id,
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_gone=bool(user.get("deleted")),
    )
