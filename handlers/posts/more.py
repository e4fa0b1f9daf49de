"""The menu More in Open, and the forms behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import PlainTextInputElement, UserSelectElement
from slack_sdk.models.views import View

from handlers import draw
from handlers.answers import Answer
from handlers.door import Door, Services
from handlers.drafts.listeners import open_copy
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from handlers.posts import words
from handlers.posts.listeners import opened_anew
from operations import campaigns, endings, holds, owners, posts
from operations.posts import Shown
from rules import access
from rules.access import May
from rules.posts import CAMPAIGN_LIMIT, REASON_LIMIT, check_not_over


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.MORE, more_chosen)
    door.form(Form.REASON, reason_submitted)
    door.form(Form.OWNER, owner_submitted)
    door.form(Form.CAMPAIGN, campaign_submitted)


def more_chosen(incoming: Incoming, services: Services) -> Answer:
    """A choice in the menu More."""
    choice, _, post_id = incoming.value.partition(":")
    return _CHOICES[May(choice)](incoming, services, int(post_id))


def _ask_reason(choice: May) -> Callable[[Incoming, Services, int], Answer]:
    def ask(incoming: Incoming, services: Services, post_id: int) -> Answer:
        shown = _to_change(incoming, services, post_id)
        memory = {**incoming.place, "post": post_id, "choice": choice}
        return Answer(opens=_reason_form(shown, choice, memory))

    return ask


def reason_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Hold and Mark as urgent."""
    act = {May.HOLD: holds.hold, May.URGENT: holds.make_urgent}[May(incoming.memory["choice"])]
    who, reason = services.person(incoming), incoming.fields.text(Field.REASON)
    act(services.store, who, incoming.memory["post"], reason, services.now())
    return Answer()


def _take_off_hold(incoming: Incoming, services: Services, post_id: int) -> Answer:
    holds.take_off_hold(services.store, services.person(incoming), post_id, services.now())
    return opened_anew(incoming, services, post_id)


def _not_urgent(incoming: Incoming, services: Services, post_id: int) -> Answer:
    holds.make_not_urgent(services.store, services.person(incoming), post_id, services.now())
    return opened_anew(incoming, services, post_id)


def _way_out(act: Callable[..., endings.Ended]) -> Callable[[Incoming, Services, int], Answer]:
    def go(incoming: Incoming, services: Services, post_id: int) -> Answer:
        ended = act(services.store, services.person(incoming), post_id, services.now())
        said = words.ended_approval(services.reader(incoming), ended.review)
        anew = opened_anew(incoming, services, post_id)
        return Answer(said, updates=anew.updates)

    return go


def _ask_owner(incoming: Incoming, services: Services, post_id: int) -> Answer:
    shown = _to_change(incoming, services, post_id)
    return Answer(opens=_owner_form(shown, {**incoming.place, "post": post_id}))


def owner_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Hand over."""
    who = services.person(incoming)
    chosen = incoming.fields.user(Field.OWNER)
    owner = services.directory.person(incoming.team_id, chosen)
    post_id = incoming.memory["post"]
    post = owners.hand_over(services.store, who, post_id, owner, services.now())
    return Answer(words.handed_over(post.code, owner.name))


def _ask_campaign(incoming: Incoming, services: Services, post_id: int) -> Answer:
    shown = _to_change(incoming, services, post_id)
    return Answer(opens=_campaign_form(shown, {**incoming.place, "post": post_id}))


def campaign_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Campaign."""
    who, name = services.person(incoming), incoming.fields.text(Field.CAMPAIGN)
    post_id = incoming.memory["post"]
    campaigns.set_campaign(services.store, who, post_id, name, services.now())
    return Answer()


def _duplicate(incoming: Incoming, services: Services, post_id: int) -> Answer:
    who = services.person(incoming)
    shown = posts.show(services.store, incoming.team_id, post_id)
    in_channel = services.is_in(incoming, shown.desk.channel_id)
    shown, _ = posts.open_for(services.store, who, post_id, in_channel)
    return open_copy(incoming, shown)


def _to_change(incoming: Incoming, services: Services, post_id: int) -> Shown:
    shown = posts.show(services.store, incoming.team_id, post_id)
    access.check_may_change(shown.post, shown.desk, services.person(incoming))
    check_not_over(shown.post)
    return shown


_CHOICES: Mapping[May, Callable[[Incoming, Services, int], Answer]] = {
    May.HOLD: _ask_reason(May.HOLD),
    May.TAKE_OFF_HOLD: _take_off_hold,
    May.URGENT: _ask_reason(May.URGENT),
    May.NOT_URGENT: _not_urgent,
    May.CAMPAIGN: _ask_campaign,
    May.HAND_OVER: _ask_owner,
    May.DUPLICATE: _duplicate,
    May.BACK_TO_DRAFT: _way_out(endings.back_to_draft),
    May.CANCEL: _way_out(endings.cancel),
    May.RESTORE: _way_out(endings.restore),
}


def _reason_form(shown: Shown, choice: May, memory: dict[str, Any]) -> View:
    title, label, hint = words.REASON_FORMS[choice]
    reason = PlainTextInputElement(action_id=Field.REASON, max_length=REASON_LIMIT)
    blocks = [_about(shown), draw.field(Field.REASON, label, reason, hint=hint)]
    return draw.form(Form.REASON, title, "Save", memory, blocks)


def _owner_form(shown: Shown, memory: dict[str, Any]) -> View:
    owner = UserSelectElement(action_id=Field.OWNER, placeholder="A colleague")
    blocks = [_about(shown), draw.field(Field.OWNER, "New owner", owner)]
    return draw.form(Form.OWNER, "Hand over", "Hand over", memory, blocks)


def _campaign_form(shown: Shown, memory: dict[str, Any]) -> View:
    name = PlainTextInputElement(
        action_id=Field.CAMPAIGN,
        max_length=CAMPAIGN_LIMIT,
        initial_value=shown.campaign.name if shown.campaign else None,
        placeholder="Such as Spring sale",
    )
    hint = "Posts with the same campaign are counted together. Leave it empty to take this one out."
    blocks = [
        _about(shown),
        draw.field(Field.CAMPAIGN, "Campaign", name, optional=True, hint=hint),
    ]
    return draw.form(Form.CAMPAIGN, "Campaign", "Save", memory, blocks)


def _about(shown: Shown) -> Block:
    return draw.line(f"*{shown.post.code}*, version {shown.version.number}")
