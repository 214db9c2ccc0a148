"""Valid Service documents of every shape, with every field of the form: valid by construction, for properties."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from hypothesis import strategies as st

from foundation.service import Release, Service, find_release, load_service, releases
from foundation.service.hosts import LONGEST_PUBLIC
from foundation.settings import PlatformSettings

PLATFORM = PlatformSettings()
Data: TypeAlias = dict[str, Any]

# The shortest and longest, what people write, and what is allowed but rare.
_NAMES = ("a", "order-api", "n" * 40, "a-b", "x0-1")
_TEAMS = ("commerce", "0", "t" * 63)
_ENVIRONMENTS = ("staging", "production", "qa-2", "e" * 30)
_DEPENDENCY_NAMES = ("orders", "carts", "d" * 40)
_SERVICE_NAMES = ("payment-api", "stock", "s" * 40)
# None of them is a variable of a dependency.
_VARIABLES = ("PAGE_SIZE", "LOG_LEVEL", "_X", "V" * 128)
_SECRETS = ("STRIPE_API_KEY", "SENTRY_DSN")
_PATHS = ("/", "/healthz", "/a/b.c", "/live~z:@%20")
_HOSTS = ("orders.example.com", f"{'a' * 63}.{'b' * 63}.{'c' * 48}.example.com")
_CRONS = ("15 3 * * *", "*/5 * * * *", "0 0 1,15 jan-jun mon")
_ZONES = ("Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires")

_text = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40)
_words = st.lists(st.sampled_from(["python", "-m", "orders.worker", "--port=$(PORT)", 'it\'s "x"']), max_size=3)
_cpu = st.sampled_from(["xsmall", "small", "medium", "large", "xlarge", "1m", "300m", "1.5", "0.25", "64"])
_memory = st.sampled_from(["xsmall", "small", "medium", "large", "xlarge", "64Mi", "700Mi", "3Gi"])
_link_icon = st.sampled_from(["dashboard", "docs"])


def service_documents() -> st.SearchStrategy[Data]:
    """Documents as people write them, as plain data."""
    return _documents()


def services() -> st.SearchStrategy[Service]:
    """What documents are read as."""
    return service_documents().map(service_of)


def service_of(document: Data) -> Service:
    """The service that the document describes. Raises ServiceDocumentError for a wrong one."""
    return load_service(json.dumps(document, ensure_ascii=False), "service.yaml", PLATFORM)


def document_of(**spec: object) -> Data:
    """A document with a name and a team, and this spec."""
    return {
        "apiVersion": "platform.company.com/v1",
        "kind": "Service",
        "metadata": {"name": "order-api", "team": "commerce", "system": "checkout", "labels": {"tier": "gold"}},
        "spec": spec,
    }


@st.composite
def _documents(draw: st.DrawFn) -> Data:
    metadata = draw(_metadata())
    platform = draw(st.sampled_from([None, *releases(PLATFORM)]))
    release = find_release(platform, PLATFORM)
    kind = draw(st.sampled_from(["web", "worker", "job"]))
    environments = draw(st.lists(st.sampled_from(_ENVIRONMENTS), min_size=1, max_size=3, unique=True))
    spec = draw(_spec(kind, release, metadata["name"]))
    spec |= {"type": kind, "environments": environments}
    if platform:
        spec["platform"] = platform
    if kind == "job":
        spec["schedule"] = {"cron": draw(st.sampled_from(_CRONS)), **draw(_schedule())}
    if draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(environments), max_size=2, unique=True))
        spec["overrides"] = {name: draw(_override(spec, release, name)) for name in chosen}
    if draw(st.booleans()):
        spec["patches"] = draw(st.lists(_patch(kind, environments, metadata["name"]), max_size=2))
    _keep_certifiable(metadata["name"], spec)
    return {"apiVersion": f"{PLATFORM.api_group}/v1", "kind": "Service", "metadata": metadata, "spec": spec}


def _keep_certifiable(name: str, spec: Data) -> None:
    """Let nothing be public whose host might be too long for a public certificate."""
    host = spec.get("exposure", {}).get("host", f"{name}.{PLATFORM.public_domain}")
    if len(host) + max(len(each) for each in spec["environments"]) < LONGEST_PUBLIC:
        return
    for each in (spec, *spec.get("overrides", {}).values()):
        if each.get("exposure", {}).get("visibility") == "public":
            each["exposure"] = {**each["exposure"], "visibility": "internal"}


def _metadata() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {
            "name": st.sampled_from(_NAMES) | st.from_regex(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){0,39}", fullmatch=True),
            "team": st.sampled_from(_TEAMS),
        },
        optional={
            "system": st.sampled_from(["checkout", "s" * 63]),
            "title": _text,
            "description": _text,
            "labels": st.dictionaries(
                st.sampled_from(["tier", "acme.io/cost-centre"]), st.sampled_from(["", "a", "no", "1", "v" * 63])
            ),
            "annotations": st.dictionaries(st.sampled_from(["acme.io/pager", "x"]), _text),
            "tags": st.lists(st.sampled_from(["orders", "c++", "a-b"]), unique=True),
        },
    )


def _spec(kind: str, release: Release, name: str) -> st.SearchStrategy[Data]:
    fields: dict[str, st.SearchStrategy[Any]] = {
        "lifecycle": st.sampled_from(["experimental", "production", "deprecated"]),
        "language": st.sampled_from(["python", "go", "typescript", "java", "c++"]),
        "framework": st.sampled_from(["fastapi", "spring"]),
        "image": st.sampled_from(
            [
                "ghcr.io/acme/api",
                "localhost:5000/api",
                "api:1.0",
                f"acme/api@sha256:{'a' * 64}",
                f"api:1@sha256:{'b' * 64}",
            ]
        ),
        "command": _words,
        "args": _words,
        "env": st.dictionaries(st.sampled_from(_VARIABLES), st.just("") | _text, max_size=3),
        "secrets": st.lists(st.sampled_from(_SECRETS), unique=True),
        "resources": _resources(),
        "dependencies": _dependencies(release, name),
        "observability": _observability(),
        "deployment": _deployment(),
        "api": st.sampled_from(["openapi.yaml", "api/v1.json"]),
        "docs": st.sampled_from([".", "handbook"]),
        "runbook": st.sampled_from(["docs/runbook.md", "https://wiki.example.com/order-api"]),
        "dashboards": st.lists(_link(), max_size=2),
        "links": st.lists(_link(), max_size=2),
    }
    if kind == "job":
        return st.fixed_dictionaries({}, optional=fields)
    fields |= {"port": st.sampled_from([1024, 8000, 65535]), "ports": _ports()}
    if kind == "web":
        return st.fixed_dictionaries(
            {}, optional={**fields, "probes": _probes(), "exposure": _exposure(*_HOSTS), "objectives": _objectives()}
        )
    # Without a port a worker is asked by a command alone.
    asked = {"command": st.just(["python", "-m", "orders.alive"])}
    return st.fixed_dictionaries({}, optional={**fields, "probes": _probes(asked)})


def _resources() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional={"cpu": _cpu, "memory": _memory})


def _ports() -> st.SearchStrategy[list[Data]]:
    several = [("grpc", 9090, "grpc"), ("admin", 9091, "http"), ("a-1", 9092, "tcp"), ("p" * 15, 9093, None)]
    made = [{"name": name, "port": port, **({"protocol": spoken} if spoken else {})} for name, port, spoken in several]
    return st.lists(st.sampled_from(made), max_size=3, unique_by=lambda each: each["name"])


def _probes(needed: dict[str, st.SearchStrategy[Any]] | None = None) -> st.SearchStrategy[Data]:
    optional: dict[str, st.SearchStrategy[Any]] = {
        "path": st.sampled_from(_PATHS),
        "livenessPath": st.sampled_from(_PATHS),
        "startSeconds": st.sampled_from([10, 11, 61, 1800]),
    }
    return st.fixed_dictionaries(needed or {}, optional=optional)


@st.composite
def _dependencies(draw: st.DrawFn, release: Release, name: str) -> list[Data]:
    found = draw(st.lists(_dependency(release), max_size=4, unique_by=lambda each: (each["type"], each.get("name"))))
    return [each for each in found if each["type"] != "service" or each["name"] != name]


def _dependency(release: Release) -> st.SearchStrategy[Data]:
    named = {"name": st.sampled_from(_DEPENDENCY_NAMES)}
    kinds = [_engine(kind, release).flatmap(lambda each: _with(each, named)) for kind in ("postgresql", "redis")]
    bucket = st.fixed_dictionaries({"type": st.just("s3")}, optional={**named, "expireDays": st.integers(1, 36500)})
    queue = st.fixed_dictionaries(
        {"type": st.just("sqs")},
        optional={
            **named,
            "fifo": st.booleans(),
            "visibilitySeconds": st.integers(1, 43200),
            "tries": st.integers(1, 1000),
        },
    )
    service = st.fixed_dictionaries(
        {"type": st.just("service"), "name": st.sampled_from(_SERVICE_NAMES)},
        optional={"team": st.sampled_from(["payments", "t" * 63])},
    )
    return st.one_of(*kinds, bucket, queue, service)


def _with(data: Data, optional: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional=optional).map(lambda more: {**data, **more})


def _engine(kind: str, release: Release) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({"type": st.just(kind)}, optional=_engine_fields(kind, release))


def _engine_fields(kind: str, release: Release) -> dict[str, st.SearchStrategy[Any]]:
    engine = release.engines[kind]
    alive = [name for name, each in engine.versions.items() if each.ends >= release.date]
    fields: dict[str, st.SearchStrategy[Any]] = {
        "size": st.sampled_from(list(engine.sizes)),
        "version": st.sampled_from(alive),
    }
    return {**fields, "storage": st.integers(20, 65536)} if kind == "postgresql" else fields


def _observability() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {},
        optional={
            "metrics": st.booleans(),
            "tracing": st.booleans(),
            "logging": st.sampled_from(["structured", "plain"]),
        },
    )


def _deployment() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {}, optional={"strategy": st.sampled_from(["rolling", "recreate"]), "replicas": _replicas()}
    )


@st.composite
def _replicas(draw: st.DrawFn) -> Data:
    least = draw(st.integers(1, 1000))
    # Alone, `min` leaves `max` to its default, and the other way round.
    given = {"min": least, "max": draw(st.integers(least, 1000))}
    return draw(st.sampled_from([given, {}, {"max": given["max"]}, {"min": min(least, 500)}]))


def _schedule() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {},
        optional={
            "timeZone": st.sampled_from(_ZONES),
            "concurrency": st.sampled_from(["forbid", "replace", "allow"]),
            "deadlineMinutes": st.integers(1, 10080),
            "retries": st.integers(0, 20),
        },
    )


def _exposure(*hosts: str) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {},
        optional={
            "visibility": st.sampled_from(["public", "internal", "none"]),
            "host": st.sampled_from(hosts),
            "path": st.sampled_from(["/", "/orders", "/a.b/c~d"]),
        },
    )


def _objectives() -> st.SearchStrategy[Data]:
    percent = st.sampled_from([95, 99, 99.5, 99.9, 99.99])
    latency = st.fixed_dictionaries(
        {"milliseconds": st.sampled_from([5, 250, 500, 1000, 10000])}, optional={"percent": percent}
    )
    return st.fixed_dictionaries({}, optional={"availability": percent, "latency": latency})


def _link() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {"title": _text, "url": st.sampled_from(["https://grafana.example.com/d/x?a=1&b={c}", "http://a"])},
        optional={"icon": _link_icon},
    )


def _override(spec: Data, release: Release, environment: str) -> st.SearchStrategy[Data]:
    """What an environment may have different in this spec; replicas with both of their ends, as the other may not fit."""
    both = st.integers(1, 1000).flatmap(
        lambda least: st.integers(least, 1000).map(lambda most: {"min": least, "max": most})
    )
    fields: dict[str, st.SearchStrategy[Any]] = {
        "resources": _resources(),
        "env": st.dictionaries(st.sampled_from(_VARIABLES), _text, max_size=2),
        "deployment": st.fixed_dictionaries({}, optional={"strategy": st.just("recreate"), "replicas": both}),
        "observability": _observability(),
    }
    if spec["type"] == "web":
        fields |= {
            "exposure": _exposure(f"{environment}.example.org"),
            "objectives": _objectives(),
            "probes": _probes(),
        }
    if spec["type"] == "job":
        fields["schedule"] = _schedule()
    engines = [each for each in spec.get("dependencies", []) if each["type"] in release.engines]
    changes = {
        "-".join([each["name"], each["type"]] if "name" in each else [each["type"]]): st.fixed_dictionaries(
            {}, optional=_engine_fields(each["type"], release)
        )
        for each in engines
    }
    return st.fixed_dictionaries({}, optional={**fields, "dependencies": st.fixed_dictionaries({}, optional=changes)})


def _patch(kind: str, environments: list[str], name: str) -> st.SearchStrategy[Data]:
    """Patches of what every workload of that type has."""
    changes: list[Data] = [
        {"merge": {"metadata": {"annotations": {"acme.io/note": "x"}}}},
        {"operations": [{"op": "add", "path": "/metadata/labels/note", "value": "x"}]},
    ]
    return st.builds(
        lambda target, change, more: {"target": target, **change, **more},
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(
                    ["ServiceAccount", "NetworkPolicy", "CronJob" if kind == "job" else "Deployment"]
                )
            },
            optional={"name": st.just(name)},
        ),
        st.sampled_from(changes),
        st.fixed_dictionaries(
            {}, optional={"environments": st.lists(st.sampled_from(environments), min_size=1, unique=True)}
        ),
    )
