"""A golden path as a Template: the form comes from its fields, the steps are the platform's actions."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_provider.entities.origin import Origin
from foundation.backstage.entities import entity
from foundation.golden_path import Field, GoldenPath
from foundation.jsontypes import Json, JsonObject

# Where a new service runs first; production follows by a change in its repository.
FIRST_ENVIRONMENT = "staging"
# No field of a golden path: those are words of cookiecutter's templates, and have no hyphen.
PREVIEW = "what-will-be-created"
_TEAM_PICKER: JsonObject = {
    "ui:field": "OwnerPicker",
    "ui:options": {"catalogFilter": [{"kind": "Group"}], "allowArbitraryValues": False},
}


def golden_path_template(golden_path: GoldenPath, origin: Origin, *, namespace: str) -> JsonObject:
    """The entity, `scaffolder.backstage.io/v1beta3`."""
    return entity(
        "Template",
        golden_path.name,
        {
            "owner": f"group:{namespace}/{golden_path.owner}",
            "type": golden_path.type,
            "parameters": [*form_pages(golden_path)],
            "steps": [*steps(golden_path)],
            "output": output(namespace),
        },
        location=origin.location,
        api_version="scaffolder.backstage.io/v1beta3",
        namespace=namespace,
        annotations=origin.annotations(),
        metadata={
            "title": golden_path.title,
            "description": description(golden_path),
            "tags": [*golden_path.tags],
        },
    )


def description(golden_path: GoldenPath) -> str:
    """What one gets and how long it takes, as the Markdown of the card on the Create page."""
    minutes = golden_path.duration_minutes
    duration = f"Takes about {minutes} minute{'' if minutes == 1 else 's'}."
    gives = "\n".join(f"- {each}" for each in golden_path.gives)
    return "\n\n".join(filter(None, (golden_path.description, gives, duration)))


def form_pages(golden_path: GoldenPath) -> list[JsonObject]:
    """What has to be asked, what has a default, then what comes of it; as JSON Schema with the hints of Backstage's form."""
    required = [field for field in golden_path.fields if field.required]
    optional = [field for field in golden_path.fields if not field.required]
    pages = [_page(f"About the {golden_path.type}", required), _page("Choices with a default", optional)]
    return [*(page for page in pages if page["properties"]), _preview(golden_path)]


def _preview(golden_path: GoldenPath) -> JsonObject:
    """A page that asks for nothing: the portal's own field shows what the values would become."""
    field: JsonObject = {
        "type": "string",
        "ui:field": "GreenroomPlanPreview",
        "ui:options": {
            "goldenPath": golden_path.name,
            "fields": [field.name for field in golden_path.fields],
            "environment": FIRST_ENVIRONMENT,
        },
        "ui:backstage": {"review": {"show": False}},
    }
    return {"title": "What will be created", "properties": {PREVIEW: field}}


def _page(title: str, fields: Sequence[Field]) -> JsonObject:
    properties: dict[str, Json] = {}
    for field in fields:
        hints: dict[str, Json] = {} if properties else {"ui:autofocus": True}
        properties[field.name] = {**_property(field), **hints}
    required: dict[str, Json] = {"required": [field.name for field in fields if field.required]}
    return {"title": title, **(required if required["required"] else {}), "properties": properties}


def _property(field: Field) -> JsonObject:
    asked: dict[str, Json] = {"title": field.title, "type": "boolean" if field.kind == "boolean" else "string"}
    if field.description:
        asked["description"] = field.description
    # An empty text would be held against the pattern, where no text at all is fine.
    if field.default not in (None, ""):
        asked["default"] = field.default
    if field.kind == "choice":
        asked["enum"] = [*field.choices]
        asked["enumNames"] = [field.choice_titles.get(choice, choice) for choice in field.choices]
    elif field.kind == "string":
        asked.update(_TEAM_PICKER if field.format == "team" else _text(field))
    return asked


def _text(field: Field) -> JsonObject:
    hints: dict[str, Json] = {"maxLength": field.longest}
    if field.required:
        hints["minLength"] = 1
    if field.pattern:
        hints["pattern"] = field.pattern
        hints["errorMessage"] = {"pattern": _rule(field)}
    if field.examples:
        hints["ui:placeholder"] = field.examples[0]
    return hints


def _rule(field: Field) -> str:
    rule = f"Use {field.rule}." if field.rule else f"This does not match {field.pattern}."
    return f"{rule} For example: {field.examples[0]}" if field.examples else rule


def steps(golden_path: GoldenPath) -> list[JsonObject]:
    """Render, publish, register, deploy: the run actions of `platform`."""
    values: dict[str, Json] = {field.name: _parameter(field) for field in golden_path.fields}
    team = next((field for field in golden_path.fields if field.format == "team"), None)
    purpose = golden_path.field("description")
    publish: dict[str, Json] = {
        "name": _output("render", "name"),
        "owner": _parameter(team) if team else golden_path.owner,
    }
    if purpose:
        publish["description"] = _parameter(purpose)
    render: dict[str, Json] = {"goldenPath": golden_path.name, "values": values}
    register: dict[str, Json] = {"repositoryUrl": _output("publish", "repositoryUrl")}
    deploy: dict[str, Json] = {"environment": FIRST_ENVIRONMENT}
    return [
        _step("render", "Write the files", "greenroom:golden-path:render", render),
        _step("publish", "Create the repository", "greenroom:repository:publish", publish),
        _step("register", "Add it to the catalog", "greenroom:catalog:register", register),
        _step("deploy", f"Deploy to {FIRST_ENVIRONMENT}", "greenroom:service:apply", deploy),
    ]


def _step(name: str, title: str, action: str, given: JsonObject) -> JsonObject:
    return {"id": name, "name": title, "action": action, "input": given}


def _parameter(field: Field) -> str:
    """The expression for what was entered; the picker gives a reference, and golden paths take names."""
    parameter = f"parameters.{field.name}"
    if field.format != "team":
        return f"${{{{ {parameter} }}}}"
    name = f"{parameter} | parseEntityRef({{ defaultKind: 'Group' }}) | pick('name')"
    return f"${{{{ {name} }}}}" if field.required else f"${{{{ ({name}) if {parameter} else '' }}}}"


def _output(step: str, name: str) -> str:
    return f"${{{{ steps['{step}'].output.{name} }}}}"


def output(namespace: str) -> JsonObject:
    """Where to go from the finished task."""
    return {
        "links": [
            {"title": "Open the service", "icon": "catalog", "entityRef": _output("register", "entityRef")},
            {"title": "Repository", "icon": "github", "url": _output("publish", "webUrl")},
            {
                "title": "Documentation",
                "icon": "docs",
                "url": f"/docs/{namespace}/component/{_output('render', 'name')}",
            },
        ]
    }
