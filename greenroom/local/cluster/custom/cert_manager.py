"""cert-manager.io: certificates, and who issues them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from greenroom.local.cluster.cells import AGE, Column, at, condition
from greenroom.local.cluster.custom.definition import Definition
from greenroom.local.cluster.custom.fields import Fields
from greenroom.local.cluster.errors import Cause
from greenroom.local.cluster.objects import Manifest

_NAMES: Final[Fields] = {
    "dnsDomains": ["text"],
    "emailAddresses": ["text"],
    "ipRanges": ["text"],
    "uriDomains": ["text"],
}
_KEYSTORE: Final[Mapping[str, Fields]] = {
    "create!": "flag",
    "password": "text",
    "passwordSecretRef": {"name!": "text", "key": "text"},
}
_USAGES: Final = (
    "signing|digital signature|content commitment|key encipherment|key agreement|data encipherment|cert sign|crl sign"
    "|encipher only|decipher only|any|server auth|client auth|code signing|email protection|s/mime|ipsec end system"
    "|ipsec tunnel|ipsec user|timestamping|ocsp signing|microsoft sgc|netscape sgc"
)
_CERTIFICATE: Final[Fields] = {
    "secretName!": "text",
    "issuerRef!": {"name!": "text", "kind": "text", "group": "text"},
    "commonName": "text",
    "dnsNames": ["text"],
    "ipAddresses": ["text"],
    "emailAddresses": ["text"],
    "uris": ["text"],
    "otherNames": [{"oid": "text", "utf8Value": "text"}],
    "subject": {
        "organizations": ["text"],
        "organizationalUnits": ["text"],
        "countries": ["text"],
        "localities": ["text"],
        "provinces": ["text"],
        "streetAddresses": ["text"],
        "postalCodes": ["text"],
        "serialNumber": "text",
    },
    "literalSubject": "text",
    "duration": "text",
    "renewBefore": "text",
    "renewBeforePercentage": "number",
    "isCA": "flag",
    "usages": [_USAGES],
    "encodeUsagesInRequest": "flag",
    "privateKey": {
        "algorithm": "RSA|ECDSA|Ed25519",
        "encoding": "PKCS1|PKCS8",
        "rotationPolicy": "Never|Always",
        "size": "number",
    },
    "signatureAlgorithm": "SHA256WithRSA|SHA384WithRSA|SHA512WithRSA|ECDSAWithSHA256|ECDSAWithSHA384|ECDSAWithSHA512"
    "|PureEd25519",
    "secretTemplate": {"annotations": "map", "labels": "map"},
    "keystores": {
        "jks": {**_KEYSTORE, "alias": "text"},
        "pkcs12": {**_KEYSTORE, "profile": "LegacyRC2|LegacyDES|Modern2023"},
    },
    "additionalOutputFormats": [{"type!": "DER|CombinedPEM"}],
    "nameConstraints": {"critical": "flag", "permitted": _NAMES, "excluded": _NAMES},
    "revisionHistoryLimit": "number",
}
_SUBJECTS: Final = ("commonName", "literalSubject", "dnsNames", "uris", "ipAddresses", "emailAddresses", "otherNames")


def _certificate_rules(spec: Manifest) -> Iterator[Cause]:
    """What cert-manager's webhook asks for: a certificate is for somebody."""
    if not any(spec.get(name) for name in _SUBJECTS):
        why = (
            "at least one of commonName (from the commonName field or from a literalSubject), dnsNames, uriSANs, "
            "ipAddresses, emailSANs or otherNames must be set"
        )
        yield Cause("FieldValueInvalid", f'Invalid value: "": {why}', "spec")


_ISSUER: Final = Definition(
    # What each way of issuing needs is between the platform team and its authority; here none is asked.
    dict.fromkeys(("acme", "ca", "vault", "selfSigned", "venafi"), "any"),
    (Column("Ready", condition("Ready")), Column("Status", condition("Ready", "message"), priority=1), AGE),
)

DEFINITIONS: Final[Mapping[str, Definition]] = {
    "Certificate": Definition(
        _CERTIFICATE,
        (
            Column("Ready", condition("Ready")),
            Column("Secret", at("spec.secretName")),
            Column("Issuer", at("spec.issuerRef.name"), priority=1),
            Column("Status", condition("Ready", "message"), priority=1),
            AGE,
        ),
        rules=_certificate_rules,
    ),
    "Issuer": _ISSUER,
    "ClusterIssuer": _ISSUER,
}
