"""Parts of cookiecutter that this process replaces, for safety and for speed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from binaryornot.check import is_binary
from cookiecutter import generate, prompt

from scaffolder_actions.golden_paths.sandbox import sandboxed

# Template files whose kind is remembered: those of several large golden paths.
_MOST_FILES = 5000


def substitute() -> None:
    """Have cookiecutter render in the sandbox and look at each template file once, from now on in this process."""
    generate.create_env_with_context = sandboxed
    prompt.create_env_with_context = sandboxed
    generate.is_binary = _is_binary


def _is_binary(path: str) -> bool:
    # Guessing costs more than rendering the file; the guess holds until the file is another.
    file = Path(path).absolute()
    status = file.stat()
    return _guess(str(file), status.st_ino, status.st_mtime_ns, status.st_size)


@lru_cache(_MOST_FILES)
def _guess(path: str, *_of_this_state: int) -> bool:
    return bool(is_binary(path))
