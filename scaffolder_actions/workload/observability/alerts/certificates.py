"""Alerts on the certificates of a service that is reached from outside of its cluster."""

from __future__ import annotations

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.series import DAY, Series, series_of

# cert-manager renews when a third of the time is left, which is 30 days of Let's Encrypt's 90, and AWS after that.
SOON_DAYS = 14
# Enough to mend it by hand, a weekend included.
LAST_DAYS = 3


def certificate_alerts(workload: Workload) -> tuple[Alert, ...]:
    """A certificate was not renewed when it should have been."""
    if workload.service.exposure.visibility == "none":
        return ()
    left = _time_left(workload, series_of(workload))
    return (_last(workload, left), _soon(workload, left))


def _time_left(workload: Workload, series: Series) -> str:
    """Seconds until each certificate ends, by its name."""
    expiry = "certmanager_certificate_expiration_timestamp_seconds"
    # The namespace is the certificate's own where Prometheus honours labels, and the exporter's where it does not.
    found = [
        f'min by (name) ({expiry}{{name="{series.name}",{label}="{series.namespace}"}}) - time()'
        for label in ("namespace", "exported_namespace")
    ]
    if workload.service.exposure.visibility == "public":
        found.append(f"min by (name) (aws_certificatemanager_days_to_expiry_minimum{{{series.cloud}}}) * {DAY}")
    return "\n  or ".join(found)


def _last(workload: Workload, left: str) -> Alert:
    return Alert(
        name="CertificateEnds",
        expression=f"(\n  {left}\n) < {LAST_DAYS} * {DAY}",
        summary=f"The certificate of {workload.host} is about to end",
        description=(
            "It ends in {{ $value | humanizeDuration }}, and then nobody reaches "
            f"{workload.name} in {workload.environment} any more. {_remedy(workload)}"
        ),
        urgent=True,
        minutes=10,
    )


def _soon(workload: Workload, left: str) -> Alert:
    quiet = series_of(workload).quiet_while("CertificateEnds")
    return Alert(
        name="CertificateNotRenewed",
        expression=f"(\n  {left}\n) < {SOON_DAYS} * {DAY}\n{quiet}",
        summary=f"The certificate of {workload.host} is not renewed",
        description="It ends in {{ $value | humanizeDuration }} and should be new by now. " + _remedy(workload),
        minutes=60,
    )


def _remedy(workload: Workload) -> str:
    remedy = f"What renews it says why not: kubectl describe certificate {workload.name} -n {workload.namespace}."
    if workload.service.exposure.visibility != "public":
        return remedy
    return f"{remedy} AWS renews the one at the edge, as long as the record that proves the domain is in DNS."
