"""Service documents that need something of AWS, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from foundation.service import load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.infrastructure.template import stack_template
from scaffolder_actions.workload.identity import Workload, workload_of

PLATFORM = PlatformSettings()

_names = st.from_regex(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){0,39}", fullmatch=True)
_sizes = st.sampled_from(["small", "medium", "large", "xlarge"])
_environments = st.from_regex(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){0,29}", fullmatch=True)


def _dependency(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind)}, optional={"name": _names, **fields})


_dependencies = st.lists(
    st.one_of(
        _dependency(
            "postgresql",
            size=_sizes,
            version=st.sampled_from(["15", "16", "17"]),
            storage=st.one_of(st.integers(20, 65536), st.just(65536)),
        ),
        _dependency("redis", size=_sizes, version=st.sampled_from(["6.2", "7.1"])),
        _dependency("s3", expireDays=st.integers(1, 36500)),
        _dependency("sqs", fifo=st.booleans(), visibilitySeconds=st.integers(1, 43200), tries=st.integers(1, 1000)),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: (each["type"], each.get("name", each["type"])),
)


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Valid documents of every shape that changes a stack."""
    return st.builds(
        document,
        name=_names,
        team=_names.filter(lambda name: name != "default" and not name.startswith("kube-")),
        dependencies=_dependencies,
        exposure=st.sampled_from([{}, {"visibility": "public", "host": "a.example.com"}, {"visibility": "none"}]),
        environments=st.lists(st.one_of(st.just("production"), _environments), min_size=1, max_size=2, unique=True),
    )


def document(name: str = "order-api", team: str = "commerce", **spec: Any) -> dict[str, Any]:
    """A document with what stands under `spec`."""
    return {
        "apiVersion": "platform.company.com/v1",
        "kind": "Service",
        "metadata": {"name": name, "team": team},
        "spec": spec,
    }


def workload(given: dict[str, Any], environment: str, platform: PlatformSettings = PLATFORM) -> Workload:
    """The workload of a document in one environment."""
    service = load_service(json.dumps(given), "service.yaml", platform)
    return workload_of(service, environment, "1.4.2", platform)


def template(given: dict[str, Any], environment: str = "production") -> Any:
    """The document's stack, as plain data without types; a document that needs none fails."""
    made = stack_template(workload(given, environment))
    assert made is not None
    return made


def resources(*dependencies: dict[str, Any], environment: str = "production", **spec: Any) -> Any:
    """The resources of a service with these dependencies, by logical id."""
    return template(document(dependencies=list(dependencies), **spec), environment)["Resources"]


def everything() -> Sequence[dict[str, Any]]:
    """One dependency of each type and shape, alone and named."""
    return [
        {"type": "postgresql"},
        {"type": "postgresql", "name": "orders", "size": "medium", "version": "15", "storage": 200},
        {"type": "redis"},
        {"type": "redis", "name": "sessions", "size": "large", "version": "6.2"},
        {"type": "s3"},
        {"type": "s3", "name": "reports", "expireDays": 30},
        {"type": "sqs"},
        {"type": "sqs", "name": "in-order", "fifo": True, "visibilitySeconds": 300, "tries": 3},
    ]
