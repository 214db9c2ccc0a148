"""One service in one environment at one version: what everything that is generated for it has in common."""

from __future__ import annotations

import re
from dataclasses import dataclass

from foundation.errors import InputError
from foundation.jsontypes import JsonObject
from foundation.service import EnvironmentDefaults, Release, Service, dashboard_uid, find_release, host_of
from foundation.settings import PlatformSettings
from foundation.suggestions import remedy

MANAGER = "greenroom"
# The OCI distribution specification's grammar of tags, and of the digest that a pipeline adds to its tag.
_VERSION = re.compile(r"(?!latest(@|\Z))[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?")
# A digest alone names an image too.
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Workload:
    """One service in one environment, at one version. `service` has the environment's overrides in it.

    `image_name` is the image without tag and digest, `image_version` is `:1.4.2`, `@sha256:…` or both.
    """

    service: Service
    environment: str
    image_name: str
    image_version: str
    release: Release
    platform: PlatformSettings

    @property
    def name(self) -> str:
        return self.service.name

    @property
    def namespace(self) -> str:
        """A team's services share its namespace."""
        return self.service.team

    @property
    def image(self) -> str:
        return f"{self.image_name}{self.image_version}"

    @property
    def defaults(self) -> EnvironmentDefaults:
        """What the release of the platform has for this environment."""
        return self.release.in_environment(self.environment)

    @property
    def host(self) -> str | None:
        """The name in DNS; None where the service is not exposed."""
        return host_of(self.service, self.environment, self.platform)

    def link(self, template: str) -> str:
        """An address of the settings, with `{name}`, `{team}`, `{environment}` and `{dashboard}` filled in."""
        # Not str.format: a template must reach nothing but these words.
        values = {
            "name": self.name,
            "team": self.service.team,
            "environment": self.environment,
            "dashboard": dashboard_uid(self.name, self.environment),
        }
        for key, value in values.items():
            template = template.replace(f"{{{key}}}", value)
        return template

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

    Raises InputError for an environment that the service does not run in, a version that no image can have, or a
    release that the platform does not know.
    """
    if environment not in service.environments:
        raise InputError(
            f'{service.name} does not run in "{environment}".', remedy=remedy(environment, service.environments)
        )
    image_name, image_version = _image(service, version, settings)
    release = find_release(service.platform, settings)
    return Workload(service.in_environment(environment), environment, image_name, image_version, release, settings)


def _image(service: Service, version: str, settings: PlatformSettings) -> tuple[str, str]:
    image = service.image or f"{settings.image_registry}/{service.team}/{service.name}"
    name, at, digest = image.partition("@")
    folder, slash, last = name.rpartition("/")
    # A colon before the last slash belongs to a registry's port.
    bare, colon, tag = last.partition(":")
    if at:
        return f"{folder}{slash}{bare}", f"{colon}{tag}@{digest}"
    if colon:
        return f"{folder}{slash}{bare}", f":{tag}"
    if _DIGEST.fullmatch(version):
        return name, f"@{version}"
    if not _VERSION.fullmatch(version):
        raise InputError(
            f'"{version[:60]}" is not a version that an image can have.',
            remedy='Use letters, digits, "_", "." and "-", at most 128, and not "latest".',
        )
    return name, f":{version}"
