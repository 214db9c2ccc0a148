"""Any valid Service document becomes objects that every judge accepts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings

from foundation.service import Service
from tests.judges import checkov, object_errors, restricted_violations
from tests.judges.documents import document_of, services
from tests.scaffolder_actions.workload.compiled import by_kind, files_of, objects_of, pod_of

# The checks of checkov that are not followed, and why.
ACCEPTED = {
    "CKV_K8S_11": "no limit of CPU: what is idle may be used, and a throttled pod answers late on an idle node",
    "CKV_K8S_15": "a tag is never made twice, so that a node that has the image need not ask the registry",
    "CKV_K8S_35": "libraries and twelve-factor services read variables; files would need code in each service",
    "CKV_K8S_43": "the version is the pipeline's to choose; a document with a digest is rendered with it",
}
# A worker without a port is sent nothing that it could be unready for; one without a command cannot be asked at all.
ACCEPTED_WITHOUT_PORT = {"CKV_K8S_8", "CKV_K8S_9"}
# What checkov has checks of; it is slow to read the others.
CHECKED = {
    "ServiceAccount",
    "NetworkPolicy",
    "Deployment",
    "CronJob",
    "Service",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(service=services())
def test_every_object_is_one_that_clusters_take(service: Service) -> None:
    """Strictly valid in each release and for each definition, "restricted" pods, and each name once."""
    objects = objects_of(service, service.environments[-1])
    for each in objects:
        assert object_errors(each) == [], each["kind"]
        assert each["metadata"]["namespace"] == service.team
    assert restricted_violations(pod_of({each["kind"]: each for each in objects})["spec"]) == []
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert len(names) == len(set(names))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(service=services())
def test_objects_fit_one_another(service: Service) -> None:
    """Selectors find the pods, ports and names lead somewhere, and nothing is given twice."""
    environment = service.environments[0]
    objects, here = by_kind(service, environment), service.in_environment(environment)
    template = pod_of(objects)
    container = template["spec"]["containers"][0]
    ports = {each["name"]: each["containerPort"] for each in container.get("ports", [])}
    _assert_selected(objects, template["metadata"]["labels"])
    assert template["spec"]["serviceAccountName"] == objects["ServiceAccount"]["metadata"]["name"]
    variables = [each["name"] for each in container["env"]]
    assert len(variables) == len(set(variables))
    assert ("envFrom" in container) == ("ExternalSecret" in objects) == bool(here.managed or here.secrets)
    if "Deployment" in objects:
        assert ("replicas" in objects["Deployment"]["spec"]) != ("HorizontalPodAutoscaler" in objects)
    for each in objects.get("Service", {}).get("spec", {}).get("ports", []):
        assert each["targetPort"] in ports
    for rule in objects["NetworkPolicy"]["spec"].get("ingress", []):
        assert {each["port"] for each in rule["ports"]} <= set(ports.values())
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container.get(probe, {}).get("httpGet", {}).get("port", "http") in {"http", *ports}
    if "HTTPRoute" in objects:
        _assert_led_to(objects)


def _assert_selected(objects: dict[str, Any], labels: dict[str, str]) -> None:
    for kind in {"Deployment", "PodDisruptionBudget"} & objects.keys():
        assert objects[kind]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert objects["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    if "Service" in objects:
        assert objects["Service"]["spec"]["selector"].items() <= labels.items()


def _assert_led_to(objects: dict[str, Any]) -> None:
    route, listeners = objects["HTTPRoute"]["spec"], objects["ListenerSet"]
    listener = listeners["spec"]["listeners"][0]
    assert (route["parentRefs"][0]["name"], route["parentRefs"][0]["sectionName"]) == (
        listeners["metadata"]["name"],
        listener["name"],
    )
    assert route["hostnames"] == [listener["hostname"]] == objects["Certificate"]["spec"]["dnsNames"]
    assert listener["tls"]["certificateRefs"][0]["name"] == objects["Certificate"]["spec"]["secretName"]
    backend = route["rules"][0]["backendRefs"][0]
    assert backend["name"] == objects["Service"]["metadata"]["name"]
    assert backend["port"] in [each["port"] for each in objects["Service"]["spec"]["ports"]]


def test_checkov_finds_nothing_that_was_not_decided() -> None:
    """Each check that fails stands in the list of those that are not followed, and each of those does fail."""
    files: dict[str, str] = {}
    unasked: set[str] = set()

    @settings(max_examples=40, deadline=None, database=None, phases=[Phase.generate])
    @given(service=services())
    def collect(service: Service) -> None:
        # A document's name may come twice, and checkov tells files apart by the names of what is in them.
        name = f"service-{len(files)}"
        objects = [each for each in objects_of(service, service.environments[0]) if each["kind"] in CHECKED]
        for each in objects:
            each["metadata"]["name"] = name
        files[f"{name}.yaml"] = yaml.dump_all(objects, Dumper=yaml.CSafeDumper)
        if service.type == "worker" and service.port is None:
            unasked.add(name)

    collect()
    findings = checkov("kubernetes", files)
    for finding in findings:
        check, resource = finding.partition(":")[0].split(" ", 1)
        if not (check in ACCEPTED_WITHOUT_PORT and resource.rpartition(".")[2] in unasked):
            assert check in ACCEPTED, finding
    assert ACCEPTED.keys() <= {each.partition(" ")[0] for each in findings}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(service=services())
def test_the_same_document_gives_the_same_bytes(service: Service) -> None:
    """Rendered twice, in one process."""
    assert files_of(service) == files_of(service)


def test_the_same_bytes_in_any_process(checkout: Path) -> None:
    """Nothing follows the order of a set, which is another one in each process."""
    dependencies = [{"type": each} for each in ("postgresql", "redis", "s3", "sqs")]
    document = document_of(dependencies=dependencies, ports=[{"name": "grpc", "port": 9090}], secrets=["B", "A"])
    program = (
        "import json, sys; from tests.judges.documents import service_of;"
        "from tests.scaffolder_actions.workload.compiled import files_of;"
        "print(json.dumps(files_of(service_of(json.load(sys.stdin)))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(document),
            cwd=checkout,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
