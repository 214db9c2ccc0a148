"""A part of a template: what one dependency, or one need of the service, adds to its stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from foundation.jsontypes import Json, JsonObject


@dataclass(frozen=True)
class Part:
    """Resources and outputs by their logical ids."""

    resources: Mapping[str, JsonObject]
    outputs: Mapping[str, Json] = field(default_factory=dict)


def ref(name: str) -> JsonObject:
    """The id of a resource, or the value of a parameter."""
    return {"Ref": name}


def attribute(name: str, path: str) -> JsonObject:
    """An attribute of a resource."""
    return {"Fn::GetAtt": [name, path]}


def statement(sid: str, effect: str, actions: list[Json], resources: Json, **more: Json) -> JsonObject:
    """One statement of a policy, with what else it says."""
    return {"Sid": sid, "Effect": effect, "Action": actions, "Resource": resources, **more}


def policy(*statements: JsonObject) -> JsonObject:
    """A policy in the one version of the language that is current."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def only_over_tls(sid: str, actions: str, resources: Json) -> JsonObject:
    """The statement that refuses whoever comes unencrypted, whatever else allows it."""
    return statement(
        sid,
        "Deny",
        [actions],
        resources,
        Principal="*",
        Condition={"Bool": {"aws:SecureTransport": "false"}},
    )
