"""How a service learns where its dependencies are: environment variables, by one convention for all services.

What the platform makes (databases, caches, buckets, queues) is known only once it stands, and partly secret. Applying
writes it to the secret store, under `connections_path`, as one entry whose keys are these variables; External Secrets
brings it into the namespace. Where other services are is known beforehand.
"""

from __future__ import annotations

from foundation.service import Dependency, dependency_variables
from scaffolder_actions.workload.identity import Workload


def connection_variables(dependency: Dependency) -> tuple[str, ...]:
    """The variables of a managed dependency: `DATABASE_URL`, or `ORDERS_DATABASE_URL` for the one called `orders`."""
    return dependency_variables(dependency.type, dependency.name)


def service_address(dependency: Dependency) -> tuple[str, str]:
    """The variable and the address of another service: `PAYMENT_API_URL`, `http://payment-api.payments`."""
    (variable,) = dependency_variables(dependency.type, dependency.name)
    return variable, f"http://{dependency.name}.{dependency.team}"


def connections_path(workload: Workload) -> str:
    """Where applying writes the connections of what it made, in the secret store's key-value engine."""
    return connections_entry(workload.service.team, workload.name, workload.environment)


def secrets_path(workload: Workload) -> str:
    """Where the team puts the values of `spec.secrets`."""
    return secrets_entry(workload.service.team, workload.name, workload.environment)


def connections_entry(team: str, service: str, environment: str) -> str:
    """The same for who has no document any more."""
    return f"{team}/{service}/{environment}/connections"


def secrets_entry(team: str, service: str, environment: str) -> str:
    """The same for who has no document any more."""
    return f"{team}/{service}/{environment}/secrets"
