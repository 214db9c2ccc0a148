-- Lua's patterns (Lua 5.2 manual, 6.4.1) in Lua, so that the hook counts their work. The functions of `string` match in C, where
-- no hook reaches, and a pattern with three `*` over a long message can take hours there. They are used where that cannot happen.

local native = ...
local find, gsub, sub, byte = native.find, native.gsub, native.sub, native.byte

-- Steps that a match in C may take: some milliseconds.
local CHEAP = 1000000
-- Lua's own limit.
local MOST_CAPTURES = 32
local OPEN, POSITION = -1, -2

-- The end of the class that begins at `at`: a letter, `%a`, or a set.
local function class_end(pattern, at)
  local first = sub(pattern, at, at)
  if first == "%" then
    if at == #pattern then error("malformed pattern (ends with '%')", 0) end
    return at + 1
  elseif first ~= "[" then
    return at
  end
  at = at + 1
  if sub(pattern, at, at) == "^" then at = at + 1 end
  repeat
    if at > #pattern then error("malformed pattern (missing ']')", 0) end
    if sub(pattern, at, at) == "%" then at = at + 1 end
    at = at + 1
  until sub(pattern, at, at) == "]"
  return at
end

-- Which letters are of a class, asked of C one letter at a time.
local function letters(class)
  local single = "^" .. (class == "^" and "%^" or class == "$" and "%$" or class)
  return setmetatable({}, { __index = function(known, letter)
    local fits = find(letter, single) ~= nil
    known[letter] = fits
    return fits
  end })
end

