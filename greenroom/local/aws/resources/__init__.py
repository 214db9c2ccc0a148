"""The types of resources that services' stacks are made of."""

from __future__ import annotations

from collections.abc import Mapping

from greenroom.local.aws.resources.access import PodIdentityHandler, RoleHandler
from greenroom.local.aws.resources.buckets import BucketHandler, BucketPolicyHandler
from greenroom.local.aws.resources.caches import CacheHandler, CacheSubnetsHandler
from greenroom.local.aws.resources.databases import (
    DatabaseHandler,
    DatabaseParametersHandler,
    DatabaseSubnetsHandler,
)
from greenroom.local.aws.resources.edges import CertificateHandler, ListenerCertificateHandler, RecordHandler
from greenroom.local.aws.resources.handler import Handler, Made, Properties, Task
from greenroom.local.aws.resources.networks import SecurityGroupHandler
from greenroom.local.aws.resources.queues import QueueHandler, QueuePolicyHandler
from greenroom.local.aws.resources.secrets import SecretHandler

# moto knows some of them itself, but forgets half of their properties, or how to change them.
HANDLERS: Mapping[str, Handler] = {
    "AWS::CertificateManager::Certificate": CertificateHandler(),
    "AWS::EC2::SecurityGroup": SecurityGroupHandler(),
    "AWS::EKS::PodIdentityAssociation": PodIdentityHandler(),
    "AWS::ElastiCache::ReplicationGroup": CacheHandler(),
    "AWS::ElastiCache::SubnetGroup": CacheSubnetsHandler(),
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": ListenerCertificateHandler(),
    "AWS::IAM::Role": RoleHandler(),
    "AWS::RDS::DBInstance": DatabaseHandler(),
    "AWS::RDS::DBParameterGroup": DatabaseParametersHandler(),
    "AWS::RDS::DBSubnetGroup": DatabaseSubnetsHandler(),
    "AWS::Route53::RecordSet": RecordHandler(),
    "AWS::S3::Bucket": BucketHandler(),
    "AWS::S3::BucketPolicy": BucketPolicyHandler(),
    "AWS::SQS::Queue": QueueHandler(),
    "AWS::SQS::QueuePolicy": QueuePolicyHandler(),
    "AWS::SecretsManager::Secret": SecretHandler(),
}

__all__ = ["HANDLERS", "Handler", "Made", "Properties", "Task"]
