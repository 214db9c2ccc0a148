"""Lua without a way out: no files, no programs, no modules, bounded work and bounded memory.

Argo CD's interpreter speaks Lua 5.1 with the `goto` of 5.2, and so do its scripts: here it is 5.2, with the names of 5.1 that
went. A script sees the base functions, `string`, `table`, `math`, and of `os` the time.
"""

from __future__ import annotations

import threading
from typing import Any, cast

from foundation.jsontypes import Json, JsonObject

# Bytes of a script's interpreter; an object with all its tables takes a tenth.
MOST_MEMORY = 16 * 1024 * 1024
# Instructions of one call. Argo CD's longest scripts take some thousand; a million are about 20 ms.
MOST_INSTRUCTIONS = 1_000_000
# Levels of an object that a script gets to see, as deep as documents are read.
_DEEPEST = 64

# Builds the world of a script and gives the function that runs one in it. An error of the hook could be caught by `pcall`,
# which therefore raises it again; hooks do not reach into coroutines, so there are none.
_WORLD = """
local sethook, setupvalue, load, real_pcall = debug.sethook, debug.setupvalue, load, pcall
local pack, unpack = table.pack, table.unpack
local limit = ...
local expired = false
local function expire() expired = true; error("it takes too long", 0) end
local function copied(from, names)
  local to = {}
  for name in names:gmatch("%S+") do to[name] = from[name] end
  return to
end
local text = copied(string, "byte char find format gmatch gsub len lower match rep reverse sub upper")
getmetatable("").__index = text
local function world()
  local seen = copied(_G, "assert error ipairs next pairs select tonumber tostring type rawequal rawget rawset setmetatable")
  seen.unpack = unpack
  seen.string, seen.math = text, copied(math, "abs ceil floor fmod huge max min modf sqrt")
  seen.math.pow = function(base, exponent) return base ^ exponent end
  seen.table = copied(table, "concat insert remove sort")
  seen.table.getn = function(list) return #list end
  seen.os = copied(os, "time date difftime")
  seen.pcall = function(called, ...)
    local answers = pack(real_pcall(called, ...))
    if expired then error("it takes too long", 0) end
    return unpack(answers, 1, answers.n)
  end
  seen.print = function() end
  seen._G = seen
  return seen
end
local function compile(source, name) return load(source, name, "t", {}) end
local function run(script, obj)
  local seen = world()
  seen.obj = obj
  -- The first upvalue of a chunk is its environment.
  setupvalue(script, 1, seen)
  expired = false
  sethook(expire, "", limit)
  local fine, answer = real_pcall(script)
  sethook()
  if not fine then return false, tostring(answer) end
  if type(answer) ~= "table" then return true, nil, nil end
  return true, rawget(answer, "status"), rawget(answer, "message")
end
return compile, run
"""


class ScriptError(ValueError):
    """A script that does not compile, or that failed; its text names the line."""


class Script:
    """One compiled script. Safe to use from any thread, one at a time."""

    def __init__(self, source: str, name: str) -> None:
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
        compile_, self._run = self._runtime.execute(_WORLD, MOST_INSTRUCTIONS)
        compiled = compile_(source, f"={name}")
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
            except (lua52.LuaError, lua52.LuaMemoryError, MemoryError) as error:
                raise ScriptError(str(error)) from None
        if not fine:
            raise ScriptError(str(answer[0]))
        status, message = [*answer, None, None][:2]
        return _plain(status), _plain(message)

    def _table(self, value: Json, depth: int) -> Any:
        if depth <= 0:
            return None
        if isinstance(value, dict):
            return self._runtime.table_from({name: self._table(each, depth - 1) for name, each in value.items()})
        if isinstance(value, (list, tuple)):
            return self._runtime.table_from([self._table(each, depth - 1) for each in value])
        return value


def _denied(*_: object) -> object:
    raise AttributeError("there is nothing to see")


def _plain(value: object) -> Json:
    return cast("Json", value) if isinstance(value, (str, int, float, bool)) else None
