"""The kinds that are watched, and where an API server serves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from catalog_provider.cluster.selectors import SELECTOR, TEMPLATE_LABELS
from foundation.connections.kubernetes.api import JSON
from foundation.health.built_in import PYTHON_RULES
from foundation.health.conditions import READS
from foundation.health.kinds import GroupKind, group_kind
from foundation.health.masks import KEEP, Mask, kept, merged
from foundation.health.workloads import LABELS, OWNERS, SYSTEMS

# Groups of Kubernetes itself: no two of their kinds share a name, so that the name alone tells them apart.
_OWN_GROUPS = frozenset({"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io"})


# https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
_METADATA_FORM = "application/json;as={};g=meta.k8s.io;v=v1"

_IDENTITY = ("name", "namespace", "uid", "resourceVersion")
_METADATA = kept(
    *_IDENTITY,
    *("generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers"),
    labels=LABELS,
    ownerReferences=kept("kind", "name", "uid", "controller"),
)


@dataclass(frozen=True)
class Kind:
    """A kind of object; `plural` is its name in addresses and in RBAC rules, `reads` what is kept beside its metadata.

    `selector` chooses some of its objects by their fields. `bookmarks`: watches of it tell now and then how far they are.
    `metadata_only`: its objects tell of the cluster and are no service's, so that no more of them is asked for, and none of the
    labels is kept that would make them one's.
    """

    name: str
    api_version: str
    plural: str
    reads: Mask = field(default_factory=lambda: READS, compare=False, repr=False)
    selector: str = ""
    bookmarks: bool = True
    metadata_only: bool = False

    @cached_property
    def mask(self) -> Mapping[str, Mask]:
        """All that is kept of an object."""
        return merged({"metadata": kept(*_IDENTITY) if self.metadata_only else _METADATA}, self.reads) or {}

    @property
    def listed_as(self) -> str:
        """The form in which lists of it are asked for."""
        return f"{_METADATA_FORM.format('PartialObjectMetadataList')},{JSON}" if self.metadata_only else JSON

    @property
    def watched_as(self) -> str:
        """The form in which its watches are asked for."""
        return f"{_METADATA_FORM.format('PartialObjectMetadata')},{JSON}" if self.metadata_only else JSON

    def reading(self, more: Mask) -> Kind:
        """This kind, of which `more` is kept too."""
        return replace(self, reads=merged(self.reads, more))

    @property
    def path(self) -> str:
        """The address of the collection over all namespaces."""
        root = "apis" if "/" in self.api_version else "api"
        return f"/{root}/{self.api_version}/{self.plural}"

    @property
    def chosen(self) -> Mapping[str, str]:
        """What a query asks for, so that it gets no other objects."""
        return {"fieldSelector": self.selector} if self.selector else {}

    @property
    def group_kind(self) -> GroupKind:
        """The kind, whatever its version."""
        return group_kind(self.api_version, self.name)

    @property
    def full_name(self) -> str:
        """As RBAC and the settings name it: `pods`, `certificates.cert-manager.io`."""
        return f"{self.plural}.{self.group_kind.group}".rstrip(".")

    @property
    def key(self) -> str:
        """What tells it apart from every other kind: `Pod`, `Certificate.cert-manager.io`."""
        return key_of_kind(self.group_kind)


def key_of_kind(kind: GroupKind) -> str:
    """`Pod`, `Certificate.cert-manager.io`."""
    return kind.kind if kind.group in _OWN_GROUPS else str(kind)


def _own(name: str, api_version: str, plural: str, further: Mask = MappingProxyType({})) -> Kind:
    """A kind that Greenroom has a rule for; `further` is kept beside what that reads."""
    return Kind(name, api_version, plural, merged(PYTHON_RULES[group_kind(api_version, name)][1], further))


DEPLOYMENT = _own("Deployment", "apps/v1", "deployments", TEMPLATE_LABELS)
STATEFUL_SET = _own("StatefulSet", "apps/v1", "statefulsets", TEMPLATE_LABELS)
DAEMON_SET = _own("DaemonSet", "apps/v1", "daemonsets", TEMPLATE_LABELS)
REPLICA_SET = _own("ReplicaSet", "apps/v1", "replicasets")
POD = _own("Pod", "v1", "pods")
JOB = _own("Job", "batch/v1", "jobs")
CRON_JOB = _own("CronJob", "batch/v1", "cronjobs")

# What a verdict on a workload rests on. Every cluster serves these.
KINDS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, POD, JOB, CRON_JOB)

# What stands beside workloads. Endpoints are left out: they change with every pod and say what the pods say.
RELATED = (
    _own("Service", "v1", "services", SELECTOR),
    _own("Ingress", "networking.k8s.io/v1", "ingresses"),
    _own("PersistentVolumeClaim", "v1", "persistentvolumeclaims"),
    _own("HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers"),
    _own("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets", SELECTOR),
)

# What went wrong, in the words of controllers and kubelets. API servers keep these for an hour and outside of their cache for
# watches, which is why they send no bookmarks; of what went well there is ten times as much.
EVENT = Kind(
    "Event",
    "v1",
    "events",
    kept(
        *("type", "reason", "message", "count", "lastTimestamp", "eventTime"),
        involvedObject=kept("apiVersion", "kind", "namespace", "name"),
        series=kept("count", "lastObservedTime"),
    ),
    selector="type=Warning",
    bookmarks=False,
)

# Whose what runs in a namespace is, where it does not say so itself.
_WHOSE: Mapping[str, Mask] = dict.fromkeys((*OWNERS, *SYSTEMS), KEEP)
NAMESPACE = Kind(
    "Namespace", "v1", "namespaces", {"metadata": {"labels": _WHOSE, "annotations": _WHOSE}}, metadata_only=True
)

# What says which kinds there are: when one of these changes, it is time to ask. The schemas of a large cluster's are 50 MB.
DEFINING = (
    Kind("CustomResourceDefinition", "apiextensions.k8s.io/v1", "customresourcedefinitions", {}, metadata_only=True),
    Kind("APIService", "apiregistration.k8s.io/v1", "apiservices", {}, metadata_only=True),
)
