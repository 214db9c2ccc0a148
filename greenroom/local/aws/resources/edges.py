"""Names and certificates: Route 53, ACM, and the listener of a load balancer."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from greenroom.local.aws.calls import ACCOUNT, Calls
from greenroom.local.aws.resources.handler import Handler, Made, Properties, Task

# Seconds that others may keep the record which proves a domain; ACM's own advice has five minutes.
TTL = 300


class CertificateHandler(Handler):
    """AWS::CertificateManager::Certificate, proven by a record that stands at once."""

    def create(self, task: Task) -> Made:
        acm, domain = task.calls("acm"), task.properties["DomainName"]
        arn = acm.request_certificate(
            DomainName=domain,
            ValidationMethod=task.properties.get("ValidationMethod", "DNS"),
            SubjectAlternativeNames=task.properties.get("SubjectAlternativeNames") or [domain],
            Tags=task.properties.get("Tags", []),
        )["CertificateArn"]
        found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        for option in task.properties.get("DomainValidationOptions", ()):
            proof = found["DomainValidationOptions"][0]["ResourceRecord"]
            values = [{"Value": proof["Value"]}]
            record = {"Name": proof["Name"], "Type": proof["Type"], "TTL": TTL, "ResourceRecords": values}
            _change(task.calls, option["HostedZoneId"], "UPSERT", record)
        _backend(task.calls).get_certificate(arn).status = "ISSUED"
        return Made(arn)

    def update(self, task: Task) -> Made:
        tags = task.properties.get("Tags", [])
        task.calls("acm").add_tags_to_certificate(CertificateArn=task.made.id, Tags=tags)
        return task.made

    def delete(self, task: Task) -> None:
        task.calls("acm").delete_certificate(CertificateArn=task.made.id)


class ListenerCertificateHandler(Handler):
    """AWS::ElasticLoadBalancingV2::ListenerCertificate."""

    def create(self, task: Task) -> Made:
        return self.update(task.of(Made(f"{task.name}-{task.properties['ListenerArn']}")))

    def update(self, task: Task) -> Made:
        balancer, listener = task.calls("elbv2"), task.properties["ListenerArn"]
        old, new = task.before.get("Certificates", []), task.properties["Certificates"]
        for each in (each for each in new if each not in old):
            balancer.add_listener_certificates(ListenerArn=listener, Certificates=[each])
        for each in (each for each in old if each not in new):
            balancer.remove_listener_certificates(ListenerArn=listener, Certificates=[each])
        return task.made

    def delete(self, task: Task) -> None:
        for each in task.properties["Certificates"]:
            listener = task.properties["ListenerArn"]
            task.calls("elbv2").remove_listener_certificates(ListenerArn=listener, Certificates=[each])


class RecordHandler(Handler):
    """AWS::Route53::RecordSet."""

    def create(self, task: Task) -> Made:
        _change(task.calls, task.properties["HostedZoneId"], "CREATE", _record(task.properties))
        return Made(task.properties["Name"])

    def update(self, task: Task) -> Made:
        _change(task.calls, task.properties["HostedZoneId"], "UPSERT", _record(task.properties))
        return task.made

    def delete(self, task: Task) -> None:
        try:
            _change(task.calls, task.properties["HostedZoneId"], "DELETE", _record(task.properties))
        except ClientError as error:
            if "not found" not in str(error):
                raise


def _record(properties: Properties) -> dict[str, Any]:
    record = {key: value for key, value in properties.items() if key not in {"HostedZoneId", "HostedZoneName"}}
    if "ResourceRecords" in record:
        record["ResourceRecords"] = [{"Value": each} for each in record["ResourceRecords"]]
    return record


def _change(calls: Calls, zone: str, action: str, record: dict[str, Any]) -> None:
    calls("route53").change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    )


def _backend(calls: Calls) -> Any:
    from moto.acm.models import acm_backends

    return acm_backends[ACCOUNT][calls.region]
