"""What moving a service to another release changes in its repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foundation.connections.git import Tree
from foundation.errors import InputError, NotFoundError
from foundation.service import Release, Service, find_release, load_service, releases
from foundation.service.editing import with_value
from foundation.settings import PlatformSettings
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.standing import Standing, standing_in_tree
from scaffolder_actions.workload import check_service, render_service, workload_of

PIN = ("spec", "platform")
# For asking what an image is called; the name has no version in it.
_ANY_VERSION = "0.0.0"


@dataclass(frozen=True)
class Upgrade:
    """A service before and after, the releases that it passes over, oldest first, and the files that change.

    `files` has the new content by path, None for a file that goes. It is empty where the service has the release
    already.
    """

    before: Service
    after: Service
    passed: Sequence[Release]
    files: Mapping[str, bytes | None]

    @property
    def release(self) -> Release:
        """The release that the service moves to."""
        return self.passed[-1]


def upgrade_of(tree: Tree, document: str, release: str | None, settings: PlatformSettings) -> Upgrade:
    """The move of the service that `document` describes to `release`, the newest where that is None.

    Files that the platform generated are rendered anew, with the versions that they name. Raises InputError for an
    unknown release, a document that is wrong, or one that the new release makes wrong; NotFoundError without a document.
    """
    content = tree.read(document)
    if content is None:
        raise NotFoundError(f"There is no {document} in the repository.", remedy="Name the service document.")
    before = load_service(content, document, settings)
    target = find_release(release, settings)
    if before.platform == target.name:
        return Upgrade(before, before, [target], {})
    text = with_value(content.decode("utf-8-sig"), document, PIN, target.name)
    after = load_service(text, document, settings)
    check_service(after, settings)
    files: dict[str, bytes | None] = {document: text.encode(), **_rendered(after, standing_in_tree(tree, ""), settings)}
    return Upgrade(before, after, _passed(before, target, settings), files)


def _passed(before: Service, target: Release, settings: PlatformSettings) -> list[Release]:
    """The releases after the one that the service had, up to its new one; going back passes that one alone."""
    known = list(releases(settings).values())
    old = find_release(before.platform, settings)
    between = known[known.index(old) + 1 : known.index(target) + 1]
    return between or [target]


def _rendered(service: Service, standing: Standing, settings: PlatformSettings) -> dict[str, bytes | None]:
    """The generated files that change, of the environments that have some."""
    versions: dict[str, str] = {}
    for environment in standing.environments:
        if environment in service.environments:
            image = workload_of(service, environment, _ANY_VERSION, settings).image_name
            version = standing.version(environment, image)
            if version is None:
                raise InputError(
                    f"The kustomization of {environment} names no version of {image}.",
                    remedy=f"Render it anew: greenroom service render --environment {environment} --version …",
                )
            versions[environment] = version
    if not versions:
        return {}
    rendered = render_service(service, versions, settings)
    changes = [each for each in compare_files(rendered, standing) if each.blocked is None and each.verb != "keep"]
    return {each.name: None if each.verb == "delete" else rendered[each.name].text.encode() for each in changes}
