"""Who reaches what holds data: the nodes of the environment's cluster, at one port, and nobody else."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.infrastructure import facts
from scaffolder_actions.infrastructure.naming import tags
from scaffolder_actions.infrastructure.part import ref
from scaffolder_actions.workload.identity import Workload


def security_group(workload: Workload, what: str, port: int) -> JsonObject:
    """The security group of `what`, such as "database"; its description can never change without a replacement."""
    return {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": f"Reaches the {what} of {workload.name} in {workload.environment}",
            "VpcId": ref(facts.VPC),
            "SecurityGroupIngress": [
                {
                    "Description": "From the nodes of the cluster",
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "SourceSecurityGroupId": ref(facts.NODES),
                }
            ],
            # No rule at all would mean that everything is allowed out. What holds data calls nobody.
            "SecurityGroupEgress": [
                {
                    "Description": "Nowhere",
                    "IpProtocol": "icmp",
                    "FromPort": 252,
                    "ToPort": 86,
                    "CidrIp": "255.255.255.255/32",
                }
            ],
            "Tags": tags(workload),
        },
    }
