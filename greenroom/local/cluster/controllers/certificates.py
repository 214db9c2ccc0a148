"""Certificates: issued after a moment, renewed in time, and again when what they are for changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from greenroom.local.cluster.clock import Timer
from greenroom.local.cluster.controllers.conditions import condition, conditions_of
from greenroom.local.cluster.controllers.issuing import (
    RENEW_BEFORE,
    TLS,
    annotations_of_issue,
    issue,
    validity,
)
from greenroom.local.cluster.controllers.loop import Context, Key, key_of
from greenroom.local.cluster.objects import (
    Manifest,
    annotations_of,
    is_deleting,
    labels_of,
    namespace_of,
    timestamp,
    uid_of,
)
from greenroom.local.cluster.operations import options_of
from greenroom.local.cluster.resources import CERTIFICATES, CLUSTER_ISSUERS, ISSUERS, SECRETS
from greenroom.local.cluster.storage import Change

_MANAGER: Final = "cert-manager-certificates-issuing"
# Seconds at pace 1 until an authority has answered; in earnest it takes up to a minute.
_ISSUE: Final = 2.0
# Seconds between looks at the calendar: a laptop that slept is not behind for longer.
_LOOK: Final = 3600.0

# (reason, message) for what a certificate lacks.
_Lack = tuple[str, str]


class CertificateController:
    """Keeps the Secret that each certificate names. It has no owner, as by cert-manager's default: it stays."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # By uid: what the certificate waits for, and its timer.
        self._waiting: dict[str, tuple[str, Timer]] = {}

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is CERTIFICATES:
            if change.type == "DELETED":
                self._cancel(uid_of(change.object))
            return [key_of(change.object)]
        if change.resource is SECRETS:
            name = annotations_of(change.object).get("cert-manager.io/certificate-name")
            return [(namespace_of(change.object), name)] if name else []
        if change.resource in {ISSUERS, CLUSTER_ISSUERS} and change.type != "MODIFIED":
            return [key_of(each) for each in self._context.store.objects(CERTIFICATES)]
        return []

    def reconcile(self, key: Key) -> None:
        certificate = self._context.store.get(CERTIFICATES, *key)
        if certificate is None or is_deleting(certificate):
            return
        secret = self._secret(certificate)
        lack = self._lack(certificate, secret)
        if lack is None and secret is not None:
            self._say_ready(certificate, secret)
        elif lack is not None:
            self._say_issuing(certificate, lack)
            self._wait(certificate)

    def _lack(self, certificate: Manifest, secret: Manifest | None) -> _Lack | None:
        if secret is None:
            return "DoesNotExist", "Issuing certificate as Secret does not exist"
        noted = annotations_of(secret)
        if any(noted.get(name) != value for name, value in annotations_of_issue(certificate).items()):
            return "SecretMismatch", "Issuing certificate as Existing issued Secret is not up to date for spec"
        valid = validity(secret.get("data") or {})
        if secret.get("type") != TLS or valid is None:
            return "InvalidCertificate", "Issuing certificate as Secret contains an invalid certificate"
        if self._context.clock.now() >= valid[1] - RENEW_BEFORE:
            return "Renewing", f"Renewing certificate as renewal was scheduled at {valid[1] - RENEW_BEFORE}"
        return None

    def _say_ready(self, certificate: Manifest, secret: Manifest) -> None:
        start, end = validity(secret.get("data") or {}) or (self._context.clock.now(),) * 2
        message = "Certificate is up to date and has not expired"
        status = {
            "conditions": [self._condition(certificate, "Ready", "Ready", message)],
            "notBefore": timestamp(start),
            "notAfter": timestamp(end),
            "renewalTime": timestamp(end - RENEW_BEFORE),
            "revision": certificate["status"].get("revision", 1),
        }
        self._context.operations.set_status(CERTIFICATES, certificate, status, _MANAGER)
        self._look_again(certificate, end - RENEW_BEFORE)

    def _say_issuing(self, certificate: Manifest, lack: _Lack) -> None:
        conditions = [
            self._condition(certificate, "Issuing", *lack),
            self._condition(certificate, "Ready", *lack, on=False),
        ]
        status = {**certificate["status"], "conditions": conditions}
        if status != certificate["status"]:
            self._context.operations.set_status(CERTIFICATES, certificate, status, _MANAGER)
            self._tell(certificate, "Issuing", lack[1])

    def _wait(self, certificate: Manifest) -> None:
        reference = certificate["spec"]["issuerRef"]
        name, kind = reference["name"], reference.get("kind", "Issuer")
        namespace = "" if kind == "ClusterIssuer" else namespace_of(certificate)
        issuers = CLUSTER_ISSUERS if kind == "ClusterIssuer" else ISSUERS
        if self._context.store.get(issuers, namespace, name) is None:
            missing = f'Referenced "{kind}" not found: {kind.lower()}.cert-manager.io "{name}" not found'
            self._tell(certificate, "IssuerNotFound", missing, kind="Warning")
            return
        if self._waiting.get(uid_of(certificate), ("",))[0] != "issue":
            self._cancel(uid_of(certificate))
            timer = self._context.after(_ISSUE, lambda: self._issue(key_of(certificate)))
            self._waiting[uid_of(certificate)] = ("issue", timer)

    def _look_again(self, certificate: Manifest, at: datetime) -> None:
        self._cancel(uid_of(certificate))
        left = (at - self._context.clock.now()).total_seconds()
        timer = self._context.clock.call_later(min(left, _LOOK), lambda: self.reconcile(key_of(certificate)))
        self._waiting[uid_of(certificate)] = ("look", timer)

    def _cancel(self, uid: str) -> None:
        waiting = self._waiting.pop(uid, None)
        if waiting is not None:
            waiting[1].cancel()

    def _issue(self, key: Key) -> None:
        certificate = self._context.store.get(CERTIFICATES, *key)
        if certificate is None or is_deleting(certificate):
            return
        self._cancel(uid_of(certificate))
        self._put(certificate, issue(certificate, self._context.clock.now()))
        revision = certificate["status"].get("revision", 0) + 1
        status = {**certificate["status"], "revision": revision}
        self._context.operations.set_status(CERTIFICATES, certificate, status, _MANAGER)
        self._tell(certificate, "Issuing", "The certificate has been successfully issued")

    def _put(self, certificate: Manifest, data: dict[str, str]) -> None:
        template = certificate["spec"].get("secretTemplate") or {}
        annotations = {**(template.get("annotations") or {}), **annotations_of_issue(certificate)}
        labels = {**(template.get("labels") or {}), "controller.cert-manager.io/fao": "true"}
        name, namespace = certificate["spec"]["secretName"], namespace_of(certificate)
        secret = self._secret(certificate)
        if secret is None:
            metadata = {"name": name, "annotations": annotations, "labels": labels}
            body = {"kind": "Secret", "apiVersion": "v1", "metadata": metadata, "type": TLS, "data": data}
            self._context.operations.create(SECRETS, namespace, body, options_of(_MANAGER))
            return
        metadata = {
            **secret["metadata"],
            "annotations": {**annotations_of(secret), **annotations},
            "labels": {**labels_of(secret), **labels},
        }
        changed = {**secret, "metadata": metadata, "type": TLS, "data": {**(secret.get("data") or {}), **data}}
        self._context.operations.rewrite(SECRETS, secret, changed, _MANAGER)

    def _secret(self, certificate: Manifest) -> Manifest | None:
        return self._context.store.get(SECRETS, namespace_of(certificate), certificate["spec"]["secretName"])

    def _condition(self, certificate: Manifest, kind: str, reason: str, message: str, *, on: bool = True) -> Manifest:
        time, generation = timestamp(self._context.clock.now()), certificate["metadata"]["generation"]
        return condition(conditions_of(certificate), kind, reason, message, time, on=on, generation=generation)

    def _tell(self, certificate: Manifest, reason: str, message: str, *, kind: str = "Normal") -> None:
        self._context.recorder.record(certificate, reason, message, source=_MANAGER, kind=kind)