local function compiled(pattern, at)
  local nodes = {}
  while at <= #pattern do
    local first, pair = sub(pattern, at, at), sub(pattern, at, at + 1)
    local node
    if pair == "()" then
      node, at = { kind = "position" }, at + 2
    elseif first == "(" then
      node, at = { kind = "open" }, at + 1
    elseif first == ")" then
      node, at = { kind = "close" }, at + 1
    elseif first == "$" and at == #pattern then
      node, at = { kind = "end" }, at + 1
    elseif pair == "%b" then
      if at + 3 > #pattern then error("malformed pattern (missing arguments to '%b')", 0) end
      node, at = { kind = "balance", from = sub(pattern, at + 2, at + 2), to = sub(pattern, at + 3, at + 3) }, at + 4
    elseif pair == "%f" then
      if sub(pattern, at + 2, at + 2) ~= "[" then error("missing '[' after '%f' in pattern", 0) end
      local stop = class_end(pattern, at + 2)
      node, at = { kind = "frontier", fits = letters(sub(pattern, at + 2, stop)) }, stop + 1
    elseif find(pair, "^%%%d") then
      node, at = { kind = "back", capture = byte(pair, 2) - 48 }, at + 2
    else
      local stop = class_end(pattern, at)
      local often = sub(pattern, stop + 1, stop + 1)
      often = find(often, "^[*+?-]") and often or ""
      node, at = { kind = "class" .. often, fits = letters(sub(pattern, at, stop)) }, stop + #often + 1
    end
    nodes[#nodes + 1] = node
  end
  return nodes
end

local step = {}

-- Where a match of the nodes from `n` on that begins at `at` ends, or nil.
local function matched(m, at, n)
  while true do
    local node = m.nodes[n]
    if not node then return at end
    if node.kind ~= "class" then return step[node.kind](m, at, n, node) end
    if at > m.size or not node.fits[sub(m.text, at, at)] then return nil end
    at, n = at + 1, n + 1
  end
end

local function most(m, at, n, node, least)
  local count = 0
  while at + count <= m.size and node.fits[sub(m.text, at + count, at + count)] do count = count + 1 end
  for taken = count, least, -1 do
    local stop = matched(m, at + taken, n + 1)
    if stop then return stop end
  end
end

step["class*"] = function(m, at, n, node) return most(m, at, n, node, 0) end
step["class+"] = function(m, at, n, node) return most(m, at, n, node, 1) end

step["class-"] = function(m, at, n, node)
  while true do
    local stop = matched(m, at, n + 1)
    if stop then return stop end
    if at > m.size or not node.fits[sub(m.text, at, at)] then return nil end
    at = at + 1
  end
end

step["class?"] = function(m, at, n, node)
  if at <= m.size and node.fits[sub(m.text, at, at)] then
    local stop = matched(m, at + 1, n + 1)
    if stop then return stop end
  end
  return matched(m, at, n + 1)
end

local function begin(m, at, n, what)
  if m.level >= MOST_CAPTURES then error("too many captures", 0) end
  m.level = m.level + 1
  m.starts[m.level], m.stops[m.level] = at, what
  local stop = matched(m, at, n + 1)
  if not stop then m.level = m.level - 1 end
  return stop
end

step["open"] = function(m, at, n) return begin(m, at, n, OPEN) end
step["position"] = function(m, at, n) return begin(m, at, n, POSITION) end

step["close"] = function(m, at, n)
  for level = m.level, 1, -1 do
    if m.stops[level] == OPEN then
      m.stops[level] = at
      local stop = matched(m, at, n + 1)
      if not stop then m.stops[level] = OPEN end
      return stop
    end
  end
  error("invalid pattern capture", 0)
end

step["end"] = function(m, at) return at == m.size + 1 and at or nil end

step["back"] = function(m, at, n, node)
  local from, to = m.starts[node.capture], m.stops[node.capture]
  if node.capture > m.level or not to or to == OPEN then error("invalid capture index", 0) end
  if to == POSITION then return nil end
  local same = sub(m.text, at, at + to - from - 1) == sub(m.text, from, to - 1)
  return same and matched(m, at + to - from, n + 1) or nil
end

step["balance"] = function(m, at, n, node)
  if sub(m.text, at, at) ~= node.from then return nil end
  local depth = 1
  for place = at + 1, m.size do
    local letter = sub(m.text, place, place)
    if letter == node.to then
      depth = depth - 1
      if depth == 0 then return matched(m, place + 1, n + 1) end
    elseif letter == node.from then
      depth = depth + 1
    end
  end
end

step["frontier"] = function(m, at, n, node)
  local before = at == 1 and "\0" or sub(m.text, at - 1, at - 1)
  local here = at > m.size and "\0" or sub(m.text, at, at)
  return not node.fits[before] and node.fits[here] and matched(m, at, n + 1) or nil
end

local function capture(m, level)
  local from, to = m.starts[level], m.stops[level]
  if to == OPEN then error("unfinished capture", 0) end
  return to == POSITION and from or sub(m.text, from, to - 1)
end

-- What a match captured; all of it where nothing is captured and `whole` is wanted.
local function captures(m, from, to, whole)
  if m.level == 0 and whole then return { sub(m.text, from, to - 1), n = 1 } end
  local found = { n = m.level }
  for level = 1, m.level do found[level] = capture(m, level) end
  return found
end

local function matcher(text, pattern, at)
  return { text = text, size = #text, nodes = compiled(pattern, at), level = 0, starts = {}, stops = {} }
end

-- The first match from `at` on: where it begins and where it ends.
local function first(m, at, anchored)
  repeat
    m.level = 0
    local stop = matched(m, at, 1)
    if stop then return at, stop end
    at = at + 1
  until anchored or at > m.size + 1
end

-- Whether C matches `pattern` in a text of `size` fast enough: each `*`, `+`, `-` and `?` can go through the rest of it.
local function cheap(size, pattern)
  local _, wild = gsub(pattern, "[*+?-]", "")
  local _, far = gsub(pattern, "%%[b%d]", "")
  return (size + 1) ^ (wild + far + 1) * (#pattern + 1) <= CHEAP
end

local function start_of(text, init)
  init = init or 1
  if init < 0 then init = #text + init + 1 end
  return init < 1 and 1 or init
end

local function anchor(pattern)
  local anchored = sub(pattern, 1, 1) == "^"
  return anchored, anchored and 2 or 1
end

local function texts(text, pattern)
  if type(text) == "number" then text = tostring(text) end
  if type(pattern) == "number" then pattern = tostring(pattern) end
  if type(text) ~= "string" or type(pattern) ~= "string" then
    error("string expected, got " .. type(type(text) == "string" and pattern or text), 3)
  end
  return text, pattern
end

local seen = {}

function seen.find(text, pattern, init, plain)
  text, pattern = texts(text, pattern)
  -- Without special letters C compares memory, which is fast.
  if plain or not find(pattern, "[%^%$%*%+%?%.%(%[%%%-]") then
    if #text * #pattern > CHEAP * 256 then error("it searches for too long a text", 0) end
    return find(text, pattern, init, true)
  end
  if cheap(#text, pattern) then return find(text, pattern, init) end
  local anchored, at = anchor(pattern)
  local from = start_of(text, init)
  if from > #text + 1 then return nil end
  local m = matcher(text, pattern, at)
  local begins, stop = first(m, from, anchored)
  if not begins then return nil end
  local found = captures(m, begins, stop, false)
  return begins, stop - 1, table.unpack(found, 1, found.n)
end

function seen.match(text, pattern, init)
  text, pattern = texts(text, pattern)
  if cheap(#text, pattern) then return native.match(text, pattern, init) end
  local anchored, at = anchor(pattern)
  local from = start_of(text, init)
  if from > #text + 1 then return nil end
  local m = matcher(text, pattern, at)
  local begins, stop = first(m, from, anchored)
  if not begins then return nil end
  local found = captures(m, begins, stop, true)
  return table.unpack(found, 1, found.n)
end

function seen.gmatch(text, pattern)
  text, pattern = texts(text, pattern)
  if cheap(#text, pattern) then return native.gmatch(text, pattern) end
  local m, at = matcher(text, pattern, 1), 1
  return function()
    if at > m.size + 1 then return nil end
    local begins, stop = first(m, at, false)
    if not begins then
      at = m.size + 2
      return nil
    end
    at = stop > begins and stop or stop + 1
    local found = captures(m, begins, stop, true)
    return table.unpack(found, 1, found.n)
  end
end

-- What stands in place of a match.
local function replaced(m, begins, stop, by)
  local whole = sub(m.text, begins, stop - 1)
  local found = captures(m, begins, stop, true)
  local value
  if type(by) == "table" then
    value = by[found[1]]
  elseif type(by) == "function" then
    value = by(table.unpack(found, 1, found.n))
  else
    value = gsub(by, "%%(.)", function(letter)
      if letter == "0" then return whole end
      if find(letter, "%d") then return tostring(found[tonumber(letter)] or error("invalid capture index", 0)) end
      return letter
    end)
  end
  if not value then return whole end
  if type(value) ~= "string" and type(value) ~= "number" then error("invalid replacement value", 0) end
  return value
end

function seen.gsub(text, pattern, by, limit)
  text, pattern = texts(text, pattern)
  if cheap(#text, pattern) then return gsub(text, pattern, by, limit) end
  if type(by) == "number" then by = tostring(by) end
  local anchored, node = anchor(pattern)
  local m, parts, at, count = matcher(text, pattern, node), {}, 1, 0
  limit = limit or m.size + 1
  while count < limit do
    m.level = 0
    local stop = matched(m, at, 1)
    if stop then
      count = count + 1
      parts[#parts + 1] = replaced(m, at, stop, by)
    end
    if stop and stop > at then
      at = stop
    elseif at <= m.size then
      parts[#parts + 1] = sub(text, at, at)
      at = at + 1
    else
      break
    end
    if anchored then break end
  end
  parts[#parts + 1] = sub(text, at)
  return table.concat(parts), count
end

return seen
