"""Simulated Kubernetes clusters: an API server of our own with just enough controllers behind it.

Real clients (`kubectl`, the official libraries) talk to it over HTTP. Nothing runs in its pods; everything
that it shows says that it is simulated. `SimulatedClusters` runs it in a process, `python -m
greenroom.local.cluster` as a program.
"""

from __future__ import annotations

from greenroom.local.cluster.breakage import Breakage
from greenroom.local.cluster.simulated import SimulatedClusters

__all__ = ["Breakage", "SimulatedClusters"]
