"""A bucket on S3 that nobody outside can see."""

from __future__ import annotations

from foundation.jsontypes import Json, JsonObject
from foundation.service import Dependency
from scaffolder_actions.infrastructure.naming import logical_id, tags
from scaffolder_actions.infrastructure.part import Part, attribute, only_over_tls, policy, ref, statement
from scaffolder_actions.workload.identity import Workload

# Days in which something overwritten or deleted by mistake can be had back: one look at a month's report.
OLD_VERSION_DAYS = 30
# Days after which the pieces of an upload that never ended are paid for in vain.
UPLOAD_DAYS = 7


def bucket(workload: Workload, dependency: Dependency) -> Part:
    """The bucket of one dependency and its policy."""
    name = logical_id(dependency, "Bucket")
    return Part(
        resources={name: _bucket(workload, dependency), f"{name}Policy": _policy(name)},
        outputs={f"{name}Name": ref(name)},
    )


def bucket_rights(dependency: Dependency) -> list[JsonObject]:
    """What the service itself may do: with objects everything, with the bucket nothing but look into it."""
    name = logical_id(dependency, "Bucket")
    objects: list[Json] = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    look: list[Json] = ["s3:ListBucket"]
    return [
        statement(f"{name}Objects", "Allow", objects, _objects(name)),
        statement(f"{name}List", "Allow", look, attribute(name, "Arn")),
    ]


def _bucket(workload: Workload, dependency: Dependency) -> JsonObject:
    return {
        "Type": "AWS::S3::Bucket",
        # No snapshot is to be had of a bucket; deleting a service copies the objects and removes it then. Only one that
        # was made in vain goes with the stack that could not be made.
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {"Rules": _lifecycle(dependency)},
            "Tags": tags(workload),
        },
    }


def _lifecycle(dependency: Dependency) -> list[Json]:
    rules: list[Json] = [
        {
            "Id": "tidy",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UPLOAD_DAYS},
            "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSION_DAYS},
            "ExpiredObjectDeleteMarker": True,
        }
    ]
    if dependency.expire_days:
        rules.append({"Id": "expire", "Status": "Enabled", "ExpirationInDays": dependency.expire_days})
    return rules


def _policy(name: str) -> JsonObject:
    both: list[Json] = [attribute(name, "Arn"), _objects(name)]
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": ref(name), "PolicyDocument": policy(only_over_tls("OnlyOverTls", "s3:*", both))},
    }


def _objects(name: str) -> JsonObject:
    return {"Fn::Sub": f"${{{name}.Arn}}/*"}
