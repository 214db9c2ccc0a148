"""What a service is made of beside its Deployment, as small as it can be."""

from __future__ import annotations

from typing import Any

from greenroom.local.cluster.objects import Manifest

HOST = "order-api.internal.example.com"
_NAME = {"name": "order-api"}


def _object(api_version: str, kind: str, spec: Manifest) -> Manifest:
    return {"apiVersion": api_version, "kind": kind, "metadata": dict(_NAME), "spec": spec}


def service() -> Manifest:
    ports = [{"name": "http", "port": 80, "targetPort": 8080}]
    return _object("v1", "Service", {"selector": {"app.kubernetes.io/name": "order-api"}, "ports": ports})


def route(**spec: Any) -> Manifest:
    """On the Gateway `internal`, to the service."""
    return _object(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        {
            "parentRefs": [{"name": "internal", "namespace": "gateways"}],
            "hostnames": [HOST],
            "rules": [{"backendRefs": [{"name": "order-api", "port": 80}]}],
            **spec,
        },
    )


def listener_set(**spec: Any) -> Manifest:
    """One HTTPS listener on the Gateway `internal`, with the certificate of the service."""
    tls = {"certificateRefs": [{"name": "order-api-tls"}]}
    listener = {"name": "https", "hostname": HOST, "port": 443, "protocol": "HTTPS", "tls": tls}
    parent = {"name": "internal", "namespace": "gateways"}
    return _object(
        "gateway.networking.k8s.io/v1", "ListenerSet", {"parentRef": parent, "listeners": [listener], **spec}
    )


def certificate(**spec: Any) -> Manifest:
    """From the issuer `letsencrypt`."""
    issuer = {"kind": "ClusterIssuer", "name": "letsencrypt"}
    return _object(
        "cert-manager.io/v1",
        "Certificate",
        {"secretName": "order-api-tls", "dnsNames": [HOST], "issuerRef": issuer, **spec},
    )


def external_secret(**spec: Any) -> Manifest:
    """Two values out of the store `vault`."""
    remote = {"key": "commerce/order-api/staging/connections"}
    data = [{"secretKey": key, "remoteRef": {**remote, "property": key}} for key in ("DATABASE_URL", "REDIS_URL")]
    store = {"kind": "ClusterSecretStore", "name": "vault"}
    return _object("external-secrets.io/v1", "ExternalSecret", {"secretStoreRef": store, "data": data, **spec})


def service_monitor() -> Manifest:
    selector = {"matchLabels": {"app.kubernetes.io/name": "order-api"}}
    endpoints = [{"port": "http", "path": "/metrics", "interval": "30s"}]
    return _object("monitoring.coreos.com/v1", "ServiceMonitor", {"selector": selector, "endpoints": endpoints})


def pod_monitor() -> Manifest:
    selector = {"matchLabels": {"app.kubernetes.io/name": "order-api"}}
    return _object(
        "monitoring.coreos.com/v1", "PodMonitor", {"selector": selector, "podMetricsEndpoints": [{"port": "http"}]}
    )


def prometheus_rule(*alerts: str) -> Manifest:
    rules = [{"alert": each, "expr": "vector(1)", "for": "5m"} for each in alerts or ("OrderApiDown",)]
    return _object("monitoring.coreos.com/v1", "PrometheusRule", {"groups": [{"name": "order-api", "rules": rules}]})


def reference_grant() -> Manifest:
    """The Gateways may read the Secrets of the namespace."""
    gateways = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "gateways"}
    return _object(
        "gateway.networking.k8s.io/v1beta1",
        "ReferenceGrant",
        {"from": [gateways], "to": [{"group": "", "kind": "Secret"}]},
    )


def network_policy() -> Manifest:
    return _object("networking.k8s.io/v1", "NetworkPolicy", {"podSelector": {}, "policyTypes": ["Ingress"]})


def job_spec(**spec: Any) -> Manifest:
    """A Job of one container that takes everything from a Secret, as hardened as the platform makes them."""
    container = {
        "name": "app",
        "image": "registry.example/nightly:1.0.0",
        "args": ["--all"],
        "env": [{"name": "DAY", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "envFrom": [{"secretRef": {"name": "nightly", "optional": True}}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    pod = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
    labels = {"app.kubernetes.io/name": "nightly"}
    return {"backoffLimit": 0, "template": {"metadata": {"labels": labels}, "spec": pod}, **spec}


def cron_job(schedule: str = "15 3 * * *", job: Manifest | None = None, **spec: Any) -> Manifest:
    found = _object("batch/v1", "CronJob", {"schedule": schedule, "jobTemplate": {"spec": job or job_spec()}, **spec})
    found["metadata"] = {"name": "nightly", "labels": {"app.kubernetes.io/name": "nightly"}}
    return found
