"""The platform's archive: the bucket that keeps what services held when they went."""

from __future__ import annotations

import json
from typing import Any

from foundation.errors import ConflictError
from scaffolder_actions.infrastructure.clients import AwsClients, is_error
from scaffolder_actions.infrastructure.part import only_over_tls, policy

_MISSING = ("404", "NoSuchBucket", "NotFound")


def archive_bucket(clients: AwsClients) -> str:
    """The name of the archive, which is made where it is missing: encrypted, with versions, closed to the public.

    Raises ConflictError where the bucket of that name is another account's.
    """
    from botocore.exceptions import ClientError

    caller = clients("sts").get_caller_identity()
    account, partition = caller["Account"], str(caller["Arn"]).split(":")[1]
    name = clients.settings.archive_bucket or f"greenroom-archive-{account}-{clients.settings.region}"
    try:
        # Names of buckets are the world's: somebody else's of that name must not be given what services held.
        clients("s3").head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        if is_error(error, "403", "AccessDenied"):
            raise ConflictError(
                f"The bucket {name} is not this account's, or may not be used.",
                remedy="Give aws.archive_bucket another name, or the server's role rights on it.",
            ) from error
        if not is_error(error, *_MISSING):
            raise
        _create(clients("s3"), name, clients.settings.region, partition)
    return name


def _create(s3: Any, name: str, region: str, partition: str) -> None:
    from botocore.exceptions import ClientError

    # The first region is the one that no bucket may name.
    here = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=name, ObjectOwnership="BucketOwnerEnforced", **here)
    except ClientError as error:
        # Another run was a moment faster; what follows is the same for both.
        if not is_error(error, "BucketAlreadyOwnedByYou"):
            raise
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    arn = f"arn:{partition}:s3:::{name}"
    statement = only_over_tls("OnlyOverTls", "s3:*", [arn, f"{arn}/*"])
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy(statement)))
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "managed-by", "Value": "greenroom"}]})
