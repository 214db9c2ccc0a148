"""Health of one Kubernetes object: pure rules from plain JSON to a verdict.

`verdict`     the words, their order, and what a verdict is about
`kinds` `masks`  what tells kinds apart, and which parts of an object a rule reads
`conditions`  the standard conditions, and the verdict that they alone give
`findings` `containers` `pods` `rollouts` `jobs` `schedules` `workloads`  the rules of workloads
`networking` `gateways` `storage` `scaling` `clusters`  the rules of what stands beside them
`table` `cases` `paths` `rules/`  rules as data, for projects and for platform teams
`scripts` `confinement` `world.lua` `patterns.lua`  Argo CD's health scripts
`built_in` `rulebook`  which rule judges which kind
`manifests`   objects out of files and pipes
`reference`   the page of rules in the documentation

What a service, an environment or a page makes of several objects is for those who show them.
"""

from __future__ import annotations

from foundation.health.verdict import Cause, Status, Verdict, worst

__all__ = ["Cause", "Status", "Verdict", "worst"]
