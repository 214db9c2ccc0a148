"""`greenroom:service:upgrade`: a newer release of the platform arrives as a change to the service's repository."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.connections.git import Repository
from foundation.errors import NotFoundError
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.documents import RELATIVE_PATH
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.plans.planning import plan_service
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.upgrades import Upgrade, description, title, upgrade_of

DEFAULT_DOCUMENT = "service.yaml"


def upgrade_service(sources: Sources) -> Action:
    """The action, for these repositories and what stands there."""

    def plan(context: ActionContext, given: JsonObject) -> JsonObject:
        found = _find(context, given, sources)
        if not found.upgrade.files:
            return found.unchanged()
        for line in [title(found.upgrade), *_described(found, sources).splitlines()]:
            context.log(line)
        return {**found.unchanged(), "changed": True, "branch": found.branch}

    def run(context: ActionContext, given: JsonObject) -> JsonObject:
        found = _find(context, given, sources)
        if not found.upgrade.files:
            return found.unchanged()

        def propose() -> JsonObject:
            made = sources.git.propose(
                found.repository,
                found.upgrade.files,
                branch=found.branch,
                title=title(found.upgrade),
                body=_described(found, sources),
                author=context.caller,
            )
            output = {"branch": made.branch, "commit": made.commit, "url": made.url}
            return {**found.unchanged(), **output, "changed": True}

        output = context.step("propose", propose)
        context.log(f"Proposed {len(found.upgrade.files)} changed files on {output['branch']}: {output['url']}")
        return output

    return Action(
        id="greenroom:service:upgrade",
        title="Move a service to a newer release of the platform",
        description=(
            "Proposes a release of the platform to a service's repository, as a branch or pull request with the release's "
            "notes and the plan of what changes in its text."
        ),
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example("Propose the newest release", {"repository": "commerce/order-api"}),
            Example("Propose another one", {"repository": "commerce/order-api", "release": "2026.10"}),
        ],
        run=run,
        plan=plan,
    )


@dataclass(frozen=True)
class _Found:
    repository: Repository
    upgrade: Upgrade

    @property
    def branch(self) -> str:
        """One branch for each release, so that a proposal is found again."""
        return f"greenroom/release-{self.upgrade.release.name}"

    def unchanged(self) -> JsonObject:
        """The outputs of a service that has the release already, which is where all others begin."""
        nothing = {"branch": "", "commit": "", "url": ""}
        return {"changed": False, "release": self.upgrade.release.name, **nothing}


def _find(context: ActionContext, given: JsonObject, sources: Sources) -> _Found:
    name, document = str(given["repository"]), str(given.get("document", DEFAULT_DOCUMENT))
    repository = sources.git.find(name)
    revision = sources.git.revision(repository) if repository else None
    if repository is None or revision is None:
        raise NotFoundError(f"There is no repository {name[:120]} with a commit in it.", remedy="Name it owner/name.")
    release = str(given["release"]) if "release" in given else None
    found = _Found(repository, upgrade_of(sources.git.tree(repository, revision), document, release, sources.platform))
    if not found.upgrade.files:
        context.log(f"{found.upgrade.after.name} has release {found.upgrade.release.name} already")
    return found


def _described(found: _Found, sources: Sources) -> str:
    plan = plan_service(found.upgrade.after, None, {}, sources, repository=found.repository.name)
    return description(found.upgrade, plan)


_INPUT: JsonObject = {
    "type": "object",
    "required": ["repository"],
    "additionalProperties": False,
    "properties": {
        "repository": {
            "type": "string",
            "title": "Repository",
            "description": "The service's repository, owner/name, or the address that it is cloned from.",
            "maxLength": 2000,
            # Inputs are kept and shown; nothing that opens a door may be among them.
            "pattern": "^(?![^/]*://[^/]*@)",
        },
        "release": {
            "type": "string",
            "title": "Release",
            "description": "The release of the platform; the newest by default.",
            "minLength": 1,
            "maxLength": 40,
        },
        "document": {
            **RELATIVE_PATH,
            "title": "Service document",
            "description": "The service document in the repository; service.yaml by default.",
        },
    },
}

_OUTPUT: JsonObject = {
    "type": "object",
    "required": ["changed", "release", "branch", "commit", "url"],
    "properties": {
        "changed": {"type": "boolean", "description": "False when the service has the release already."},
        "release": {"type": "string", "description": "The release that it moves to."},
        "branch": {"type": "string", "description": "The branch with the change; empty without one."},
        "commit": {"type": "string", "description": "The commit with the change; empty without one."},
        "url": {"type": "string", "description": "Where to look at it and accept it; empty without one."},
    },
}
