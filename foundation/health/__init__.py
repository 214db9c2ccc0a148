"""Health of one Kubernetes object: pure rules from plain JSON to a verdict.

`verdict`     the words, their order, and what a verdict is about
`findings`    a verdict on a pod, and how to speak of several
`containers` `pods` `rollouts` `jobs` `schedules`  the rules of workloads

What a service, an environment or a page makes of several objects is for those who show them.
"""

from __future__ import annotations

from foundation.health.verdict import Cause, Status, Verdict, worst

__all__ = ["Cause", "Status", "Verdict", "worst"]
