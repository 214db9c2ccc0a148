"""`greenroom:catalog:register`: the service of a repository appears in the catalog."""

from __future__ import annotations

from foundation.errors import GreenroomError
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.catalog_client import Register
from scaffolder_actions.actions.documents import RELATIVE_PATH
from scaffolder_actions.actions.model import Action, ActionContext, Example

DEFAULT_PATH = "service.yaml"


def register_entity(register: Register) -> Action:
    """The action, with the way to the catalog."""

    def plan(context: ActionContext, given: JsonObject) -> JsonObject:
        path = given.get("path", DEFAULT_PATH)
        context.log(f"Would register what {path} in {given['repositoryUrl'] or 'the repository'} describes.")
        return {"entityRef": "", "entityRefs": []}

    def run(context: ActionContext, given: JsonObject) -> JsonObject:
        url, path = str(given["repositoryUrl"]), str(given.get("path", DEFAULT_PATH))
        context.log(f"Registering {path} of {url}")
        answer = context.step("register", lambda: register(url, path, context.pause))
        listed = answer.get("entityRefs")
        references = [str(each) for each in listed] if isinstance(listed, list) else []
        component = next((each for each in references if each.startswith("component:")), None)
        reference = component or next(iter(references), None)
        if reference is None:
            raise GreenroomError(f"The catalog found nothing to register in {path} of {url}.")
        for each in references:
            context.log(f"In the catalog: {each}")
        return {"entityRef": reference, "entityRefs": references}

    return Action(
        id="greenroom:catalog:register",
        title="Register in the catalog",
        description="Adds what a repository's service document describes to the catalog, at once.",
        input={
            "type": "object",
            "required": ["repositoryUrl"],
            "additionalProperties": False,
            "properties": {
                "repositoryUrl": {
                    "type": "string",
                    "title": "Repository",
                    "description": "The address that the repository is cloned from, without credentials.",
                    "maxLength": 2000,
                    # Inputs are kept and shown; nothing that opens a door may be among them.
                    "pattern": "^(?![^/]*://[^/]*@)",
                },
                "path": {
                    **RELATIVE_PATH,
                    "title": "Path",
                    "description": "The service document in the repository; service.yaml by default.",
                },
            },
        },
        output={
            "type": "object",
            "required": ["entityRef", "entityRefs"],
            "properties": {
                "entityRef": {"type": "string", "description": "The component, such as component:default/order-api."},
                "entityRefs": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "All entities that the document describes.",
                },
            },
        },
        examples=[
            Example(
                "Register a service that was just published",
                {"repositoryUrl": "http://localhost:7114/commerce/order-api.git"},
            )
        ],
        run=run,
        plan=plan,
    )
