"""Requests and answers: bodies read within bounds, objects written as the real server writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from foundation.errors import GreenroomError
from foundation.yaml import load_yaml
from greenroom.local.cluster import errors
from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.http.protobuf import PROTOBUF_TYPE, read_protobuf
from greenroom.local.cluster.objects import Manifest

# The API server's own limit on a request's body (its `limitRequestBody`), in bytes.
LARGEST_BODY: Final = 3 * 1024 * 1024
JSON_TYPE: Final = "application/json"
READABLE_TYPES: Final = (JSON_TYPE, "application/yaml", PROTOBUF_TYPE)


def encode(value: Any) -> bytes:
    """JSON on one line, ended by a newline, as the API server writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def answer(
    value: Any, status: int = 200, *, content_type: str = JSON_TYPE, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON response."""
    return Response(encode(value), status, headers=headers, media_type=content_type)


def refusal(error: StatusError) -> Response:
    """A Status as a response."""
    return answer(error.body(), error.code)


def page_not_found() -> Response:
    """What the API server says of a path outside everything that it serves: plain text."""
    return Response("404 page not found\n", 404, media_type="text/plain")


def media_type(request: Request) -> str:
    """The body's type, without parameters."""
    return request.headers.get("content-type", JSON_TYPE).partition(";")[0].strip().lower()


async def read_bytes(request: Request) -> bytes:
    """The body, within the limit."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise errors.too_large(LARGEST_BODY)
        chunks.append(chunk)
    return b"".join(chunks)


async def read_object(request: Request) -> Manifest:
    """The body as an object, from JSON or YAML."""
    if media_type(request) == PROTOBUF_TYPE:
        return read_protobuf(await read_bytes(request))
    if media_type(request) not in READABLE_TYPES:
        raise errors.unsupported_media_type((*READABLE_TYPES,))
    value = parse(await read_bytes(request))
    if not isinstance(value, dict):
        raise errors.bad_request("couldn't get version/kind; the body is not an object")
    return value


def parse(body: bytes) -> Any:
    """JSON or YAML, safely. Raises StatusError (400)."""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise errors.bad_request("the body nests too deeply") from error
    except ValueError:
        try:
            return load_yaml(body, "request body", largest=LARGEST_BODY).value
        except GreenroomError as error:
            raise errors.bad_request(f"error decoding the body: {error.message}") from error


def number(query: Mapping[str, str], name: str) -> int:
    """A whole number in the query; 0 when it is absent. Raises StatusError (400)."""
    text = query.get(name) or "0"
    if not text.isascii() or not text.isdigit():
        raise errors.bad_request(f'invalid value "{text}" for the parameter {name}: it must be a whole number')
    return int(text)


def flag(query: Mapping[str, str], name: str) -> bool:
    """A truth value in the query, as Go reads it."""
    return query.get(name, "").lower() in {"1", "t", "true"}
