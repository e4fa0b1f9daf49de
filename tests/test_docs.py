"""The README and docs/ are true: what they name exists, and what a person can do is named there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dotenv
import yaml

from bot.cli import main
from handlers.commands import _desk
from tests.diagram import PAGE, with_diagram

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n\n".join(page.read_text("utf-8") for page in PAGES)
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
CODE = re.findall(r"`([^`\n]+)`", TEXT)
SHELL = "\n".join(re.findall(r"```sh\n(.+?)```", TEXT, re.DOTALL)).splitlines()
LARGEST_PICTURE = 200_000

# Bold words that a person finds in Slack itself.
SLACKS_OWN = {
    "App-Level Tokens",
    "Basic Information",
    "Bot User OAuth Token",
    "Client ID",
    "Client Secret",
    "Create New App",
    "Event Subscriptions",
    "From a manifest",
    "Install App",
    "Manage Distribution",
    "Public Distribution",
    "Signing Secret",
}


def section(title: str) -> str:
    """A part of one of the pages, up to the next heading of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", TEXT, re.MULTILINE)
    assert found, f"No page has a part “{title}”."
    rest = TEXT[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def texts(*folders: str) -> Iterator[str]:
    """Every text in the code of these folders; what is filled in is left out."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def quoted(part: str) -> list[str]:
    """What the first column of its tables quotes."""
    rows = re.findall(r"^\| ([^|]+) \|", part, re.MULTILINE)
    return [words for row in rows for words in re.findall("“(.+?)”", row)]


def test_the_diagram_is_that_of_the_table() -> None:
    page = PAGE.read_text("utf-8")
    assert with_diagram(page) == page, "Run: python -m tests.diagram"
    assert "in_review --> approved: approve" in page


def test_make_has_the_targets_that_are_named() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    named = re.findall(r"\bmake (?:-C \S+ )?([a-z]+)", "\n".join([*CODE, *SHELL]))
    assert set(named) >= {"run", "test", "lint"}
    assert set(named) <= set(phony[1].split())


def test_the_bot_has_the_subcommands_that_are_named() -> None:
    named = re.findall(r"(?:ARGS='?|python -m bot )([a-z-]+)", "\n".join([*CODE, *SHELL]))
    assert set(named) == set(main.commands)
    processes = yaml.safe_load((ROOT / "Procfile").read_text("utf-8"))
    assert processes == {"web": "python -m bot", "worker": "python -m bot worker"}
    assert set(processes.values()) <= set(CODE)


def test_links_lead_somewhere_and_pictures_are_small() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", page.read_text("utf-8"))
    }
    assert [path for path in linked if not path.is_file()] == []
    assert linked >= set(PAGES) - {ROOT / "README.md"}
    pictures = set((ROOT / "docs" / "pictures").iterdir())
    assert pictures == {path for path in linked if path.suffix == ".png"}
    assert [p for p in pictures if p.stat().st_size > LARGEST_PICTURE] == []
    assert re.findall(r"!\[\]", TEXT) == [], "A picture says in words what it shows."


def test_slash_commands_are_those_of_the_manifest() -> None:
    named = {words.split()[0] for words in CODE if re.match(r"/[a-z]", words)}
    commands = {entry["command"] for entry in MANIFEST["features"]["slash_commands"]}
    assert named - {"/invite"} == commands
    subcommands = {words.split()[1] for words in CODE if words.startswith("/desk ")}
    assert subcommands == set(_desk.commands) - {"help"}  # which is what /desk alone says


def test_what_is_called_bold_is_on_a_button_or_in_a_form() -> None:
    bold = set(re.findall(r"\*\*(.+?)\*\*", TEXT)) - SLACKS_OWN
    shortcuts = {entry["name"] for entry in MANIFEST["features"]["shortcuts"]}
    assert shortcuts <= bold
    assert bold - shortcuts - set(texts("handlers", "web")) == set()


def test_scopes_that_are_named_are_asked_for() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    named = {words for words in CODE if re.fullmatch(r"[a-z]+:[a-z]+", words)}
    assert named - {"connections:write"} == set(scopes["bot_optional"])


def test_settings_are_those_of_the_example() -> None:
    example = dotenv.dotenv_values(ROOT / ".env.example")
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:PORT|METRICS)\b", section("Settings")))
    assert named == set(example)
    everywhere = {name for words in CODE for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", words)}
    assert everywhere <= set(example)
    table = section("Settings")
    assert f"| `LOG_LEVEL` | `{example['LOG_LEVEL']}` |" in table
    assert f"| `PLAYGROUND_PORT` | `{example['PLAYGROUND_PORT']}` |" in table
    assert f"http://127.0.0.1:{example['PLAYGROUND_PORT']}" in TEXT


def test_what_troubleshooting_quotes_is_said_somewhere() -> None:
    known = "\n".join([*texts("bot", "storage", "handlers", "web"), "dispatch_failed"])
    unknown = [words for words in quoted(section("Troubleshooting")) if words not in known]
    assert unknown == []


def raised(path: Path) -> Iterator[str]:
    """The sentences of the settings that are missing or wrong, as they stand in the code."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        if isinstance(node.exc.func, ast.Name) and node.exc.func.id == "SettingsError":
            yield ast.unparse(node.exc.args[0])


def test_troubleshooting_has_each_sentence_about_a_setting() -> None:
    sentences = [s for path in sorted((ROOT / "bot").glob("*.py")) for s in raised(path)]
    assert len(sentences) > 5
    quotes = quoted(section("Troubleshooting"))
    assert [s for s in sentences if not any(words in s for words in quotes)] == []
