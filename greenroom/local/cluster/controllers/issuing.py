"""Certificates as a simulated authority issues them: real ones in form, which nobody trusts."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from greenroom.local.cluster.defaults import SIMULATED_ANNOTATION
from greenroom.local.cluster.objects import Manifest, name_of

if TYPE_CHECKING:
    from cryptography import x509

TLS: Final = "kubernetes.io/tls"
# Let's Encrypt's certificates are valid for so long, and cert-manager renews them when a third of it is left.
VALID: Final = timedelta(days=90)
RENEW_BEFORE: Final = VALID / 3
_AUTHORITY: Final = "Greenroom simulated authority"
# X.509 takes no common name that is longer.
_LONGEST_COMMON_NAME: Final = 64


def annotations_of_issue(certificate: Manifest) -> dict[str, str]:
    """What cert-manager notes on the Secret: who asked, for which names, of whom."""
    spec = certificate["spec"]
    issuer = spec["issuerRef"]
    return {
        "cert-manager.io/certificate-name": name_of(certificate),
        "cert-manager.io/common-name": spec.get("commonName", ""),
        "cert-manager.io/alt-names": ",".join(spec.get("dnsNames") or []),
        "cert-manager.io/ip-sans": ",".join(spec.get("ipAddresses") or []),
        "cert-manager.io/uri-sans": ",".join(spec.get("uris") or []),
        "cert-manager.io/issuer-name": issuer["name"],
        "cert-manager.io/issuer-kind": issuer.get("kind", "Issuer"),
        "cert-manager.io/issuer-group": issuer.get("group", "cert-manager.io"),
        SIMULATED_ANNOTATION: "true",
    }


def issue(certificate: Manifest, now: datetime) -> dict[str, str]:
    """The `data` of the Secret: a new key and its certificate, valid from `now` on."""
    # Loaded only when needed: it is large.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    spec = certificate["spec"]
    names = [each for each in spec.get("dnsNames") or [] if each and each.isascii()]
    common_name = spec.get("commonName") or (names[0] if names else name_of(certificate))
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name[:_LONGEST_COMMON_NAME]))
        .issuer_name(_name(_AUTHORITY))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + VALID)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(alternatives, critical=False)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {"tls.crt": base64.b64encode(pem).decode(), "tls.key": base64.b64encode(private).decode()}


def validity(data: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """From when until when the certificate in the `data` of a Secret is valid; None when there is none in it."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(base64.b64decode(data.get("tls.crt", "")))
    except ValueError:
        return None
    return found.not_valid_before_utc, found.not_valid_after_utc


def _name(text: str) -> x509.Name:
    from cryptography import x509

    return x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, text)])
