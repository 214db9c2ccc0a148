"""A Service document as entities of a provider: what `foundation.service.entities` makes, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import normpath
from typing import cast

from catalog_provider.entities.origin import Origin, Surroundings
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.service.entities import Beside, ServiceEntities
from foundation.service.entities import service_entities as mapped
from foundation.settings import LinkTemplate, PlatformSettings


def service_entities(
    service: Service,
    origin: Origin,
    around: Surroundings,
    api: str | None,
    settings: PlatformSettings,
    *,
    namespace: str,
    links: Sequence[LinkTemplate] = (),
) -> ServiceEntities:
    """The entities of one service; `api` is the text of its OpenAPI document, None where it has none."""
    beside = Beside(
        api=api,
        docs=around.documentation(service.docs),
        decisions=around.decisions(service.docs),
        runbook=_runbook(service, origin, around, settings),
        repository=origin.repository_url,
        links=tuple(links),
    )
    made = mapped(service, beside, settings, namespace=namespace)
    return ServiceEntities(
        tuple(_placed(each, origin) for each in made.declared), tuple(_placed(each, origin) for each in made.implied)
    )


def _placed(entity: JsonObject, origin: Origin) -> JsonObject:
    metadata = cast("JsonObject", entity["metadata"])
    annotations = cast("Mapping[str, str]", metadata.get("annotations", {}))
    # Where it comes from is not the document's to say.
    placed: JsonObject = {**origin.annotations(), **annotations, **origin.managed_by()}
    return {**entity, "metadata": {**metadata, "annotations": placed}}


def _runbook(service: Service, origin: Origin, around: Surroundings, settings: PlatformSettings) -> str | None:
    """The page of the runbook: in the service's documentation, or the file in the repository; None where there is none."""
    documented = normpath(f"{service.docs}/docs/runbook.md")
    path = normpath(service.runbook) if service.runbook else documented
    if not around.has(path):
        return None
    if path == documented and settings.runbook_url:
        return settings.runbook_url
    return f"{origin.view_url.rpartition('/')[0]}/{path}" if origin.view_url else None
