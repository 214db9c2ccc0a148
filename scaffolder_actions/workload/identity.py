"""What all objects of one workload have in common: its names, labels and image."""

from __future__ import annotations

import re
from dataclasses import dataclass

from foundation.errors import InputError
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from foundation.suggestions import remedy

MANAGER = "greenroom"
# The OCI distribution specification's grammar of tags.
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True)
class Workload:
    """One service in one environment, at one version."""

    service: Service
    environment: str
    image: str

    @property
    def name(self) -> str:
        return self.service.name

    @property
    def namespace(self) -> str:
        """A team's services share its namespace."""
        return self.service.team

    def labels(self) -> dict[str, str]:
        """Labels of the pods: none of them changes with a version, since that would restart pods for nothing."""
        return {
            "app.kubernetes.io/name": self.name,
            "app.kubernetes.io/part-of": self.service.system,
            "app.kubernetes.io/managed-by": MANAGER,
            "backstage.io/kubernetes-id": self.name,
        }

    def selector(self) -> JsonObject:
        """What picks the pods. A Deployment's selector can never change, so it names the name alone."""
        return {"matchLabels": {"app.kubernetes.io/name": self.name}}

    def metadata(self) -> JsonObject:
        """The metadata of each object, with the team's own labels."""
        labels = {**self.service.labels, **self.labels()}
        return {"name": self.name, "namespace": self.namespace, "labels": labels}


def workload_of(service: Service, environment: str, version: str, settings: PlatformSettings) -> Workload:
    """The workload of `service` in one of its environments.

    Raises InputError for an environment that the service does not run in, or a version that no image can have.
    """
    if environment not in service.environments:
        raise InputError(
            f'{service.name} does not run in "{environment}".', remedy=remedy(environment, service.environments)
        )
    return Workload(service, environment, _image(service, version, settings))


def _image(service: Service, version: str, settings: PlatformSettings) -> str:
    image = service.image or f"{settings.image_registry}/{service.team}/{service.name}"
    # A colon before the last slash belongs to a registry's port.
    if "@" in image or ":" in image.rpartition("/")[2]:
        return image
    if not _TAG.fullmatch(version) or version == "latest":
        raise InputError(
            f'"{version[:60]}" is not a version that an image can have.',
            remedy='Use letters, digits, "_", "." and "-", at most 128, and not "latest".',
        )
    return f"{image}:{version}"
