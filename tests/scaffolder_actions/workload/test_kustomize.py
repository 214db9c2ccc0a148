"""The tree is one that `kubectl apply -k` and Argo CD take as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from foundation.service import Service
from tests.judges.documents import services
from tests.scaffolder_actions.workload.compiled import Data, files_of, objects_of, order_api

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine's PATH")


def built(service: Service, environment: str) -> list[Data]:
    """What kubectl makes of the service's tree."""
    with TemporaryDirectory() as folder:
        for path, text in files_of(service).items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        tree = f"{folder}/deploy/{environment}/kubernetes"
        done = subprocess.run(["kubectl", "kustomize", tree], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.load_all(done.stdout, Loader=yaml.CSafeLoader))


def in_order(objects: list[Data]) -> list[str]:
    """The objects as text, in an order of their own: kustomize has another."""
    return sorted(json.dumps(each, sort_keys=True) for each in objects)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(service=services())
def test_kubectl_makes_the_compiled_objects_of_the_tree(service: Service) -> None:
    """The same objects, with the whole image, however it is given."""
    environment = service.environments[-1]
    assert in_order(built(service, environment)) == in_order(objects_of(service, environment))


@pytest.mark.parametrize(
    "image", [None, "localhost:5000/api", "api:1.0", f"acme/api@sha256:{'a' * 64}", f"api:1@sha256:{'b' * 64}"]
)
def test_the_image_is_whole(image: str | None) -> None:
    """With tag, digest or both, as the document or the version says."""
    service = order_api(**({"image": image} if image else {}))
    assert in_order(built(service, "staging")) == in_order(objects_of(service))
