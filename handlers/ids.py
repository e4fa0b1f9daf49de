"""Every id that Slack hands back to us, in one grammar: feature:action, feature:form:submit."""

from __future__ import annotations

from enum import StrEnum


class Command(StrEnum):
    """Slash commands, as in manifest.yml."""

    DRAFT = "/draft"
    DESK = "/desk"


class Shortcut(StrEnum):
    """Shortcuts, as in manifest.yml."""

    DRAFT_FROM_MESSAGE = "draft:from_message"


class Action(StrEnum):
    """What can be clicked. The record's id travels in the button's value."""

    SETUP = "desk:setup"
    SETTINGS = "desk:settings"
    ZONES = "desk:zones"
    NEW_DRAFT = "draft:new"
    EDIT = "draft:edit"
    QUEUE = "review:queue"
    SEND = "review:send"
    APPROVE = "review:approve"
    APPROVE_WITH_NOTE = "review:approve_with_note"
    EDIT_AND_APPROVE = "review:edit_and_approve"
    REQUEST_CHANGES = "review:request_changes"
    REJECT = "review:reject"
    UNDO = "review:undo"
    OPEN = "post:open"
    HISTORY = "post:history"
    PUBLISH = "post:publish"
    BACK_TO_DRAFT = "post:back_to_draft"
    CANCEL = "post:cancel"
    RESTORE = "post:restore"
    DUPLICATE = "post:duplicate"
    TAKE_OFF_HOLD = "post:take_off_hold"
    MORE = "post:more"
    COMMENT = "comment:write"
    SAID_YES = "comment:said_yes"
    ONLY_SAID = "comment:only_said"
    NEW_TIME = "post:new_time"
    NOT_NOW = "post:not_now"
    REMIND_AGAIN = "nudge:again"
    REASSIGN = "nudge:reassign"
    APPROVE_INSTEAD = "nudge:approve_instead"
    SNOOZE = "nudge:snooze"
    SNOOZE_TOMORROW = "nudge:snooze_tomorrow"
    LIST = "list:open"
    LIST_MINE = "list:mine"
    LIST_SET = "list:set"
    LIST_NETWORK = "list:network"
    LIST_CAMPAIGN = "list:campaign"
    LIST_PERSON = "list:person"
    LIST_CLEAR = "list:clear"
    LIST_BACK = "list:back"
    LIST_ON = "list:on"
    PREVIEW = "content:preview"
    ALT_TEXT = "content:alt_text"


class Form(StrEnum):
    """Callback ids of views; what can be submitted ends in `submit`."""

    SETUP = "desk:setup:submit"
    SETTINGS = "desk:settings:submit"
    NEW_DRAFT = "draft:new:submit"
    EDIT = "draft:edit:submit"
    COMMENT = "review:comment:submit"
    EDIT_AND_APPROVE = "review:edit_and_approve:submit"
    PUBLISH = "post:publish:submit"
    POST = "post:open"
    HISTORY = "post:history"
    QUEUE = "review:queue"
    POSTS = "list:posts"
    FOUND = "list:found"
    REASON = "post:reason:submit"
    OWNER = "post:owner:submit"
    CAMPAIGN = "post:campaign:submit"
    NEW_TIME = "post:new_time:submit"
    NOT_NOW = "post:not_now:submit"
    REASSIGN = "nudge:reassign:submit"
    APPROVE_INSTEAD = "nudge:approve_instead:submit"
    WRITE = "comment:write:submit"
    PREVIEW = "content:preview"
    ALT_TEXT = "content:alt_text:submit"
    NOTE = "note"


class Field(StrEnum):
    """Block ids of a form's inputs; each input's action id is the same word."""

    APPROVERS = "approvers"
    NEED = "need"
    NETWORKS = "networks"
    MANAGERS = "managers"
    TIME_ZONE = "time_zone"
    WORKING_DAYS = "working_days"
    WORK_FROM = "work_from"
    WORK_TO = "work_to"
    OWN_POSTS = "own_posts"
    DESK = "desk"
    TEXT = "text"
    PUBLISH_AT = "publish_at"
    NEEDED_BY = "needed_by"
    REMINDERS = "reminders"
    PLACE = "place"
    APPROVER = "approver"
    NOTES = "notes"
    WHEN_SAVED = "when_saved"
    COMMENT = "comment"
    LINK = "link"
    REASON = "reason"
    OWNER = "owner"
    CAMPAIGN = "campaign"
    MENTIONS = "mentions"
    FILTERS = "filters"
    PERSON = "person"
    FILES = "files"
    ATTACHED = "attached"
    ALT = "alt"


def part(field: Field, of: object) -> str:
    """The id of one input where a form has several of a kind: `text:x`, `alt:3`."""
    return f"{field}:{of}"
