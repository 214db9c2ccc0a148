"""Whether an environment has what its stacks look for."""

from __future__ import annotations

from typing import Any

from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.clients import AwsClients

# Names that one call may ask for.
BATCH = 10
_FROM_SSM = "AWS::SSM::Parameter::Value<"


def require_facts(clients: AwsClients, template: JsonObject) -> None:
    """Raise StackError, naming every parameter of SSM that the template looks for in vain.

    CloudFormation would refuse the template too, but names one at a time.
    """
    parameters: Any = template.get("Parameters", {})
    names = sorted(each["Default"] for each in parameters.values() if str(each["Type"]).startswith(_FROM_SSM))
    missing: list[str] = []
    for start in range(0, len(names), BATCH):
        missing += clients("ssm").get_parameters(Names=names[start : start + BATCH])["InvalidParameters"]
    if missing:
        raise StackError(
            f"AWS in {clients.settings.region} has no SSM parameter {', '.join(sorted(missing))}.",
            remedy="The platform team writes it once for each environment: see Prepare an AWS account, among the how-to pages.",
        )
