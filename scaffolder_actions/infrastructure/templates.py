"""Templates on their way to CloudFormation and back."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from foundation.jsontypes import JsonObject
from scaffolder_actions.infrastructure.archive import archive_bucket
from scaffolder_actions.infrastructure.clients import AwsClients, is_error

# Bytes of a template that a call may carry; a longer one is fetched from a bucket.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LARGEST_BODY = 51_200


def template_source(clients: AwsClients, template: JsonObject) -> dict[str, str]:
    """The arguments of a call that hand the template over."""
    body = json.dumps(template, separators=(",", ":"))
    if len(body.encode()) <= LARGEST_BODY:
        return {"TemplateBody": body}
    bucket = archive_bucket(clients)
    # Named by what it says: whoever comes again writes the same.
    key = f"templates/{hashlib.sha256(body.encode()).hexdigest()}.json"
    clients("s3").put_object(Bucket=bucket, Key=key, Body=body.encode())
    settings = clients.settings
    base = settings.endpoint or f"https://s3.{settings.region}.amazonaws.com"
    return {"TemplateURL": f"{base}/{bucket}/{key}"}


def standing_template(clients: AwsClients, name: str) -> JsonObject | None:
    """The template that a stack was last given; None where there is no stack, or an empty one."""
    from botocore.exceptions import ClientError

    try:
        body: Any = clients("cloudformation").get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    except ClientError as error:
        if is_error(error, "ValidationError"):
            return None
        raise
    # botocore reads JSON by itself; anything else was not made by Greenroom.
    return cast("JsonObject", body) if isinstance(body, dict) and body else None
