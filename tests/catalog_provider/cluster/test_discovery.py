from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from catalog_provider.cluster.discovery import served_kinds, workload_kinds
from catalog_provider.cluster.kinds import Kind
from catalog_provider.cluster.slimming import slim
from foundation.connections.kubernetes import ClusterNotFoundError, ClusterUnreachableError, Response
from foundation.health.kinds import GroupKind
from foundation.health.rulebook import load_rulebook, standard_rulebook
from foundation.jsontypes import Json

_VERBS = ["get", "list", "watch"]
_RESOURCES: dict[str, list[dict[str, Any]]] = {
    "cert-manager.io/v1": [
        {"name": "certificates", "kind": "Certificate", "verbs": _VERBS},
        {"name": "certificates/status", "kind": "Certificate", "verbs": ["get"]},
        {"name": "oddities", "kind": "Oddity", "verbs": _VERBS},
    ],
    "argoproj.io/v1alpha1": [{"name": "rollouts", "kind": "Rollout", "verbs": ["get"]}],
    "apiextensions.k8s.io/v1": [
        {"name": "customresourcedefinitions", "kind": "CustomResourceDefinition", "verbs": _VERBS}
    ],
    "example.com/v1": [{"name": "widgets", "kind": "Widget", "verbs": _VERBS}],
}


class Server:
    """An API server as far as discovery asks it; `asked` are the questions."""

    def __init__(self, *gone: str, down: str = "") -> None:
        self.asked: list[str] = []
        self._gone = gone
        self._down = down

    def request(self, method: str, path: str) -> Response:
        self.asked.append(f"{method} {path}")
        if path == "/apis":
            groups: list[Json] = [
                {"name": version.partition("/")[0], "preferredVersion": {"groupVersion": version}}
                for version in _RESOURCES
            ]
            return Response(HTTPStatus.OK, {}, {"groups": groups})
        version = path.removeprefix("/apis/")
        if version in self._gone:
            raise ClusterNotFoundError("gone")
        if version == self._down:
            raise ClusterUnreachableError("no answer")
        return Response(HTTPStatus.OK, {}, {"resources": _RESOURCES[version]})


def plurals(server: Server, watched: tuple[str, ...] = (), unwatched: tuple[str, ...] = ()) -> set[str]:
    return {each.plural for each in served_kinds(server, standard_rulebook(), watched, unwatched).kinds}


_DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
_ALWAYS = {
    "customresourcedefinitions",
    "events",
    "services",
    "ingresses",
    "persistentvolumeclaims",
    "horizontalpodautoscalers",
    "poddisruptionbudgets",
}


def test_kinds_with_a_rule_that_can_be_watched_are() -> None:
    server = Server()
    assert plurals(server) == {*_ALWAYS, "certificates"}
    assert "GET /apis/example.com/v1" not in server.asked


def test_settings_add_and_take_away() -> None:
    assert plurals(Server(), ("widgets.example.com",), ("certificates.cert-manager.io", "services")) == {
        *_ALWAYS - {"services"},
        "widgets",
    }


def found(name: str, **settings: tuple[str, ...]) -> list[Kind]:
    return [each for each in served_kinds(Server(), standard_rulebook(), **settings).kinds if each.name == name]


def test_definitions_are_watched_where_they_are_served_and_are_nobodys() -> None:
    """Of them the metadata alone is asked for; the label of an operator makes none of them a part of it."""
    (kind,) = found("CustomResourceDefinition")
    assert kind.listed_as == "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
    labels = {"app.kubernetes.io/name": "cert-manager"}
    kept = slim(kind, {"metadata": {"name": "issuers.cert-manager.io", "uid": "u", "labels": labels}, "spec": {"x": 1}})
    assert kept["metadata"] == {"name": "issuers.cert-manager.io", "uid": "u"}
    assert "spec" not in kept
    assert not found("APIService")
    assert not found("CustomResourceDefinition", unwatched=(_DEFINITIONS,))


def test_definitions_that_the_settings_name_are_judged() -> None:
    (kind,) = found("CustomResourceDefinition", watched=(_DEFINITIONS,))
    assert (kind.metadata_only, kind.listed_as) == (False, "application/json")


def test_a_group_that_goes_between_two_questions_is_no_trouble() -> None:
    assert plurals(Server("cert-manager.io/v1")) == _ALWAYS


def test_a_group_that_does_not_answer_is_named_and_hides_no_other() -> None:
    served = served_kinds(Server(down="argoproj.io/v1alpha1"), standard_rulebook())
    assert served.unanswered == {"argoproj.io": "no answer"}
    assert "certificates" in {each.plural for each in served.kinds}


@pytest.mark.parametrize("kind", ["Certificate"])
def test_what_its_rule_reads_is_kept(kind: str) -> None:
    (served,) = found(kind)
    assert served.reads == standard_rulebook().reads(GroupKind("cert-manager.io", kind))
    assert served.key == "Certificate.cert-manager.io"


def test_what_a_teams_rule_reads_of_our_kinds_is_kept_beside_what_we_read(tmp_path: Path) -> None:
    """Of workloads the roll-up needs more than the rule, such as the schedule and the image."""
    path = "metadata.annotations[example.com/quiet]"
    rules = "\n".join(
        f"  - {{group: {group}, kinds: [{kind}], cases: [{{status: Healthy, when: {{path: '{path}', is: 'yes'}}}}]}}"
        for group, kind in (("batch", "CronJob"), ("policy", "PodDisruptionBudget"))
    )
    (tmp_path / "ours.yaml").write_text(f"project: Ours\nrules:\n{rules}\n")
    ours = load_rulebook(tmp_path)
    for standard, kinds in (
        (workload_kinds(standard_rulebook()), workload_kinds(ours)),
        (served_kinds(Server(), standard_rulebook()).kinds, served_kinds(Server(), ours).kinds),
    ):
        before = {each.key: each.mask for each in standard}
        for each in kinds:
            annotations = each.mask["metadata"] or {}
            is_ours = each.key in {"CronJob", "PodDisruptionBudget"}
            assert ("example.com/quiet" in (annotations.get("annotations") or {})) is is_ours, each.key
            assert set(before[each.key]) <= set(each.mask)
            assert is_ours or before[each.key] == each.mask
