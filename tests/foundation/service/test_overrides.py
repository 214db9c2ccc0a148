"""What environments override, and where findings about it are placed."""

from __future__ import annotations

import pytest

from foundation.service import host_of
from foundation.settings import PlatformSettings
from tests.foundation.service.reading import problems_of, read, service, with_spec

PLATFORM = PlatformSettings(public_domain="acme.io", internal_domain="corp.acme.io")

DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  env:
    PAGE_SIZE: "50"
  resources:
    memory: medium
  dependencies:
    - type: postgresql
    - type: postgresql
      name: events
  overrides:
    production:
      env:
        LOG_LEVEL: warning
      resources:
        cpu: large
      deployment:
        replicas:
          min: 4
      dependencies:
        events-postgresql:
          size: large
"""


def test_mappings_are_merged_and_the_rest_stays() -> None:
    """An override says only what is different."""
    made = read(DOCUMENT)
    production, staging = made.in_environment("production"), made.in_environment("staging")
    assert staging is made
    assert production.env == {"PAGE_SIZE": "50", "LOG_LEVEL": "warning"}
    assert (production.resources.cpu, production.resources.memory) == ("large", "medium")
    assert (production.deployment.replicas.min, production.deployment.replicas.max) == (4, 8)
    assert [each.size for each in production.dependencies] == ["small", "large"]
    assert [each.size for each in made.dependencies] == ["small", "small"]


def test_a_contradiction_is_placed_where_the_override_makes_it() -> None:
    """What an environment makes wrong is said there, with the environment's name."""
    text = DOCUMENT.replace("min: 4", "min: 4\n          max: 3")
    assert problems_of(text) == [
        "23:16: In production, deployment.replicas: min 4 is above max 3. Lower min or raise max."
    ]


def test_what_is_wrong_everywhere_is_said_once() -> None:
    """The same finding in each environment is one finding."""
    text = DOCUMENT.replace(
        "    - type: postgresql\n      name", "    - type: postgresql\n      version: '13'\n      name"
    )
    assert [line for line in problems_of(text) if "past its end" in line] == problems_of(text)
    assert len(problems_of(text)) == 1


def test_an_override_is_as_strict_as_the_field_itself() -> None:
    """The same words for the same mistake."""
    found = problems_of(DOCUMENT.replace("cpu: large", "cpu: lage"))
    expected = '20:14: overrides.production.resources.cpu: "lage" is not a size or a quantity such as 300m.'
    assert found == [f'{expected} Did you mean "large"?']


def test_a_host_that_aws_would_refuse_is_refused_here() -> None:
    """Whatever made it too long: the name, the environment, or the domain."""
    public = {"exposure": {"visibility": "public", "host": f"{'a' * 50}.acme.io"}}
    found = problems_of(with_spec(**public))
    assert len(found) == 1
    assert "has 66 characters in staging, and a public certificate has 64 at most. Give a shorter host" in found[0]
    assert service(**public, overrides={"staging": {"exposure": {"host": "s.acme.io"}}}).name == "a"
    assert service(exposure={"host": f"{'a' * 50}.acme.io"}).name == "a"


@pytest.mark.parametrize(
    ("spec", "environment", "host"),
    [
        ({}, "staging", "a.staging.corp.acme.io"),
        ({}, "production", "a.corp.acme.io"),
        ({"exposure": {"visibility": "public"}}, "production", "a.acme.io"),
        ({"exposure": {"visibility": "none"}}, "production", None),
        ({"type": "worker"}, "production", None),
        ({"exposure": {"host": "orders.io"}}, "production", "orders.io"),
        ({"exposure": {"host": "orders.io"}}, "staging", "staging.orders.io"),
        ({"overrides": {"staging": {"exposure": {"host": "try.orders.io"}}}}, "staging", "try.orders.io"),
        ({"overrides": {"staging": {"exposure": {"visibility": "none"}}}}, "staging", None),
    ],
)
def test_every_environment_has_its_own_host(spec: dict[str, object], environment: str, host: str | None) -> None:
    """Production has the bare name; what an environment names itself stands as it is."""
    assert host_of(service(**spec), environment, PLATFORM) == host
