"""Kubernetes' protobuf, as far as `kubectl create namespace|configmap|secret|serviceaccount|deployment|job` writes it.

Those commands send protobuf only. Field numbers are those of k8s.io/api's generated.proto files; what
is not in the tables is refused, so that nothing of an object is lost in silence.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from greenroom.local.cluster.errors import bad_request, unsupported_media_type
from greenroom.local.cluster.objects import Manifest

PROTOBUF_TYPE: Final = "application/vnd.kubernetes.protobuf"
_MAGIC: Final = b"k8s\x00"


@dataclass(frozen=True)
class _Field:
    """A field's JSON name and how its value is written. `message`: the fields of a nested message.

    Of the form `empty` are structures that the commands always write and never fill.
    """

    name: str
    form: str = "text"
    message: Mapping[int, _Field] | None = None


_Message: TypeAlias = Mapping[int, _Field]

_METADATA: Final[_Message] = {
    1: _Field("name"),
    2: _Field("generateName"),
    3: _Field("namespace"),
    4: _Field("selfLink"),
    5: _Field("uid"),
    6: _Field("resourceVersion"),
    7: _Field("generation", "number"),
    8: _Field("creationTimestamp", "empty"),
    11: _Field("labels", "map"),
    12: _Field("annotations", "map"),
}
_SELECTOR: Final[_Message] = {1: _Field("matchLabels", "map")}
_PORT: Final[_Message] = {
    1: _Field("name"),
    2: _Field("hostPort", "number"),
    3: _Field("containerPort", "number"),
    4: _Field("protocol"),
    5: _Field("hostIP"),
}
_CONTAINER: Final[_Message] = {
    1: _Field("name"),
    2: _Field("image"),
    3: _Field("command", "texts"),
    4: _Field("args", "texts"),
    5: _Field("workingDir"),
    6: _Field("ports", "messages", _PORT),
    8: _Field("resources", "empty"),
    13: _Field("terminationMessagePath"),
    14: _Field("imagePullPolicy"),
    16: _Field("stdin", "flag"),
    17: _Field("stdinOnce", "flag"),
    18: _Field("tty", "flag"),
    20: _Field("terminationMessagePolicy"),
}
_POD: Final[_Message] = {
    2: _Field("containers", "messages", _CONTAINER),
    3: _Field("restartPolicy"),
    6: _Field("dnsPolicy"),
    8: _Field("serviceAccountName"),
    9: _Field("serviceAccount"),
    10: _Field("nodeName"),
    11: _Field("hostNetwork", "flag"),
    12: _Field("hostPID", "flag"),
    13: _Field("hostIPC", "flag"),
    16: _Field("hostname"),
    17: _Field("subdomain"),
    19: _Field("schedulerName"),
    24: _Field("priorityClassName"),
}
_TEMPLATE: Final[_Message] = {1: _Field("metadata", "message", _METADATA), 2: _Field("spec", "message", _POD)}
_DEPLOYMENT: Final[_Message] = {
    1: _Field("replicas", "number"),
    2: _Field("selector", "message", _SELECTOR),
    3: _Field("template", "message", _TEMPLATE),
    4: _Field("strategy", "empty"),
    5: _Field("minReadySeconds", "number"),
    7: _Field("paused", "flag"),
}
_JOB: Final[_Message] = {
    1: _Field("parallelism", "number"),
    2: _Field("completions", "number"),
    6: _Field("template", "message", _TEMPLATE),
    7: _Field("backoffLimit", "number"),
    10: _Field("suspend", "flag"),
}
_HEAD: Final = {1: _Field("metadata", "message", _METADATA)}
_KINDS: Final[Mapping[str, _Message]] = {
    "Namespace": {**_HEAD, 2: _Field("spec", "empty"), 3: _Field("status", "empty")},
    "ConfigMap": {
        **_HEAD,
        2: _Field("data", "map"),
        3: _Field("binaryData", "bytes map"),
        4: _Field("immutable", "flag"),
    },
    "Secret": {**_HEAD, 2: _Field("data", "bytes map"), 3: _Field("type"), 4: _Field("stringData", "map")},
    "ServiceAccount": _HEAD,
    "Deployment": {
        **_HEAD,
        2: _Field("spec", "message", _DEPLOYMENT),
        3: _Field("status", "empty"),
    },
    "Job": {**_HEAD, 2: _Field("spec", "message", _JOB), 3: _Field("status", "empty")},
}


def read_protobuf(body: bytes) -> Manifest:
    """The object in a protobuf body. Raises StatusError: 400 for a broken body, 415 for a kind that is not read here."""
    if not body.startswith(_MAGIC):
        raise bad_request("the protobuf body does not begin as Kubernetes' do")
    try:
        unknown = dict(_fields(body[len(_MAGIC) :]))
        identity = {number: value.decode() for number, value in _fields(unknown[1])}
        message = _KINDS.get(identity.get(2, ""))
        if message is None:
            raise unsupported_media_type(("application/json", "application/yaml"))
        return {"apiVersion": identity.get(1, ""), "kind": identity[2], **_read(unknown.get(2, b""), message)}
    except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise bad_request(f"the protobuf body cannot be read: {error}") from error


def _read(data: bytes, message: _Message) -> Manifest:
    found: Manifest = {}
    for number, value in _fields(data):
        field = message.get(number)
        if field is None:
            raise ValueError(f"it has the field number {number}, which is not read here; send JSON instead")
        _take(found, field, value)
    return found


def _take(found: Manifest, field: _Field, value: Any) -> None:
    if field.form == "empty":
        if any(inner not in {0, b""} for _, inner in _fields(value)):
            raise ValueError(f"it sets {field.name}, which is not read here; send JSON instead")
        return
    if value == b"":
        return
    if field.form in {"map", "bytes map"}:
        entry = dict(_fields(value))
        text = entry.get(2, b"")
        read = base64.b64encode(text).decode() if field.form == "bytes map" else text.decode()
        found.setdefault(field.name, {})[entry.get(1, b"").decode()] = read
    elif field.form in {"texts", "messages"}:
        read = _read(value, field.message) if field.message else value.decode()
        found.setdefault(field.name, []).append(read)
    elif field.message is not None:
        found[field.name] = _read(value, field.message)
    else:
        plain = {"number": int, "flag": bool}.get(field.form, bytes.decode)(value)
        # Go writes every plain field; empty ones were never set. A number of replicas may be meant to be 0.
        if plain or field.name == "replicas":
            found[field.name] = plain


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Number and value of every field: bytes, or a whole number."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, place = _varint(data, place)
            yield number, value
        elif wire == 2:  # noqa: PLR2004 - protobuf's own number for what has a length
            length, place = _varint(data, place)
            if place + length > len(data):
                raise ValueError("it ends too early")
            yield number, data[place : place + length]
            place += length
        else:
            raise ValueError(f"it has the wire type {wire}")


def _varint(data: bytes, place: int) -> tuple[int, int]:
    # A number of 64 bits takes ten bytes.
    value = 0
    for shift in range(0, 70, 7):
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the high bit says that more follows
            return value, place
    raise ValueError("it has a number of more than 64 bits")
