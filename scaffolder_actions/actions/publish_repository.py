"""`greenroom:repository:publish`: the workspace becomes a repository."""

from __future__ import annotations

from foundation.connections.git import GitHost
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.repositories import publish_folder, repository_name


def publish_repository(git: GitHost) -> Action:
    """The action, for this Git host."""

    def plan(context: ActionContext, given: JsonObject) -> JsonObject:
        name = repository_name(str(given["owner"]), str(given["name"]))
        standing = git.find(name)
        head = git.revision(standing) if standing else None
        if standing and head:
            context.log(f"The repository {name} exists; publishing would change nothing or be refused.", "warn")
        else:
            context.log(f"Would make the repository {name} with {_count(context)} files.")
        # Outputs that a later step of a dry run can be given; nothing stands behind them yet.
        clone_url, web_url = (standing.clone_url, standing.web_url) if standing else ("", "")
        return {"repositoryUrl": clone_url, "webUrl": web_url, "commit": head or "", "created": False}

    def run(context: ActionContext, given: JsonObject) -> JsonObject:
        owner, name = str(given["owner"]), str(given["name"])
        context.log(f"Publishing {_count(context)} files as {repository_name(owner, name)}")

        def publish() -> JsonObject:
            published = publish_folder(
                git,
                context.workspace,
                owner=owner,
                name=name,
                description=str(given.get("description", "")),
                requested_by=context.caller,
            )
            return {
                "repositoryUrl": published.repository.clone_url,
                "webUrl": published.repository.web_url,
                "commit": published.commit,
                "created": published.created,
            }

        output = context.step("publish", publish)
        verb = "Made" if output["created"] else "Found the same content in"
        context.log(f"{verb} {output['webUrl']} at {str(output['commit'])[:12]}")
        return output

    return Action(
        id="greenroom:repository:publish",
        title="Publish a repository",
        description="Makes a Git repository with the workspace as its first commit; to repeat it changes nothing.",
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example(
                "Publish a new service of the team commerce",
                {"name": "order-api", "owner": "commerce", "description": "Takes orders"},
            )
        ],
        run=run,
        plan=plan,
        workspace="read",
    )


def _count(context: ActionContext) -> int:
    return sum(1 for path in context.workspace.rglob("*") if path.is_file())


_INPUT: JsonObject = {
    "type": "object",
    "required": ["name", "owner"],
    "additionalProperties": False,
    "properties": {
        "name": {
            "type": "string",
            "title": "Name",
            "description": "The name of the repository, without its owner.",
            "minLength": 1,
            "maxLength": 100,
            "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$",
        },
        "owner": {
            "type": "string",
            "title": "Owner",
            "description": "The team that owns it: its name, or a reference such as group:default/commerce.",
            "minLength": 1,
            "maxLength": 191,
        },
        "description": {
            "type": "string",
            "title": "Description",
            "description": "One line about the repository.",
            "maxLength": 350,
        },
    },
}

_OUTPUT: JsonObject = {
    "type": "object",
    "required": ["repositoryUrl", "webUrl", "commit", "created"],
    "properties": {
        "repositoryUrl": {"type": "string", "description": "The address to clone it from."},
        "webUrl": {"type": "string", "description": "The address of its page."},
        "commit": {"type": "string", "description": "The commit that holds the workspace."},
        "created": {"type": "boolean", "description": "False when the same content stood there already."},
    },
}
