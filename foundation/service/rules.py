"""What a schema cannot say about a Service document: how its fields go together.

Each rule looks at plain data that may be wrong in other ways too, and says nothing about those.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, get_args

from foundation.errors import Problem
from foundation.findings import name_of
from foundation.service.cron import cron_fault
from foundation.service.model import DEFAULT_PORT, DependencyType
from foundation.service.overrides import Overlaid, label_of
from foundation.service.release import Engine, Release, find_release, releases
from foundation.service.variables import dependency_variables
from foundation.settings import PlatformSettings
from foundation.suggestions import remedy
from foundation.yaml import Document, Path

SIZED = frozenset({"postgresql", "redis"})
TYPES: frozenset[str] = frozenset(get_args(DependencyType))
# The fields that only some types of dependency have.
FIELDS: Mapping[str, frozenset[str]] = {
    "size": SIZED,
    "version": SIZED,
    "storage": frozenset({"postgresql"}),
    "expireDays": frozenset({"s3"}),
    "fifo": frozenset({"sqs"}),
    "visibilitySeconds": frozenset({"sqs"}),
    "tries": frozenset({"sqs"}),
    "team": frozenset({"service"}),
}
# Set on every object and entity by the platform; a second opinion would make selectors and the catalog disagree.
RESERVED_LABELS = frozenset(
    {
        "app.kubernetes.io/name",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
        "backstage.io/kubernetes-id",
    }
)


class Judged(Protocol):
    """A document, or what it is in one environment."""

    @property
    def value(self) -> Any:
        """Plain data of any kind."""

    def problem(self, path: Path, message: str, remedy: str = "", *, at_key: bool = False) -> Problem:
        """A finding at the value (or the key) that `path` leads to."""


def rule_problems(document: Document, settings: PlatformSettings) -> Iterator[Problem]:
    """Every way in which fields of the document contradict one another, in each of its environments."""
    release = _release(document, settings)
    found = list(_all(document, release, settings))
    yield from found
    for rule in (_labels, _environments, _patches):
        yield from rule(document)
    known = {each.message for each in found}
    overrides = _at(document, "spec", "overrides")
    for environment in overrides if isinstance(overrides, dict) else {}:
        for problem in _all(Overlaid(document, environment), release, settings):
            # What is wrong everywhere has been said.
            if problem.message.removeprefix(f"In {environment}, ") not in known:
                yield problem


def _all(document: Judged, release: Release | None, settings: PlatformSettings) -> Iterator[Problem]:
    for rule in _EVERYWHERE:
        yield from rule(document)
    if release:
        yield from _sizes(document, release, settings)
        yield from _engines(document, release)


def _release(document: Document, settings: PlatformSettings) -> Release | None:
    """The release that the document names; None where there is none, which the schema says."""
    known = releases(settings)
    name = _at(document, "spec", "platform")
    if name is None:
        return find_release(None, settings)
    return known.get(name) if isinstance(name, str) else None


def _at(document: Judged, *path: str) -> Any:
    """What stands at `path`, or None; of any kind, since the document may be wrong there."""
    value: Any = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _replicas(document: Judged) -> Iterator[Problem]:
    path = ("spec", "deployment", "replicas")
    least, most = _at(document, *path, "min"), _at(document, *path, "max")
    if _is_number(least) and _is_number(most) and least > most:
        message = f"{name_of(path)}: min {least} is above max {most}."
        yield document.problem((*path, "min"), message, "Lower min or raise max.")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _type(document: Judged) -> str:
    """The type that the document gives, `web` where it gives none."""
    found = _at(document, "spec", "type")
    return found if isinstance(found, str) else "web"


def _schedule(document: Judged) -> Iterator[Problem]:
    schedule, path = _at(document, "spec", "schedule"), ("spec", "schedule")
    if _type(document) != "job":
        if schedule is not None:
            message = f"schedule: only a job has one, and this is a {_type(document)}."
            yield document.problem(path, message, "Remove it, or write `type: job`.", at_key=True)
        return
    if schedule is None or (isinstance(schedule, dict) and "cron" not in schedule):
        message = "schedule.cron is missing, and a job runs by it."
        yield document.problem(path, message, 'Add it, for example `cron: "15 3 * * *"`.', at_key=True)
    cron, zone = _at(document, *path, "cron"), _at(document, *path, "timeZone")
    if isinstance(cron, str) and (fault := cron_fault(cron)):
        yield document.problem((*path, "cron"), f"schedule.cron: {fault}.", "Give five fields, such as 15 3 * * *.")
    if isinstance(zone, str) and zone not in (known := zoneinfo.available_timezones()):
        yield document.problem(
            (*path, "timeZone"), f'schedule.timeZone: there is no "{zone[:60]}".', remedy(zone, known)
        )


def _serving(document: Judged) -> Iterator[Problem]:
    """What only a `web` service can promise or be reached by."""
    kind = _type(document)
    if kind == "web" or not isinstance(_at(document, "spec"), dict):
        return
    visibility = _at(document, "spec", "exposure", "visibility")
    exposure = _at(document, "spec", "exposure")
    if exposure and visibility != "none":
        message = f"exposure: a {kind} serves no requests."
        yield document.problem(("spec", "exposure"), message, "Remove it, or write `type: web`.", at_key=True)
    if _at(document, "spec", "objectives"):
        message = f"objectives: they are counted in requests, and a {kind} serves none."
        yield document.problem(("spec", "objectives"), message, "Remove it, or write `type: web`.", at_key=True)


def _ports(document: Judged) -> Iterator[Problem]:
    ports = _at(document, "spec", "ports")
    main = _at(document, "spec", "port") or (DEFAULT_PORT if _type(document) == "web" else None)
    seen: dict[object, str] = {main: "port"} if _is_number(main) else {}
    names: set[object] = set()
    for index, each in enumerate(ports if isinstance(ports, list) else []):
        if not isinstance(each, dict):
            continue
        path: Path = ("spec", "ports", index)
        number, name = each.get("port"), each.get("name")
        if _is_number(number) and number in seen:
            message = f"{name_of(path)}.port: {number} is {seen[number]} already."
            yield document.problem((*path, "port"), message, "Give each its own number.")
        if isinstance(name, str) and name in names:
            message = f'{name_of(path)}.name: a second port called "{name}".'
            yield document.problem((*path, "name"), message, "Give each its own name.")
        if _is_number(number):
            seen.setdefault(number, name_of(path))
        if isinstance(name, str):
            names.add(name)


def _variables(document: Judged) -> Iterator[Problem]:
    """Variables that two things give. What a person writes may stand over what a dependency is known by."""
    for given in (_written_variables(document), _dependency_variables(document)):
        givers: dict[str, str] = {}
        for path, names in given:
            for name in names:
                other = givers.setdefault(name, name_of(path))
                if other != name_of(path):
                    message = f"{name_of(path)}: {name} is given by {other} too."
                    yield document.problem(path, message, "Keep one of them, or name one differently.")


def _written_variables(document: Judged) -> Iterator[tuple[Path, Sequence[str]]]:
    env, secrets = _at(document, "spec", "env"), _at(document, "spec", "secrets")
    yield ("spec", "env"), [name for name in (env if isinstance(env, dict) else ()) if isinstance(name, str)]
    for index, name in enumerate(secrets if isinstance(secrets, list) else ()):
        yield ("spec", "secrets", index), [name] if isinstance(name, str) else []


def _dependency_variables(document: Judged) -> Iterator[tuple[Path, Sequence[str]]]:
    for index, dependency in _each_dependency(document):
        name = dependency.get("name", dependency["type"])
        if isinstance(name, str):
            yield ("spec", "dependencies", index), dependency_variables(dependency["type"], name)


def _dependencies(document: Judged) -> Iterator[Problem]:
    service = _at(document, "metadata", "name")
    seen: set[tuple[str, str]] = set()
    for index, dependency in _each_dependency(document):
        path: Path = ("spec", "dependencies", index)
        kind, name = dependency["type"], dependency.get("name")
        if kind == "service":
            yield from _other_service(document, path, name, service)
        for field, types in FIELDS.items():
            if field in dependency and kind in TYPES and kind not in types:
                message = f"{name_of(path)}.{field}: {kind} has no {field}."
                yield document.problem((*path, field), message, "Remove it.", at_key=True)
        identity = (kind, name if isinstance(name, str) else kind)
        if identity in seen and (kind != "service" or isinstance(name, str)):
            message = f'{name_of(path)}: a second {kind} called "{identity[1]}".'
            yield document.problem(path, message, "Give each its own name, or remove one.")
        seen.add(identity)


def _each_dependency(document: Judged) -> Iterator[tuple[int, dict[str, Any]]]:
    dependencies = _at(document, "spec", "dependencies")
    for index, dependency in enumerate(dependencies if isinstance(dependencies, list) else []):
        if isinstance(dependency, dict) and isinstance(dependency.get("type"), str):
            yield index, dependency


def _other_service(document: Judged, path: Path, name: object, service: object) -> Iterator[Problem]:
    if name is None:
        yield document.problem(path, f"{name_of(path)}: name is missing.", "Add the name of the service.")
    elif name == service:
        message = f"{name_of(path)}.name: {name} would depend on itself."
        yield document.problem((*path, "name"), message, "Name another service.")


def _sizes(document: Judged, release: Release, settings: PlatformSettings) -> Iterator[Problem]:
    """Names of sizes that this release does not have, but the newest one, which the schema goes by."""
    newest = find_release(None, settings)
    for field, sizes, known in (("cpu", release.cpu, newest.cpu), ("memory", release.memory, newest.memory)):
        path = ("spec", "resources", field)
        size = _at(document, *path)
        if isinstance(size, str) and size not in sizes and size in known:
            message = f'{name_of(path)}: release {release.name} has no size "{size}".'
            yield document.problem(path, message, remedy(size, sizes))


def _engines(document: Judged, release: Release) -> Iterator[Problem]:
    """Versions that are not there or have ended, and sizes that the release does not have."""
    for index, dependency in _each_dependency(document):
        engine = release.engines.get(dependency["type"])
        if engine is None:
            continue
        path: Path = ("spec", "dependencies", index)
        yield from _version(document, path, dependency, engine, release)
        size = dependency.get("size")
        sizes = {name for each in release.engines.values() for name in each.sizes}
        if isinstance(size, str) and size in sizes and size not in engine.sizes:
            message = f'{name_of(path)}.size: {dependency["type"]} has no size "{size}".'
            yield document.problem((*path, "size"), message, remedy(size, engine.sizes))


def _version(
    document: Judged, path: Path, dependency: Mapping[str, Any], engine: Engine, release: Release
) -> Iterator[Problem]:
    version, kind = dependency.get("version"), dependency["type"]
    if not isinstance(version, str):
        return
    place: Path = (*path, "version")
    alive = [name for name, each in engine.versions.items() if each.ends >= release.date]
    if version not in engine.versions:
        message = f'{name_of(path)}.version: there is no {kind} "{version[:40]}" on this platform.'
        yield document.problem(place, message, remedy(version, alive))
    elif version not in alive:
        ended = engine.versions[version].ends
        message = f"{name_of(path)}.version: {kind} {version} is past its end, which was on {ended}."
        yield document.problem(place, message, f"Choose one of {', '.join(alive)}.")


def _labels(document: Judged) -> Iterator[Problem]:
    labels = _at(document, "metadata", "labels")
    for key in labels if isinstance(labels, dict) else {}:
        if key in RESERVED_LABELS:
            message = f"metadata.labels: {key} is set by the platform."
            yield document.problem(("metadata", "labels", key), message, "Remove it.", at_key=True)


def _probes(document: Judged) -> Iterator[Problem]:
    probes = _at(document, "spec", "probes")
    if not isinstance(probes, dict) or not probes or _type(document) == "web" or _at(document, "spec", "port"):
        return
    if _type(document) == "job":
        message = "probes: a job ends by itself and is not asked."
        yield document.problem(("spec", "probes"), message, "Remove it.", at_key=True)
    elif not probes.get("command"):
        message = "probes: a worker without a port cannot be asked."
        yield document.problem(
            ("spec", "probes"), message, "Give it a port or a command, or remove probes.", at_key=True
        )


def _environments(document: Judged) -> Iterator[Problem]:
    """Overrides for environments and dependencies that the service does not have."""
    overrides = _at(document, "spec", "overrides")
    environments = _environment_names(document)
    labels = [label_of(each) for _, each in _each_dependency(document)]
    for name, override in overrides.items() if isinstance(overrides, dict) else ():
        if name not in environments:
            message = f'overrides: the service does not run in "{str(name)[:60]}".'
            path: Path = ("spec", "overrides", name)
            yield document.problem(path, message, remedy(str(name), environments), at_key=True)
        changed = override.get("dependencies") if isinstance(override, dict) else None
        for label in changed if isinstance(changed, dict) else ():
            if label not in labels:
                message = f'overrides.{name}.dependencies: there is no "{str(label)[:60]}" among the dependencies.'
                path = ("spec", "overrides", name, "dependencies", label)
                yield document.problem(path, message, remedy(str(label), labels) if labels else "", at_key=True)


def _environment_names(document: Judged) -> list[str]:
    given = _at(document, "spec", "environments")
    return [str(each) for each in given] if isinstance(given, list) else ["staging", "production"]


def _patches(document: Judged) -> Iterator[Problem]:
    patches = _at(document, "spec", "patches")
    environments = _environment_names(document)
    for index, patch in enumerate(patches if isinstance(patches, list) else []):
        if not isinstance(patch, dict):
            continue
        path: Path = ("spec", "patches", index)
        if ("merge" in patch) == ("operations" in patch):
            message = f"{name_of(path)}: either merge or operations says what is changed."
            yield document.problem(path, message, "Give one of them.")
        named = patch.get("environments")
        for place, name in enumerate(named if isinstance(named, list) else []):
            if isinstance(name, str) and name not in environments:
                message = f'{name_of(path)}.environments: the service does not run in "{name[:60]}".'
                yield document.problem((*path, "environments", place), message, remedy(name, environments))


_EVERYWHERE: tuple[Callable[[Judged], Iterator[Problem]], ...] = (
    _replicas,
    _schedule,
    _serving,
    _ports,
    _variables,
    _dependencies,
    _probes,
)
