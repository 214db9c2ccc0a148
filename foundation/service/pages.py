"""Pages about a service, by the addresses of the settings."""

from __future__ import annotations

from foundation.service.dashboards import dashboard_uid
from foundation.service.model import Service


def filled(template: str, service: Service, environment: str | None = None) -> str:
    """A text of the settings with `{name}`, `{team}` and `{system}` filled in.

    With an environment, `{environment}` and `{dashboard}` are filled in too: its name, and the `uid` of the dashboard there.
    """
    values = {"name": service.name, "team": service.team, "system": service.system}
    if environment is not None:
        values |= {"environment": environment, "dashboard": dashboard_uid(service.name, environment)}
    # Not str.format: a template must reach nothing but these words.
    for key, value in values.items():
        template = template.replace(f"{{{key}}}", value)
    return template


def is_per_environment(template: str) -> bool:
    """Whether a text of the settings means another page in each environment."""
    return "{environment}" in template or "{dashboard}" in template


def is_address(text: str) -> bool:
    """Whether a page is named by an address, rather than by a path of the repository."""
    return text.startswith(("https://", "http://"))
