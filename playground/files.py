"""Files: uploaded by people, put into forms and messages, shown in blocks.

Source: docs.slack.dev/reference/objects/file-object,
docs.slack.dev/reference/block-kit/composition-objects/slack-file-object and
docs.slack.dev/reference/block-kit/block-elements/file-input-element.
"""

import base64
import secrets
import time
from collections.abc import Iterator
from typing import Any

from playground.core import ApiError, Playground
from playground.workspace import Channel, File, Json, Message, Person

FORM_FILE_BYTES = 10_000_000
DRAWN = ("image/png", "image/jpeg", "image/gif")


class Unfit(Exception):
    """A person cannot put this file there; the sentence says why."""


def upload(pg: Playground, person: Person, given: Json) -> File:
    """A person's file. `content` is base64; without it only `size` is known, as for a test of a
    file that nobody wants to send about."""
    content = str(given.get("content") or "")
    size = len(base64.b64decode(content, validate=True)) if content else 0
    file = File(
        id=f"F0{secrets.token_hex(4).upper()}",
        name=str(given["name"]),
        mimetype=str(given.get("mimetype") or "application/octet-stream"),
        size=int(given.get("size") or size),
        user=person.id,
        created=int(time.time()),
        width=int(given.get("width") or 0),
        height=int(given.get("height") or 0),
        alt=str(given.get("alt") or ""),
        content=content,
    )
    pg.workspace.files[file.id] = file
    return file


def of_person(pg: Playground, person: Person, file_id: str) -> File:
    """A file that this person has uploaded, even if it was deleted since. Raises Unfit."""
    file = pg.workspace.files.get(file_id)
    if file is None or file.user != person.id:
        raise Unfit(f"{person.real_name} has no file {file_id}.")
    return file


def into_form(pg: Playground, person: Person, element: Json, entry: Json) -> Json:
    """What `state.values` holds for the chosen files; the app may see them. Raises Unfit."""
    chosen = [of_person(pg, person, file_id) for file_id in entry["files"]]
    most = element.get("max_files", 10)
    if len(chosen) > most:
        raise Unfit(f"Choose at most {most} files.")
    for file in chosen:
        if file.size > FORM_FILE_BYTES:
            raise Unfit(f"{file.name} is larger than 10 MB.")
        ending = file.name.rpartition(".")[2].lower()
        if "filetypes" in element and ending not in element["filetypes"]:
            raise Unfit(f"{file.name} is of a type that isn't taken here.")
        file.given_to_app = True
    return {**entry, "files": [_object(pg, file) for file in chosen]}


def seen_by_app(pg: Playground, file: File) -> bool:
    """Given to it in a form, or shared where it is a member."""
    rooms = (pg.workspace.channels[channel] for channel in file.channels)
    return file.given_to_app or any(pg.bot_is_in(room) for room in rooms)


def seen_by_person(pg: Playground, person: Person, file: File) -> bool:
    """Their own, shared where they see it, or shown to them by the app."""
    rooms = (pg.workspace.channels[channel] for channel in file.channels)
    shared = any(pg.workspace.sees(person, room) for room in rooms)
    return shared or file.user == person.id or file.given_to_app


def find(pg: Playground, file_id: str) -> File:
    """A file as the app finds it. Raises ApiError: file_not_found, file_deleted."""
    file = pg.workspace.files.get(file_id)
    if file is None or not seen_by_app(pg, file):
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return file


def problems(pg: Playground, blocks: Any, at: str) -> list[str]:
    """The pictures of blocks that Slack would refuse: gone, no images, out of the app's sight.

    Source: github.com/slackapi/python-slack-sdk/issues/1797 for the sentence.
    """
    found = []
    for where, image in _images(blocks if isinstance(blocks, list) else [], at):
        file = _named(pg, image["slack_file"])
        if file is None or file.deleted or file.mimetype not in DRAWN or not seen_by_app(pg, file):
            found.append(f"invalid slack file [json-pointer:{where}/slack_file]")
    return found


def _named(pg: Playground, given: Json) -> File | None:
    if "id" in given:
        return pg.workspace.files.get(str(given["id"]))
    return next((f for f in pg.workspace.files.values() if url(pg, f) == given.get("url")), None)


def _images(blocks: list[Any], at: str) -> Iterator[tuple[str, Json]]:
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        inside = [(f"{at}/{index}", block), (f"{at}/{index}/accessory", block.get("accessory"))]
        elements = block.get("elements")
        for n, element in enumerate(elements if isinstance(elements, list) else []):
            inside.append((f"{at}/{index}/elements/{n}", element))
        for where, one in inside:
            if not isinstance(one, dict) or one.get("type") != "image":
                continue
            if isinstance(one.get("slack_file"), dict):
                yield where, one


def share(pg: Playground, channel: Channel, message: Message) -> None:
    """Notes where the files of a message were shared."""
    for file_id in message.content.get("files", []):
        file = pg.workspace.files[file_id]
        if channel.id not in file.channels:
            file.channels.append(channel.id)


def url(pg: Playground, file: File) -> str:
    """`url_private`."""
    return f"https://files.slack.com/files-pri/{pg.workspace.team_id}-{file.id}/{file.name}"


def as_api(pg: Playground, file: File) -> Json:
    """The file object of Slack's answers, messages and payloads."""
    return {"id": file.id, "mode": "tombstone"} if file.deleted else _object(pg, file)


def _object(pg: Playground, file: File) -> Json:
    shown: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower(),
        "user": file.user,
        "user_team": pg.workspace.people[file.user].team_id,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(pg.workspace.channels[c].kind == "public" for c in file.channels),
        "url_private": url(pg, file),
        "url_private_download": url(pg, file),
        "permalink": f"https://{pg.workspace.domain}.slack.com/files/{file.user}/{file.id}",
        "file_access": "visible",
    }
    if file.width and file.height:
        shown |= {"original_w": file.width, "original_h": file.height}
    if file.alt:
        shown["alt_txt"] = file.alt
    return shown
