"""Lua without a way out: no files, no programs, no modules, bounded work and bounded memory.

Argo CD's interpreter speaks Lua 5.1 with the `goto` of 5.2, and so do its scripts: here it is 5.2, with the names of 5.1 that
went. A script sees the base functions, `string`, `table`, `math`, and of `os` the time; `world.lua` says how.
"""

from __future__ import annotations

import math
import re
import threading
from functools import cache
from importlib import resources
from typing import Any, cast

from foundation.jsontypes import Json, JsonObject

# Bytes of a script's interpreter; an object with all its tables takes a tenth.
MOST_MEMORY = 16 * 1024 * 1024
# Instructions of one call. Argo CD's longest scripts take some thousand; these are some 40 ms.
MOST_INSTRUCTIONS = 5_000_000
# Seconds of work of the whole process during a call, for instructions that each take long.
MOST_SECONDS = 0.5
# Levels of an object that a script gets to see, as deep as documents are read.
_DEEPEST = 64
# Lua counts in floating point, and JSON's readers agree on integers of up to 64 bits only.
_LARGEST_INTEGER = 2**63 - 1
_LINE = re.compile(r"line:(\d+): ")


class ScriptError(ValueError):
    """A script that does not compile, or that failed; `line` is where, 0 where that is not known."""

    def __init__(self, message: str) -> None:
        """`message` as Lua says it, its place first."""
        found = _LINE.match(message)
        self.line = int(found[1]) if found else 0
        self.message = message[found.end() :] if found else message
        super().__init__(f"line {self.line}: {self.message}" if self.line else self.message)


class Script:
    """One compiled script. Safe to use from any thread, one at a time."""

    def __init__(self, source: str) -> None:
        """Raises ScriptError where `source` is no Lua."""
        from lupa import lua52

        # Deny every attribute of Python objects, of which a script gets none anyway.
        self._runtime: Any = lua52.LuaRuntime(  # lupa ships no types
            register_eval=False,
            register_builtins=False,
            unpack_returned_tuples=True,
            attribute_handlers=(_denied, _denied),
            max_memory=MOST_MEMORY,
        )
        patterns = self._runtime.execute(_lua("patterns.lua"), self._runtime.globals().string)
        compile_, self._run = self._runtime.execute(_lua("world.lua"), MOST_INSTRUCTIONS, MOST_SECONDS, patterns)
        try:
            compiled = compile_(_text(source))
        except (lua52.LuaError, MemoryError, UnicodeError) as error:
            raise ScriptError(str(error)) from None
        if isinstance(compiled, tuple):
            raise ScriptError(str(compiled[1]))
        self._script = compiled
        self._using = threading.Lock()

    def __call__(self, item: JsonObject) -> tuple[Json, Json]:
        """The `status` and `message` that the script gives for `item`. Raises ScriptError where it fails."""
        from lupa import lua52

        with self._using:
            try:
                fine, *answer = self._run(self._script, self._table(item, _DEEPEST))
            except UnicodeError:
                raise ScriptError("it answers with what is no text") from None
            except (lua52.LuaError, MemoryError) as error:
                raise ScriptError(str(error)) from None
        if not fine:
            raise ScriptError(str(answer[0]))
        status, message = [*answer, None, None][:2]
        return _plain(status), _plain(message)

    def _table(self, value: Json, depth: int) -> Any:  # a table of lupa, or a plain value
        if not isinstance(value, (dict, list, tuple)):
            return _scalar(value)
        if depth <= 0:
            return None
        if isinstance(value, dict):
            return self._runtime.table_from({_text(name): self._table(each, depth - 1) for name, each in value.items()})
        # As Argo CD does: what is null takes no place.
        return self._runtime.table_from([self._table(each, depth - 1) for each in value if each is not None])


@cache
def _lua(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _denied(*_: object) -> object:
    raise AttributeError("there is nothing to see")


def _text(value: str) -> str | bytes:
    # JSON may have half a character, which is no UTF-8.
    return value if value.isascii() else value.encode("utf-8", "replace")


def _scalar(value: Json) -> str | bytes | float | None:
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, int) or abs(value) <= _LARGEST_INTEGER:
        return value if isinstance(value, (int, float)) else None
    return math.inf if value > 0 else -math.inf


def _plain(value: object) -> Json:
    return cast("Json", value) if isinstance(value, (str, int, float, bool)) else None
