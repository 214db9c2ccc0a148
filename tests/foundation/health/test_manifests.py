from __future__ import annotations

import json

import pytest

from foundation.health.manifests import ManifestError, read_objects

_POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"kind": "List", "items": [_POD, _POD]}),
        json.dumps(_POD) + "\n" + json.dumps(_POD),
        json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}}] * 2}),
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n# empty\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n" * 1
        + "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n",
    ],
)
def test_objects_come_one_by_one_or_in_lists(text: str) -> None:
    assert read_objects(text.encode(), "it") == [_POD, _POD]


def test_a_time_stays_text() -> None:
    (found,) = read_objects(b"kind: Pod\nstatus: {startTime: 2026-01-01T00:00:00Z}", "it")
    assert found["status"] == {"startTime": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"a: [1\n", (2, 1), "did not find"),
        (b"kind: Pod\nx: &a [1]\ny: *a\n", (3, 4), "aliases"),
        (b'{"kind": "Pod",', (1, 16), "complete"),
        (b"\xff\xfe\x00", (0, 0), "UTF-8"),
        (b"", (0, 0), "no object"),
        (b"- 1\n", (0, 0), "not a Kubernetes object"),
        (b"metadata: {}\n", (0, 0), "of which kind"),
        (b"kind: !!python/object/apply:os.system [x]\n", (1, 7), "tag"),
        (b"[" * 20_000, (0, 0), ""),
        (b'{"kind": ' + b"[" * 200_000, (0, 0), "deeper"),
        (b'{"kind": "Pod", "n": ' + b"1" * 5_000 + b"}", (0, 0), "too long"),
    ],
)
def test_what_is_no_object_is_refused_with_its_place(content: bytes, place: tuple[int, int], said: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read_objects(content, "it.yaml")
    (problem,) = caught.value.problems
    assert said in f"{problem.message} {problem.remedy}"
    assert problem.file == "it.yaml"
    if place != (0, 0):
        assert (problem.line, problem.column) == place
