"""Where the API server keeps objects."""

from __future__ import annotations

import pytest

from foundation.jsontypes import JsonObject
from greenroom.local.cluster.resources import RESOURCES, Resource
from scaffolder_actions.rollouts.paths import collection, path_of, plural_of


@pytest.mark.parametrize(
    "resource", [each for each in RESOURCES if each.kind not in {"Endpoints", "Gateway"}], ids=lambda each: each.key
)
def test_plurals(resource: Resource) -> None:
    """The rule gives what the API calls each kind; but Endpoints are a plural already and Gateways are guessed wrong.

    Nobody applies either.
    """
    assert plural_of(resource.kind) == resource.plural


@pytest.mark.parametrize(
    ("kind", "plural"),
    [
        ("HTTPRoute", "httproutes"),
        ("Certificate", "certificates"),
        ("ServiceMonitor", "servicemonitors"),
        ("PrometheusRule", "prometheusrules"),
        ("ExternalSecret", "externalsecrets"),
    ],
)
def test_plurals_of_custom_resources(kind: str, plural: str) -> None:
    """What their custom resource definitions say."""
    assert plural_of(kind) == plural


def test_paths() -> None:
    """Core kinds, kinds of a group, and what has no namespace; foreign characters lead nowhere else."""
    account: JsonObject = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "a/b", "namespace": "commerce"},
    }
    assert path_of(account) == "/api/v1/namespaces/commerce/serviceaccounts/a%2Fb"
    assert path_of({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}) == "/api/v1/namespaces/x"
    assert collection("apps/v1", "deployments", "commerce") == "/apis/apps/v1/namespaces/commerce/deployments"
    assert collection("apps/v1", "deployments") == "/apis/apps/v1/deployments"
