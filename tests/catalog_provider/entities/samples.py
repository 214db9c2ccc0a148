"""Documents and places to map."""

from __future__ import annotations

from collections.abc import Mapping

from catalog_provider.entities.origin import Origin, Surroundings
from foundation.service import Service, load_service
from foundation.settings import PlatformSettings

HEADER = "apiVersion: platform.company.com/v1\nkind: Service\n"
ORIGIN = Origin(
    file="commerce/order-api/service.yaml",
    location="url:https://git.example/commerce/order-api/blob/main/service.yaml",
    source="url:https://git.example/commerce/order-api/tree/main/",
    view_url="https://git.example/commerce/order-api/blob/main/service.yaml",
    edit_url="https://git.example/commerce/order-api/edit/main/service.yaml",
    repository_url="https://git.example/commerce/order-api",
)


def service(metadata: str = "name: order-api, team: commerce", spec: str = "") -> Service:
    """A service of these fields, in YAML's flow style."""
    text = f"{HEADER}metadata: {{ {metadata} }}\nspec: {{ {spec} }}\n"
    return load_service(text, "service.yaml", PlatformSettings())


def beside(files: Mapping[str, str] | None = None, document: str = "service.yaml") -> Surroundings:
    """These files beside a document."""
    contents = {document: "", **(files or {})}
    return Surroundings(contents, lambda path: contents[path].encode(), document)
