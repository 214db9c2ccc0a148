"""What the simulated CloudFormation knows about one type of resource."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from greenroom.local.aws.calls import Calls

Properties: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A resource that stands: its physical id, and the attributes that templates may ask for."""

    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Something to be done about one resource.

    `name` is what a new one, or its snapshot, may be called. `made` is the one that stands, `before` what it was given
    last. `properties` is what it is to be, with every reference resolved.
    """

    calls: Calls
    name: str
    properties: Properties
    made: Made = Made("")
    before: Properties = field(default_factory=dict)

    @property
    def changed(self) -> dict[str, Any]:
        """The properties that are to be other than before."""
        return {key: value for key, value in self.properties.items() if self.before.get(key) != value}

    def of(self, made: Made) -> Task:
        """The same about one that stands now, to which all properties are new."""
        return dataclasses.replace(self, made=made)


class Handler(ABC):
    """Makes, changes and removes resources of one type through the API of their service.

    Each method raises boto3's ClientError where the service refuses, which is how a real one fails in a stack as well.
    """

    @abstractmethod
    def create(self, task: Task) -> Made:
        """Make one."""

    @abstractmethod
    def update(self, task: Task) -> Made:
        """Change it without replacing it."""

    @abstractmethod
    def delete(self, task: Task) -> None:
        """Remove it; one that is not there any more is removed."""

    def snapshot(self, task: Task) -> None:
        """Keep what it holds. Only types that hold something can."""
        raise NotImplementedError(f"{type(self).__name__} keeps no snapshots ({task.made.id}).")
