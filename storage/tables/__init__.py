"""The tables. Every row is reached through its workspace, and its desk where it has one."""

from storage.tables.columns import metadata
from storage.tables.desks import desk_managers, desks, policies
from storage.tables.installations import slack_bots, slack_installations, slack_oauth_states
from storage.tables.messages import messages, seen_events
from storage.tables.occurrences import absences, occurrences
from storage.tables.posts import campaigns, comments, history, posts, targets, versions
from storage.tables.restores import restores
from storage.tables.reviews import decided_for, decisions, review_approvers, review_steps, reviews
from storage.tables.standups import (
    answers,
    help_offers,
    rounds,
    standup_duty,
    standup_members,
    standups,
)
from storage.tables.workspaces import people, workspaces

__all__ = [
    "absences",
    "answers",
    "campaigns",
    "comments",
    "decided_for",
    "decisions",
    "desk_managers",
    "desks",
    "help_offers",
    "history",
    "messages",
    "metadata",
    "occurrences",
    "people",
    "policies",
    "posts",
    "restores",
    "review_approvers",
    "review_steps",
    "reviews",
    "rounds",
    "seen_events",
    "slack_bots",
    "slack_installations",
    "slack_oauth_states",
    "standup_duty",
    "standup_members",
    "standups",
    "targets",
    "versions",
    "workspaces",
]
