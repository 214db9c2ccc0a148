"""What only several services together can get wrong: two that claim one host, and dependencies that go in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from foundation.errors import Problem
from foundation.service.anchors import page_of
from foundation.service.hosts import host_of
from foundation.service.model import Service
from foundation.settings import PlatformSettings
from foundation.yaml import Path


def fleet_problems(services: Mapping[str, Service], settings: PlatformSettings) -> list[Problem]:
    """Every contradiction among `services`, which are keyed by the files that describe them."""
    return [
        *_explained(_twice(services), ("metadata",), settings),
        *_explained(_hosts(services, settings), ("spec", "exposure"), settings),
        *_explained(_cycles(services), ("spec", "dependencies"), settings),
    ]


def _explained(problems: Iterable[Problem], field: Path, settings: PlatformSettings) -> Iterator[Problem]:
    """The findings with the page about the field that they are in."""
    return (replace(each, page=page_of(field, settings)) for each in problems)


def _twice(services: Mapping[str, Service]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for file, service in services.items():
        if service.name in seen:
            message = f'metadata.name: {seen[service.name]} describes "{service.name}" already.'
            yield Problem(file, 0, 0, message, "Give each service its own name.")
        seen.setdefault(service.name, file)


def _hosts(services: Mapping[str, Service], settings: PlatformSettings) -> Iterator[Problem]:
    """A host has one listener at its Gateway, which one service brings; paths are no way to share it."""
    taken: dict[str, str] = {}
    for file, service in services.items():
        for environment in service.environments:
            host = host_of(service, environment, settings)
            if host is None:
                continue
            other = taken.setdefault(host, service.name)
            if other != service.name:
                yield host_problem(file, host, environment, other)


def _cycles(services: Mapping[str, Service]) -> Iterator[Problem]:
    """Services that wait for one another; each circle once, at the service that comes first by name."""
    by_name = {service.name: (file, service) for file, service in services.items()}
    needs = {
        name: [each.name for each in service.dependencies if each.type == "service" and each.name in by_name]
        for name, (_, service) in by_name.items()
    }
    for circle in circles(needs):
        file, _ = by_name[circle[0]]
        yield circle_problem(file, circle)


def circle_problem(file: str, circle: Sequence[str]) -> Problem:
    """The finding about services that wait for one another."""
    message = f"dependencies: they go in a circle: {' → '.join([*circle, circle[0]])}."
    return Problem(file, 0, 0, message, "Let one of them do without the other, for example by a queue.")


def host_problem(file: str, host: str, environment: str, other: str) -> Problem:
    """The finding about a host that `other` has already."""
    message = f"exposure: {host} in {environment} is claimed by {other} too."
    return Problem(file, 0, 0, message, "Give one of them another host.")


def circles(needs: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Each group that a walk along the needs comes back to, as one circle through it from its least member on.

    What is needed must be among the keys. Does not recurse.
    """
    done: set[str] = set()
    for start in sorted(needs):
        trail: list[str] = []
        ahead: list[Iterator[str]] = []
        if start not in done:
            trail, ahead = [start], [iter(needs[start])]
        while ahead:
            following = next(ahead[-1], None)
            if following is None:
                ahead.pop()
                done.add(trail.pop())
            elif following in trail:
                yield _from_least(trail[trail.index(following) :])
            elif following not in done:
                trail.append(following)
                ahead.append(iter(needs[following]))


def _from_least(circle: Sequence[str]) -> tuple[str, ...]:
    start = circle.index(min(circle))
    return (*circle[start:], *circle[:start])
