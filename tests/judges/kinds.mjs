// The kinds that are no part of Kubernetes itself. Their packages are made from their projects' Go code: `types` has the
// fields (all of them, so that others can be refused), `rules` the limits and patterns.
const folder = `${import.meta.dirname}/node_modules/@kubernetes-models`;

const kind = (pack, group, version, go, name) => [
  `${group}/${version} ${name}`,
  {
    name: `I${name}`,
    types: `${folder}/${pack}/${group}/${version}/${name}.d.ts`,
    rules: `${folder}/${pack}/_schemas/${go}${name}.js`,
  },
];

const prometheus = 'ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1';

export const kinds = Object.fromEntries([
  kind('gateway-api', 'gateway.networking.k8s.io', 'v1', 'IoK8sSigsGatewayApiApisV1', 'HTTPRoute'),
  kind('gateway-api', 'gateway.networking.k8s.io', 'v1', 'IoK8sSigsGatewayApiApisV1', 'ListenerSet'),
  kind('cert-manager', 'cert-manager.io', 'v1', 'ComGithubCertManagerCertManagerPkgApisCertmanagerV1', 'Certificate'),
  kind(
    'external-secrets',
    'external-secrets.io',
    'v1',
    'ComGithubExternalSecretsExternalSecretsApisExternalsecretsV1',
    'ExternalSecret',
  ),
  kind('prometheus-operator', 'monitoring.coreos.com', 'v1', prometheus, 'ServiceMonitor'),
  kind('prometheus-operator', 'monitoring.coreos.com', 'v1', prometheus, 'PodMonitor'),
  kind('prometheus-operator', 'monitoring.coreos.com', 'v1', prometheus, 'PrometheusRule'),
]);
