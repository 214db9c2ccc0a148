"""What a service's environment variables are, from the stack's outputs and secrets."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.connections import connections_of
from scaffolder_actions.workload.connections import connection_variables
from tests.scaffolder_actions.infrastructure.conftest import Owned
from tests.scaffolder_actions.infrastructure.documents import document, everything, template, workload

SECRETS = {
    "database": json.dumps({"username": "app", "password": "p/w@:%?#"}),
    "cache": "token",
}
OUTPUTS = {
    "DatabaseHost": "db.example",
    "DatabasePort": "5432",
    "DatabaseSecret": "database",
    "CacheHost": "cache.example",
    "CachePort": "6379",
    "CacheSecret": "cache",
    "BucketName": "files",
    "QueueUrl": "https://sqs.example/1/jobs",
}


def of(*dependencies: dict[str, Any]) -> Any:
    return workload(document(dependencies=list(dependencies)), "staging")


def test_each_dependency_is_reached_by_its_variables() -> None:
    """Encrypted, with what an address would misread written otherwise."""
    found = connections_of(of(*({"type": kind} for kind in ("postgresql", "redis", "s3", "sqs"))), OUTPUTS, SECRETS.get)  # type: ignore[arg-type]
    assert found == {
        "DATABASE_URL": "postgresql://app:p%2Fw%40%3A%25%3F%23@db.example:5432/app?sslmode=require",
        "DATABASE_HOST": "db.example",
        "DATABASE_PORT": "5432",
        "DATABASE_NAME": "app",
        "DATABASE_USER": "app",
        "DATABASE_PASSWORD": "p/w@:%?#",
        "REDIS_URL": "rediss://:token@cache.example:6379/0",
        "BUCKET_NAME": "files",
        "QUEUE_URL": "https://sqs.example/1/jobs",
    }


@given(password=st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_password_comes_back_out_of_the_address(password: str) -> None:
    """Whatever RDS may think of."""
    secret = json.dumps({"username": "app", "password": password})
    found = connections_of(of({"type": "postgresql"}), OUTPUTS, lambda _: secret)
    assert unquote(urlsplit(found["DATABASE_URL"]).password or "") == password


def test_names_are_those_that_the_workload_declares() -> None:
    """For every dependency of every shape, from exactly the outputs that its template has."""
    made = of(*everything())
    outputs = dict.fromkeys(template(document(dependencies=everything()), "staging")["Outputs"], "x")
    found = connections_of(made, outputs, lambda _: SECRETS["database"])
    assert list(found) == [name for each in made.service.managed for name in connection_variables(each)]


@pytest.mark.parametrize("text", ["hush-hush", '["hush-hush"]', '{"password": "hush-hush"}'])
def test_a_secret_that_is_none_is_not_told(text: str) -> None:
    """The error says whose it is, and nothing of what is in it."""
    with pytest.raises(StackError, match="secret of postgresql") as caught:
        connections_of(of({"type": "postgresql"}), OUTPUTS, lambda _: text)
    assert "hush" not in str(caught.value) + repr(caught.value.__cause__)
    assert caught.value.__suppress_context__


def test_a_stack_of_another_document_is_noticed() -> None:
    """Instead of half of a connection."""
    with pytest.raises(StackError, match="no output OrdersDatabaseHost, where orders-postgresql would be"):
        connections_of(of({"type": "postgresql", "name": "orders"}), OUTPUTS, SECRETS.get)  # type: ignore[arg-type]


def test_a_stack_that_stands_has_all_of_it(owned: Owned) -> None:
    """The password is RDS' own, another for each database, and the token is what the cache was made with."""
    dependencies: list[dict[str, Any]] = [
        {"type": "postgresql"},
        {"type": "postgresql", "name": "orders"},
        {"type": "redis"},
    ]
    outputs = owned.apply(owned.template(*dependencies)).outputs
    made = workload(document(owned.service, dependencies=dependencies), "staging")
    found = connections_of(made, outputs, owned.stacks.read_secret)
    assert found["DATABASE_USER"] == "app"
    assert found["DATABASE_PASSWORD"] != found["ORDERS_DATABASE_PASSWORD"]
    assert found["DATABASE_HOST"].startswith(owned.name[:20])
    assert len(urlsplit(found["REDIS_URL"]).password or "") == 64
    assert not [line for line in owned.said if found["DATABASE_PASSWORD"] in line]
