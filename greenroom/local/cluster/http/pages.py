"""Lists in pages: a continue token goes on in the list as it was when it began."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from greenroom.local.cluster import errors
from greenroom.local.cluster.objects import Manifest, name_of, namespace_of

# Lists that clients are in the middle of. Each holds references to objects only; a client that
# comes back after so many other lists gets 410, as after etcd's compaction.
KEPT_LISTS: Final = 64
_INCONSISTENT: Final = -1
_EXPIRED: Final = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list "
    "without the continue parameter, or use the continue token in this response to retrieve the remainder of the "
    "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
    "modified, or deleted between the time the first chunk was returned and now may show up in the list."
)


@dataclass(frozen=True)
class Page:
    """A part of a list: its items, the version of the whole, and the token to go on with."""

    items: list[Manifest]
    version: int
    token: str = ""
    remaining: int | None = None


class Pages:
    """The lists of one cluster that clients are in the middle of."""

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[str, int], list[Manifest]] = OrderedDict()

    def first(self, what: str, items: list[Manifest], version: int, limit: int) -> Page:
        """The first page of a list (`what` says which: resource, namespace and selectors)."""
        if limit and len(items) > limit:
            self._lists[what, version] = items
            while len(self._lists) > KEPT_LISTS:
                self._lists.popitem(last=False)
        return _cut(items, "", version, limit)

    def next(self, what: str, token: str, current: list[Manifest], version: int, limit: int) -> Page:
        """The page that the token leads to. Raises StatusError: 400 for no token, 410 for an expired one."""
        listed, start = _decode(token)
        if listed == _INCONSISTENT:
            return _cut(current, start, version, limit)
        items = self._lists.get((what, listed))
        if items is None:
            error = errors.expired(_EXPIRED)
            error.continue_token = _encode(_INCONSISTENT, start)
            raise error
        return _cut(items, start, listed, limit)

    def forget(self) -> None:
        """Expire every token."""
        self._lists.clear()


def _place(manifest: Manifest) -> str:
    namespace = namespace_of(manifest)
    return f"{namespace}/{name_of(manifest)}" if namespace else name_of(manifest)


def _cut(items: list[Manifest], start: str, version: int, limit: int) -> Page:
    rest = [item for item in items if _place(item) >= start] if start else items
    if not limit or len(rest) <= limit:
        return Page(rest, version)
    token = _encode(version, _place(rest[limit - 1]) + "\0")
    return Page(rest[:limit], version, token, len(rest) - limit)


def _encode(version: int, start: str) -> str:
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": start}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(token: str) -> tuple[int, str]:
    try:
        padded = token + "=" * (-len(token) % 4)
        content = json.loads(base64.urlsafe_b64decode(padded))
        return int(content["rv"]), str(content["start"])
    except (ValueError, KeyError, TypeError) as error:
        raise errors.bad_request(f"continue key is not valid: {error}") from error
