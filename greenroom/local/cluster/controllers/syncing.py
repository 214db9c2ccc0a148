"""What an ExternalSecret makes of a store that holds nothing: pure functions."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Final

from greenroom.local.cluster.defaults import SIMULATED_ANNOTATION
from greenroom.local.cluster.objects import Manifest, annotations_of, labels_of, name_of, namespace_of, owner_reference

_HASH: Final = "reconcile.external-secrets.io/data-hash"
_MANAGED: Final = {"reconcile.external-secrets.io/managed": "true"}
# Digits of a digest that tell contents apart, as many as External Secrets writes.
_DIGITS: Final = 56


def target_of(external: Manifest) -> str:
    """The name of the Secret."""
    return str(external["spec"]["target"].get("name") or name_of(external))


def version_of(external: Manifest) -> str:
    """What a Secret is synced to: it is synced anew when the spec, a label or an annotation changes."""
    about = json.dumps([labels_of(external), annotations_of(external)], sort_keys=True)
    return f"{external['metadata']['generation']}-{_digest(about)}"


def secret_of(external: Manifest, before: Manifest | None) -> Manifest:
    """The Secret as it should be. `before`: as it stands.

    Each key that is named holds a placeholder; what `dataFrom` would bring is known to the real store alone.
    """
    template = external["spec"]["target"].get("template") or {}
    marks = template.get("metadata") or {}
    data = _data(external)
    annotations = {
        **(marks.get("annotations") or {}),
        _HASH: _digest(json.dumps(data, sort_keys=True)),
        SIMULATED_ANNOTATION: "true",
    }
    metadata: Manifest = {"name": target_of(external), "namespace": namespace_of(external)}
    if before is not None:
        metadata = dict(before["metadata"])
        annotations = {**annotations_of(before), **annotations}
    metadata["annotations"] = annotations
    metadata["labels"] = {**(labels_of(before) if before else {}), **(marks.get("labels") or {}), **_MANAGED}
    if external["spec"]["target"]["creationPolicy"] == "Owner":
        metadata["ownerReferences"] = [owner_reference(external)]
    elif external["spec"]["target"]["creationPolicy"] == "Merge" and before is not None:
        data = {**(before.get("data") or {}), **data}
    kind = before.get("type") if before else template.get("type")
    base: Manifest = before or {"kind": "Secret", "apiVersion": "v1"}
    return {**base, "metadata": metadata, "type": kind or "Opaque", "data": data}


def _data(external: Manifest) -> dict[str, str]:
    template = external["spec"]["target"].get("template") or {}
    found = {}
    for each in external["spec"].get("data") or []:
        remote = each["remoteRef"]
        place = f"{remote['key']}#{remote['property']}" if remote.get("property") else remote["key"]
        found[each["secretKey"]] = _placeholder(place)
    made = {key: _placeholder("a template") for key in template.get("data") or {}}
    if made and template.get("mergePolicy") == "Replace":
        return made
    return {**found, **made}


def _placeholder(place: str) -> str:
    return base64.b64encode(f"simulated by Greenroom: the value of {place}".encode()).decode()


def _digest(text: str) -> str:
    return hashlib.sha3_224(text.encode()).hexdigest()[:_DIGITS]
