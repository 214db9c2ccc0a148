"""The organisation file as Groups, Users, Systems and Domains.

It is either a list of teams, users, systems and domains in plain words, or Backstage's own `org.yaml`,
a series of entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from catalog_provider.entities.catalog_info import read_entities
from catalog_provider.entities.origin import Origin
from catalog_provider.errors import EntityDocumentError
from foundation.backstage.entities import entity
from foundation.errors import Problem
from foundation.jsontypes import Json, JsonObject
from foundation.service.findings import schema_problems
from foundation.yaml import Document, YamlError, load_yaml

_NAME: JsonObject = {
    "type": "string",
    # Lower case, because a team is also a namespace in the cluster.
    "pattern": "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$",
    "x-is": "a name of lower-case letters, digits, '-', '_' and '.', at most 63",
    "examples": ["commerce"],
}
_TEXT: JsonObject = {"type": "string", "minLength": 1, "maxLength": 1000, "x-is": "a text of 1 to 1000 characters"}


def _list_of(what: str, required: Sequence[str], **fields: JsonObject) -> JsonObject:
    """A list of things that have a name, perhaps a title and a description, and `fields`."""
    return {
        "type": "array",
        "x-is": f"a list of {what}",
        "items": {
            "type": "object",
            "x-is": "a mapping",
            "required": ["name", *required],
            "additionalProperties": False,
            "properties": {"name": _NAME, "title": _TEXT, "description": _TEXT, **fields},
        },
    }


_NAMES: JsonObject = {"type": "array", "x-is": "a list of names", "uniqueItems": True, "items": _NAME}
ORGANISATION: JsonObject = {
    "type": "object",
    "x-is": "a mapping of teams, users, systems and domains",
    "additionalProperties": False,
    "properties": {
        "teams": _list_of("teams", [], type=_NAME, parent=_NAME, members=_NAMES, email=_TEXT, picture=_TEXT),
        "users": _list_of("users", [], email=_TEXT, picture=_TEXT),
        "systems": _list_of("systems", ["owner"], owner=_NAME, domain=_NAME),
        "domains": _list_of("domains", ["owner"], owner=_NAME),
    },
}


def read_organisation(text: bytes, origin: Origin, *, namespace: str) -> list[JsonObject]:
    """The entities of an organisation file. Raises EntityDocumentError with every problem in it."""
    try:
        document = load_yaml(text, origin.file)
    except YamlError as error:
        # Several documents in one file are Backstage's form; anything else is wrong in that one too.
        return read_entities(text, origin) if b"\n---" in text else _refuse(origin, error.problems)
    if isinstance(document.value, Mapping) and "kind" in document.value:
        return read_entities(text, origin)
    problems = list(schema_problems(document, ORGANISATION)) or list(_dangling(document))
    if problems:
        _refuse(origin, problems)
    return _Organisation(document, origin, namespace).entities()


def _refuse(origin: Origin, problems: Sequence[Problem]) -> list[JsonObject]:
    raise EntityDocumentError(f"{origin.file} is not an organisation file that can be used.", problems=problems)


def _section(document: Document, name: str) -> list[dict[str, Any]]:
    value = cast("dict[str, Any] | None", document.value) or {}
    return value.get(name) or []


def _dangling(document: Document) -> Iterator[Problem]:
    """Names that stand for nothing, and names that stand twice."""
    sections = ("teams", "users", "systems", "domains")
    known = {section: [each["name"] for each in _section(document, section)] for section in sections}
    for section, names in known.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                yield document.problem((section, index, "name"), f'"{name}" stands here a second time.', "Remove it.")
    for section, field, target in (
        ("teams", "parent", "teams"),
        ("systems", "owner", "teams"),
        ("systems", "domain", "domains"),
        ("domains", "owner", "teams"),
    ):
        for index, each in enumerate(_section(document, section)):
            if field in each and each[field] not in known[target]:
                yield _unknown(document, (section, index, field), each[field], target)
    for index, team in enumerate(_section(document, "teams")):
        for place, member in enumerate(team.get("members", [])):
            if member not in known["users"]:
                yield _unknown(document, ("teams", index, "members", place), member, "users")


def _unknown(document: Document, path: tuple[str | int, ...], name: str, target: str) -> Problem:
    return document.problem(path, f'"{name}" is not one of the {target}.', f"Add it to {target}, or mend the name.")


class _Organisation:
    def __init__(self, document: Document, origin: Origin, namespace: str) -> None:
        self.document = document
        self.origin = origin
        self.namespace = namespace

    def entities(self) -> list[JsonObject]:
        made = [self._domain(each) for each in _section(self.document, "domains")]
        made += [self._system(each) for each in _section(self.document, "systems")]
        made += [self._team(each) for each in _section(self.document, "teams")]
        return made + [self._user(each) for each in _section(self.document, "users")]

    def _domain(self, given: Mapping[str, str]) -> JsonObject:
        return self._entity("Domain", given, {"owner": f"group:{self.namespace}/{given['owner']}"})

    def _system(self, given: Mapping[str, str]) -> JsonObject:
        spec: dict[str, Json] = {"owner": f"group:{self.namespace}/{given['owner']}"}
        if "domain" in given:
            spec["domain"] = given["domain"]
        return self._entity("System", given, spec)

    def _team(self, given: Mapping[str, str]) -> JsonObject:
        spec: dict[str, Json] = {"type": given.get("type", "team"), "children": [], "profile": _profile(given)}
        if "parent" in given:
            spec["parent"] = given["parent"]
        return self._entity("Group", given, spec)

    def _user(self, given: Mapping[str, str]) -> JsonObject:
        teams = [each["name"] for each in _section(self.document, "teams") if given["name"] in each.get("members", [])]
        return self._entity("User", given, {"memberOf": sorted(teams), "profile": _profile(given)})

    def _entity(self, kind: str, given: Mapping[str, str], spec: JsonObject) -> JsonObject:
        return entity(
            kind,
            given["name"],
            spec,
            location=self.origin.location,
            namespace=self.namespace,
            annotations=self.origin.annotations(),
            metadata={key: given[key] for key in ("title", "description") if key in given},
        )


def _profile(given: Mapping[str, str]) -> JsonObject:
    named = {"displayName": given.get("title"), "email": given.get("email"), "picture": given.get("picture")}
    return {key: value for key, value in named.items() if value}
