"""monitoring.coreos.com: what Prometheus scrapes, and the rules that it evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenroom.local.cluster.custom.definition import Definition
from greenroom.local.cluster.custom.fields import Fields

_SELECTOR: Final[Fields] = {
    "matchExpressions": [{"key!": "text", "operator!": "text", "values": ["text"]}],
    "matchLabels": "map",
}
_RELABELING: Final[Fields] = {
    "action": "|".join(
        f"{each.lower()}|{each}"
        for each in (
            *("Replace", "Keep", "Drop", "HashMod", "LabelMap", "LabelDrop", "LabelKeep"),
            *("Lowercase", "Uppercase", "KeepEqual", "DropEqual"),
        )
    ),
    "modulus": "number",
    "regex": "text",
    "replacement": "text",
    "separator": "text",
    "sourceLabels": ["text"],
    "targetLabel": "text",
}
_ENDPOINT: Final[Mapping[str, Fields]] = {
    "port": "text",
    "targetPort": "amount",
    "path": "text",
    "scheme": "http|https|HTTP|HTTPS",
    "params": {"*": ["text"]},
    "interval": "text",
    "scrapeTimeout": "text",
    **dict.fromkeys(("honorLabels", "honorTimestamps", "trackTimestampsStaleness", "filterRunning"), "flag"),
    "metricRelabelings": [_RELABELING],
    "relabelings": [_RELABELING],
    "followRedirects": "flag",
    "enableHttp2": "flag",
    "proxyUrl": "text",
    "noProxy": "text",
    "proxyFromEnvironment": "flag",
    # How to sign in; nothing here does.
    **dict.fromkeys(("proxyConnectHeader", "authorization", "basicAuth", "bearerTokenSecret", "oauth2"), "any"),
    "tlsConfig": "any",
}
_PROTOCOLS: Final = "PrometheusProto|OpenMetricsText0.0.1|OpenMetricsText1.0.0|PrometheusText0.0.4|PrometheusText1.0.0"
_MONITOR: Final[Mapping[str, Fields]] = {
    "selector!": _SELECTOR,
    "selectorMechanism": "RelabelConfig|RoleSelector",
    "namespaceSelector": {"any": "flag", "matchNames": ["text"]},
    "jobLabel": "text",
    "podTargetLabels": ["text"],
    "attachMetadata": {"node": "flag"},
    "scrapeClass": "text",
    "scrapeProtocols": [_PROTOCOLS],
    "fallbackScrapeProtocol": _PROTOCOLS,
    "bodySizeLimit": "text",
    **dict.fromkeys(("sampleLimit", "targetLimit", "labelLimit", "labelNameLengthLimit"), "number"),
    **dict.fromkeys(("labelValueLengthLimit", "keepDroppedTargets", "nativeHistogramBucketLimit"), "number"),
    "nativeHistogramMinBucketFactor": "amount",
    **dict.fromkeys(("scrapeNativeHistograms", "scrapeClassicHistograms", "convertClassicHistogramsToNHCB"), "flag"),
}
_RULE: Final[Fields] = {
    "alert": "text",
    "record": "text",
    "expr!": "amount",
    "for": "text",
    "keep_firing_for": "text",
    "labels": "map",
    "annotations": "map",
}

DEFINITIONS: Final[Mapping[str, Definition]] = {
    "ServiceMonitor": Definition(
        {
            **_MONITOR,
            "targetLabels": ["text"],
            "serviceDiscoveryRole": "Endpoints|EndpointSlice",
            "endpoints!": [{**_ENDPOINT, "bearerTokenFile": "text"}],
        }
    ),
    "PodMonitor": Definition({**_MONITOR, "podMetricsEndpoints": [{**_ENDPOINT, "portNumber": "number"}]}),
    "PrometheusRule": Definition(
        {
            "groups": [
                {
                    "name!": "text",
                    "interval": "text",
                    "query_offset": "text",
                    "limit": "number",
                    "labels": "map",
                    "partial_response_strategy": "text",
                    "rules": [_RULE],
                }
            ]
        }
    ),
}
