"""The process that runs MkDocs: `python -I -m techdocs.building.worker`, a JSON order on standard input.

It answers on standard output, a JSON object a line: `{"level", "message"}` for the log, and at last
`{"failure": …}` or `{"pages": …}`. It limits itself before it reads anything that a user wrote.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO, TypedDict

_PLANTUML = re.compile(r"^ *(?:(?:```|~~~) *\{?\.?(?:c4)?(?:plant)?uml\b|::uml::)")


class Order(TypedDict):
    """What to build. Paths are absolute; `snippets` is where pages may include text from."""

    settings: dict[str, object]
    docs: str
    site: str
    snippets: str
    processor_seconds: int
    memory: int
    file: int


def limit(order: Order) -> None:
    """Bound this process and all that it starts (Graphviz and PlantUML, where they are installed)."""
    resource.setrlimit(resource.RLIMIT_CPU, (order["processor_seconds"], order["processor_seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order["file"], order["file"]))
    # A core file of this process would hold pages of every kind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Lines(logging.Handler):
    """Sends log records as lines of JSON."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "warn" if record.levelno >= logging.WARNING else "info"
        _send(self._stream, {"level": level, "message": record.getMessage()})


def _send(stream: TextIO, message: Mapping[str, object]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def _functions(settings: dict[str, object]) -> None:
    """Put functions where the configuration has their names; it names no others than these."""
    extensions = settings["markdown_extensions"]
    if not isinstance(extensions, dict):
        return
    for name, options in extensions.items():
        if name in {"toc", "markdown.extensions.toc"} and "slugify" in options:
            from pymdownx.slugs import slugify  # type: ignore[import-untyped]

            options["slugify"] = slugify(case=options["slugify"])
        if name == "pymdownx.emoji":
            from material.extensions import emoji  # type: ignore[import-untyped]

            for option, function in (("emoji_index", emoji.twemoji), ("emoji_generator", emoji.to_svg)):
                if option in options:
                    options[option] = function


def _confine(folder: str) -> None:
    """Let snippets read below `folder` alone. pymdownx compares paths before it follows links."""
    from pymdownx.snippets import SnippetPreprocessor  # type: ignore[import-untyped]

    unchecked = SnippetPreprocessor.get_snippet_path
    root = os.path.realpath(folder) + os.sep

    def checked(self: SnippetPreprocessor, path: str) -> str | None:
        found = unchecked(self, path)
        return found if found is None or os.path.realpath(found).startswith(root) else None

    SnippetPreprocessor.get_snippet_path = checked


def _without_diagrams() -> None:
    """Show PlantUML as it is written where it is not installed; the extension would end the build."""
    from plantuml_markdown.plantuml_markdown import PlantUMLPreprocessor  # type: ignore[import-untyped]

    if shutil.which("plantuml") is not None:
        return
    logger = logging.getLogger("mkdocs")
    said: set[bool] = set()

    def unchanged(_self: PlantUMLPreprocessor, lines: list[str]) -> list[str]:
        if not said and any(_PLANTUML.search(line) for line in lines):
            said.add(True)
            logger.warning("PlantUML is not installed where documentation is built; diagrams show as text.")
        return lines

    PlantUMLPreprocessor.run = unchanged


def build(order: Order) -> int:
    """Build the site and return how many pages it has."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.exceptions import ConfigurationError

    settings = dict(order["settings"])
    extensions = dict(settings.get("markdown_extensions") or {})  # type: ignore[call-overload]
    # An option that MkDocs' own file cannot set: where snippets are, and that diagrams come from nowhere else.
    extensions["pymdownx.snippets"] = {"base_path": [order["snippets"]], "restrict_base_path": True}
    extensions["plantuml_markdown"] = {**(extensions.get("plantuml_markdown") or {}), "base_dir": []}
    settings["markdown_extensions"] = extensions
    _functions(settings)
    _confine(order["snippets"])
    _without_diagrams()
    config = MkDocsConfig(config_file_path=str(Path(order["docs"]).with_name("mkdocs.yml")))
    config.load_dict({**settings, "docs_dir": order["docs"], "site_dir": order["site"]})
    errors, warnings = config.validate()
    for key, message in warnings:
        logging.getLogger("mkdocs").warning("%s: %s", key, message)
    if errors:
        raise ConfigurationError("; ".join(f"{key}: {error}" for key, error in errors))
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build_site(config)
    finally:
        config.plugins.on_shutdown()
    return sum(1 for _, _, names in os.walk(order["site"]) for name in names if name.endswith(".html"))


def main() -> None:
    """Read the order, build, answer."""
    answers = sys.stdout
    # What libraries print is no answer.
    sys.stdout = sys.stderr
    order: Order = json.load(sys.stdin)
    limit(order)
    handler = _Lines(answers)
    for name in ("mkdocs", "MARKDOWN"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        # Below that MkDocs tells where it builds, which is a folder of ours.
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    try:
        _send(answers, {"pages": build(order)})
    except MemoryError:
        _send(answers, {"failure": "The documentation needs more memory than a build may take."})
    except SystemExit as error:
        # MkDocs exits with a sentence; some plugins log theirs and exit with a number.
        _send(answers, {"failure": str(getattr(error, "message", "") or "the lines above say why.")[:2000]})
    except Exception as error:  # noqa: BLE001 whatever a page makes an extension raise is an answer
        _send(answers, {"failure": f"{type(error).__name__}: {error}"[:2000]})


if __name__ == "__main__":
    main()
