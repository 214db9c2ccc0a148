"""The resources that stand in a stack, and what its templates' references come to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from greenroom.local.aws.calls import Calls
from greenroom.local.aws.resources import Made

# An ARN has colons itself, so that the word is what ends it.
_SECRET = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString(?::([^:}]*))?[^}]*\}\}")


@dataclass
class Standing:
    """One resource, under the names by which moto asks for it. `native` is moto's own where no handler is."""

    logical_resource_id: str
    cf_resource_type: str
    made: Made
    properties: Mapping[str, Any]
    status: str
    reason: str | None = None
    native: Any = None

    @property
    def physical_resource_id(self) -> str:
        return self.made.id

    def get_cfn_attribute(self, name: str) -> Any:
        """What `Fn::GetAtt` finds."""
        if self.native is not None:
            return self.native.get_cfn_attribute(name)
        return self.made.attributes[name]


def resolved(properties: Any, scope: Any, calls: Calls) -> Any:
    """Properties with every reference, function and secret in its place; `scope` is moto's map of resources."""
    from moto.cloudformation.parsing import clean_json

    return _with_secrets(clean_json(properties, scope), calls)


def _with_secrets(value: Any, calls: Calls) -> Any:
    if isinstance(value, dict):
        return {key: _with_secrets(each, calls) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_secrets(each, calls) for each in value]
    return _SECRET.sub(lambda match: _secret(match, calls), value) if isinstance(value, str) else value


def _secret(match: re.Match[str], calls: Calls) -> str:
    name, key = match.groups()
    text = str(calls("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    return str(json.loads(text)[key]) if key else text
