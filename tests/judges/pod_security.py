"""Judging pods by the Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/."""

from __future__ import annotations

from typing import Any

_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    }
)


def restricted_violations(pod: dict[str, Any]) -> list[str]:
    """What the level "restricted" refuses in a pod's spec (Linux, no windows options)."""
    found = [field for field in ("hostNetwork", "hostPID", "hostIPC") if pod.get(field)]
    found += [
        f"volume {volume['name']}" for volume in pod.get("volumes", []) if not (volume.keys() - {"name"}) <= _VOLUMES
    ]
    of_pod = pod.get("securityContext", {})
    found += [f"sysctl {each['name']}" for each in of_pod.get("sysctls", []) if each["name"] not in _SYSCTLS]
    containers = [
        *pod["containers"],
        *pod.get("initContainers", []),
        *pod.get("ephemeralContainers", []),
    ]
    for container in containers:
        found += [f"{container['name']}: {name}" for name in _of_container(container, of_pod)]
    return found


def _of_container(container: dict[str, Any], of_pod: dict[str, Any]) -> list[str]:
    context = container.get("securityContext", {})
    both = {**of_pod, **context}
    capabilities = context.get("capabilities", {})
    probes = [container.get(f"{name}Probe", {}) for name in ("startup", "readiness", "liveness")]
    hooks = list(container.get("lifecycle", {}).values())
    checks = {
        "privileged": not context.get("privileged", False),
        "allowPrivilegeEscalation": context.get("allowPrivilegeEscalation") is False,
        "capabilities": capabilities.get("drop") == ["ALL"]
        and set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"},
        "runAsNonRoot": both.get("runAsNonRoot") is True,
        "runAsUser": both.get("runAsUser") != 0,
        "seccompProfile": both.get("seccompProfile", {}).get("type") in {"RuntimeDefault", "Localhost"},
        "hostPort": not any(port.get("hostPort") for port in container.get("ports", [])),
        "procMount": context.get("procMount", "Default") == "Default",
        # A probe may be sent nowhere but to the pod itself, from 1.34 on.
        "host of a probe": not any(
            each.get(way, {}).get("host") for each in [*probes, *hooks] for way in ("httpGet", "tcpSocket")
        ),
    }
    return [name for name, fine in checks.items() if not fine]
