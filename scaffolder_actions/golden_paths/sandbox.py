"""Cookiecutter's Jinja environment: sandboxed, and warm.

Templates use what values offer, and nothing behind it. Compiled templates are kept from one rendering to the next,
since compiling is most of the work.
"""

from __future__ import annotations

from types import CodeType
from typing import Any, ClassVar, Final

from cookiecutter.environment import ExtensionLoaderMixin
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

# Compiled templates that are kept, some 10 KB each: those of several large golden paths.
MOST_COMPILED: Final = 2000


class SandboxedCookiecutterEnvironment(ExtensionLoaderMixin, SandboxedEnvironment):  # type: ignore[misc]
    """As `cookiecutter.environment.StrictEnvironment` is, on Jinja's sandbox."""

    # Code is the same in every environment of the same options: it finds its environment when it is run.
    _compiled: ClassVar[dict[tuple[object, ...], CodeType]] = {}

    def __init__(self, **options: Any) -> None:  # Jinja's own options, of many kinds
        super().__init__(undefined=StrictUndefined, **options)

    def compile(self, source: Any, name: Any = None, filename: Any = None, *rest: Any, **more: Any) -> Any:
        """As Jinja does, remembering the result; the arguments are Jinja's own."""
        if not isinstance(source, str) or rest or more.keys() - {"defer_init"}:
            return super().compile(source, name, filename, *rest, **more)
        key = (source, name, filename, self.trim_blocks, self.lstrip_blocks, more.get("defer_init"))
        if key not in self._compiled:
            if len(self._compiled) >= MOST_COMPILED:
                self._compiled.clear()
            self._compiled[key] = super().compile(source, name, filename, **more)
        return self._compiled[key]


def sandboxed(context: dict[str, Any]) -> SandboxedCookiecutterEnvironment:
    """The environment for one rendering, as `cookiecutter.utils.create_env_with_context` makes its own."""
    options = context.get("cookiecutter", {}).get("_jinja2_env_vars", {})
    return SandboxedCookiecutterEnvironment(context=context, keep_trailing_newline=True, **options)
