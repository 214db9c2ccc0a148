"""What an account has before any service comes: networks, domains, load balancers, and where stacks look for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from greenroom.local.aws.calls import Calls
from scaffolder_actions.infrastructure import facts
from scaffolder_actions.infrastructure.facts import FACTS, facts_path

# Two zones: what RDS asks of the subnets of a database.
ZONES = ("a", "b")


def seed(calls: Calls, environments: Sequence[str], domain: str) -> None:
    """Make what is missing of each environment. Its facts are written last, so that an unfinished one is begun anew."""
    for number, environment in enumerate(environments):
        path = facts_path(environment)
        known = calls("ssm").get_parameters_by_path(Path=path, Recursive=True)["Parameters"]
        if {each["Name"] for each in known} < {f"{path}/{fact.name}" for fact in FACTS.values()}:
            for name, value in _environment(calls, environment, number, domain):
                kind = "StringList" if FACTS[name].type.startswith("List") else "String"
                calls("ssm").put_parameter(Name=f"{path}/{FACTS[name].name}", Value=value, Type=kind, Overwrite=True)


def _environment(calls: Calls, environment: str, number: int, domain: str) -> Iterator[tuple[str, str]]:
    ec2: Any = calls("ec2")
    # 65,536 addresses each, which do not overlap.
    vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.{place}.0/24", AvailabilityZone=f"{calls.region}{zone}")[
            "Subnet"
        ]["SubnetId"]
        for place, zone in enumerate(ZONES)
    ]
    nodes = ec2.create_security_group(GroupName=f"{environment}-nodes", Description="Nodes", VpcId=vpc)["GroupId"]
    yield facts.VPC, vpc
    yield facts.SUBNETS, ",".join(subnets)
    yield facts.NODES, nodes
    yield facts.CLUSTER, environment
    yield facts.ZONE, _zone(calls, domain)
    yield from _balancer(calls, environment, subnets)


def _zone(calls: Calls, domain: str) -> str:
    """The hosted zone of the public domain, which environments share."""
    route53: Any = calls("route53")
    for each in route53.list_hosted_zones()["HostedZones"]:
        if each["Name"].rstrip(".") == domain:
            return str(each["Id"]).rpartition("/")[2]
    made = route53.create_hosted_zone(Name=domain, CallerReference=domain)["HostedZone"]["Id"]
    return str(made).rpartition("/")[2]


def _balancer(calls: Calls, environment: str, subnets: Sequence[str]) -> Iterator[tuple[str, str]]:
    elbv2: Any = calls("elbv2")
    (balancer,) = elbv2.create_load_balancer(Name=f"{environment}-public"[:32].rstrip("-"), Subnets=list(subnets))[
        "LoadBalancers"
    ]
    (target,) = elbv2.create_target_group(
        Name=f"{environment}-gateway"[:32].rstrip("-"),
        Protocol="HTTPS",
        Port=443,
        VpcId=balancer["VpcId"],
        TargetType="ip",
    )["TargetGroups"]
    (certificate,) = [calls("acm").request_certificate(DomainName=f"*.{environment}.local")["CertificateArn"]]
    (listener,) = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}],
    )["Listeners"]
    yield facts.BALANCER, balancer["DNSName"]
    yield facts.BALANCER_ZONE, balancer["CanonicalHostedZoneId"]
    yield facts.LISTENER, listener["ListenerArn"]
