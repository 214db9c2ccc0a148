"""What a CustomResourceDefinition has beside the names of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from greenroom.local.cluster.cells import Column
from greenroom.local.cluster.custom.fields import Fields
from greenroom.local.cluster.errors import Cause
from greenroom.local.cluster.objects import Manifest


def _nothing(_: Manifest) -> None:
    """A definition without defaults."""


def _no_rules(_: Manifest) -> Iterable[Cause]:
    return ()


@dataclass(frozen=True)
class Definition:
    """The fields of `spec`, the columns after the name, and what is filled in, in place, where a spec leaves it out.

    `rules`: what the definition asks of a filled spec beyond types. `required`: an object without a spec is refused.
    """

    fields: Fields
    columns: tuple[Column, ...] = field(default=())
    fill: Callable[[Manifest], None] = _nothing
    rules: Callable[[Manifest], Iterable[Cause]] = _no_rules
    required: bool = True
