"""What a pod takes from Secrets and ConfigMaps, and what of it is missing: pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from greenroom.local.cluster.defaults import SIMULATED_ANNOTATION
from greenroom.local.cluster.objects import Manifest, annotations_of

Kind: TypeAlias = Literal["secret", "configmap"]
# The object of that kind and name in the pod's namespace, or None.
Find: TypeAlias = Callable[[Kind, str], Manifest | None]

_ENVIRONMENTS: Final[tuple[tuple[str, Kind], ...]] = (("secretRef", "secret"), ("configMapRef", "configmap"))
_VARIABLES: Final[tuple[tuple[str, Kind], ...]] = (("secretKeyRef", "secret"), ("configMapKeyRef", "configmap"))


@dataclass(frozen=True)
class Reference:
    """One object that a pod needs, or one key of it; what is optional is not among them."""

    kind: Kind
    name: str
    key: str = ""


def variables_of(container: Manifest) -> Iterator[Reference]:
    """What the environment of a container is taken from."""
    for source in container.get("envFrom") or []:
        for field, kind in _ENVIRONMENTS:
            yield from _needed(source.get(field), kind)
    for variable in container.get("env") or []:
        for field, kind in _VARIABLES:
            yield from _needed((variable.get("valueFrom") or {}).get(field), kind)


def volumes_of(pod_spec: Manifest) -> Iterator[tuple[str, Reference]]:
    """What is mounted, each with the name of its volume."""
    for volume in pod_spec.get("volumes") or []:
        secret, settings = volume.get("secret") or {}, volume.get("configMap") or {}
        if secret.get("secretName") and not secret.get("optional"):
            yield volume["name"], Reference("secret", secret["secretName"])
        for reference in _needed(settings, "configmap"):
            yield volume["name"], reference


def names_of_secrets(pod_spec: Manifest) -> set[str]:
    """The Secrets that a pod cannot start without."""
    containers = [*(pod_spec.get("initContainers") or []), *(pod_spec.get("containers") or [])]
    needed = [each for container in containers for each in variables_of(container)]
    needed += [reference for _, reference in volumes_of(pod_spec)]
    return {each.name for each in needed if each.kind == "secret"}


def missing_variable(container: Manifest, namespace: str, find: Find) -> str | None:
    """What keeps a container from being made, in the kubelet's words."""
    for each in variables_of(container):
        found = find(each.kind, each.name)
        if found is None:
            return f'{each.kind} "{each.name}" not found'
        # Which keys a store outside would have brought is not known here, so every key is taken to be there.
        known = annotations_of(found).get(SIMULATED_ANNOTATION) != "true"
        if each.key and known and each.key not in {**(found.get("data") or {}), **(found.get("binaryData") or {})}:
            kind = "Secret" if each.kind == "secret" else "ConfigMap"
            return f"couldn't find key {each.key} in {kind} {namespace}/{each.name}"
    return None


def missing_volume(pod_spec: Manifest, find: Find) -> str | None:
    """What keeps a pod's volumes from being mounted, in the kubelet's words."""
    for volume, each in volumes_of(pod_spec):
        if find(each.kind, each.name) is None:
            return f'MountVolume.SetUp failed for volume "{volume}" : {each.kind} "{each.name}" not found'
    return None


def _needed(reference: Manifest | None, kind: Kind) -> Iterator[Reference]:
    if reference and reference.get("name") and not reference.get("optional"):
        yield Reference(kind, reference["name"], reference.get("key", ""))
