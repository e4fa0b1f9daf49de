"""What is said on pages: what happened, why, and what to do next."""

from __future__ import annotations

import html

_REASONS = {
    "access_denied": "It was cancelled in Slack, so nothing was installed.",
    "invalid_browser": "This page was opened again, or in another browser than the one you began "
    "in, so nothing was installed this time. What was installed before still is.",
    "invalid_state": "That took more than ten minutes, or this page was opened twice, so nothing "
    "was installed this time. What was installed before still is.",
    "missing_code": "Slack's answer is incomplete, so nothing was installed.",
    "invalid_code": "Slack didn't confirm the installation, so nothing was installed.",
    "whole_organization": "Copydesk can't be installed for a whole organization. Install it in "
    "each workspace that wants it.",
}


def install(slack_url: str) -> str:
    """The page to begin on."""
    return _page(
        "Add Copydesk to Slack",
        "Copydesk is the copy desk of a social-media team, inside Slack. Slack will show you what "
        "it asks for, and in which workspace you are.",
        ("Add to Slack", slack_url),
    )


def installed(team: str, slack_url: str) -> str:
    """The page to end on."""
    name = team or "your workspace"
    return _page(
        f"Copydesk is in {name}",
        "Go to your team's channel in Slack, type /invite @Copydesk and then /desk setup.",
        ("Open Slack", slack_url),
    )


def not_installed(reason: str, again: str) -> str:
    """Why it came to nothing; `reason` is Slack's or Bolt's word."""
    known = _REASONS.get(reason, "Slack refused the installation, so nothing was installed.")
    return _page("Copydesk was not installed", known, ("Try again", again))


def no_answer(again: str) -> str:
    """Slack could not be asked."""
    said = (
        "Slack did not answer in time, so nothing was installed. Wait a minute before the next try."
    )
    return _page("Copydesk was not installed", said, ("Try again", again))


def no_database(again: str) -> str:
    """The installation could not be kept."""
    said = "Copydesk's own record can't be used just now. Wait a few minutes before the next try."
    return _page("Copydesk was not installed", said, ("Try again", again))


def too_many(again: str) -> str:
    """More ask for the page than anybody needs."""
    return _page(
        "Not just now",
        "This page was asked for too often in the last minute. Please wait a minute.",
        ("Try again", again),
    )


_STYLE = """
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
a { display: inline-block; padding: .7rem 1.4rem; border-radius: .4rem; background: #1f3a4d;
    color: #fff; text-decoration: none; font-weight: 600; }
a:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
"""


def _page(title: str, said: str, button: tuple[str, str]) -> str:
    label, address = button
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{html.escape(title)}</h1>
<p>{html.escape(said)}</p>
<p><a href="{html.escape(address)}">{html.escape(label)}</a></p>
</main>
</body>
</html>
"""
