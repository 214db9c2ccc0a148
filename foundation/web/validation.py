"""How requests are held against the OpenAPI document: every fault named, in one line each."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from connexion.json_schema import Draft4RequestValidator
from connexion.utils import is_null, is_nullable
from connexion.validators.json import JSONRequestBodyValidator
from connexion.validators.parameter import ParameterValidator
from jsonschema import Draft4Validator
from starlette.types import Scope

from foundation.backstage.schemas import name_faults
from foundation.errors import InputError
from foundation.jsontypes import Json
from foundation.web.json_bodies import parse_json


class JsonBody(JSONRequestBodyValidator):  # type: ignore[misc]  # Connexion ships no types
    """Parses a body within bounds and names everything that is wrong with it."""

    def __init__(self, *, required: bool = False, **rest: Any) -> None:
        # Connexion's own check says it in its own words, and takes an optional body that is missing for a wrong one.
        super().__init__(required=False, **rest)
        self._wanted = required

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Json:  # noqa: ARG002  # Connexion's
        body = b"".join([part async for part in stream])
        return parse_json(body) if body else None

    def _validate(self, body: Json) -> None:
        if body is None:
            if self._wanted:
                raise InputError("There is no body.", remedy="Send one as JSON.")
            return
        validator = Draft4RequestValidator(self._schema, format_checker=Draft4Validator.FORMAT_CHECKER)
        if faults := name_faults(validator.iter_errors(body)):
            raise InputError(f"The body is wrong: {'; '.join(faults)}.")


class Parameters(ParameterValidator):  # type: ignore[misc]  # Connexion ships no types
    """Names a wrong parameter in one line."""

    @staticmethod
    def validate_parameter(
        parameter_type: str,
        value: Json,
        param: dict[str, Any],
        param_name: str | None = None,  # noqa: ARG004  # Connexion's
    ) -> str | None:
        """What is wrong with the value of a path, query or header parameter; None where it fits."""
        if is_nullable(param) and is_null(value):
            return None
        name = f"{parameter_type} parameter {param['name']}"
        if value is None:
            return f"The {name} is missing." if param.get("required") else None
        schema = param.get("schema", param)
        validator = Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)
        faults = name_faults(validator.iter_errors(value))
        return f"The {name} is wrong: {'; '.join(faults)}." if faults else None
