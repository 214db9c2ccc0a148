"""How a pod gets what is secret: an ExternalSecret brings it from the secret store into the service's Secret."""

from __future__ import annotations

from collections.abc import Iterator

from foundation.jsontypes import Json, JsonObject
from foundation.service import Service
from scaffolder_actions.workload.connections import connection_variables, connections_path, secrets_path
from scaffolder_actions.workload.identity import Workload

# How late a change in the store is seen. People are promised a secret within two minutes, and half of that is here.
REFRESH = "1m"


def needs_secret(service: Service) -> bool:
    """Whether there is anything to bring."""
    return bool(service.managed or service.secrets)


def external_secret(workload: Workload) -> JsonObject:
    """The variables of the dependencies that the platform makes, and those of `spec.secrets`, each by its name.

    What else lies under these paths stays there, and a variable that is missing is named in the object's status.
    """
    entries: list[Json] = [
        {"secretKey": variable, "remoteRef": {"key": path, "property": variable}}
        for variable, path in _variables(workload)
    ]
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": workload.metadata(),
        "spec": {
            "refreshInterval": REFRESH,
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": workload.platform.secret_store},
            # Retained when the store loses an entry: pods that run must be able to start again.
            "target": {"name": workload.name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
            "data": entries,
        },
    }


def _variables(workload: Workload) -> Iterator[tuple[str, str]]:
    service = workload.service
    for dependency in service.managed:
        for variable in connection_variables(dependency):
            # The team's own value for it, where it has one.
            if variable not in service.secrets:
                yield variable, connections_path(workload)
    for variable in service.secrets:
        yield variable, secrets_path(workload)
