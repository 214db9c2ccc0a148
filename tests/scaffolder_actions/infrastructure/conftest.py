"""Stacks of services at the simulated AWS that no test shares."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from foundation.connections.aws import connect_aws
from foundation.jsontypes import JsonObject
from foundation.settings import AwsSettings
from scaffolder_actions.infrastructure.naming import stack_name, tags_of
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.infrastructure.states import StackState
from scaffolder_actions.infrastructure.template import stack_template
from scaffolder_actions.plans import Change
from tests.scaffolder_actions.infrastructure.documents import document, workload

_numbers = itertools.count(1)


@cache
def _stacks(aws: AwsSettings) -> Stacks:
    return Stacks(aws)


@cache
def _client(aws: AwsSettings, service: str) -> Any:
    return connect_aws(aws, service)


def soon(_: float) -> None:
    """Waits as little as can be: what is simulated takes no minutes."""
    time.sleep(0.02)


@dataclass
class Owned:
    """One service's stack in one environment, and what was said about it."""

    aws: AwsSettings
    service: str
    environment: str = "staging"
    said: list[str] = field(default_factory=list)

    @property
    def stacks(self) -> Stacks:
        """One for all tests: it keeps nothing between calls but its clients, which take long to make."""
        return _stacks(self.aws)

    @property
    def name(self) -> str:
        return f"{self.environment}-{self.service}"

    def template(self, *dependencies: dict[str, Any], **spec: Any) -> Any:
        """The template of the service with these dependencies."""
        given = document(self.service, dependencies=list(dependencies), **spec)
        return stack_template(workload(given, self.environment))

    @property
    def tags(self) -> dict[str, str]:
        made = workload(document(self.service, environments=[self.environment]), self.environment)
        assert stack_name(made.name, made.environment) == self.name
        return tags_of(made)

    def apply(self, template: JsonObject) -> StackState:
        return self.stacks.apply(self.name, template, self.tags, say=self.said.append, pause=soon)

    def plan(self, template: JsonObject | None) -> dict[str, Change]:
        """The changes by logical id."""
        found = self.stacks.plan(self.name, template, self.environment, pause=soon)
        return {each.name: each for each in found}

    def verbs(self, template: JsonObject | None) -> dict[str, str]:
        """What would be done, without what would be kept."""
        return {name: each.verb for name, each in self.plan(template).items() if each.verb != "keep"}

    def delete(self, mark: str = "run-1") -> None:
        self.stacks.delete(self.name, mark, say=self.said.append, pause=soon)

    def client(self, service: str) -> Any:
        """boto3's client, to look with eyes other than those under test."""
        return _client(self.aws, service)

    def id(self, name: str) -> str:
        """AWS' own id of a resource."""
        state = self.stacks.state(self.name)
        assert state is not None
        return str(next(each.id for each in state.resources if each.name == name))

    @property
    def database(self) -> Any:
        """The instance `Database` as RDS has it."""
        (found,) = self.client("rds").describe_db_instances(DBInstanceIdentifier=self.id("Database"))["DBInstances"]
        return found


@pytest.fixture
def owned(aws: AwsSettings, request: pytest.FixtureRequest) -> Owned:
    """A service that no other test has, in staging."""
    return Owned(aws, f"{_plain(request.node.name)}-{next(_numbers)}")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.removeprefix("test_")).strip("-")[:20].strip("-")


@pytest.fixture
def archived(owned: Owned) -> Callable[[], dict[str, bytes]]:
    """Gives what the archive has of the service, by the rest of its keys."""

    def read() -> dict[str, bytes]:
        s3 = owned.client("s3")
        folder = f"{owned.environment}/{owned.service}/"
        found = {}
        for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket="greenroom-archive-123456789012-eu-west-1", Prefix=folder
        ):
            for each in page.get("Contents", ()):
                body = s3.get_object(Bucket=page["Name"], Key=each["Key"])["Body"].read()
                found[each["Key"].removeprefix(folder)] = body
        return found

    return read
