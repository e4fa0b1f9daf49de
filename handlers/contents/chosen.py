"""What a form says of a post's content, with what Slack says of the files that were chosen."""

from __future__ import annotations

from handlers import shapes
from handlers.door import Services
from handlers.ids import Field, part
from handlers.incoming import Incoming
from operations import posts
from rules.attachments import Attachment, AttachmentRefusal, check_attachable
from rules.contents import Content
from rules.drafting import read_links
from rules.networks import Network
from rules.refused import Refused


def content(incoming: Incoming, services: Services) -> Content:
    """The content of a filled form. What the version that it started from had stays as it was:
    a file that was renamed in Slack meanwhile is no other content.

    Raises Refused at its field: GONE, OUT_OF_REACH, TOO_LARGE, NOT_A_LINK, ONE_LINK.
    """
    fields = incoming.fields
    networks = tuple(shapes.member(Network, name) for name in fields.options(Field.NETWORKS))
    link, linked = read_links(fields.text(Field.LINK))
    known = {one.key: one for one in before(incoming, services)}
    attached = (*_files(incoming, services), *linked)
    return Content(
        text=fields.text(Field.TEXT),
        networks=networks,
        texts={n: own for n in networks if (own := fields.text(part(Field.TEXT, n))).strip()},
        link=link,
        attachments=tuple(known.get(one.key, one) for one in attached),
    )


def before(incoming: Incoming, services: Services) -> tuple[Attachment, ...]:
    """What the version had that the form started from."""
    if "base" not in incoming.memory:
        return ()
    post_id, number = incoming.kept_numbers("base", 2)
    return posts.content(services.store, incoming.team_id, post_id, number).attachments


def _files(incoming: Incoming, services: Services) -> list[Attachment]:
    kept, added = incoming.fields.labels(Field.ATTACHED), incoming.fields.files(Field.FILES)
    attached = []
    looked_up = services.files.look_up(incoming.team_id, [*kept, *added])
    for file_id, found in looked_up.items():
        field = Field.ATTACHED if file_id in kept else Field.FILES
        if isinstance(found, AttachmentRefusal):
            raise Refused(found, field=field, name={**added, **kept}[file_id])
        check_attachable((found,), field)
        attached.append(found)
    return attached
