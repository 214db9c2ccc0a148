"""What the pods of a service may do at AWS: a role for its Kubernetes account, where it has something to do there.

EKS Pod Identity gives it to pods of that account alone, without a provider of OpenID Connect for each cluster.
https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
"""

from __future__ import annotations

from collections.abc import Sequence

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.infrastructure import facts
from scaffolder_actions.infrastructure.naming import tags
from scaffolder_actions.infrastructure.part import Part, attribute, policy, ref
from scaffolder_actions.workload.identity import Workload

ROLE = "ServiceRole"


def access(workload: Workload, rights: Sequence[JsonObject]) -> Part:
    """The role with `rights`, and who is given it."""
    return Part({ROLE: _role(workload, rights), "PodIdentity": _pod_identity(workload)})


def _role(workload: Workload, rights: Sequence[JsonObject]) -> JsonObject:
    actions: list[Json] = ["sts:AssumeRole", "sts:TagSession"]
    trust: JsonObject = {
        "Sid": "Pods",
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": actions,
        # EKS marks a session by its pod: no other account of the cluster gets the role, even by a wrong association.
        "Condition": {
            "StringEquals": {
                "aws:RequestTag/kubernetes-namespace": workload.namespace,
                "aws:RequestTag/kubernetes-service-account": workload.name,
                "aws:RequestTag/eks-cluster-name": ref(facts.CLUSTER),
            }
        },
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Description": f"What {workload.name} may do in {workload.environment}",
            "AssumeRolePolicyDocument": policy(trust),
            "Policies": [{"PolicyName": "service", "PolicyDocument": policy(*rights)}],
            "Tags": tags(workload),
        },
    }


def _pod_identity(workload: Workload) -> JsonObject:
    return {
        "Type": "AWS::EKS::PodIdentityAssociation",
        "Properties": {
            "ClusterName": ref(facts.CLUSTER),
            "Namespace": workload.namespace,
            "ServiceAccount": workload.name,
            "RoleArn": attribute(ROLE, "Arn"),
            "Tags": tags(workload),
        },
    }
