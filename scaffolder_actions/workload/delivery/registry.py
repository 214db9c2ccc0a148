"""The registry of a service's image: how a job logs in there, and with which rights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.delivery.steps import action, run, script

_ECR = re.compile(r"\d{12}\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")
_GITHUB = "ghcr.io"
# What an image without a registry's name is pulled from.
_DOCKER = "docker.io"

Access = Literal["read", "write"]


@dataclass(frozen=True)
class Image:
    """The image that a pipeline builds: `name` is without tag and digest, `repository` is it without the registry."""

    name: str
    registry: str
    repository: str
    team: str
    service: str

    def permissions(self, access: Access) -> dict[str, str]:
        """The rights of the job's token that logging in takes."""
        if self.registry == _GITHUB:
            return {"packages": access}
        return {"id-token": "write"} if _ECR.fullmatch(self.registry) else {}

    def log_in(self, access: Access) -> Sequence[JsonObject]:
        """The steps after which docker, skopeo, cosign and Grype reach the registry."""
        if ecr := _ECR.fullmatch(self.registry):
            return self._log_in_at_aws(ecr["region"], access)
        if self.registry == _GITHUB:
            given = {"REGISTRY": _GITHUB, "LOGIN": "${{ github.actor }}", "PASSWORD": "${{ github.token }}"}
        else:
            given = {
                "REGISTRY": self.registry,
                "LOGIN": "${{ vars.REGISTRY_USER }}",
                "PASSWORD": "${{ secrets.REGISTRY_PASSWORD }}",
            }
        return [run("Log in to the registry", script("log-in"), given)]

    def _log_in_at_aws(self, region: str, access: Access) -> Sequence[JsonObject]:
        role = "AWS_PUSH_ROLE" if access == "write" else "AWS_PULL_ROLE"
        credentials = {"role-to-assume": f"${{{{ vars.{role} }}}}", "aws-region": region}
        steps = [
            action("Take the role at AWS", "aws-actions/configure-aws-credentials", credentials),
            run("Log in to the registry", script("log-in-ecr"), {"REGISTRY": self.registry}),
        ]
        if access == "write":
            given = {"REPOSITORY": self.repository, "TEAM": self.team, "SERVICE": self.service}
            steps.append(run("Make the repository of the image", script("make-ecr-repository"), given))
        return steps


def image_of(service: Service, settings: PlatformSettings) -> Image | None:
    """The image that the pipeline of `service` builds; None where its document names one that others have built."""
    name = service.image or f"{settings.image_registry}/{service.team}/{service.name}"
    first, slash, rest = name.partition("/")
    if "@" in name or ":" in name.rpartition("/")[2]:
        return None
    # The rule of Docker: what looks like a host is one.
    has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
    registry, repository = (first, rest) if has_host else (_DOCKER, name)
    return Image(name, registry, repository, service.team, service.name)
