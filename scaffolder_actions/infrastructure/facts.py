"""What an environment at AWS is, as its stacks learn it.

The platform team keeps it in SSM parameters under `/greenroom/{environment}/`, and CloudFormation looks there at each
update. So nothing of it stands in Greenroom's settings, and no stack is wrong because somebody forgot to copy a value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from foundation.jsontypes import JsonObject

VPC = "Vpc"
SUBNETS = "PrivateSubnets"
NODES = "NodeSecurityGroup"
CLUSTER = "Cluster"
ZONE = "PublicZone"
BALANCER = "LoadBalancerDomain"
BALANCER_ZONE = "LoadBalancerZone"
LISTENER = "LoadBalancerListener"


@dataclass(frozen=True)
class Fact:
    """One parameter: its name below the environment, the type that CloudFormation checks it against, and what it is."""

    name: str
    type: str
    description: str


FACTS = {
    VPC: Fact("vpc", "AWS::EC2::VPC::Id", "The network of the environment."),
    SUBNETS: Fact("private-subnets", "List<AWS::EC2::Subnet::Id>", "Subnets without a way in from the internet."),
    NODES: Fact("node-security-group", "AWS::EC2::SecurityGroup::Id", "The security group of the cluster's nodes."),
    CLUSTER: Fact("cluster", "String", "The name of the EKS cluster."),
    ZONE: Fact("public-zone", "AWS::Route53::HostedZone::Id", "The hosted zone of the platform's public domain."),
    BALANCER: Fact("load-balancer/domain", "String", "The DNS name of the load balancer in front of the cluster."),
    # A zone of AWS' own, so that CloudFormation cannot check it.
    BALANCER_ZONE: Fact("load-balancer/zone", "String", "The hosted zone that this DNS name is in."),
    LISTENER: Fact("load-balancer/listener", "String", "The ARN of the load balancer's HTTPS listener."),
}


def facts_path(environment: str) -> str:
    """Where the facts of an environment lie."""
    return f"/greenroom/{environment}"


def zone_fact(host: str, domain: str) -> str:
    """The name of the fact that says which hosted zone `host` is in.

    There is one zone for the platform's own domain. A host of another domain has a fact of its own, with which the
    platform team lets it in.
    """
    return FACTS[ZONE].name if f".{host}".endswith(f".{domain}") else f"public-zones/{host}"


def fact_parameters(environment: str, used: Collection[str], names: Mapping[str, str]) -> dict[str, JsonObject]:
    """The template's parameters for those of `used` that are facts; `names` has those that go by another name."""
    return {
        parameter: {
            "Type": f"AWS::SSM::Parameter::Value<{fact.type}>",
            "Default": f"{facts_path(environment)}/{names.get(parameter, fact.name)}",
            "Description": fact.description,
        }
        for parameter, fact in FACTS.items()
        if parameter in used
    }
