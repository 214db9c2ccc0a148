from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.health.built_in import PYTHON_RULES
from foundation.health.kinds import GroupKind
from foundation.health.rulebook import load_rulebook
from foundation.health.table import RulesError, built_in_tables
from tests.foundation.health.objects import NOW

_RULES = load_rulebook()

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.text(max_size=5)
    | st.sampled_from(["True", "False", "Ready"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["conditions", "type", "status", "reason", "phase", "parents", "parentRef", "ingress", "loadBalancer"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_KINDS = sorted({*PYTHON_RULES, *built_in_tables(), GroupKind("example.com", "Widget")})


@given(kind=st.sampled_from(_KINDS), metadata=_JSON, spec=_JSON, status=_JSON)
def test_whatever_an_object_says_there_is_a_verdict(kind: GroupKind, metadata: Any, spec: Any, status: Any) -> None:
    version = f"{kind.group}/v1" if kind.group else "v1"
    verdict = _RULES.judge(
        {"apiVersion": version, "kind": kind.kind, "metadata": metadata, "spec": spec, "status": status}, NOW
    )
    assert isinstance(verdict.message, str)


def test_a_teams_table_wins_over_ours_and_a_name_over_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "project: Ours\n"
        "rules:\n"
        "  - {group: '*.example.com', kinds: ['*'], otherwise: {status: Healthy, message: any}}\n"
        "  - {group: shop.example.com, kinds: [Widget], otherwise: {status: Degraded, message: 'is {spec.size}'}}\n"
        "  - {group: cert-manager.io, kinds: [Certificate], otherwise: {status: Suspended, message: ours}}\n"
    )
    rules = load_rulebook(tmp_path)

    def said(group: str, kind: str) -> str:
        return rules.judge({"apiVersion": f"{group}/v1", "kind": kind, "spec": {"size": "big"}}, NOW).message

    assert said("a.example.com", "Thing") == "any"
    assert said("shop.example.com", "Widget") == "is big"
    assert said("cert-manager.io", "Certificate") == "ours"
    assert rules.reads(GroupKind("shop.example.com", "Widget")) == {
        "status": {"observedGeneration": None},
        "spec": {"size": None},
    }


def test_every_fault_of_a_table_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(
        "project: Wrong\nrules:\n  - group: example.com\n    kinds: [Widget]\n    cases:\n"
        "      - {status: Sick, when: {path: status.phase, is: Bad}}\n    otherwhise: conditions\n"
    )
    with pytest.raises(RulesError) as caught:
        load_rulebook(tmp_path)
    assert {each.line for each in caught.value.problems} == {6, 7}
    assert "otherwise" in str(caught.value)


def test_a_script_for_a_workload_leaves_it_a_workload(tmp_path: Path) -> None:
    folder = tmp_path / "argoproj.io" / "Rollout"
    folder.mkdir(parents=True)
    (folder / "health.lua").write_text("return {status = 'Healthy', message = 'mine'}")
    rules = load_rulebook(scripts=tmp_path)
    assert rules.runs_pods(GroupKind("argoproj.io", "Rollout"))
    assert rules.judge({"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}, NOW).message == "mine"
