"""Alerts on certificates."""

from __future__ import annotations

from tests.scaffolder_actions.observability.cases.model import Case, flat

_CLOUD = 'tag_service="order-api",tag_environment="production"'
_STAGING = 'tag_service="order-api",tag_environment="staging"'
_DAY = 86400


def _certificate(days: float, *, honoured: bool = False, name: str = "order-api") -> dict[str, str]:
    """As Prometheus has it where it honours the exporter's labels, and where it does not."""
    metric = "certmanager_certificate_expiration_timestamp_seconds"
    labels = 'namespace="commerce"' if honoured else 'namespace="cert-manager",exported_namespace="commerce"'
    # The tests' clock starts at 0.
    return {f'{metric}{{name="{name}",{labels}}}': flat(days * _DAY)}


_RENEWAL = (
    "What renews it says why not: kubectl describe certificate order-api -n commerce. "
    "AWS renews the one at the edge, as long as the record that proves the domain is in DNS."
)

CERTIFICATES = (
    Case(
        alert="CertificateEnds",
        severity="page",
        minutes=120,
        labels={"name": "order-api"},
        fires=_certificate(2),
        holds={
            "four days": _certificate(4),
            "another's": _certificate(2, name="stock"),
        },
        summary="The certificate of orders.example.com is about to end",
        description=("It ends in 1d 22h 0m 0s, and then nobody reaches order-api in production any more. " + _RENEWAL),
    ),
    Case(
        alert="CertificateNotRenewed",
        minutes=120,
        labels={"name": "order-api"},
        fires=_certificate(10, honoured=True),
        holds={"renewed": _certificate(60), "it ends, which another alert says": _certificate(2)},
        summary="The certificate of orders.example.com is not renewed",
        description="It ends in 9d 22h 0m 0s and should be new by now. " + _RENEWAL,
    ),
    Case(
        alert="CertificateNotRenewed",
        minutes=120,
        labels={"name": "arn:aws:acm:1"},
        fires={f'aws_certificatemanager_days_to_expiry_minimum{{{_CLOUD},name="arn:aws:acm:1"}}': flat(9)},
        holds={
            "another environment's": {
                f'aws_certificatemanager_days_to_expiry_minimum{{{_STAGING},name="arn:aws:acm:1"}}': flat(9)
            }
        },
        summary="The certificate of orders.example.com is not renewed",
        description="It ends in 9d 0h 0m 0s and should be new by now. " + _RENEWAL,
    ),
)
