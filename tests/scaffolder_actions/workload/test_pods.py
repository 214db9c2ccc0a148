"""The pods of a service: what they are told, what they get, where they run and how they go."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.service import Service
from tests.scaffolder_actions.workload.compiled import Data, by_kind, container_of, job, order_api, pod_of


def variables_of(service: Service, environment: str = "staging") -> dict[str, str]:
    return {each["name"]: each["value"] for each in container_of(service, environment)["env"]}


def pod(service: Service) -> Data:
    found: Data = pod_of(by_kind(service))["spec"]
    return found


@pytest.mark.parametrize("service", [order_api(), order_api(type="worker"), job()], ids=["web", "worker", "job"])
def test_a_pod_can_do_nothing_that_it_need_not(service: Service) -> None:
    """Not root, no privileges, a root file system that nobody writes, and no token of the cluster."""
    found, container = pod(service), container_of(service)
    assert found["automountServiceAccountToken"] is False
    assert found["securityContext"]["runAsNonRoot"] is True
    assert found["securityContext"]["runAsUser"] == 10001
    assert found["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert by_kind(service)["ServiceAccount"]["automountServiceAccountToken"] is False


def test_what_a_service_may_write_has_a_limit() -> None:
    """A `/tmp` of its own, beside a root that it cannot write."""
    assert container_of(order_api())["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]
    assert pod(order_api())["volumes"] == [{"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}}]


@pytest.mark.parametrize(
    ("resources", "cpu", "memory"),
    [
        ({}, "250m", "256Mi"),
        ({"cpu": "large", "memory": "medium"}, "1", "512Mi"),
        ({"cpu": "300m", "memory": "3Gi"}, "300m", "3Gi"),
    ],
)
def test_sizes_become_requests_and_a_limit_of_memory_alone(resources: Data, cpu: str, memory: str) -> None:
    """Memory cannot be taken back; processor time can."""
    assert container_of(order_api(resources=resources))["resources"] == {
        "requests": {"cpu": cpu, "memory": memory},
        "limits": {"memory": memory},
    }


def test_pods_carry_no_label_that_restarts_them_for_nothing() -> None:
    """Neither a version nor the team's own labels stand in the pod template."""
    assert pod_of(by_kind(order_api()))["metadata"] == {
        "labels": {
            "app.kubernetes.io/name": "order-api",
            "app.kubernetes.io/part-of": "checkout",
            "app.kubernetes.io/managed-by": "greenroom",
            "backstage.io/kubernetes-id": "order-api",
        }
    }


def test_pods_say_whom_they_call() -> None:
    """One label for each service that they depend on, by which its network policy knows them."""
    service = order_api(
        dependencies=[{"type": "service", "name": "pay", "team": "money"}, {"type": "service", "name": "stock"}]
    )
    labels = pod_of(by_kind(service))["metadata"]["labels"]
    assert {key for key in labels if ".calls." in key} == {
        "money.calls.platform.company.com/pay",
        "commerce.calls.platform.company.com/stock",
    }


def test_pods_that_stay_are_spread_and_kept_apart_where_there_is_room() -> None:
    """Over zones and nodes, as wishes: a cluster with one node left still runs every pod."""
    found = pod(order_api())
    spread = found["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    assert {each["whenUnsatisfiable"] for each in spread} == {"ScheduleAnyway"}
    wish = found["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"][0]
    assert wish["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname"
    assert not {"affinity", "topologySpreadConstraints"} & pod(job()).keys()


@pytest.mark.parametrize(
    ("service", "drain", "grace"),
    [
        (order_api(), {"preStop": {"sleep": {"seconds": 5}}}, 35),
        (order_api(type="worker", ports=[{"name": "admin", "port": 9000}]), {"preStop": {"sleep": {"seconds": 5}}}, 35),
        (order_api(type="worker", port=8080), None, 30),
        (job(), None, 30),
    ],
    ids=["web", "worker that is reached", "worker", "job"],
)
def test_pods_that_are_reached_wait_until_nobody_is_sent_to_them(service: Service, drain: Any, grace: int) -> None:
    """Five seconds for balancers to forget a pod, and half a minute to end what is under way."""
    assert container_of(service).get("lifecycle") == drain
    assert pod(service)["terminationGracePeriodSeconds"] == grace


def test_a_container_is_told_where_it_is_and_where_others_are() -> None:
    """Environment, port and the services that it depends on; what is made for it comes from its Secret."""
    service = order_api(port=9000, dependencies=[{"type": "service", "name": "payment-api", "team": "payments"}])
    found = variables_of(service, "production")
    assert found["ENVIRONMENT"] == "production"
    assert found["PORT"] == "9000"
    assert found["PAYMENT_API_URL"] == "http://payment-api.payments"
    assert "PORT" not in variables_of(order_api(type="worker"))


def test_the_documents_variables_come_last_and_stand_over_the_platforms() -> None:
    """In their order, so that each may refer to those before."""
    service = order_api(
        env={"STOCK_URL": "http://stock.test", "B": "$(PAY_URL)", "A": "$(B)"},
        dependencies=[{"type": "service", "name": "stock"}, {"type": "service", "name": "pay"}],
    )
    found = variables_of(service)
    assert list(found)[-3:] == ["STOCK_URL", "B", "A"]
    assert found["STOCK_URL"] == "http://stock.test"


def test_an_override_changes_the_pods_of_its_environment() -> None:
    """Variables are merged, the rest is replaced."""
    service = order_api(env={"A": "1", "B": "1"}, overrides={"production": {"env": {"B": "2"}}})
    assert variables_of(service).items() >= {"A": "1", "B": "1"}.items()
    assert variables_of(service, "production").items() >= {"A": "1", "B": "2"}.items()


def test_words_of_the_document_replace_those_of_the_image() -> None:
    """And stay away where there are none."""
    container = container_of(order_api(command=["python", "-m", "orders"], args=["--port", "$(PORT)"]))
    assert container["command"] == ["python", "-m", "orders"]
    assert container["args"] == ["--port", "$(PORT)"]
    assert not {"command", "args"} & container_of(order_api()).keys()


def test_every_port_is_declared_by_its_name() -> None:
    """The main one is `http`, whatever its number."""
    ports = [{"name": "grpc", "port": 9090, "protocol": "grpc"}]
    assert container_of(order_api(port=9000, ports=ports))["ports"] == [
        {"name": "http", "containerPort": 9000, "protocol": "TCP"},
        {"name": "grpc", "containerPort": 9090, "protocol": "TCP"},
    ]
    assert "ports" not in container_of(order_api(type="worker"))


@pytest.mark.parametrize(("start", "deadline"), [(10, 600), (300, 600), (1800, 2100)])
def test_a_roll_out_may_take_as_long_as_a_pod_may_take_to_start(start: int, deadline: int) -> None:
    """Otherwise it would count as failed while its first pod is still within its time."""
    spec = by_kind(order_api(probes={"startSeconds": start}))["Deployment"]["spec"]
    assert spec["progressDeadlineSeconds"] == deadline


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("rolling", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}),
        ("recreate", {"type": "Recreate"}),
    ],
)
def test_how_a_new_version_takes_over(strategy: str, expected: Data) -> None:
    """Never fewer pods than before, but for what cannot run twice."""
    service = order_api(deployment={"strategy": strategy, "replicas": {"min": 2, "max": 10}})
    assert by_kind(service)["Deployment"]["spec"]["strategy"] == expected
