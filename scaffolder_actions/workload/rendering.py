"""Service → Kubernetes objects, and those as files. The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.deployment import deployment
from scaffolder_actions.workload.identity import workload_of
from scaffolder_actions.workload.network import service as network_service
from scaffolder_actions.workload.network import service_account
from scaffolder_actions.workload.scaling import autoscaler, disruption_budget, is_scaled

HEADER = "# Made by Greenroom from the service's document. Change that one; changes here are overwritten.\n"
# Kubernetes' words are long, and broken lines make differences hard to read.
_WIDTH = 1000


def workload_objects(
    service: Service, environment: str, version: str, settings: PlatformSettings
) -> tuple[JsonObject, ...]:
    """The objects that run `service` in `environment` at `version`, in the order in which they are applied.

    Raises InputError for an environment that the service does not name, or a version that no image can have.
    """
    workload = workload_of(service, environment, version, settings)
    scaled = is_scaled(service)
    return (
        service_account(workload),
        *((network_service(workload),) if service.type == "web" else ()),
        deployment(workload, scaled=scaled),
        *((autoscaler(workload),) if scaled else ()),
        disruption_budget(workload),
    )


def render_workload(service: Service, environment: str, version: str, settings: PlatformSettings) -> Mapping[str, str]:
    """The same as YAML files by their path, such as `staging/deployment.yaml`: one object in each."""
    objects = workload_objects(service, environment, version, settings)
    return {f"{environment}/{str(each['kind']).lower()}.yaml": HEADER + _text(each) for each in objects}


def _text(value: JsonObject) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """Writes what stands in two places twice: nobody reads anchors in manifests."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  PyYAML names it
        return True
