"""Everything that a service is made of, with the real `kubectl`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from greenroom.local.cluster.objects import Manifest
from tests.greenroom.cluster.http_client import eventually
from tests.greenroom.cluster.kubectl import Kubectl, needs_kubectl
from tests.greenroom.cluster.manifests import (
    certificate,
    cron_job,
    external_secret,
    listener_set,
    network_policy,
    pod_monitor,
    prometheus_rule,
    reference_grant,
    route,
    service,
    service_monitor,
)
from tests.greenroom.cluster.simulation import deployment

pytestmark = needs_kubectl


def _service() -> list[Manifest]:
    """One service as the platform makes it, its pods waiting for their secrets."""
    workload = deployment(replicas=1)
    workload["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [{"secretRef": {"name": "order-api"}}]
    return [
        workload,
        service(),
        route(parentRefs=[{"kind": "ListenerSet", "name": "order-api"}]),
        listener_set(),
        certificate(),
        external_secret(),
        service_monitor(),
        pod_monitor(),
        prometheus_rule(),
        reference_grant(),
        network_policy(),
        cron_job(),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A kustomization of the service; the version of its image stands in it alone."""
    manifests = _service()
    (tmp_path / "service.yaml").write_text(yaml.safe_dump_all(manifests), encoding="utf-8")
    image = {"name": "registry.example/order-api", "newTag": "1.4.2"}
    kustomization = {"resources": ["service.yaml"], "namespace": "commerce", "images": [image]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(kustomization), encoding="utf-8")
    return str(tmp_path)


@pytest.fixture
def applied(kubectl: Kubectl, folder: str) -> Iterator[str]:
    """The service, applied and up."""
    kubectl("apply", "--kustomize", folder)
    kubectl("rollout", "status", "deployment/order-api", "--timeout=60s")
    yield folder
    kubectl("delete", "--kustomize", folder, "--ignore-not-found")
    kubectl("delete", "secret", "order-api-tls", "--ignore-not-found")


