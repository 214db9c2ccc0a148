"""What a change of an object in a cluster means for those who use the service, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.plans.model import FieldChange, Verb
from scaffolder_actions.rollouts.paths import mapping_of, metadata_of


@dataclass(frozen=True)
class Touched:
    """An object that is changed: as it stands, as it would be (None: gone), and the fields that differ."""

    verb: Verb
    before: JsonObject
    after: JsonObject | None
    fields: Sequence[FieldChange]

    @property
    def address(self) -> str:
        """The name in the cluster's DNS of a Service."""
        metadata = metadata_of(self.before)
        return f"{metadata.get('name')}.{metadata.get('namespace')}"


def impact_of(touched: Touched) -> str:
    """What becomes unavailable and for how long, or what happens to pods; empty where users notice nothing."""
    words = _BY_KIND.get(str(touched.before["kind"]))
    return words(touched) if words else ""


def _deployment(touched: Touched) -> str:
    if touched.verb == "delete":
        return "Stops: its pods end, and nothing takes their place."
    if touched.verb == "replace":
        # Pods get 35 s to end, and new ones half a minute to start.
        return "Unavailable for about a minute: the old pods end before new ones start."
    if not any(each.path.startswith("spec.template") for each in touched.fields):
        return ""
    after = touched.after or touched.before
    if mapping_of(mapping_of(after, "spec"), "strategy").get("type") == "Recreate":
        return "Unavailable while the old pods end and new ones start."
    return "Pods restart one after another; it stays available."


def _cron_job(touched: Touched) -> str:
    return "Runs no more." if touched.verb == "delete" else "From the next run on."


def _service(touched: Touched) -> str:
    if touched.verb == "delete":
        return f"No longer reached at {touched.address} within the cluster."
    if touched.verb == "replace":
        return f"Not reached at {touched.address} for a few seconds."
    return ""


def _route(touched: Touched) -> str:
    left = hosts_of(touched.after) if touched.after and touched.verb != "delete" else ()
    gone = [host for host in hosts_of(touched.before) if host not in left]
    return f"No longer reached at {', '.join(gone)}." if gone else ""


def _autoscaler(touched: Touched) -> str:
    return "No longer scales with its load." if touched.verb == "delete" else ""


def _budget(touched: Touched) -> str:
    return "Drained nodes may take several pods at once." if touched.verb == "delete" else ""


def _external_secret(touched: Touched) -> str:
    # The Secret is owned by it, and pods that run keep what they were started with.
    return "Its Secret goes with it: pods that start later have no credentials." if touched.verb == "delete" else ""


def _certificate(touched: Touched) -> str:
    return "The certificate is no longer renewed." if touched.verb == "delete" else ""


def _monitor(touched: Touched) -> str:
    return "No longer watched: its metrics and alerts end." if touched.verb == "delete" else ""


_BY_KIND: Mapping[str, Callable[[Touched], str]] = {
    "Deployment": _deployment,
    "CronJob": _cron_job,
    "Service": _service,
    "HTTPRoute": _route,
    "HorizontalPodAutoscaler": _autoscaler,
    "PodDisruptionBudget": _budget,
    "ExternalSecret": _external_secret,
    "Certificate": _certificate,
    "ServiceMonitor": _monitor,
    "PodMonitor": _monitor,
    "PrometheusRule": _monitor,
}


def hosts_of(route: JsonObject) -> tuple[str, ...]:
    """The host names of an HTTPRoute."""
    found: Json = mapping_of(route, "spec").get("hostnames")
    return tuple(map(str, cast("Sequence[Json]", found))) if isinstance(found, list | tuple) else ()
