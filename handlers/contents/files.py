"""Asks Slack what a file is, and whether we may see it."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.clients import Clients
from rules.attachments import ALT_LIMIT, NAME_LIMIT, Attachment, AttachmentRefusal, Kind
from rules.slack_text import clean

# https://docs.slack.dev/reference/methods/files.info/
_REFUSALS = {
    "file_deleted": AttachmentRefusal.GONE,
    "file_not_found": AttachmentRefusal.OUT_OF_REACH,
}
# https://docs.slack.dev/reference/objects/file-object/: what is left of a file that is gone.
_GONE = frozenset({"tombstone", "hidden_by_limit"})


class Files:
    """The files of each workspace. Safe to share between threads."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def look_up(
        self, team_id: str, file_ids: Iterable[str]
    ) -> dict[str, Attachment | AttachmentRefusal]:
        """What each file is, or why it can't be attached; all at once, because a form must be
        answered within 3 s. Raises what the client raises when Slack can't say.
        """
        wanted = list(dict.fromkeys(file_ids))
        if not wanted:
            return {}
        client = self._clients.of(team_id)
        with ThreadPoolExecutor(max_workers=len(wanted)) as pool:
            found = pool.map(lambda file_id: _look_up(client, file_id), wanted)
            return dict(zip(wanted, found, strict=True))


def _look_up(client: WebClient, file_id: str) -> Attachment | AttachmentRefusal:
    try:
        found = client.files_info(file=file_id)["file"]
    except SlackApiError as error:
        refusal = _REFUSALS.get(str(error.response.get("error")))
        if refusal is None:
            raise
        return refusal
    return AttachmentRefusal.GONE if found.get("mode") in _GONE else _attachment(found)


def _attachment(found: dict[str, Any]) -> Attachment:
    """A file of Slack's as what it is for a post; one that only stands for a Drive document is
    a link."""
    name = clean(found.get("name") or found.get("title") or "")[:NAME_LIMIT] or found["id"]
    mime = found.get("mimetype") or ""
    if found.get("external_type") == "gdrive":
        return Attachment(Kind.DRIVE, name, url=found["url_private"])
    return Attachment(
        kind=Kind.IMAGE if mime.startswith("image/") else Kind.FILE,
        name=name,
        file_id=found["id"],
        mime=mime,
        size=int(found.get("size") or 0),
        width=int(found.get("original_w") or 0),
        height=int(found.get("original_h") or 0),
        alt=clean(found.get("alt_txt") or "")[:ALT_LIMIT],
    )
