"""The Connexion application of a plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connexion import FlaskApp
from connexion.datastructures import MediaTypeDict
from connexion.jsonifier import Jsonifier
from connexion.middleware.context import ContextMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.routing import RoutingMiddleware
from connexion.resolver import Resolver
from starlette.types import ASGIApp

from foundation.web.plugin import Plugin
from foundation.web.specification import Specification
from foundation.web.validation import JsonBody, Parameters

# Routing, validation and context only: tokens, errors and lifespan have their one place in the host.
MIDDLEWARES = [RoutingMiddleware, RequestValidationMiddleware, ContextMiddleware]
VALIDATORS = {"body": MediaTypeDict({"*/*json": JsonBody}), "parameter": Parameters}


def create_application(plugin: Plugin, specification: Specification) -> ASGIApp:
    """A Connexion application on Flask that serves `/api/<plugin id>` and raises its errors to the caller."""
    application = FlaskApp(
        f"foundation.web.{plugin.id}",
        specification_dir=plugin.specification.parent,
        # Flask would otherwise look for folders of static files and templates.
        server_args={"static_folder": None, "template_folder": None, "root_path": str(plugin.specification.parent)},
        middlewares=list(MIDDLEWARES),
        jsonifier=Jsonifier(separators=(",", ":"), allow_nan=False),
        pythonic_params=True,
        strict_validation=True,
        validator_map=VALIDATORS,
    )
    application.add_api(
        specification.connexion,
        base_path=f"/api/{plugin.id}",
        name=plugin.id,
        resolver=Resolver(_finder(plugin.operations)),
    )
    return application  # type: ignore[no-any-return]  # Connexion ships no types


def _finder(operations: Mapping[str, Callable[..., object]]) -> Callable[[str], Callable[..., object]]:
    """Looks operations up in the plugin: handlers close over what they need, and there are no globals."""

    def find(operation_id: str) -> Callable[..., object]:
        return operations[operation_id]

    return find
