"""The messages of Kubernetes' protobuf that are read here, by the field numbers of k8s.io/api's generated.proto files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True)
class Field:
    """A field's JSON name and how its value is written. `message`: the fields of a nested message.

    Go writes plain fields whether they were set or not, so an empty value means nothing. `given`: it writes this one only
    where it was set, so that an empty value is a value. Of the form `empty` are structures that commands always write
    and never fill; of the form `inline` those whose fields stand in the structure around them in JSON.
    """

    name: str
    form: str = "text"
    message: Mapping[int, Field] | None = None
    given: bool = False


Message: TypeAlias = Mapping[int, Field]


def _message(name: str, message: Message) -> Field:
    return Field(name, "message", message, given=True)


def _messages(name: str, message: Message) -> Field:
    return Field(name, "messages", message)


def _number(name: str) -> Field:
    return Field(name, "number", given=True)


def _flag(name: str) -> Field:
    return Field(name, "flag", given=True)


_OWNER: Final[Message] = {
    1: Field("kind"),
    3: Field("name"),
    4: Field("uid"),
    5: Field("apiVersion"),
    6: _flag("controller"),
    7: _flag("blockOwnerDeletion"),
}
_METADATA: Final[Message] = {
    1: Field("name"),
    2: Field("generateName"),
    3: Field("namespace"),
    4: Field("selfLink"),
    5: Field("uid"),
    6: Field("resourceVersion"),
    7: Field("generation", "number"),
    8: Field("creationTimestamp", "empty"),
    11: Field("labels", "map"),
    12: Field("annotations", "map"),
    13: _messages("ownerReferences", _OWNER),
    14: Field("finalizers", "texts"),
}
_SELECTOR: Final[Message] = {
    1: Field("matchLabels", "map"),
    2: _messages("matchExpressions", {1: Field("key"), 2: Field("operator"), 3: Field("values", "texts")}),
}
_NAMED: Final = Field("", "inline", {1: Field("name")})
_KEY: Final[Message] = {1: _NAMED, 2: Field("key"), 3: _flag("optional")}
_WHOLE: Final[Message] = {1: _NAMED, 2: _flag("optional")}
_VARIABLE: Final[Message] = {
    1: Field("name"),
    2: Field("value"),
    3: _message(
        "valueFrom",
        {
            1: _message("fieldRef", {1: Field("apiVersion"), 2: Field("fieldPath")}),
            2: _message(
                "resourceFieldRef", {1: Field("containerName"), 2: Field("resource"), 3: Field("divisor", "quantity")}
            ),
            3: _message("configMapKeyRef", _KEY),
            4: _message("secretKeyRef", _KEY),
        },
    ),
}
_HTTP: Final[Message] = {
    1: Field("path"),
    2: Field("port", "amount"),
    3: Field("host"),
    4: Field("scheme"),
    5: _messages("httpHeaders", {1: Field("name"), 2: Field("value")}),
}
_COMMAND: Final[Message] = {1: Field("command", "texts")}
_SOCKET: Final[Message] = {1: Field("port", "amount"), 2: Field("host")}
_HANDLER: Final[Message] = {
    1: _message("exec", _COMMAND),
    2: _message("httpGet", _HTTP),
    3: _message("tcpSocket", _SOCKET),
    4: _message("grpc", {1: Field("port", "number"), 2: Field("service")}),
}
_PROBE: Final[Message] = {
    1: Field("", "inline", _HANDLER),
    2: Field("initialDelaySeconds", "number"),
    3: Field("timeoutSeconds", "number"),
    4: Field("periodSeconds", "number"),
    5: Field("successThreshold", "number"),
    6: Field("failureThreshold", "number"),
    7: _number("terminationGracePeriodSeconds"),
}
_HOOK: Final[Message] = {
    1: _message("exec", _COMMAND),
    2: _message("httpGet", _HTTP),
    3: _message("tcpSocket", _SOCKET),
    4: _message("sleep", {1: Field("seconds", "number")}),
}
_SECCOMP: Final[Message] = {1: Field("type"), 2: Field("localhostProfile")}
_CONTAINER: Final[Message] = {
    1: Field("name"),
    2: Field("image"),
    3: Field("command", "texts"),
    4: Field("args", "texts"),
    5: Field("workingDir"),
    6: _messages(
        "ports",
        {
            1: Field("name"),
            2: Field("hostPort", "number"),
            3: Field("containerPort", "number"),
            4: Field("protocol"),
            5: Field("hostIP"),
        },
    ),
    7: _messages("env", _VARIABLE),
    8: Field("resources", "message", {1: Field("limits", "quantities"), 2: Field("requests", "quantities")}),
    9: _messages(
        "volumeMounts",
        {
            1: Field("name"),
            2: Field("readOnly", "flag"),
            3: Field("mountPath"),
            4: Field("subPath"),
            6: Field("subPathExpr"),
        },
    ),
    10: _message("livenessProbe", _PROBE),
    11: _message("readinessProbe", _PROBE),
    12: _message("lifecycle", {1: _message("postStart", _HOOK), 2: _message("preStop", _HOOK)}),
    13: Field("terminationMessagePath"),
    14: Field("imagePullPolicy"),
    15: _message(
        "securityContext",
        {
            1: _message("capabilities", {1: Field("add", "texts"), 2: Field("drop", "texts")}),
            2: _flag("privileged"),
            4: _number("runAsUser"),
            5: _flag("runAsNonRoot"),
            6: _flag("readOnlyRootFilesystem"),
            7: _flag("allowPrivilegeEscalation"),
            8: _number("runAsGroup"),
            11: _message("seccompProfile", _SECCOMP),
        },
    ),
    16: Field("stdin", "flag"),
    17: Field("stdinOnce", "flag"),
    18: Field("tty", "flag"),
    19: _messages(
        "envFrom", {1: Field("prefix"), 2: _message("configMapRef", _WHOLE), 3: _message("secretRef", _WHOLE)}
    ),
    20: Field("terminationMessagePolicy"),
    22: _message("startupProbe", _PROBE),
    24: Field("restartPolicy"),
}
_ITEMS: Final = _messages("items", {1: Field("key"), 2: Field("path"), 3: _number("mode")})
_VOLUME: Final[Message] = {
    1: Field("name"),
    2: Field(
        "",
        "inline",
        {
            2: _message("emptyDir", {1: Field("medium"), 2: Field("sizeLimit", "quantity")}),
            6: _message("secret", {1: Field("secretName"), 2: _ITEMS, 3: _number("defaultMode"), 4: _flag("optional")}),
            10: _message("persistentVolumeClaim", {1: Field("claimName"), 2: Field("readOnly", "flag")}),
            19: _message("configMap", {1: _NAMED, 2: _ITEMS, 3: _number("defaultMode"), 4: _flag("optional")}),
        },
    ),
}
_POD: Final[Message] = {
    1: _messages("volumes", _VOLUME),
    2: _messages("containers", _CONTAINER),
    3: Field("restartPolicy"),
    4: _number("terminationGracePeriodSeconds"),
    5: _number("activeDeadlineSeconds"),
    6: Field("dnsPolicy"),
    7: Field("nodeSelector", "map"),
    8: Field("serviceAccountName"),
    9: Field("serviceAccount"),
    10: Field("nodeName"),
    11: Field("hostNetwork", "flag"),
    12: Field("hostPID", "flag"),
    13: Field("hostIPC", "flag"),
    14: _message(
        "securityContext",
        {
            2: _number("runAsUser"),
            3: _flag("runAsNonRoot"),
            5: _number("fsGroup"),
            6: _number("runAsGroup"),
            9: Field("fsGroupChangePolicy"),
            10: _message("seccompProfile", _SECCOMP),
        },
    ),
    15: _messages("imagePullSecrets", {1: Field("name")}),
    16: Field("hostname"),
    17: Field("subdomain"),
    19: Field("schedulerName"),
    20: _messages("initContainers", _CONTAINER),
    21: _flag("automountServiceAccountToken"),
    22: _messages(
        "tolerations",
        {
            1: Field("key"),
            2: Field("operator"),
            3: Field("value"),
            4: Field("effect"),
            5: _number("tolerationSeconds"),
        },
    ),
    24: Field("priorityClassName"),
    25: _number("priority"),
    30: _flag("enableServiceLinks"),
    31: Field("preemptionPolicy"),
    33: _messages(
        "topologySpreadConstraints",
        {
            1: Field("maxSkew", "number"),
            2: Field("topologyKey"),
            3: Field("whenUnsatisfiable"),
            4: _message("labelSelector", _SELECTOR),
            5: _number("minDomains"),
            6: Field("nodeAffinityPolicy"),
            7: Field("nodeTaintsPolicy"),
            8: Field("matchLabelKeys", "texts"),
        },
    ),
}
_TEMPLATE: Final[Message] = {1: Field("metadata", "message", _METADATA), 2: Field("spec", "message", _POD)}
_DEPLOYMENT: Final[Message] = {
    1: _number("replicas"),
    2: _message("selector", _SELECTOR),
    3: Field("template", "message", _TEMPLATE),
    4: Field("strategy", "empty"),
    5: Field("minReadySeconds", "number"),
    7: Field("paused", "flag"),
}
_JOB: Final[Message] = {
    1: _number("parallelism"),
    2: _number("completions"),
    3: _number("activeDeadlineSeconds"),
    6: Field("template", "message", _TEMPLATE),
    7: _number("backoffLimit"),
    8: _number("ttlSecondsAfterFinished"),
    9: Field("completionMode"),
    10: _flag("suspend"),
    14: Field("podReplacementPolicy"),
}
_CRON_JOB: Final[Message] = {
    1: Field("schedule"),
    2: _number("startingDeadlineSeconds"),
    3: Field("concurrencyPolicy"),
    4: _flag("suspend"),
    5: Field("jobTemplate", "message", {1: Field("metadata", "message", _METADATA), 2: Field("spec", "message", _JOB)}),
    6: _number("successfulJobsHistoryLimit"),
    7: _number("failedJobsHistoryLimit"),
    8: Field("timeZone"),
}
_HEAD: Final = {1: Field("metadata", "message", _METADATA)}
_STATUS: Final = {3: Field("status", "empty")}

KINDS: Final[Mapping[str, Message]] = {
    "Namespace": {**_HEAD, 2: Field("spec", "empty"), **_STATUS},
    "ConfigMap": {**_HEAD, 2: Field("data", "map"), 3: Field("binaryData", "bytes map"), 4: Field("immutable", "flag")},
    "Secret": {**_HEAD, 2: Field("data", "bytes map"), 3: Field("type"), 4: Field("stringData", "map")},
    "ServiceAccount": _HEAD,
    "Deployment": {**_HEAD, 2: Field("spec", "message", _DEPLOYMENT), **_STATUS},
    "Job": {**_HEAD, 2: Field("spec", "message", _JOB), **_STATUS},
    "CronJob": {**_HEAD, 2: Field("spec", "message", _CRON_JOB), **_STATUS},
}
