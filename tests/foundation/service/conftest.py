"""The document that the platform's users were shown."""

from __future__ import annotations

import pytest

ORDER_API = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  language: python
  framework: fastapi
  resources:
    cpu: small # Translates to requests/limits
    memory: medium
  dependencies:
    - type: postgresql
      size: small
    - type: redis
      size: small
  observability:
    metrics: true
    tracing: true
    logging: structured
  deployment:
    strategy: rolling
    replicas:
      min: 2
      max: 10
  environments:
    - staging
    - production
"""


@pytest.fixture
def order_api() -> str:
    return ORDER_API
