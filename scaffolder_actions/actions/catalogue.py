"""All actions, with what they need."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from foundation.connections.git import connect_git
from foundation.connections.kubernetes import connect_cluster
from foundation.settings import Settings
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.catalog_client import CatalogClient
from scaffolder_actions.actions.delete_service import delete_service
from scaffolder_actions.actions.describe_service import describe_service
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.actions.plan_service import plan_service
from scaffolder_actions.actions.preview_golden_path import preview_golden_path
from scaffolder_actions.actions.publish_repository import publish_repository
from scaffolder_actions.actions.register_entity import register_entity
from scaffolder_actions.actions.render_golden_path import render_golden_path
from scaffolder_actions.actions.render_service import render_service
from scaffolder_actions.actions.upgrade_service import upgrade_service
from scaffolder_actions.actions.validate_service import validate_service
from scaffolder_actions.credentials import Entries
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters


def all_actions(settings: Settings, renderer: GoldenPathRenderer) -> Mapping[str, Action]:
    """Each action by its id. Nothing is contacted yet."""
    git = connect_git(settings.git)
    clusters = Clusters(settings.clusters, cache(connect_cluster))
    organisation = settings.git.organisation if settings.git.host == "github" else ""
    stacks = Stacks(settings.aws)
    sources = Sources(git, organisation, clusters, stacks, settings.platform)
    catalog = CatalogClient(settings)
    parts = Parts(sources, stacks, Entries(settings.vault))
    actions = [
        validate_service(settings.platform),
        render_service(settings.platform),
        plan_service(sources),
        describe_service(sources, stacks),
        preview_golden_path(settings.catalog.golden_paths, renderer, sources),
        render_golden_path(settings.catalog.golden_paths, renderer, settings.platform),
        publish_repository(git),
        register_entity(catalog.register),
        upgrade_service(sources),
        apply_service(parts),
        delete_service(parts, catalog.withdraw, settings.catalog.namespace),
    ]
    return {action.id: action for action in actions}
