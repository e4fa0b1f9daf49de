"""Posts with their targets and versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rules.attachments import Attachment, Kind
from rules.contents import Content
from rules.networks import Network
from rules.posts import UNDER_WAY, Details, Post, Status, Target, Version, combined, search_key
from storage.inserts import insert
from storage.statements import change as changed
from storage.statements import insertion, rows, rows_among
from storage.tables import posts, reviews, targets, versions, workspaces

_NEXT_NUMBER = (
    workspaces.update()
    .where(workspaces.c.team_id == sa.bindparam("of_team"))
    .values(last_post_number=workspaces.c.last_post_number + 1)
)
_OTHER_TARGETS_GONE = (
    targets.delete()
    .where(targets.c.post_id == sa.bindparam("post_id"))
    .where(targets.c.network.not_in(sa.bindparam("networks", expanding=True)))
)
_OF_REVIEW = (
    sa.select(posts)
    .join(reviews, reviews.c.post_id == posts.c.id)
    .where(reviews.c.id == sa.bindparam("review_id"), posts.c.team_id == sa.bindparam("team_id"))
    .with_for_update(of=posts)
)


def next_number(tx: sa.Connection, team_id: str) -> int:
    """Takes the workspace's next post number; other writers wait for this transaction."""
    tx.execute(_NEXT_NUMBER, {"of_team": team_id})
    return int(tx.execute(rows(workspaces, "team_id"), {"team_id": team_id}).one().last_post_number)


def add(
    tx: sa.Connection,
    team_id: str,
    desk_id: int,
    number: int,
    owner_id: int,
    networks: Iterable[Network],
    details: Details,
    source_link: str | None,
    creation_key: str,
    now: datetime,
) -> int:
    """Makes a post's row and its targets as drafts; returns its id. Versions are added apart."""
    row = {
        "team_id": team_id,
        "desk_id": desk_id,
        "number": number,
        "owner_id": owner_id,
        "status": Status.DRAFT,
        "version": 1,
        **asdict(details),
        "source_link": source_link,
        "creation_key": creation_key,
        "created_at": now,
    }
    post_id = insert(tx, posts, row)
    drafts = [{"post_id": post_id, "network": n, "status": Status.DRAFT} for n in networks]
    tx.execute(insertion(targets), drafts)
    return post_id


def add_version(
    tx: sa.Connection,
    post_id: int,
    number: int,
    content: Content,
    author_id: int,
    form_key: str,
    now: datetime,
) -> None:
    """Adds an immutable snapshot of the content."""
    row = {
        "post_id": post_id,
        "number": number,
        "text": content.text,
        "text_key": search_key("\n".join([content.text, *content.texts.values()])),
        "texts": dict(content.texts),
        "networks": list(content.networks),
        "link": content.link,
        "attachments": [asdict(one) for one in content.attachments],
        "author_id": author_id,
        "form_key": form_key,
        "created_at": now,
    }
    tx.execute(insertion(versions), row)


def change(tx: sa.Connection, post: Post, version: int, details: Details) -> bool:
    """Writes what belongs to the post, unless somebody else changed it since it was read."""
    return _set(tx, post, version=version, **asdict(details))


def set_on_hold(tx: sa.Connection, post: Post, reason: str | None) -> bool:
    """Holds the post, or takes it off hold; guarded as `change`."""
    return _set(tx, post, hold_reason=reason)


def set_urgent(tx: sa.Connection, post: Post, reason: str | None) -> bool:
    """Makes the post urgent, or not; guarded as `change`."""
    return _set(tx, post, urgent_reason=reason)


def set_owner(tx: sa.Connection, post: Post, owner_id: int) -> bool:
    """Gives the post to somebody else; guarded as `change`."""
    return _set(tx, post, owner_id=owner_id)


def set_campaign(tx: sa.Connection, post: Post, campaign_id: int | None) -> bool:
    """Puts the post into a campaign, or takes it out; guarded as `change`."""
    return _set(tx, post, campaign_id=campaign_id)


def _set(tx: sa.Connection, post: Post, **values: Any) -> bool:
    seen = {"of_id": post.id, "of_revision": post.revision}
    values |= {"revision": post.revision + 1}
    return tx.execute(changed(posts, "id", "revision"), {**seen, **values}).rowcount == 1


def touch(tx: sa.Connection, post: Post) -> bool:
    """Guards a change of what hangs on the post: False where somebody was faster."""
    return _set(tx, post)


