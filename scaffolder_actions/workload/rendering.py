"""The compiler's output as files of a service's repository. The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.service.generated import MARK
from foundation.settings import PlatformSettings
from foundation.yaml_text import Quoted, as_yaml
from scaffolder_actions.workload.compiling import Compiled, compile_environment
from scaffolder_actions.workload.delivery import with_comments, workflows
from scaffolder_actions.workload.repository import catalog_info, documentation, release_copy

HEADER = f"{MARK} from the service's document. Change that one; changes here are overwritten.\n"


# The kinds that name an image.
_WITH_PODS = frozenset({"Deployment", "CronJob"})


@dataclass(frozen=True)
class RenderedFile:
    """A file's text. `once` marks a beginning that the team goes on with: where it is there, it stays as it is."""

    text: str
    once: bool = False


def render_service(
    service: Service, versions: Mapping[str, str], settings: PlatformSettings
) -> Mapping[str, RenderedFile]:
    """Everything that the service's repository holds of the platform's, by path.

    `versions` has the version for each environment that is rendered. Raises what `compile_environment` raises.
    """
    files: dict[str, RenderedFile] = {}
    for environment, version in versions.items():
        compiled = compile_environment(service, environment, version, settings)
        files |= {path: RenderedFile(text) for path, text in render_environment(compiled).items()}
    for name, workflow in workflows(service, settings).items():
        files[f".github/workflows/{name}"] = RenderedFile(HEADER + with_comments(as_yaml(workflow)))
    if entities := catalog_info(service, settings):
        files["catalog-info.yaml"] = RenderedFile(HEADER + "---\n".join(map(as_yaml, entities)))
    files |= {path: RenderedFile(HEADER + text) for path, text in release_copy(service, settings).items()}
    files |= {path: RenderedFile(text, once=True) for path, text in documentation(service, settings).items()}
    return dict(sorted(files.items()))


def render_environment(compiled: Compiled) -> Mapping[str, str]:
    """The files of one environment by path, such as `deploy/staging/kubernetes/deployment.yaml`: one object in each.

    The version stands in the kustomization alone, where promotion changes it.
    """
    folder = f"deploy/{compiled.workload.environment}"
    objects = {_file_name(each, compiled): _unversioned(each, compiled) for each in compiled.objects}
    files = {f"{folder}/kubernetes/{name}": HEADER + as_yaml(each) for name, each in objects.items()}
    files[f"{folder}/kubernetes/kustomization.yaml"] = HEADER + as_yaml(_kustomization(compiled, list(objects)))
    if compiled.stack:
        files[f"{folder}/aws/stack.yaml"] = HEADER + as_yaml(compiled.stack)
    return files


def _file_name(item: JsonObject, compiled: Compiled) -> str:
    kind, name = str(item["kind"]).lower(), str(cast("JsonObject", item["metadata"])["name"])
    own = name.removeprefix(f"{compiled.workload.name}-")
    return f"{kind}.yaml" if name == compiled.workload.name else f"{kind}-{own}.yaml"


def _kustomization(compiled: Compiled, resources: Sequence[str]) -> JsonObject:
    workload = compiled.workload
    tag, _, digest = workload.image_version.removeprefix(":").partition("@")
    # Last and one a line: the pipeline replaces these lines without reading the rest.
    image: dict[str, Any] = {"name": workload.image_name}
    if tag:
        image["newTag"] = Quoted(tag)
    if digest:
        image["digest"] = digest
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(resources),
        "images": [image],
    }


def _unversioned(item: JsonObject, compiled: Compiled) -> JsonObject:
    """The object with the bare image, whose version the kustomization puts in."""
    if item["kind"] not in _WITH_PODS:
        return item
    return cast("JsonObject", _replaced(item, compiled.workload.image, compiled.workload.image_name))


def _replaced(value: Any, image: str, name: str) -> Any:
    if isinstance(value, Mapping):
        return {
            key: name if key == "image" and each == image else _replaced(each, image, name)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_replaced(each, image, name) for each in value]
    return value
