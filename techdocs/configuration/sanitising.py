"""Rebuilds a repository's MkDocs configuration from an allowlist.

MkDocs runs what it reads: hooks, plugins, custom themes, YAML tags and inherited files are all code
or secrets of the machine that builds. Nothing of the file reaches MkDocs but what is copied here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from foundation.jsontypes import Json, JsonObject
from foundation.yaml import Document
from techdocs.configuration import extensions, navigation, plugins
from techdocs.configuration.allowlist import (
    ADDRESSES,
    FLAGS,
    MAPPINGS,
    TEXTS,
    THEME,
    THEME_DEFAULTS,
    THEME_KEYS,
    WITHOUT_EFFECT,
)
from techdocs.configuration.navigation import Navigation
from techdocs.configuration.notes import Notes
from techdocs.configuration.values import inner_path, truth

_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_SPECIAL: Final = frozenset({"theme", "plugins", "markdown_extensions", "nav", "docs_dir", "extra_css"})
DEFAULT_DOCS_FOLDER: Final = "docs"


@dataclass(frozen=True)
class Configuration:
    """What is left of a configuration: plain data that runs nothing.

    `settings` are MkDocs' own keys but for `nav`, `docs_dir` and `site_dir`. `navigation` is None
    where the repository leaves the order to MkDocs.
    """

    settings: JsonObject
    docs_folder: str = DEFAULT_DOCS_FOLDER
    navigation: Navigation | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def site_name(self) -> str:
        return str(self.settings["site_name"])


def default_configuration(site_name: str) -> Configuration:
    """What a repository without an mkdocs.yml is built with."""
    return Configuration({"site_name": site_name, "theme": dict(THEME_DEFAULTS), "plugins": {"techdocs-core": {}}})


def sanitise(document: Document, *, site_name: str) -> Configuration:
    """The allowed part of `document`, warnings for the rest; `site_name` stands in where it has none.

    Raises ConfigurationError with every value that is allowed but cannot be used.
    """
    notes = Notes(document)
    source = document.value if isinstance(document.value, Mapping) else {}
    settings: dict[str, Json] = {"site_name": site_name}
    settings |= _texts(source, notes) | _addresses(source, notes) | _flags(source, notes) | _mappings(source, notes)
    settings["theme"] = _theme(source.get("theme"), notes)
    settings["plugins"] = plugins.allowed_plugins(source.get("plugins"), notes)
    settings["markdown_extensions"] = extensions.allowed_extensions(source.get("markdown_extensions"), notes)
    if source.get("extra_css") is not None:
        settings["extra_css"] = _styles(source["extra_css"], notes)
    menu = source.get("nav")
    items = navigation.read_navigation(menu, notes) if menu is not None else None
    folder = _docs_folder(source.get("docs_dir"), notes)
    known = {*TEXTS, *ADDRESSES, *FLAGS, *MAPPINGS, *WITHOUT_EFFECT, *_SPECIAL}
    for key in source:
        if key not in known:
            notes.leave_out((key,), f'"{key[:80]}"', "TechDocs builds without it")
    return Configuration(settings, folder, items, tuple(notes.check()))


def _texts(source: Mapping[str, Json], notes: Notes) -> dict[str, Json]:
    texts: dict[str, Json] = {}
    for key in TEXTS:
        value = source.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            texts[key] = str(value)
        elif value is not None:
            notes.refuse((key,), f"{key} must be text.")
    return texts


def _addresses(source: Mapping[str, Json], notes: Notes) -> dict[str, Json]:
    addresses: dict[str, Json] = {}
    for key in ADDRESSES:
        value = source.get(key)
        if isinstance(value, str) and _ADDRESS.fullmatch(value):
            addresses[key] = value
        elif value:
            notes.leave_out((key,), key, "it is not an http address")
    return addresses


def _flags(source: Mapping[str, Json], notes: Notes) -> dict[str, Json]:
    flags: dict[str, Json] = {}
    for key in FLAGS:
        value = source.get(key)
        chosen = truth(value)
        if chosen is not None:
            flags[key] = chosen
        elif value is not None:
            notes.refuse((key,), f"{key} must be true or false.")
    return flags


def _mappings(source: Mapping[str, Json], notes: Notes) -> dict[str, Json]:
    mappings: dict[str, Json] = {}
    for key in MAPPINGS:
        value = source.get(key)
        if isinstance(value, Mapping):
            mappings[key] = value
        elif value is not None:
            notes.refuse((key,), f"{key} must be a mapping.")
    return mappings


def _theme(value: Json, notes: Notes) -> JsonObject:
    """The options of the one theme there is; those of another theme would mean nothing to it."""
    if value is None or isinstance(value, str):
        return dict(THEME_DEFAULTS)
    if not isinstance(value, Mapping):
        notes.refuse(("theme",), "theme must be a name, or a mapping with a name.")
        return dict(THEME_DEFAULTS)
    kept: dict[str, Json] = {**THEME_DEFAULTS}
    for key, option in value.items():
        if key == "name":
            continue
        if key not in THEME_KEYS:
            notes.leave_out(("theme", key), f'the theme\'s "{key[:80]}"', "TechDocs builds without it")
        elif value.get("name") == THEME:
            kept[key] = option
    return kept


def _styles(value: Json, notes: Notes) -> list[Json]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    notes.refuse(("extra_css",), "extra_css must be a list of files.")
    return []


def _docs_folder(value: Json, notes: Notes) -> str:
    if value is None:
        return DEFAULT_DOCS_FOLDER
    folder = inner_path(value) if isinstance(value, str) else None
    if not folder:
        notes.refuse(
            ("docs_dir",),
            "docs_dir must be a folder inside the repository.",
            'Name it relative to this file, as in "docs".',
        )
        return DEFAULT_DOCS_FOLDER
    return folder
