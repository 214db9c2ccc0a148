"""What applying a service's objects to a cluster would do, asked of the cluster itself by a dry run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from foundation.connections.kubernetes import (
    ClusterError,
    ClusterInvalidError,
    ClusterRefusedError,
    KubernetesApi,
)
from foundation.errors import ConflictError
from foundation.jsontypes import JsonObject
from scaffolder_actions.plans.fields import differences
from scaffolder_actions.plans.impact import Touched, impact_of
from scaffolder_actions.plans.model import Change, Compared, FieldChange, Verb
from scaffolder_actions.plans.routes import KIND as ROUTE
from scaffolder_actions.plans.routes import claimed_elsewhere
from scaffolder_actions.rollouts.apply import Outcome, ensure_namespace, essence, put, standing
from scaffolder_actions.rollouts.kinds import MONITORING, Kind, served_kinds
from scaffolder_actions.rollouts.paths import metadata_of
from scaffolder_actions.rollouts.removing import is_in, objects_of

# How API servers say that a field cannot be changed, whatever the kind.
_IMMUTABLE = re.compile(r"immutable|may not change once set|may not be changed")
# Who owns a field that we would take back: `conflict with "kubectl-edit" using apps/v1: .spec.replicas`.
_OWNER = re.compile(r'conflicts? with "([^"]+)"')


@dataclass(frozen=True)
class ClusterPlan:
    """One service in one cluster: `objects` are all that it is to have there, none where it runs there no more."""

    api: KubernetesApi
    environment: str
    service: str
    namespace: str
    objects: Sequence[JsonObject]

    def compare(self) -> Compared:
        """What would change. Raises ClusterError where the cluster does not answer or lets nobody look."""
        served = served_kinds(self.api, map(Kind.of, self.objects))
        missing = {each for each in self._namespaces() if self._is_missing(each)}
        changes = [self._change(_namespace(each), "create") for each in sorted(missing) if self.objects]
        unknown: list[str] = []
        for item in self.objects:
            if Kind.of(item) not in served:
                if Kind.of(item) in MONITORING:
                    changes.append(replace(self._change(item, "keep"), impact=_left_out(item)))
                else:
                    unknown.append(self._unserved(item))
            elif metadata_of(item).get("namespace") in missing:
                # In a namespace that is not there the server refuses even to say what it would do.
                changes.append(self._checked(item, self._change(item, "create")))
            else:
                changes.append(self._applied(item))
        leftovers = [] if self.namespace in missing else objects_of(self.api, self.service, self.namespace)
        changes += [self._gone(item) for item in leftovers if not is_in(item, self.objects)]
        return Compared(changes, unknown)

    def _namespaces(self) -> set[str]:
        return {self.namespace, *(str(metadata_of(each).get("namespace")) for each in self.objects)}

    def _is_missing(self, namespace: str) -> bool:
        return ensure_namespace(self.api, namespace, dry_run=True) == "created"

    def _unserved(self, item: JsonObject) -> str:
        return (
            f"Cluster {self.api.cluster} does not serve {item['kind']} ({item['apiVersion']}), so nothing is known of "
            f"{item['kind']} {metadata_of(item)['name']}."
        )

    def _applied(self, item: JsonObject) -> Change:
        """The change that applying one object is."""
        try:
            outcome = put(self.api, item, dry_run=True)
        except ConflictError as error:
            return self._change(item, "update", blocked=f"{error.message} {error.remedy or ''}".strip())
        except (ClusterInvalidError, ClusterRefusedError) as error:
            if error.code == HTTPStatus.UNAUTHORIZED:
                raise
            return self._refused(item, error)
        if outcome.before is None:
            return self._checked(item, self._change(item, "create"))
        fields = list(differences(essence(outcome.before), essence(outcome.after)))
        if not fields:
            return self._change(item, "keep")
        touched = Touched("update", outcome.before, outcome.after, fields)
        impact = " ".join(filter(None, [impact_of(touched), _taken_back(outcome)]))
        return self._checked(item, self._change(item, "update", fields=fields, impact=impact))

    def _refused(self, item: JsonObject, error: ClusterError) -> Change:
        """The change that an API server does not take: by another object in its place, or not at all."""
        before = standing(self.api, item)
        if before is None:
            return self._change(item, "create", blocked=error.message)
        fields = _set_by(item, before)
        if not _IMMUTABLE.search(error.message):
            return self._change(item, "update", fields=fields, blocked=error.message)
        impact = impact_of(Touched("replace", before, item, fields))
        return self._checked(item, self._change(item, "replace", fields=fields, impact=impact))

    def _checked(self, item: JsonObject, change: Change) -> Change:
        """The change, blocked where another service has the same host."""
        if item["kind"] != ROUTE:
            return change
        return replace(change, blocked=claimed_elsewhere(self.api, item))

    def _gone(self, item: JsonObject) -> Change:
        return self._change(item, "delete", impact=impact_of(Touched("delete", item, None, ())))

    def _change(
        self,
        item: JsonObject,
        verb: Verb,
        *,
        fields: Sequence[FieldChange] = (),
        impact: str = "",
        blocked: str | None = None,
    ) -> Change:
        return Change(
            where="cluster",
            environment=self.environment,
            place=self.api.cluster,
            kind=str(item["kind"]),
            name=str(metadata_of(item)["name"]),
            verb=verb,
            fields=fields,
            impact=impact,
            blocked=blocked,
        )


def _namespace(name: str) -> JsonObject:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _left_out(item: JsonObject) -> str:
    return f"Left out: the cluster does not serve {item['kind']}."


def _set_by(item: JsonObject, before: JsonObject) -> list[FieldChange]:
    """The fields that `item` sets to something else; all others are the server's own to fill in."""
    return [each for each in differences(essence(before), item) if each.after is not None]


def _taken_back(outcome: Outcome) -> str:
    owners = list(dict.fromkeys(_OWNER.findall(outcome.taken_back)))
    return f"Takes back what {' and '.join(owners)} changed." if owners else ""
