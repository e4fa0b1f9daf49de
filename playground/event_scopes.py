"""The events an app can subscribe its bot to, and the scopes that let it.

Source: docs.slack.dev, reference/events (the "Required scopes" of each event's page).
"""

from collections.abc import Mapping


def _events(scope: str, *names: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(names, frozenset(scope.split()))


# Any one of the scopes is enough; an empty set means that none is needed.
EVENT_SCOPES: Mapping[str, frozenset[str]] = {
    **_events(
        "",
        "app_home_opened",
        "app_uninstalled",
        "function_executed",
        "message.app_home",
        "tokens_revoked",
    ),
    **_events("app_mentions:read", "app_mention"),
    **_events("assistant:write", "assistant_thread_context_changed", "assistant_thread_started"),
    **_events(
        "channels:read",
        "channel_archive",
        "channel_created",
        "channel_deleted",
        "channel_left",
        "channel_rename",
        "channel_unarchive",
    ),
    **_events("channels:history", "channel_history_changed", "message.channels"),
    **_events(
        "channels:read groups:read",
        "member_joined_channel",
        "member_left_channel",
    ),
    **_events(
        "channels:read groups:read im:read mpim:read",
        "channel_id_changed",
        "channel_shared",
        "channel_unshared",
    ),
    **_events("dnd:read", "dnd_updated_user"),
    **_events("emoji:read", "emoji_changed"),
    **_events(
        "files:read",
        "file_change",
        "file_created",
        "file_deleted",
        "file_public",
        "file_shared",
        "file_unshared",
    ),
    **_events(
        "groups:read",
        "group_archive",
        "group_close",
        "group_deleted",
        "group_left",
        "group_open",
        "group_rename",
        "group_unarchive",
    ),
    **_events("groups:history", "group_history_changed", "message.groups"),
    **_events("im:read", "im_close", "im_created", "im_open"),
    **_events("im:history", "im_history_changed", "message.im"),
    **_events("links:read", "link_shared"),
    **_events("metadata.message:read", "message_metadata_deleted", "message_metadata_posted"),
    **_events("metadata.message:read", "message_metadata_updated"),
    **_events("mpim:history", "message.mpim"),
    **_events("pins:read", "pin_added", "pin_removed"),
    **_events("reactions:read", "reaction_added", "reaction_removed"),
    **_events("team:read", "team_domain_change", "team_rename"),
    **_events(
        "usergroups:read",
        "subteam_created",
        "subteam_members_changed",
        "subteam_self_added",
        "subteam_self_removed",
        "subteam_updated",
    ),
    **_events("users:read", "team_join", "user_change", "user_huddle_changed"),
    **_events("users.profile:read", "user_profile_changed"),
}
