"""Kubernetes' protobuf, as far as `kubectl create` writes it.

`kubectl create namespace|configmap|secret|serviceaccount|deployment|job|cronjob` send protobuf only. What is not in
the tables is refused, so that nothing of an object is lost in silence.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from greenroom.local.cluster.errors import bad_request, unsupported_media_type
from greenroom.local.cluster.http.protobuf_tables import KINDS, Field, Message
from greenroom.local.cluster.objects import Manifest

PROTOBUF_TYPE: Final = "application/vnd.kubernetes.protobuf"
_MAGIC: Final = b"k8s\x00"


def read_protobuf(body: bytes) -> Manifest:
    """The object in a protobuf body. Raises StatusError: 400 for a broken body, 415 for a kind that is not read here."""
    if not body.startswith(_MAGIC):
        raise bad_request("the protobuf body does not begin as Kubernetes' do")
    try:
        unknown = dict(_fields(body[len(_MAGIC) :]))
        identity = {number: value.decode() for number, value in _fields(unknown[1])}
        message = KINDS.get(identity.get(2, ""))
        if message is None:
            raise unsupported_media_type(("application/json", "application/yaml"))
        return {"apiVersion": identity.get(1, ""), "kind": identity[2], **_read(unknown.get(2, b""), message)}
    except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise bad_request(f"the protobuf body cannot be read: {error}") from error


def _read(data: bytes, message: Message) -> Manifest:
    found: Manifest = {}
    for number, value in _fields(data):
        field = message.get(number)
        if field is None:
            raise ValueError(f"it has the field number {number}, which is not read here; send JSON instead")
        _take(found, field, value)
    return found


def _take(found: Manifest, field: Field, value: Any) -> None:
    if field.form == "empty":
        if any(inner not in {0, b""} for _, inner in _fields(value)):
            raise ValueError(f"it sets {field.name}, which is not read here; send JSON instead")
    elif field.form == "inline":
        found |= _read(value, field.message or {})
    elif field.form in {"map", "bytes map", "quantities"}:
        entry = dict(_fields(value))
        name, text = entry.get(1, b"").decode(), entry.get(2, b"")
        found.setdefault(field.name, {})[name] = _entry(field.form, text)
    elif field.form in {"texts", "messages"}:
        item = _read(value, field.message) if field.message else value.decode()
        found.setdefault(field.name, []).append(item)
    else:
        plain = _plain(field, value)
        if plain or field.given:
            found[field.name] = plain


def _entry(form: str, value: bytes) -> str:
    if form == "bytes map":
        return base64.b64encode(value).decode()
    return _quantity(value) if form == "quantities" else value.decode()


def _plain(field: Field, value: Any) -> Any:
    """A value that a structure has once."""
    match field.form:
        case "message":
            return _read(value, field.message or {})
        case "number":
            # Negative numbers travel as the ones that are 2**64 greater.
            return value - 2**64 if value >= 2**63 else value
        case "flag":
            return bool(value)
        case "quantity":
            return _quantity(value)
        case "amount":
            parts = dict(_fields(value))
            return parts.get(3, b"").decode() if parts.get(1) else parts.get(2, 0)
        case _:
            return value.decode()


def _quantity(value: bytes) -> str:
    return str(dict(_fields(value)).get(1, b"").decode())


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
