"""The kinds that real clusters get from others' CustomResourceDefinitions, and that services are made of here.

`fields`   what a definition says of its fields, and how an object is held against it
`gateway_api` `cert_manager` `external_secrets` `monitoring`   the definitions, one module for each API
`definitions`   all of them by kind

The fields are those of the packages `@kubernetes-models/gateway-api` 2.0.0, `…/cert-manager` 6.0.0,
`…/external-secrets` 2.0.0 and `…/prometheus-operator` 6.0.0, which are made from the definitions themselves.
"""
