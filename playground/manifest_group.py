"""The groups of settings that a manifest is made of, and what each kind of setting may be."""

import re
from typing import cast


class ManifestError(Exception):
    """The manifest cannot be read or Slack would refuse it; the text is one sentence, and why."""


class Group:
    """A group of settings, which knows its place in the manifest."""

    def __init__(self, value: object, at: str) -> None:
        self.at = at
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise ManifestError(f"{at or 'it'} must be a group of settings.")
        self.values = cast("dict[str, object]", value)

    def name(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                raise ManifestError(f"{self.name(key)} is not a setting Slack knows.")

    def group(self, key: str) -> "Group":
        """The group under `key`; an empty one when it is left out."""
        return Group(self.values.get(key, {}), self.name(key))

    def text(self, key: str, longest: int, *, required: bool = False) -> str:
        if key not in self.values:
            if required:
                raise ManifestError(f"{self.name(key)} is missing.")
            return ""
        value = self.values[key]
        if not isinstance(value, str):
            raise ManifestError(f"{self.name(key)} must be a text.")
        if not value:
            raise ManifestError(f"{self.name(key)} must not be empty.")
        if len(value) > longest:
            raise ManifestError(
                f"{self.name(key)} has {len(value)} characters, {longest} are allowed."
            )
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise ManifestError(f"{self.name(key)} must be true or false.")
        return value

    def items(self, key: str, most: int, *, fewest: int = 0) -> list[object]:
        if key not in self.values:
            return []
        value = self.values[key]
        if not isinstance(value, list):
            raise ManifestError(f"{self.name(key)} must be a list.")
        if not fewest <= len(value) <= most:
            raise ManifestError(
                f"{self.name(key)} has {len(value)} entries, {fewest} to {most} are allowed."
            )
        return value

    def words(self, key: str, most: int) -> frozenset[str]:
        found: set[str] = set()
        for value in self.items(key, most):
            if not isinstance(value, str) or not 0 < len(value) <= 50:
                raise ManifestError(f"{self.name(key)} must hold texts of 1 to 50 characters.")
            if value in found:
                raise ManifestError(f"{self.name(key)} names {value} twice.")
            found.add(value)
        return frozenset(found)

    def address(self, key: str) -> str:
        address = self.text(key, 3500)
        if address and not re.match(r"https?://", address):
            raise ManifestError(f"{self.name(key)} must begin with https://.")
        return address

    def request_url(self, key: str, *, needed: bool) -> str:
        """Where Slack is to send something, which is `needed` unless Socket Mode brings it.

        Source: github.com/slackapi/node-slack-sdk, web-api/src/types/request/manifest.ts.
        """
        address = self.address(key)
        if needed and not address:
            raise ManifestError(f"{self.name(key)} is needed without Socket Mode.")
        return address
