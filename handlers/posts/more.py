"""The rarer things that can be done in Open: other ways out of a post's life, and its flags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers import shapes
from handlers.answers import Answer
from handlers.door import Door, Services
from handlers.drafts.begin import open_copy
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from handlers.posts import forms, words
from handlers.posts.listeners import opened_anew
from handlers.shapes import NotOurs
from operations import campaigns, endings, holds, owners, posts
from operations.posts import Shown
from rules import access
from rules.access import May
from rules.drafting import check_not_over
from rules.posts import PostRefusal
from rules.refused import Refused


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.BACK_TO_DRAFT, _way_out(endings.back_to_draft))
    door.click(Action.CANCEL, _way_out(endings.cancel))
    door.click(Action.RESTORE, _way_out(endings.restore))
    door.click(Action.DUPLICATE, duplicate_clicked)
    door.click(Action.TAKE_OFF_HOLD, take_off_hold_clicked)
    door.click(Action.MORE, more_chosen)
    door.form(Form.REASON, reason_submitted)
    door.form(Form.OWNER, owner_submitted)
    door.form(Form.CAMPAIGN, campaign_submitted)


def _way_out(act: Callable[..., endings.Ended]) -> Callable[[Incoming, Services], Answer]:
    """The buttons Back to draft, Cancel post and Restore."""

    def clicked(incoming: Incoming, services: Services) -> Answer:
        ended = act(services.store, services.person(incoming), incoming.number, services.now())
        said = words.ended_approval(services.reader(incoming), ended.review)
        return replace(opened_anew(incoming, services, incoming.number), text=said)

    return clicked


def duplicate_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Duplicate."""
    who, post_id = services.person(incoming), incoming.number
    desk = posts.show(services.store, incoming.team_id, post_id).desk
    in_channel = services.is_in(incoming, desk.channel_id)
    shown, may = posts.open_for(services.store, who, post_id, in_channel)
    if May.DUPLICATE not in may:
        raise Refused(PostRefusal.ELSEWHERE, desk=desk.name)
    return open_copy(incoming, shown)


def take_off_hold_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Take off hold."""
    holds.take_off_hold(services.store, services.person(incoming), incoming.number, services.now())
    return opened_anew(incoming, services, incoming.number)


def more_chosen(incoming: Incoming, services: Services) -> Answer:
    """A choice in the menu of what is rarer: `hold:12`."""
    choice, _, number = incoming.value.partition(":")
    if choice not in _CHOICES:
        raise NotOurs("an unknown choice")
    return _CHOICES[May(choice)](replace(incoming, value=number), services)


def _hold(incoming: Incoming, services: Services) -> Answer:
    shown = _to_change(incoming, services)
    return Answer(opens=forms.reason(shown, May.HOLD, _memory(incoming, May.HOLD)))


def _urgent(incoming: Incoming, services: Services) -> Answer:
    shown = _to_change(incoming, services)
    return Answer(opens=forms.reason(shown, May.URGENT, _memory(incoming, May.URGENT)))


def _not_urgent(incoming: Incoming, services: Services) -> Answer:
    who = services.person(incoming)
    holds.make_not_urgent(services.store, who, incoming.number, services.now())
    return opened_anew(incoming, services, incoming.number)


def _campaign(incoming: Incoming, services: Services) -> Answer:
    shown = _to_change(incoming, services)
    return Answer(opens=forms.campaign(shown, _memory(incoming, May.CAMPAIGN)))


def _hand_over(incoming: Incoming, services: Services) -> Answer:
    shown = _to_change(incoming, services)
    return Answer(opens=forms.owner(shown, _memory(incoming, May.HAND_OVER)))


_CHOICES: Mapping[str, Callable[[Incoming, Services], Answer]] = {
    May.HOLD: _hold,
    May.URGENT: _urgent,
    May.NOT_URGENT: _not_urgent,
    May.CAMPAIGN: _campaign,
    May.HAND_OVER: _hand_over,
}


def reason_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Hold and Mark as urgent."""
    choice = shapes.member(May, incoming.kept_text("choice"))
    act = {May.HOLD: holds.hold, May.URGENT: holds.make_urgent}.get(choice)
    if act is None:
        raise NotOurs("no reason is asked for that")
    who, reason = services.person(incoming), incoming.fields.text(Field.REASON)
    post = act(services.store, who, incoming.kept_number("post"), reason, services.now())
    return Answer(words.FLAGGED[choice](post.code))


def owner_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Hand over."""
    store, who, post_id = services.store, services.person(incoming), incoming.kept_number("post")
    chosen = incoming.fields.user(Field.OWNER)
    owner = services.directory.person(incoming.team_id, chosen)
    desk = posts.show(store, incoming.team_id, post_id).desk
    # Of somebody who left, Slack says nothing.
    in_channel = not owner.is_gone and desk.channel_id in services.directory.channels_of(
        incoming.team_id, chosen
    )
    post = owners.hand_over(store, who, post_id, owner, in_channel, services.now())
    return Answer(words.handed_over(post.code, owner.name))


def campaign_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Campaign."""
    store, who = services.store, services.person(incoming)
    name, post_id = incoming.fields.text(Field.CAMPAIGN), incoming.kept_number("post")
    post = campaigns.set_campaign(store, who, post_id, name, services.now())
    shown = posts.show(store, incoming.team_id, post.id)
    return Answer(words.in_campaign(post.code, shown.campaign))


def _to_change(incoming: Incoming, services: Services) -> Shown:
    shown = posts.show(services.store, incoming.team_id, incoming.number)
    access.check_may_change(shown.post, shown.desk, services.person(incoming))
    check_not_over(shown.post)
    return shown


def _memory(incoming: Incoming, choice: May) -> dict[str, object]:
    return {**incoming.place, "post": incoming.number, "choice": choice}
