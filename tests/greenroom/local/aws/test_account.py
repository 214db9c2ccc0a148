"""The account is furnished before anybody comes."""

from __future__ import annotations

import pytest

from greenroom.local.aws.calls import Calls
from greenroom.local.aws.seeds import seed
from scaffolder_actions.infrastructure.facts import FACTS
from tests.greenroom.local.aws.conftest import Client


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_each_environment_has_its_facts(client: Client, environment: str) -> None:
    """All that stacks look for, and each leads to something that is there."""
    path = f"/greenroom/{environment}/"
    found = client("ssm").get_parameters_by_path(Path=path, Recursive=True)["Parameters"]
    values = {each["Name"].removeprefix(path): each["Value"] for each in found}
    assert values.keys() == {fact.name for fact in FACTS.values()}
    subnets = client("ec2").describe_subnets(SubnetIds=values["private-subnets"].split(","))["Subnets"]
    assert len({each["AvailabilityZone"] for each in subnets}) == 2
    assert {each["VpcId"] for each in subnets} == {values["vpc"]}
    groups = client("ec2").describe_security_groups(GroupIds=[values["node-security-group"]])["SecurityGroups"]
    assert groups[0]["VpcId"] == values["vpc"]
    zone = client("route53").get_hosted_zone(Id=values["public-zone"])["HostedZone"]
    assert zone["Name"] == "example.com."
    (listener,) = client("elbv2").describe_listeners(ListenerArns=[values["load-balancer/listener"]])["Listeners"]
    (balancer,) = client("elbv2").describe_load_balancers(LoadBalancerArns=[listener["LoadBalancerArn"]])[
        "LoadBalancers"
    ]
    assert (balancer["DNSName"], balancer["CanonicalHostedZoneId"]) == (
        values["load-balancer/domain"],
        values["load-balancer/zone"],
    )


def test_furnishing_again_changes_nothing(client: Client) -> None:
    """What is there stays; only what is missing is made."""
    before = client("ec2").describe_vpcs()["Vpcs"]
    seed(Calls(client("ssm").meta.endpoint_url, "eu-west-1"), ["staging", "production"], "example.com")
    assert client("ec2").describe_vpcs()["Vpcs"] == before
    assert len(client("route53").list_hosted_zones()["HostedZones"]) == 1
