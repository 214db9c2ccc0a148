"""The judges judged: each lets what is right pass and names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.judges import actionlint, checkov, object_errors, restricted_violations

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: order-api, namespace: commerce }
spec:
  parentRefs: [{ name: internal, namespace: gateways }]
  hostnames: [order-api.internal.example.com]
  rules:
    - matches: [{ path: { type: PathPrefix, value: / } }]
      backendRefs: [{ name: order-api, port: 80 }]
"""
CERTIFICATE = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: order-api, namespace: commerce }
spec:
  secretName: order-api-tls
  dnsNames: [order-api.internal.example.com]
  issuerRef: { group: cert-manager.io, kind: ClusterIssuer, name: letsencrypt }
  privateKey: { algorithm: ECDSA, size: 256, rotationPolicy: Always }
"""
SECRET = """
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: order-api, namespace: commerce }
spec:
  refreshInterval: 1m
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target: { name: order-api, creationPolicy: Owner }
  dataFrom: [{ extract: { key: commerce/order-api } }]
"""
MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: order-api, namespace: commerce }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: order-api } }
  endpoints: [{ port: http, path: /metrics, interval: 30s }]
"""
RULE = """
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: order-api, namespace: commerce }
spec:
  groups: [{ name: order-api, rules: [{ alert: Down, expr: up == 0, for: 5m, labels: { severity: page } }] }]
"""
BUDGET = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: order-api, namespace: commerce }
spec: { maxUnavailable: 1, selector: { matchLabels: { app.kubernetes.io/name: order-api } } }
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: { name: order-api, namespace: commerce }
spec:
  selector: { matchLabels: { app: order-api } }
  template:
    metadata: { labels: { app: order-api } }
    spec: { containers: [{ name: app, image: "order-api:1" }] }
"""
WORKFLOW = """
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{ run: make test }]
"""
# The smallest pod that "restricted" lets in.
POD: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "app",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


@pytest.mark.parametrize("text", [ROUTE, CERTIFICATE, SECRET, MONITOR, RULE, BUDGET])
def test_objects_that_a_cluster_takes_pass(text: str) -> None:
    """Built-in kinds and those of Gateway API, cert-manager, External Secrets and Prometheus' operator."""
    assert object_errors(yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    ("text", "right", "wrong", "named"),
    [
        (ROUTE, "backendRefs", "backends", "backends"),
        (ROUTE, "type: PathPrefix", "type: Prefix", "Prefix"),
        (ROUTE, "port: 80", "port: 70000", "/port"),
        (ROUTE, "hostnames: [order", "hostnames: [-order", "/hostnames/0"),
        (CERTIFICATE, "secretName", "secret", "secretName"),
        (CERTIFICATE, "algorithm: ECDSA", "algorithm: DSA", "DSA"),
        (SECRET, "creationPolicy: Owner", "creationPolicy: Mine", "Mine"),
        (SECRET, "extract: { key", "extract: { path", "path"),
        (MONITOR, "interval: 30s", "interval: soon", "/interval"),
        (MONITOR, "endpoints", "endpoint", "endpoint"),
        (RULE, "expr", "expression", "expression"),
        (RULE, "labels: { severity: page }", "labels: { severity: 1 }", "1"),
        (BUDGET, "maxUnavailable", "maxMissing", "maxMissing"),
    ],
)
def test_what_a_cluster_would_refuse_is_named(text: str, right: str, wrong: str, named: str) -> None:
    """Unknown fields, wrong types, values outside of their choices, limits and patterns."""
    assert right in text
    found = object_errors(yaml.safe_load(text.replace(right, wrong)))
    assert any(named in each for each in found), found


def test_a_pod_of_the_restricted_level_passes() -> None:
    """The least that the standard asks for."""
    assert restricted_violations(POD) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}, "app: runAsNonRoot"),
        ({"securityContext": {"runAsNonRoot": True}}, "app: seccompProfile"),
        ({"hostNetwork": True}, "hostNetwork"),
        ({"volumes": [{"name": "node", "hostPath": {"path": "/"}}]}, "volume node"),
        ({"initContainers": [{"name": "first"}]}, "first: capabilities"),
    ],
)
def test_pods_below_the_restricted_level_are_named(change: dict[str, Any], named: str) -> None:
    """Of the pod and of each of its containers."""
    assert named in restricted_violations({**POD, **change})


def test_checkov_names_the_check_the_object_and_why() -> None:
    """Each call for itself, also after others."""
    found = checkov("kubernetes", {"deploy/a.yaml": DEPLOYMENT, "deploy/b.yaml": BUDGET})
    assert any(each.startswith("CKV_K8S_20 Deployment.commerce.order-api: Containers should not run") for each in found)
    assert checkov("kubernetes", {"a.yaml": DEPLOYMENT}) == checkov("kubernetes", {"a.yaml": DEPLOYMENT})


@pytest.mark.parametrize("text", ["just words", "", BUDGET])
def test_checkov_says_when_it_looked_at_nothing(text: str) -> None:
    """Silence would pass for approval."""
    assert checkov("kubernetes", {"a.yaml": text}) == ["checkov looked at nothing"]


def test_checkov_knows_stacks_and_workflows_too() -> None:
    """One judge for each kind of file that is generated."""
    stack = '{"Resources": {"Files": {"Type": "AWS::S3::Bucket"}}}'
    assert any("AWS::S3::Bucket.Files" in each for each in checkov("cloudformation", {"stack.json": stack}))
    shell = WORKFLOW.replace("make test", '"echo ${{ github.event.issue.title }}"')
    found = checkov("github_actions", {".github/workflows/build.yaml": shell})
    assert any(each.startswith("CKV_GHA_2 ") for each in found)


def test_actionlint_names_the_line_and_the_fault() -> None:
    """Unknown keys, and what an expression would put into a script."""
    assert actionlint(WORKFLOW) == []
    assert any("needs" in each for each in actionlint(WORKFLOW.replace("runs-on", "needs: lint\n    runs-on")))
    assert any("untrusted" in each for each in actionlint(WORKFLOW.replace("make test", '"${{ github.head_ref }}"')))
