-- The world of a health script. Gives two functions: one compiles a script, one runs it.
--
-- Nothing that a script can change is used here: it gets a fresh copy of each library at each call, and what the methods of
-- strings are looked up in is out of its reach. There is no `setmetatable`: finalizers run where no hook counts, and a made-up
-- length keeps `table.insert` busy for ever. There are no coroutines, in which hooks do not count either.

local most_instructions, most_seconds, patterns = ...
local sethook, setupvalue, load, real_pcall, real_tostring = debug.sethook, debug.setupvalue, load, pcall, tostring
local pack, unpack, rep, clock, date, error, type = table.pack, table.unpack, string.rep, os.clock, os.date, error, type
local rawget = rawget

-- Between two looks at the clock a script can copy, at worst, this many times all the memory it has.
local STEP = 100
-- A format of a time that is longer is none.
local LONGEST_FORMAT = 200
local TOO_LONG = "it takes too long"

local expired, steps, deadline = false, 0, 0
local function count()
  steps = steps + 1
  if expired or steps > most_instructions / STEP or clock() > deadline then
    expired = true
    error(TOO_LONG, 0)
  end
end

local function names(text)
  local found = {}
  for name in string.gmatch(text, "%S+") do found[#found + 1] = name end
  return found
end

local function copied(from, wanted)
  local to = {}
  for i = 1, #wanted do to[wanted[i]] = from[wanted[i]] end
  return to
end

local BASE = names("assert error ipairs next pairs select tonumber tostring type rawequal rawget rawset")
local TEXT = names("byte char find format gmatch gsub len lower match rep reverse sub upper")
local MATH = names("abs ceil floor fmod huge max min modf pi sqrt")
local TABLE = names("concat insert remove sort")
local OS = names("time difftime")

local text = copied(string, TEXT)
for name, bounded in pairs(patterns) do text[name] = bounded end
text.rep = function(part, times, between)
  -- C counts to `times` even where nothing comes of it.
  if part == "" and (between or "") == "" then return "" end
  return rep(part, times, between)
end
getmetatable("").__index = copied(text, TEXT)

local globals, math, table, os = _G, math, table, os

local function print_() end
local function pow(base, exponent) return base ^ exponent end
local function getn(list) return #list end
local function date_(format, time)
  if type(format) == "string" and #format > LONGEST_FORMAT then error("too long a format", 0) end
  return date(format, time)
end
-- An error of the hook can be caught: it is raised again.
local function pcall_(called, ...)
  local answers = pack(real_pcall(called, ...))
  if expired then error(TOO_LONG, 0) end
  return unpack(answers, 1, answers.n)
end

local function world(obj)
  local seen = copied(globals, BASE)
  seen.string, seen.math, seen.table, seen.os = copied(text, TEXT), copied(math, MATH), copied(table, TABLE), copied(os, OS)
  seen.math.pow, seen.table.getn, seen.os.date = pow, getn, date_
  seen.unpack, seen.table.unpack = unpack, unpack
  seen.pcall, seen.print, seen._G, seen.obj = pcall_, print_, seen, obj
  return seen
end

local function compile(source) return load(source, "=line", "t", {}) end

local function run(script, obj)
  -- The first upvalue of a chunk is its environment.
  setupvalue(script, 1, world(obj))
  expired, steps, deadline = false, 0, clock() + most_seconds
  sethook(count, "", STEP)
  local fine, answer = real_pcall(script)
  sethook()
  if not fine then return false, real_tostring(answer) end
  if type(answer) ~= "table" then return true, nil end
  return true, rawget(answer, "status"), rawget(answer, "message")
end

return compile, run
