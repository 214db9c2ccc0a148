"""How a pod gets what is secret."""

from __future__ import annotations

from tests.scaffolder_actions.workload.compiled import by_kind, container_of, job, order_api

# The variables of a connection.
DATABASE = [f"DATABASE_{each}" for each in ("URL", "HOST", "PORT", "NAME", "USER", "PASSWORD")]


def brought(**spec: object) -> dict[str, str]:
    """The path in the store by variable."""
    entries = by_kind(order_api(**spec), "production")["ExternalSecret"]["spec"]["data"]
    assert all(each["secretKey"] == each["remoteRef"]["property"] for each in entries)
    found = {each["secretKey"]: each["remoteRef"]["key"] for each in entries}
    assert len(found) == len(entries)
    return found


def test_connections_and_the_teams_own_values_come_from_two_places() -> None:
    """The first is written by the platform, the second by the team; each by its name alone."""
    found = brought(dependencies=[{"type": "postgresql"}, {"type": "s3", "name": "files"}], secrets=["STRIPE_API_KEY"])
    connections = "commerce/order-api/production/connections"
    assert found == {
        **dict.fromkeys(DATABASE, connections),
        "FILES_BUCKET_NAME": connections,
        "STRIPE_API_KEY": "commerce/order-api/production/secrets",
    }


def test_a_value_of_the_team_stands_over_a_connection() -> None:
    """And is asked for once."""
    assert brought(dependencies=[{"type": "redis"}], secrets=["REDIS_URL"]) == {
        "REDIS_URL": "commerce/order-api/production/secrets"
    }


def test_the_store_is_the_platforms_and_the_secret_the_services() -> None:
    """It stays when the store loses an entry: pods that run must be able to start again."""
    spec = by_kind(order_api(secrets=["A"]))["ExternalSecret"]["spec"]
    assert spec["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "vault"}
    assert spec["target"] == {"name": "order-api", "creationPolicy": "Owner", "deletionPolicy": "Retain"}


def test_a_pod_waits_for_its_secret() -> None:
    """Rather than to start without it."""
    expected = [{"secretRef": {"name": "order-api", "optional": False}}]
    assert container_of(order_api(secrets=["A"]))["envFrom"] == expected
    assert container_of(order_api(dependencies=[{"type": "sqs"}]))["envFrom"] == expected


def test_without_secrets_there_is_nothing_to_wait_for() -> None:
    """Another service is no secret."""
    for service in (order_api(dependencies=[{"type": "service", "name": "stock"}]), job()):
        assert "ExternalSecret" not in by_kind(service)
        assert "envFrom" not in container_of(service)
