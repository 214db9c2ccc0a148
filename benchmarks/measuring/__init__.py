"""What several benchmarks measure with: processes of their own, their memory, a server, and shares of figures."""

from __future__ import annotations

from benchmarks.measuring.figures import percentile
from benchmarks.measuring.memory import peak_bytes, settled_bytes
from benchmarks.measuring.process import cores, in_own_process, on_core

__all__ = ["cores", "in_own_process", "on_core", "peak_bytes", "percentile", "settled_bytes"]
