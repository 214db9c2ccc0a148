"""Actions as durable runs: the body that does one, and the workspaces that they read and write."""

from __future__ import annotations
