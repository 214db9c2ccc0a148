"""How a public service is reached: its name in DNS and its certificate, at the load balancer in front of the cluster."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.infrastructure import facts
from scaffolder_actions.infrastructure.naming import tags
from scaffolder_actions.infrastructure.part import Part, ref
from scaffolder_actions.workload.identity import Workload

CERTIFICATE = "Certificate"


def edge(workload: Workload, host: str) -> Part:
    """Record and certificate of `host`."""
    return Part(
        {
            CERTIFICATE: _certificate(workload, host),
            "ListenerCertificate": {
                "Type": "AWS::ElasticLoadBalancingV2::ListenerCertificate",
                "Properties": {
                    "ListenerArn": ref(facts.LISTENER),
                    "Certificates": [{"CertificateArn": ref(CERTIFICATE)}],
                },
            },
            "Record": _record(host),
        }
    )


def _certificate(workload: Workload, host: str) -> JsonObject:
    return {
        "Type": "AWS::CertificateManager::Certificate",
        "Properties": {
            "DomainName": host,
            # CloudFormation puts the record that proves the domain into the zone itself, and ACM renews by it.
            "ValidationMethod": "DNS",
            "DomainValidationOptions": [{"DomainName": host, "HostedZoneId": ref(facts.ZONE)}],
            "Tags": tags(workload),
        },
    }


def _record(host: str) -> JsonObject:
    return {
        "Type": "AWS::Route53::RecordSet",
        # Nobody is sent there before the certificate is.
        "DependsOn": ["ListenerCertificate"],
        "Properties": {
            "HostedZoneId": ref(facts.ZONE),
            "Name": host,
            "Type": "A",
            "AliasTarget": {
                "DNSName": ref(facts.BALANCER),
                "HostedZoneId": ref(facts.BALANCER_ZONE),
                "EvaluateTargetHealth": False,
            },
        },
    }
