"""The service in one of the environment's clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.applying.deciding import Decision, title_of
from scaffolder_actions.actions.applying.order import Order
from scaffolder_actions.rollouts import Child, apply, ensure_namespace, objects_of, remove, wait_until_well
from scaffolder_actions.rollouts.apply import standing
from scaffolder_actions.rollouts.paths import metadata_of
from scaffolder_actions.rollouts.refreshing import refresh, restart_for, synced_version
from scaffolder_actions.rollouts.removing import is_in
from scaffolder_actions.rollouts.watching import Watched


class Cluster:
    """One cluster. `secrets` is the version of what the service's Secret holds, None where nobody here knows it."""

    def __init__(self, order: Order, api: KubernetesApi, decision: Decision, secrets: str | None) -> None:
        self._order = order
        self._context = order.context
        self.api = api
        self._replaced = decision.replaced.get(api.cluster, ())
        self._skipped = decision.skipped.get(api.cluster, ())
        self._secrets = secrets

    @property
    def objects(self) -> Sequence[JsonObject]:
        """What the service has in this cluster: all that the cluster has a place for."""
        return [each for each in self._order.compiled.objects if title_of(each) not in self._skipped]

    def left_out(self) -> Sequence[Child]:
        """What the cluster has no place for, and the service can do without."""
        reason = "the cluster does not serve this kind"
        names = (each.split("/", 1) for each in self._skipped)
        return [Child("cluster", self.api.cluster, kind, name, "Skipped", reason) for kind, name in names]

    def bring(self) -> Iterator[JsonObject]:
        """Put everything there, in order; what was done about each object."""
        cluster, namespace = self.api.cluster, self._order.compiled.workload.namespace
        change = self._context.step(
            f"namespace on {cluster}", lambda: ensure_namespace(self.api, namespace, dry_run=False)
        )
        self._context.log(f"{cluster}: Namespace {namespace} {change}")
        for each in self.left_out():
            self._context.log(f"{cluster}: {each.kind} {each.name} is left out: {each.reason}", "warn")
        for item in self.objects:
            if title_of(item) in self._replaced:
                self._context.step(f"take away {title_of(item)} on {cluster}", partial(self._take_away, item))
            done = self._context.step(f"apply {title_of(item)} on {cluster}", partial(self._apply, item))
            self._context.log(f"{cluster}: {done['kind']} {done['name']} {done['change']}")
            yield done
            if item["kind"] == "ExternalSecret":
                self._wait_for_secrets(item)
            if item["kind"] == "Deployment" and self._secrets is not None:
                self._context.step(f"restart on {cluster}", partial(self._restart, item))

    def prune(self) -> Iterator[JsonObject]:
        """Take away what the document gives no more; each object that went."""
        removed = self._context.step(f"prune on {self.api.cluster}", self._prune)
        for each in removed:
            self._context.log(f"{self.api.cluster}: {each['kind']} {each['name']} {each['change']}")
        yield from removed

    def _apply(self, item: JsonObject) -> JsonObject:
        done = apply(self.api, item, warn=lambda message: self._context.log(message, "warn"))
        return self._done(done.kind, done.name, done.change)

    def _take_away(self, item: JsonObject) -> None:
        self._context.log(f"{self.api.cluster}: {title_of(item)} is replaced, since it cannot be changed")
        if current := standing(self.api, item):
            remove(self.api, [current], self._order.patience)

    def _wait_for_secrets(self, external: JsonObject) -> None:
        """Let the Secret be there, and be the current one, before pods start with it."""
        cluster, secrets, order = self.api.cluster, self._secrets, self._order
        if secrets is not None:
            before = self._context.step(
                f"look at secrets on {cluster}", lambda: synced_version(self.api, external, self._annotation, secrets)
            )
            if before is not None:
                self._context.step(f"refresh secrets on {cluster}", lambda: self._refresh(external, before, secrets))
                return
        watched = [Watched(self.api, external)]
        self._context.step(
            f"secrets on {cluster}",
            lambda: wait_until_well(watched, deadline=order.deadline, waiting=order.waiting),
        )

    def _refresh(self, external: JsonObject, before: str, version: str) -> None:
        order = self._order
        note: JsonObject = {self._annotation: version}
        refresh(self.api, external, note, before=before, deadline=order.deadline, waiting=order.waiting)

    def _restart(self, deployment: JsonObject) -> bool:
        restarted = restart_for(self.api, deployment, self._annotation, str(self._secrets))
        if restarted:
            self._context.log(f"{self.api.cluster}: pods start anew, with the changed secrets")
        return restarted

    def _prune(self) -> list[JsonObject]:
        workload = self._order.compiled.workload
        found = objects_of(self.api, workload.name, workload.namespace)
        gone = [each for each in found if not is_in(each, self._order.compiled.objects)]
        remove(self.api, gone, self._order.patience)
        return [self._done(str(each["kind"]), str(metadata_of(each)["name"]), "removed") for each in gone]

    def _done(self, kind: str, name: str, change: str) -> JsonObject:
        return {"where": "cluster", "cluster": self.api.cluster, "kind": kind, "name": name, "change": change}

    @property
    def _annotation(self) -> str:
        return f"{self._order.parts.platform.api_group}/secrets-version"