def set_targets(tx: sa.Connection, post_id: int, statuses: dict[Network, Status]) -> None:
    """Makes the post's targets exactly these; one that stays keeps its row. Where the networks stay
    the same, `set_statuses` does with less."""
    tx.execute(_OTHER_TARGETS_GONE, {"post_id": post_id, "networks": list(statuses)})
    for network, status in statuses.items():
        known = {"of_post_id": post_id, "of_network": network, "status": status}
        if tx.execute(changed(targets, "post_id", "network"), known).rowcount == 0:
            row = {"post_id": post_id, "network": network, "status": status}
            tx.execute(insertion(targets), row)
    _set_status(tx, post_id, combined(statuses.values()))


def set_statuses(tx: sa.Connection, post_id: int, statuses: dict[Network, Status]) -> None:
    """Notes where each of a post's targets stands; all of them are named."""
    if len(together := set(statuses.values())) == 1:
        its = {"of_post_id": post_id, "status": together.pop()}
        tx.execute(changed(targets, "post_id"), its)
    else:
        for network, status in statuses.items():
            its = {"of_post_id": post_id, "of_network": network, "status": status}
            tx.execute(changed(targets, "post_id", "network"), its)
    _set_status(tx, post_id, combined(statuses.values()))


def set_published(tx: sa.Connection, post_id: int, now: datetime, link: str | None) -> None:
    """Notes on every target that it is out, with the link when there is one."""
    values = {"status": Status.PUBLISHED, "published_at": now, "published_link": link}
    tx.execute(targets.update().filter_by(post_id=post_id).values(**values))
    _set_status(tx, post_id, Status.PUBLISHED)


def _set_status(tx: sa.Connection, post_id: int, status: Status) -> None:
    tx.execute(changed(posts, "id"), {"of_id": post_id, "status": status})


def by_id(tx: sa.Connection, team_id: str, post_id: int, *, lock: bool = False) -> Post | None:
    """A post of this workspace. `lock` makes other writers of it wait (PostgreSQL)."""
    return _first(tx, rows(posts, "team_id", "id", lock=lock), team_id=team_id, id=post_id)


def of_review(tx: sa.Connection, team_id: str, review_id: int) -> Post | None:
    """The post that a review of this workspace is about; other writers of it wait (PostgreSQL)."""
    return _first(tx, _OF_REVIEW, team_id=team_id, review_id=review_id)


def by_ids(tx: sa.Connection, team_id: str, ids: Iterable[int]) -> dict[int, Post]:
    """The posts of this workspace among these."""
    # Asked for both, SQLite takes the index of the workspace, which is every post.
    query = rows_among(posts, "id")
    found = [row for row in tx.execute(query, {"among": tuple(ids)}) if row.team_id == team_id]
    its_targets = _targets(tx, [row.id for row in found])
    return {row.id: _post(row, its_targets[row.id]) for row in found}


def following(tx: sa.Connection, desk_id: int, number: int, limit: int) -> list[Post]:
    """A desk's posts with higher numbers than this one, in order."""
    query = sa.select(posts).where(posts.c.desk_id == desk_id, posts.c.number > number)
    rows = tx.execute(query.order_by(posts.c.number).limit(limit)).all()
    its_targets = _targets(tx, [row.id for row in rows])
    return [_post(row, its_targets[row.id]) for row in rows]


def with_times(tx: sa.Connection, desk_id: int) -> list[int]:
    """The ids of a desk's posts under way that have a publish time, or a time they are needed by,
    in order."""
    query = sa.select(posts.c.id).where(posts.c.desk_id == desk_id, posts.c.status.in_(UNDER_WAY))
    has_one = sa.or_(posts.c.publish_at.is_not(None), posts.c.needed_by.is_not(None))
    return list(tx.execute(query.where(has_one).order_by(posts.c.id)).scalars())


def by_number(tx: sa.Connection, team_id: str, number: int) -> Post | None:
    """The post that people call P-`number`."""
    return _first(tx, rows(posts, "team_id", "number"), team_id=team_id, number=number)


def by_creation_key(tx: sa.Connection, team_id: str, key: str) -> Post | None:
    """The post that a form made, when it was submitted before."""
    return _first(tx, rows(posts, "team_id", "creation_key"), team_id=team_id, creation_key=key)


