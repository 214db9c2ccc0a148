"""S3: buckets and their policies."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from greenroom.local.aws.resources.handler import Handler, Made, Properties, Task

# Characters that S3 allows a bucket.
LONGEST = 63


class BucketHandler(Handler):
    """AWS::S3::Bucket."""

    def create(self, task: Task) -> Made:
        bucket = task.properties.get("BucketName") or task.name.lower()[-LONGEST:].lstrip("-")
        region = task.calls.region
        here = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        task.calls("s3").create_bucket(Bucket=bucket, **({} if region == "us-east-1" else here))
        made = Made(
            bucket,
            {
                "Arn": f"arn:aws:s3:::{bucket}",
                "DomainName": f"{bucket}.s3.amazonaws.com",
                "RegionalDomainName": f"{bucket}.s3.{region}.amazonaws.com",
            },
        )
        return self.update(task.of(made))

    def update(self, task: Task) -> Made:
        s3: Any = task.calls("s3")
        bucket, given = task.made.id, task.properties
        if rules := given.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration"):
            rules = [{"ApplyServerSideEncryptionByDefault": each["ServerSideEncryptionByDefault"]} for each in rules]
            s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
        if block := given.get("PublicAccessBlockConfiguration"):
            s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
        if versioning := given.get("VersioningConfiguration"):
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning)
        if lifecycle := given.get("LifecycleConfiguration"):
            rules = [_rule(each) for each in lifecycle["Rules"]]
            s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": given.get("Tags", [])})
        return task.made

    def delete(self, task: Task) -> None:
        try:
            task.calls("s3").delete_bucket(Bucket=task.made.id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise


class BucketPolicyHandler(Handler):
    """AWS::S3::BucketPolicy."""

    def create(self, task: Task) -> Made:
        return self.update(task.of(Made(task.properties["Bucket"])))

    def update(self, task: Task) -> Made:
        document = json.dumps(task.properties["PolicyDocument"])
        task.calls("s3").put_bucket_policy(Bucket=task.made.id, Policy=document)
        return task.made

    def delete(self, task: Task) -> None:
        try:
            task.calls("s3").delete_bucket_policy(Bucket=task.made.id)
        except ClientError as error:
            # The bucket is gone, and its policy with it.
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise


def _rule(rule: Properties) -> dict[str, Any]:
    """A lifecycle rule in the words of the API."""
    expiration = {
        name: rule[given]
        for given, name in (("ExpirationInDays", "Days"), ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"))
        if given in rule
    }
    kept = ("Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")
    return {
        "ID": rule["Id"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
        **{key: rule[key] for key in kept if key in rule},
        **({"Expiration": expiration} if expiration else {}),
    }
