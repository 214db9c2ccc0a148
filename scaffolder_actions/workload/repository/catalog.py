"""`catalog-info.yaml`, for a Backstage that reads repositories itself."""

from __future__ import annotations

from posixpath import normpath

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.service.entities import Beside, service_entities
from foundation.settings import PlatformSettings


def catalog_info(service: Service, settings: PlatformSettings) -> tuple[JsonObject, ...]:
    """The entities of the service: what the catalog's provider makes of the same document, without a word of where.

    Backstage adds that itself. Of an API only a document that is named is known to be there. The System is declared by
    the organisation: said in each repository, it would be claimed by all but one in vain.
    """
    folder = normpath(service.docs)
    beside = Beside(
        api={"$text": f"./{normpath(service.api)}"} if service.api else None,
        docs="dir:." if folder == "." else f"dir:./{folder}",
        decisions=normpath(f"{folder}/docs/decisions"),
        runbook=settings.runbook_url,
    )
    return service_entities(service, beside, settings).declared
