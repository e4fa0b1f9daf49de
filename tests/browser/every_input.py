"""A form with an input of every kind, and a message with most of what one can show."""

from tests.browser.app import actions, button, field, mrkdwn, option, plain, section
from tests.browser.filling import NETWORKS

INPUTS = (
    field("text", "Text", "plain_text_input", multiline=True),
    field("kind", "Kind", "static_select", options=[option("Post"), option("Story")]),
    field("nets", "Networks", "multi_static_select", options=NETWORKS),
    field("zone", "Time zone", "external_select", min_query_length=1),
    field("zones", "Zones", "multi_external_select", min_query_length=1),
    field("who", "Approvers", "multi_users_select"),
    field("owner", "Owner", "users_select"),
    field("desk", "Desk", "conversations_select"),
    field("desks", "Several desks", "multi_conversations_select"),
    field("room", "Room", "channels_select"),
    field("rooms", "Several rooms", "multi_channels_select"),
    field("at", "Publish at", "datetimepicker"),
    field("day", "Day", "datepicker"),
    field("hour", "Hour", "timepicker"),
    field("saved", "When saved", "radio_buttons", options=[option("Keep"), option("Send")]),
    field("days", "Days", "checkboxes", options=[option("Monday"), option("Tuesday")]),
    field("count", "Count", "number_input", is_decimal_allowed=False),
    field("mail", "Mail", "email_text_input"),
    field("link", "Link", "url_text_input"),
)

CARD = (
    {"type": "header", "text": plain("Spring in a cup")},
    section("*P-1* waits for <@U0INES>, `code`, <https://larkfield.example|a link>"),
    {"type": "section", "fields": [mrkdwn("*Networks*\nX"), mrkdwn("*Publish*\nTomorrow")]},
    {"type": "context", "elements": [mrkdwn("Sent by Tom")]},
    {"type": "divider"},
    actions(
        button("Approve", "approve", style="primary"),
        button("Reject", "reject", style="danger"),
        button("Open", "open"),
        {"type": "overflow", "action_id": "more", "options": [option("Hold"), option("Cancel")]},
    ),
)
