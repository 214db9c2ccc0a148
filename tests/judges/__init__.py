"""Judges of what the compiler makes. None of them knows the code under test, and each gives a list of findings.

`make judges` installs those that are programs, once, into `.tools/judges`; after that it takes no time.

- `object_errors(object)`: what an API server would refuse in a Kubernetes object, unknown fields included. Built-in
  kinds are held against each release from 1.31 to 1.37 (`schema_errors`), the others against the types and rules of
  their projects (`crd_errors`).
- `restricted_violations(pod_spec)`: what the Pod Security Standards' "restricted" level refuses.
- `checkov(framework, {path: text})`: the checks that fail, as `CKV_K8S_40 Deployment.commerce.order-api: …`. The
  framework is `kubernetes`, `cloudformation`, `github_actions` (paths under `.github/workflows/`) or `dockerfile`.
- `actionlint(text)`: what is wrong in a GitHub Actions workflow.
- `service_documents()` in `documents.py`: Hypothesis's strategy of valid Service documents with every field.

Checkov and what runs on Node are kept warm for the whole test run, so that a call takes milliseconds after the first
and properties may call them for each example.
"""

from __future__ import annotations

from tests.judges.pod_security import restricted_violations
from tests.judges.policies import checkov
from tests.judges.schemas import crd_errors, object_errors, schema_errors
from tests.judges.workflows import actionlint

__all__ = ["actionlint", "checkov", "crd_errors", "object_errors", "restricted_violations", "schema_errors"]
