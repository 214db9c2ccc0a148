"""Certificates are issued, renewed and issued anew, each with a Secret that holds a real one."""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography import x509

from greenroom.local.cluster.objects import Manifest, moment_of, timestamp
from greenroom.local.cluster.resources import CERTIFICATES, EVENTS, ISSUERS, SECRETS
from tests.greenroom.cluster.manifests import HOST, certificate
from tests.greenroom.cluster.simulation import Simulation, condition

_DAY = 86_400


def _issued(simulation: Simulation) -> Manifest:
    simulation.create(CERTIFICATES, certificate())
    simulation.clock.advance(5)
    return simulation.get(CERTIFICATES, "order-api")


def _pem(simulation: Simulation) -> x509.Certificate:
    data = simulation.get(SECRETS, "order-api-tls")["data"]
    return x509.load_pem_x509_certificate(base64.b64decode(data["tls.crt"]))


def test_a_certificate_is_ready_after_a_moment(simulation: Simulation) -> None:
    """Issuing first, then Ready, with the times of the certificate."""
    simulation.create(CERTIFICATES, certificate())
    simulation.clock.advance(1)
    waiting = simulation.get(CERTIFICATES, "order-api")
    assert condition(waiting, "Issuing") == ("True", "DoesNotExist")
    assert condition(waiting, "Ready") == ("False", "DoesNotExist")
    simulation.clock.advance(2)
    ready = simulation.get(CERTIFICATES, "order-api")
    assert condition(ready, "Ready") == ("True", "Ready")
    assert [each["type"] for each in ready["status"]["conditions"]] == ["Ready"]
    assert ready["status"]["revision"] == 1
    assert ready["status"]["notAfter"] == timestamp(_pem(simulation).not_valid_after_utc)


def test_the_secret_holds_a_certificate_for_the_names(simulation: Simulation) -> None:
    """Of the type that gateways take, from an authority that says what it is; it stays when the certificate goes."""
    _issued(simulation)
    secret = simulation.get(SECRETS, "order-api-tls")
    assert (secret["type"], sorted(secret["data"])) == ("kubernetes.io/tls", ["tls.crt", "tls.key"])
    assert secret["metadata"]["annotations"]["cert-manager.io/certificate-name"] == "order-api"
    assert secret["metadata"]["annotations"]["greenroom.local/simulated"] == "true"
    found = _pem(simulation)
    assert found.issuer.rfc4514_string() == "CN=Greenroom simulated authority"
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [HOST]
    simulation.delete(CERTIFICATES, "order-api")
    simulation.clock.advance(5)
    assert simulation.get(SECRETS, "order-api-tls")


def test_other_names_are_another_certificate(simulation: Simulation) -> None:
    """Not ready meanwhile, and one revision further."""
    _issued(simulation)
    simulation.patch(CERTIFICATES, "order-api", {"spec": {"dnsNames": [HOST, "orders.example.com"]}})
    simulation.clock.advance(1)
    assert condition(simulation.get(CERTIFICATES, "order-api"), "Ready") == ("False", "SecretMismatch")
    simulation.clock.advance(5)
    changed = simulation.get(CERTIFICATES, "order-api")
    assert condition(changed, "Ready") == ("True", "Ready")
    assert changed["status"]["revision"] == 2


def test_a_secret_that_is_lost_comes_back(simulation: Simulation) -> None:
    """As does one that was made unreadable."""
    _issued(simulation)
    simulation.delete(SECRETS, "order-api-tls")
    simulation.clock.advance(5)
    assert simulation.get(CERTIFICATES, "order-api")["status"]["revision"] == 2
    simulation.patch(SECRETS, "order-api-tls", {"data": {"tls.crt": "bm8="}})
    simulation.clock.advance(5)
    assert _pem(simulation)


def test_a_certificate_is_renewed_in_time(simulation: Simulation) -> None:
    """When a third of its validity is left, and again after that."""
    first = _issued(simulation)["status"]
    renewal = moment_of(first["renewalTime"])
    assert renewal == moment_of(first["notAfter"]) - timedelta(days=30)
    simulation.clock.advance((renewal - simulation.clock.now()).total_seconds() - 10)
    assert simulation.get(CERTIFICATES, "order-api")["status"] == first
    simulation.clock.advance(20)
    second = simulation.get(CERTIFICATES, "order-api")["status"]
    assert (second["revision"], second["notAfter"] > first["notAfter"]) == (2, True)
    simulation.clock.advance(61 * _DAY)
    assert simulation.get(CERTIFICATES, "order-api")["status"]["revision"] == 3


def test_a_certificate_survives_a_restart(simulation: Simulation) -> None:
    """Nothing is issued anew, and its renewal is not forgotten."""
    first = _issued(simulation)["status"]
    simulation.restart(after=30 * _DAY)
    simulation.clock.advance(5)
    assert simulation.get(CERTIFICATES, "order-api")["status"] == first
    simulation.clock.advance(31 * _DAY)
    assert simulation.get(CERTIFICATES, "order-api")["status"]["revision"] == 2


def test_without_its_issuer_a_certificate_waits(simulation: Simulation) -> None:
    """The event says for whom; once the issuer is there it goes on."""
    simulation.create(CERTIFICATES, certificate(issuerRef={"name": "own"}))
    simulation.clock.advance(60)
    assert condition(simulation.get(CERTIFICATES, "order-api"), "Ready") == ("False", "DoesNotExist")
    messages = {each["message"] for each in simulation.objects(EVENTS) if each["reason"] == "IssuerNotFound"}
    assert messages == {'Referenced "Issuer" not found: issuer.cert-manager.io "own" not found'}
    simulation.create(ISSUERS, {"metadata": {"name": "own"}, "spec": {"selfSigned": {}}})
    simulation.clock.advance(5)
    assert condition(simulation.get(ISSUERS, "own"), "Ready")[0] == "True"
    assert condition(simulation.get(CERTIFICATES, "order-api"), "Ready") == ("True", "Ready")
