"""`python -m tests.judges` installs the judges; `make judges` says it shorter."""

import sys

from tests.judges.installing import main

sys.exit(main())