def version(tx: sa.Connection, post_id: int, number: int) -> Version:
    """One version of a post."""
    key = {"post_id": post_id, "number": number}
    return _version(tx.execute(rows(versions, "post_id", "number"), key).one())


def versions_of(tx: sa.Connection, numbers: dict[int, int]) -> dict[int, Version]:
    """One version of each post: by the post's id, the version of this number."""
    if len(numbers) == 1:
        ((post_id, number),) = numbers.items()
        return {post_id: version(tx, post_id, number)}
    wanted = [
        sa.and_(versions.c.post_id == post_id, versions.c.number == number)
        for post_id, number in numbers.items()
    ]
    found = tx.execute(sa.select(versions).where(sa.or_(sa.false(), *wanted)))
    return {row.post_id: _version(row) for row in found}


def all_versions(tx: sa.Connection, post_ids: Collection[int]) -> list[Version]:
    """Every version of these posts, oldest first."""
    query = sa.select(versions).where(versions.c.post_id.in_(post_ids))
    return [_version(row) for row in tx.execute(query.order_by(versions.c.id))]


def version_by_form(tx: sa.Connection, post_id: int, form_key: str) -> Version | None:
    """The version that a form made, when it was submitted before."""
    row = tx.execute(sa.select(versions).filter_by(post_id=post_id, form_key=form_key)).first()
    return _version(row) if row else None


def versions_in(tx: sa.Connection, post_id: int, numbers: Collection[int]) -> list[Version]:
    """The versions of a post that have one of these numbers, oldest first."""
    query = sa.select(versions).filter_by(post_id=post_id).order_by(versions.c.number)
    return [_version(row) for row in tx.execute(query.where(versions.c.number.in_(numbers)))]


def last_written(tx: sa.Connection, post_id: int, author_id: int) -> int | None:
    """The number of the newest version that this person wrote; None when they wrote none."""
    query = sa.select(sa.func.max(versions.c.number)).filter_by(
        post_id=post_id, author_id=author_id
    )
    return tx.execute(query).scalar()


def last_networks(tx: sa.Connection, desk_id: int, author_id: int) -> tuple[Network, ...]:
    """The networks this person last used at this desk; empty when they never wrote there."""
    query = (
        sa.select(versions.c.networks)
        .join(posts, posts.c.id == versions.c.post_id)
        .where(posts.c.desk_id == desk_id, versions.c.author_id == author_id)
        .order_by(versions.c.id.desc())
        .limit(1)
    )
    found = tx.execute(query).scalar()
    return tuple(Network(name) for name in found) if found else ()


def _first(tx: sa.Connection, query: sa.Select[Any], **key: Any) -> Post | None:
    row = tx.execute(query, key).first()
    return _post(row, _targets(tx, [row.id])[row.id]) if row else None


def _targets(tx: sa.Connection, post_ids: list[int]) -> dict[int, tuple[Target, ...]]:
    query = rows_among(targets, "post_id", by="id")
    found: dict[int, tuple[Target, ...]] = dict.fromkeys(post_ids, ())
    for row in tx.execute(query, {"among": post_ids}):
        target = Target(
            Network(row.network), Status(row.status), row.published_at, row.published_link
        )
        found[row.post_id] += (target,)
    return found


def _post(row: sa.Row[Any], its_targets: tuple[Target, ...]) -> Post:
    return Post(
        id=row.id,
        team_id=row.team_id,
        desk_id=row.desk_id,
        number=row.number,
        owner_id=row.owner_id,
        version=row.version,
        publish_at=row.publish_at,
        needed_by=row.needed_by,
        notes=row.notes,
        source_link=row.source_link,
        hold_reason=row.hold_reason,
        urgent_reason=row.urgent_reason,
        campaign_id=row.campaign_id,
        revision=row.revision,
        created_at=row.created_at,
        targets=its_targets,
    )


def _version(row: sa.Row[Any]) -> Version:
    content = Content(
        text=row.text,
        networks=tuple(Network(name) for name in row.networks),
        texts={Network(name): text for name, text in row.texts.items()},
        link=row.link,
        attachments=tuple(_attachment(one) for one in row.attachments),
    )
    return Version(row.id, row.post_id, row.number, content, row.author_id, row.created_at)


def _attachment(kept: dict[str, Any]) -> Attachment:
    return Attachment(**{**kept, "kind": Kind(kept["kind"])})
