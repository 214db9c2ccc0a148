"""The server's certificate: its own authority, made on this machine for this machine.

`kubectl` sends a token over TLS only, so the simulated API server speaks it, as every real one does.
"""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenroom.local.cluster.persistence import write_private

if TYPE_CHECKING:
    from cryptography import x509

_NAME: Final = "greenroom-simulated-clusters"
# Days; a checkout that is older than that starts with `make up` anew.
_VALID: Final = 3650


@dataclass(frozen=True)
class Certificate:
    """`authority`: the certificate in PEM, which clients trust; `context`: what the server answers with."""

    authority: str
    context: ssl.SSLContext


def load_certificate(folder: Path | None, host: str) -> Certificate:
    """The certificate kept in `folder`, made when there is none; without a folder a new one each time."""
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            return load_certificate(Path(temporary), host)
    path = folder / "certificate.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, [_make(host)])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.set_alpn_protocols(["http/1.1"])
    text = path.read_text(encoding="ascii")
    return Certificate(text[text.index("-----BEGIN CERTIFICATE") :], context)


def _make(host: str) -> str:
    """A new key and certificate, both in PEM."""
    # Loaded only when needed: it is large, and most starts find a certificate.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, _NAME)])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    for address in dict.fromkeys(("127.0.0.1", "::1", host)):
        with suppress(ValueError):
            names.append(x509.IPAddress(ipaddress.ip_address(address)))
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_VALID))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()


def _usage() -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
