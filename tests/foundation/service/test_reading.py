"""Reading a Service document: defaults, every error at once, and the words of each."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.service import Dependency, Replicas, ServiceDocumentError, load_service
from foundation.settings import PlatformSettings
from foundation.yaml import MOST_PROBLEMS
from tests.foundation.service.reading import SMALLEST, problems_of, read, with_spec


def test_the_sample_reads_as_it_stands(order_api: str) -> None:
    """What the document says is what the service has."""
    service = read(order_api)
    assert (service.name, service.team, service.system) == ("order-api", "commerce", "commerce")
    assert (service.language, service.framework) == ("python", "fastapi")
    assert (service.resources.cpu, service.resources.memory) == ("small", "medium")
    assert service.dependencies == (
        Dependency("postgresql", "postgresql", "small"),
        Dependency("redis", "redis", "small"),
    )
    assert service.deployment.replicas == Replicas(2, 10)
    assert service.environments == ("staging", "production")


def test_everything_but_name_and_team_has_a_default() -> None:
    """The smallest document is a complete service."""
    service = read(SMALLEST)
    assert dataclasses.asdict(service) == {
        "name": "a",
        "team": "t",
        "system": "t",
        "title": None,
        "description": None,
        "labels": {},
        "annotations": {},
        "tags": (),
        "platform": None,
        "type": "web",
        "lifecycle": "production",
        "language": None,
        "framework": None,
        "image": None,
        "command": (),
        "args": (),
        "port": 8080,
        "ports": (),
        "probes": {"path": "/healthz", "liveness_path": "/healthz", "command": (), "start_seconds": 60},
        "env": {},
        "secrets": (),
        "resources": {"cpu": "small", "memory": "small"},
        "dependencies": (),
        "observability": {"metrics": True, "tracing": True, "logging": "structured"},
        "deployment": {"strategy": "rolling", "replicas": {"min": 2, "max": 4}},
        "schedule": None,
        "exposure": {"visibility": "internal", "host": None, "path": "/"},
        "objectives": {"availability": 99.5, "latency": None},
        "environments": ("staging", "production"),
        "patches": (),
        "api": None,
        "docs": ".",
        "runbook": None,
        "dashboards": (),
        "links": (),
        "hosts_given": (),
        "overridden": {},
    }
    assert json.loads(json.dumps(service.as_json()))["environments"] == ["staging", "production"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"min": 3}, (3, 6)), ({"max": 1}, (1, 1)), ({"max": 9}, (2, 9)), ({"min": 1}, (1, 2)), ({}, (2, 4))],
)
def test_half_given_replicas_are_completed_without_contradiction(
    given: dict[str, int], expected: tuple[int, int]
) -> None:
    """`min` is at most `max`, whichever of them is left out."""
    replicas = read(with_spec(deployment={"replicas": given})).deployment.replicas
    assert (replicas.min, replicas.max) == expected


def test_a_worker_has_a_port_only_where_it_says_so() -> None:
    """A worker serves nothing by default."""
    assert read(with_spec(type="worker")).port is None
    assert read(with_spec(type="worker", port=9000, probes={"path": "/ready"})).probes.path == "/ready"


def test_only_dependencies_that_have_sizes_get_one() -> None:
    """A size is small where none is given, and absent where there are none."""
    types = [{"type": "redis"}, {"type": "s3"}, {"type": "service", "name": "b"}]
    assert [each.size for each in read(with_spec(dependencies=types)).dependencies] == ["small", None, None]


def test_the_api_group_is_a_setting() -> None:
    """A platform reads documents of its own group, and says which that is."""
    settings = PlatformSettings(api_group="platform.acme.io")
    assert load_service(SMALLEST.replace("company.com", "acme.io"), "service.yaml", settings).name == "a"
    with pytest.raises(ServiceDocumentError, match=r'Write "platform\.acme\.io/v1"\.'):
        load_service(SMALLEST, "service.yaml", settings)


def test_every_error_is_named_at_once_in_the_order_of_the_text(order_api: str) -> None:
    """Each with line and column, what is wrong, and what to do."""
    text = (
        order_api.replace("name: order-api", "name: Order_API\n  laebls: {}")
        .replace("cpu: small", "cpu: tiny")
        .replace("postgresql", "postgress")
        .replace("metrics: true", "metrics: yes")
        .replace("min: 2", "min: 12")
        .replace("- production", "- production\n    - staging")
    )
    assert problems_of(text) == [
        (
            '4:9: metadata.name: "Order_API" is not a name of lower-case letters, digits and single hyphens that starts with'
            ' a letter and has at most 40 characters. Did you mean "order-api"?'
        ),
        '5:3: metadata: "laebls" is not a field. Did you mean "labels"?',
        '11:10: resources.cpu: "tiny" is not a size or a quantity such as 300m. Choose one of xsmall, small, medium, large, xlarge.',
        '14:13: dependencies[0].type: "postgress" is not a dependency. Did you mean "postgresql"?',
        '19:14: observability.metrics: "yes" is not true or false. Write true.',
        "25:12: deployment.replicas: min 12 is above max 10. Lower min or raise max.",
        '30:7: environments[2]: "staging" stands here a second time. Remove it.',
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"type": "cron"}, 'type: "cron" is not a type of service.'),
        ({"port": 80}, "port: 80 is not a port from 1024 to 65535."),
        ({"port": "8080"}, 'port: "8080" is not a port from 1024 to 65535.'),
        ({"image": "acme/api:latest"}, 'image: "acme/api:latest" is not an image'),
        ({"image": "Acme/api"}, 'image: "Acme/api" is not an image'),
        ({"api": "../../etc/passwd"}, 'api: "../../etc/passwd" is not a path inside the repository.'),
        ({"docs": "/etc"}, 'docs: "/etc" is not a path inside the repository.'),
        ({"runbook": "javascript:alert(1)"}, 'runbook: "javascript:alert(1)" is not an address'),
        ({"runbook": "docs/runbook.md\n"}, 'runbook: "docs/runbook.md\\n" is not an address'),
        ({"links": [{"title": "x"}]}, "links[0]: url is missing. Add it, for example `url: https://"),
        ({"links": [{"title": "x", "url": "file:///x"}]}, 'links[0].url: "file:///x" is not an address'),
        ({"environments": []}, "environments: fewer than 1 entries."),
        ({"environments": ["Prod"]}, 'environments[0]: "Prod" is not an environment'),
        ({"dependencies": None}, "dependencies is empty. Give a list of dependencies, or remove it."),
        ({"dependencies": {"type": "redis"}}, "dependencies: a mapping is not a list of dependencies."),
        ({"dependencies": ["redis"]}, 'dependencies[0]: "redis" is not a mapping with a type.'),
        ({"dependencies": [{}]}, "dependencies[0]: type is missing."),
        ({"dependencies": [{"type": "service"}]}, "dependencies[0]: name is missing."),
        ({"dependencies": [{"type": "service", "name": "a"}]}, "dependencies[0].name: a would depend on itself."),
        ({"dependencies": [{"type": "s3", "size": "small"}]}, "dependencies[0].size: s3 has no size. Remove it."),
        ({"dependencies": [{"type": "s3"}] * 2}, 'dependencies[1]: a second s3 called "s3".'),
        ({"dependencies": [{"type": "s3"}] * 51}, "dependencies: more than 50 entries."),
        ({"deployment": {"replicas": {"min": 0}}}, "deployment.replicas.min: 0 is not a number from 1 to 1000."),
        ({"deployment": {"replicas": {"min": True}}}, "deployment.replicas.min: true is not a number"),
        ({"deployment": {"replicas": 3}}, "deployment.replicas: 3 is not a mapping of min and max."),
        ({"type": "worker", "probes": {"path": "/x"}}, "probes: a worker without a port cannot be asked."),
        ({"type": "job", "schedule": {"cron": "0 3 * * *"}, "probes": {"path": "/x"}}, "probes: a job ends by itself"),
        ({"type": "job"}, "schedule.cron is missing, and a job runs by it."),
        ({"schedule": {"cron": "0 3 * * *"}}, "schedule: only a job has one, and this is a web."),
        ({"type": "job", "schedule": {"cron": "60 3 * * *"}}, 'schedule.cron: "60" is no minute (0 to 59).'),
        ({"type": "job", "schedule": {"cron": "0 3 * *"}}, 'schedule.cron: "0 3 * *" is not five fields of cron.'),
        (
            {"type": "job", "schedule": {"cron": "0 3 * * *", "timeZone": "Europe/Berlim"}},
            'schedule.timeZone: there is no "Europe/Berlim". Did you mean "Europe/Berlin"?',
        ),
        ({"type": "worker", "exposure": {"visibility": "public"}}, "exposure: a worker serves no requests."),
        ({"type": "worker", "objectives": {"availability": 99}}, "objectives: they are counted in requests"),
        ({"objectives": {"availability": 100}}, "objectives.availability: 100 is not a percentage from 95 to 99.99."),
        ({"objectives": {"latency": {"percent": 99}}}, "objectives.latency: milliseconds is missing."),
        ({"exposure": {"host": "localhost"}}, 'exposure.host: "localhost" is not a host name'),
        ({"exposure": {"path": "/a/"}}, 'exposure.path: "/a/" is not a path that starts with "/"'),
        ({"ports": [{"name": "http", "port": 9000}]}, 'ports[0].name: "http" is not a name'),
        ({"ports": [{"name": "grpc", "port": 8080}]}, "ports[0].port: 8080 is port already."),
        ({"ports": [{"name": "ab", "port": 9000}] * 2}, 'ports[1].name: a second port called "ab".'),
        ({"env": {"PORT": "1"}}, 'env: "PORT" is not an environment variable in capitals'),
        ({"env": {"PAGE_SIZE": 50}}, "env.PAGE_SIZE: 50 is not text of at most 32768 characters. Put it in quotes"),
        ({"env": {"TOKEN": "x"}, "secrets": ["TOKEN"]}, "secrets[0]: TOKEN is given by env too."),
        (
            {"dependencies": [{"type": "sqs"}, {"type": "service", "name": "queue"}]},
            "dependencies[1]: QUEUE_URL is given by dependencies[0] too. Keep one of them, or name one differently.",
        ),
        ({"resources": {"cpu": "0m"}}, 'resources.cpu: "0m" is not a size or a quantity such as 300m.'),
        ({"resources": {"memory": "512M"}}, 'resources.memory: "512M" is not a size or a quantity such as 700Mi.'),
        ({"platform": "2026.12"}, 'platform: "2026.12" is not a release of the platform. Did you mean "2026.11"?'),
        (
            {"dependencies": [{"type": "postgresql", "version": "13"}]},
            "dependencies[0].version: postgresql 13 is past its end, which was on 2025-11-13. Choose one of 14, 15, 16, 17.",
        ),
        (
            {"dependencies": [{"type": "postgresql", "version": "99"}]},
            'dependencies[0].version: there is no postgresql "99" on this platform.',
        ),
        ({"dependencies": [{"type": "redis", "storage": 20}]}, "dependencies[0].storage: redis has no storage."),
        ({"overrides": {"stagin": {}}}, 'overrides: the service does not run in "stagin". Did you mean "staging"?'),
        (
            {"overrides": {"staging": {"dependencies": {"redis": {}}}}},
            'overrides.staging.dependencies: there is no "redis" among the dependencies.',
        ),
        ({"overrides": {"staging": {"type": "worker"}}}, 'overrides.staging: "type" is not a field.'),
        ({"patches": [{"target": {"kind": "Deployment"}}]}, "patches[0]: either merge or operations says what"),
        (
            {"patches": [{"target": {"kind": "Service"}, "merge": {"a": 1}, "environments": ["prod"]}]},
            'patches[0].environments: the service does not run in "prod". Choose one of staging, production.',
        ),
        ({"replicas": {"min": 1}}, 'spec: "replicas" is not a field.'),
    ],
)
def test_says_what_is_wrong_in_the_spec(spec: dict[str, object], expected: str) -> None:
    """One line about each thing that cannot be."""
    found = problems_of(with_spec(**spec))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"name": "a" * 41}, "metadata.name:"),
        ({"name": "1a"}, "metadata.name:"),
        ({"name": "a-"}, "metadata.name:"),
        ({"name": "a--b"}, "metadata.name:"),
        ({"name": "a\n"}, "metadata.name:"),
        ({"name": 7}, "metadata.name: 7 is not a name"),
        ({"team": "kube-system"}, 'metadata.team: "kube-system" is not a team'),
        ({"team": "default"}, 'metadata.team: "default" is not a team'),
        ({"team": "Order Team"}, 'Did you mean "order-team"?'),
        ({"labels": {"app.kubernetes.io/name": "x"}}, "app.kubernetes.io/name is set by the platform."),
        ({"labels": {" x": "y"}}, 'metadata.labels: " x" is not a key'),
        ({"labels": {"x": "y z"}}, 'metadata.labels.x: "y z" is not a label'),
        ({"tags": ["Orders"]}, 'metadata.tags[0]: "Orders" is not a tag'),
    ],
)
def test_says_what_is_wrong_in_the_metadata(metadata: dict[str, object], expected: str) -> None:
    """Names that Kubernetes, DNS or the catalog would refuse are refused here."""
    document: dict[str, Any] = yaml.safe_load(SMALLEST)
    document["metadata"] |= metadata
    found = problems_of(json.dumps(document))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: the document is empty. Give a mapping of apiVersion, kind, metadata and spec."]),
        ("order-api", ['1:1: "order-api" is not a mapping of apiVersion, kind, metadata and spec.']),
        ("a: &x 1\nb: *x", ["1:4: anchors", "2:4: aliases"]),
        (b"\xff", ["1:1: not UTF-8 text."]),
        ("[" * 20_000, ["1:65: nested deeper"]),
    ],
)
def test_what_is_no_document_is_refused_in_the_same_form(text: str | bytes, expected: list[str]) -> None:
    """Broken YAML is an error of the document like any other."""
    found = problems_of(text)
    assert len(found) == len(expected)
    assert all(line.startswith(start) for line, start in zip(found, expected, strict=True))


def test_every_error_names_the_section_that_explains_the_field() -> None:
    """A field that there is not is looked for among all of them."""
    text = with_spec(typ="web", deployment={"replicas": {"min": 0}})
    with pytest.raises(ServiceDocumentError) as caught:
        read(text)
    page = PlatformSettings().reference_url
    assert [each.page for each in caught.value.problems] == [f"{page}#fields", f"{page}#specdeployment"]


def test_of_very_many_errors_the_first_are_named() -> None:
    """A flood of errors is cut, and says so."""
    found = problems_of(with_spec(**{f"field{index}": 1 for index in range(500)}))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].endswith("450 more errors. Mend those above first.")


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99999) | st.sampled_from(["web", "redis", "service", "a", "\n"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "type",
                    "spec",
                    "metadata",
                    "dependencies",
                    "deployment",
                    "replicas",
                    "min",
                    "overrides",
                    "staging",
                    "schedule",
                    "cron",
                    "ports",
                    "port",
                    "patches",
                    "target",
                    "version",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
)


@settings(max_examples=400, deadline=None)
@given(spec=_json, metadata=_json)
def test_any_document_is_read_or_refused(spec: object, metadata: object) -> None:
    """No other error leaves the reader, whatever stands where."""
    document = {"apiVersion": "platform.company.com/v1", "kind": "Service", "metadata": metadata, "spec": spec}
    try:
        service = read(json.dumps(document))
    except ServiceDocumentError:
        return
    assert service.deployment.replicas.min <= service.deployment.replicas.max
