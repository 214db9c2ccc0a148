"""Finds a repository's MkDocs configuration and reads it as plain data with places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from foundation.yaml import Document, YamlError, load_yaml
from techdocs.configuration.allowlist import EMOJI_GENERATORS, EMOJI_INDEXES, SLUGIFY
from techdocs.errors import ConfigurationError, SourceError

# Backstage prefers them in this order.
FILES: Final = ("mkdocs.yaml", "mkdocs.yml")
# Bytes. The navigation of a thousand pages is about 100 KiB.
LARGEST: Final = 512 * 1024

# A tag where a value may begin: after a colon or a dash, not within quotes or a comment.
_NAME_TAG = re.compile(
    r"^(?P<before>[^#'\"\n]*[:\-][ \t]+)!!python/(?:name|object[./]apply):(?P<name>[\w.]+)[ \t]*(?P<after>(?:''|\"\")?)[ \t]*$",
    re.MULTILINE,
)
_SLUGIFY_TAG = re.compile(
    rf"^(?P<before>[^#'\"\n]*[:\-][ \t]+)!!python/object/apply:{re.escape(SLUGIFY)}(?=[ \t]*(?:\{{|$))", re.MULTILINE
)


def find_configuration(folder: Path) -> Path | None:
    """The MkDocs configuration of `folder`; None when it has none. SourceError when it leads outside."""
    for name in FILES:
        file = folder / name
        if not file.is_file():
            continue
        if not file.resolve().is_relative_to(folder.resolve()):
            raise SourceError(f"{name} is a link that leads outside.", remedy="Put the file itself in its place.")
        return file
    return None


def parse_configuration(text: bytes, file: str) -> Document:
    """The configuration as plain data; ConfigurationError with every place that cannot be read.

    Of tags, only the emoji and slug functions that Backstage knows are read, as their names.
    """
    try:
        decoded = text.decode("utf-8-sig") if len(text) <= LARGEST else ""
    except UnicodeDecodeError:
        decoded = ""  # load_yaml says where
    try:
        document = load_yaml(_name_functions(decoded) if decoded else text, file, largest=LARGEST)
    except YamlError as error:
        raise ConfigurationError(f"{file} cannot be read.", problems=error.problems) from error
    if not isinstance(document.value, dict):
        problem = document.problem((), "must be a mapping.", 'Begin with "site_name: …".')
        raise ConfigurationError(f"{file} cannot be read.", problems=[problem])
    return document


def _name_functions(text: str) -> str:
    text = _SLUGIFY_TAG.sub(lambda match: match["before"], text)
    return _NAME_TAG.sub(
        lambda match: (
            match["before"] + match["name"] if match["name"] in EMOJI_INDEXES | EMOJI_GENERATORS else match[0]
        ),
        text,
    )