def test_a_kustomization_of_all_kinds_is_applied_and_becomes_ready(kubectl: Kubectl, applied: str) -> None:
    """In one go and in any order; `wait` works on the custom kinds, and applying again changes nothing."""
    kubectl("wait", "certificate/order-api", "externalsecret/order-api", "--for=condition=Ready", "--timeout=60s")
    kubectl("wait", "listenerset/order-api", "--for=condition=Programmed", "--timeout=60s")
    parents = eventually(lambda: kubectl.read("httproute", "order-api")["status"]["parents"])
    assert {each["status"] for each in parents[0]["conditions"]} == {"True"}
    image = kubectl.read("deployment", "order-api")["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == "registry.example/order-api:1.4.2"
    versions = _versions(kubectl)
    kubectl("apply", "--kustomize", applied)
    assert _versions(kubectl) == versions


_MADE = "httproute,listenerset,certificate,externalsecret,servicemonitor,podmonitor,prometheusrule,referencegrant"


def _versions(kubectl: Kubectl) -> dict[str, str]:
    found = kubectl.read(f"{_MADE},networkpolicy,cronjob,service")["items"]
    return {f"{each['kind']}/{each['metadata']['name']}": each["metadata"]["resourceVersion"] for each in found}


def test_applying_on_the_server_takes_over_and_then_changes_nothing(kubectl: Kubectl, applied: str) -> None:
    """From client-side apply, as a GitOps tool does; a dry run says the same as the real one."""
    arguments = ("apply", "--server-side", "--field-manager=argocd-controller", "--kustomize", applied)
    kubectl(*arguments, "--force-conflicts")
    versions = _versions(kubectl)
    assert "conflict" not in kubectl(*arguments)
    assert _versions(kubectl) == versions
    assert not kubectl("diff", "--kustomize", applied)
    dry = kubectl(*arguments, "--dry-run=server", "--output=json")
    made = [each for each in json.loads(dry)["items"] if each["kind"] == "HTTPRoute"]
    assert made[0]["metadata"]["resourceVersion"] == versions["HTTPRoute/order-api"]


def test_diff_shows_what_would_change_and_nothing_else(kubectl: Kubectl, applied: str) -> None:
    """Defaults and statuses are no difference, a changed path is."""
    assert not kubectl("diff", "--kustomize", applied)
    path = Path(applied) / "service.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("/metrics", "/internal/metrics"), encoding="utf-8")
    process = kubectl.start("diff", "--kustomize", applied)
    output, error = process.communicate(timeout=60)
    assert process.returncode == 1, error
    changed = [line for line in output.splitlines() if line.startswith(("+ ", "- "))]
    assert [line.split()[-1] for line in changed] == ["1", "2", "/metrics", "/internal/metrics"]


def test_people_read_the_columns_of_the_real_definitions(kubectl: Kubectl, applied: str) -> None:
    """As cert-manager, External Secrets and the Gateway API show them."""
    kubectl("wait", "certificate/order-api", "--for=condition=Ready", "--timeout=60s")

    def rows(kind: str) -> list[str]:
        return kubectl("get", kind).splitlines()

    assert rows("httproutes")[0].split() == ["NAME", "HOSTNAMES", "AGE"]
    assert '["order-api.internal.example.com"]' in rows("httproutes")[1]
    assert rows("certificates")[0].split() == ["NAME", "READY", "SECRET", "AGE"]
    assert rows("cert")[1].split()[:3] == ["order-api", "True", "order-api-tls"]
    assert rows("externalsecrets")[0].split() == [
        *("NAME", "STORETYPE", "STORE", "REFRESH", "INTERVAL"),
        "STATUS",
        "READY",
    ]
    assert "SecretSynced" in rows("es")[1]
    assert rows("servicemonitors")[0].split() == ["NAME", "AGE"]
    assert "SCHEDULE" in rows("cronjobs")[0]
    assert "Programmed" in kubectl("describe", "listenerset", "order-api")
    gateways = kubectl("get", "gateways", "--namespace", "gateways").splitlines()
    assert gateways[0].split() == ["NAME", "CLASS", "ADDRESS", "PROGRAMMED", "AGE"]
    assert gateways[2].split()[:4] == ["public", "simulated", "192.0.2.20", "True"]
    assert "order-api" in kubectl("get", "gateway-api")


def test_a_misspelt_field_is_refused(kubectl: Kubectl) -> None:
    """Kubectl asks for strict validation by itself."""
    wrong = kubectl.file(certificate(secretNam="x"))
    assert 'unknown field "spec.secretNam"' in kubectl.fail("apply", "--filename", wrong)
    assert ".spec.secretNam: field not declared" in kubectl.fail("apply", "--server-side", "--filename", wrong)
    missing = kubectl.file({**certificate(), "spec": {"dnsNames": ["a.example"]}})
    assert "spec.issuerRef: Required value" in kubectl.fail("apply", "--filename", missing)


def test_custom_kinds_are_edited_patched_and_labelled(kubectl: Kubectl, applied: str) -> None:
    """With the patch types that real servers take for them."""
    kubectl("patch", "certificate", "order-api", "--type=merge", "--patch", '{"spec": {"commonName": "order-api"}}')
    kubectl("label", "certificate", "order-api", "team=commerce")
    kubectl("annotate", "externalsecret", "order-api", "force-sync=1")
    kubectl("edit", "httproute", "order-api", EDITOR="sed -i s/port:.80/port:\\ 8080/")
    found = kubectl.read("certificate", "order-api")
    assert (found["spec"]["commonName"], found["metadata"]["labels"]["team"]) == ("order-api", "commerce")
    backend = kubectl.read("httproute", "order-api")["spec"]["rules"][0]["backendRefs"][0]
    assert backend["port"] == 8080
    refused = kubectl.fail("patch", "certificate", "order-api", "--patch", '{"spec": {"commonName": "x"}}')
    assert "strategic-merge-patch+json is not supported" in refused


def test_a_job_is_made_from_a_schedule(kubectl: Kubectl, applied: str) -> None:
    """Kubectl sends it as protobuf, with everything that the schedule's template says."""
    kubectl("create", "job", "by-hand", "--from=cronjob/nightly")
    job = kubectl.read("job", "by-hand")
    owner = job["metadata"]["ownerReferences"][0]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("CronJob", "nightly", True)
    wanted = kubectl.read("cronjob", "nightly")["spec"]["jobTemplate"]["spec"]
    assert _without_generated(job["spec"]) == _without_generated(wanted)
    kubectl("wait", "job/by-hand", "--for=condition=Complete", "--timeout=60s")
    assert "by-hand" in kubectl("get", "jobs")
    kubectl("delete", "job", "by-hand")


def _without_generated(spec: Manifest) -> Any:
    """What a person wrote: without what the server adds to every Job for itself."""
    template = {**spec["template"], "metadata": {"labels": {"app.kubernetes.io/name": "nightly"}}}
    return {"backoffLimit": spec["backoffLimit"], "template": template}


def test_schedules_are_created_and_described(kubectl: Kubectl) -> None:
    """By the command that makes them, which sends protobuf as well."""
    kubectl("create", "cronjob", "hourly", "--image=job:1", "--schedule=0 * * * *", "--", "run", "--fast")
    found = kubectl.read("cronjob", "hourly")["spec"]
    assert found["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"] == ["run", "--fast"]
    assert "0 * * * *" in kubectl("describe", "cronjob", "hourly")
    kubectl("delete", "cronjob", "hourly")


def test_deleting_takes_what_is_owned_along(kubectl: Kubectl, applied: str) -> None:
    """The synced Secret goes, the certificate's stays, as cert-manager leaves it by default."""
    kubectl("wait", "certificate/order-api", "--for=condition=Ready", "--timeout=60s")
    kubectl("delete", "--kustomize", applied)
    left = eventually(
        lambda: [each["metadata"]["name"] for each in kubectl.read("secrets")["items"]],
        lambda names: "order-api" not in names,
    )
    assert left == ["order-api-tls"]
    assert not kubectl.read(_MADE)["items"]
