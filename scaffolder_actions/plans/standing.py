"""What stands in a service's repository, or in a folder, as far as the platform's files are concerned."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.jsontypes import Json
from foundation.service.generated import is_generated
from foundation.yaml import YamlError, load_yaml

if TYPE_CHECKING:
    # Where a folder alone is looked at, the clients of Git hosts are not loaded.
    from foundation.connections.git import GitHost, Tree

# Where generated files are, besides those in the root, which are looked at by their names.
FOLDERS = ("deploy", ".github/workflows")
ROOT_FILES = ("catalog-info.yaml",)
# With which golden paths begin, for a service that stands nowhere yet.
FIRST_VERSION = "0.1.0"
KUSTOMIZATION = "deploy/{}/kubernetes/kustomization.yaml"
STACK = "deploy/{}/aws/stack.yaml"
# Bytes. What is generated has a tenth of it at most, dashboards included; larger files are somebody else's.
LARGEST = 1024 * 1024


@dataclass(frozen=True)
class Standing:
    """The files of a repository or folder, which `place` names.

    `texts` has those that stand where generated ones are; `paths` has all that are known to be there.
    """

    place: str
    texts: Mapping[str, str] = field(default_factory=dict)
    paths: Collection[str] = frozenset()

    @property
    def generated(self) -> Iterator[str]:
        """The paths of the files that the platform made."""
        return (path for path, text in self.texts.items() if is_generated(text))

    @property
    def environments(self) -> list[str]:
        """The environments that have generated files."""
        return sorted({name for path in self.generated if (name := environment_of(path))})

    def version(self, environment: str, image: str) -> str | None:
        """The version of `image` in the environment's kustomization, where promotion writes it; None where there is none.

        It is a tag, a digest, or `1.4.2@sha256:…`.
        """
        text = self.texts.get(KUSTOMIZATION.format(environment), "")
        try:
            kustomization = load_yaml(text, "kustomization.yaml")
        except YamlError:
            return None
        images = kustomization.mapping.get("images")
        for place, each in enumerate(images if isinstance(images, list) else []):
            if isinstance(each, Mapping) and each.get("name") == image:
                line, column = kustomization.position(("images", place, "newTag"))
                tag = _word(each.get("newTag"), text.splitlines()[line - 1][column - 1 :])
                digest = each.get("digest")
                return "@".join(filter(None, [tag, digest if isinstance(digest, str) else None])) or None
        return None


def _word(value: Json, written: str) -> str | None:
    """A value that is meant as text: 1.10 without quotes reads as a number, which would lose its end."""
    if isinstance(value, int | float):
        return written.split(maxsplit=1)[0]
    return value if isinstance(value, str) else None


def environment_of(path: str) -> str:
    """The environment that a file belongs to; empty for what all share.

    `deploy/staging/kubernetes/deployment.yaml` belongs to staging, `deploy/releases/2026.11.yaml` to none.
    """
    match path.split("/"):
        case ["deploy", environment, _, _, *_]:
            return environment
        case _:
            return ""


def standing_in_repository(git: GitHost, name: str) -> Standing:
    """What stands at the head of the default branch; nothing where there is no such repository, or no commit in it.

    Raises what the Git host raises when it does not answer.
    """
    repository = git.find(name)
    revision = git.revision(repository) if repository else None
    if repository is None or revision is None:
        return Standing(repository.name if repository else name)
    return standing_in_tree(git.tree(repository, revision), repository.name)


def standing_in_tree(tree: Tree, place: str) -> Standing:
    """What stands in one revision. A folder is exported at once, since a process for each file would take seconds."""
    paths = frozenset(tree.files())
    texts: dict[str, str] = {}
    for folder in FOLDERS:
        if any(path.startswith(f"{folder}/") for path in paths):
            with tempfile.TemporaryDirectory(prefix="greenroom-standing-") as scratch:
                tree.export(Path(scratch), folder)
                texts |= {f"{folder}/{path}": text for path, text in _texts(Path(scratch))}
    for path in ROOT_FILES:
        if path in paths:
            texts[path] = (tree.read(path) or b"").decode(errors="replace")
    return Standing(place, texts, paths)


def standing_in_folder(folder: Path, wanted: Collection[str]) -> Standing:
    """What stands in a folder; beside generated files, only the paths that are `wanted` are looked for."""
    texts = {f"{each}/{path}": text for each in FOLDERS for path, text in _texts(folder / each)}
    texts |= {path: _text(folder / path) for path in ROOT_FILES if (folder / path).is_file()}
    return Standing(str(folder), texts, frozenset(path for path in wanted if os.path.lexists(folder / path)))


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for place, _, names in os.walk(folder, followlinks=False):
        for name in names:
            file = Path(place, name)
            yield file.relative_to(folder).as_posix(), _text(file)


def _text(file: Path) -> str:
    # A link leads to a file that is not this one's to judge by.
    if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST:
        return ""
    return file.read_text(encoding="utf-8", errors="replace")
