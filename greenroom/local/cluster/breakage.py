"""How a deployment can be broken, so that everything that watches it can be seen to notice."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Breakage: TypeAlias = Literal["crash", "image", "oom", "init", "slow", "stuck", "secret"]

BREAKAGES: Final[tuple[Breakage, ...]] = get_args(Breakage)

# With `crash` and `oom` running containers fail where they are, and with `secret` the store refuses the secrets that the
# pods are given. Here pods are replaced (as by a drained node), and their successors do not come up.
BY_REPLACEMENT: Final[frozenset[Breakage]] = frozenset({"image", "init"})
# A rollout is started whose new pods become ready late, or never. The old ones go on serving.
BY_ROLLOUT: Final[frozenset[Breakage]] = frozenset({"slow", "stuck"})

# Seconds at pace 1. The default deadline of a rollout is ten minutes; nobody waits that long to see it pass.
STUCK_DEADLINE: Final = 15.0

# The init container that a pod gets that has none of its own, so that `init` has something to break.
INIT_CONTAINER: Final = "prepare"
