-- POSTs the lines of a file in turn: a path, a tab, a JSON body. Arguments: FILE KEY once|again [keyed]. After the last
-- line it starts again or, with `once`, requests a path that does not exist (404). `keyed` gives every request an
-- Idempotency-Key.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } instant; int clock_gettime(int clock, instant *now);")
dofile("summary.lua")

local lines, place, headers, keyed, once = {}, 0, {}, false, false
local instant = ffi.new("instant")
local first, nothing
-- Global, so that `done` can read them.
statuses, elapsed = {}, 0

local function now()
  ffi.C.clock_gettime(1, instant)
  return tonumber(instant.seconds) + tonumber(instant.nanoseconds) / 1e9
end

function init(arguments)
  headers["x-api-key"], headers["content-type"] = arguments[2], "application/json"
  once, keyed = arguments[3] == "once", arguments[4] == "keyed"
  nothing = wrk.format("GET", "/nothing")
  for line in io.lines(arguments[1]) do
    local path, body = line:match("^(.-)\t(.*)$")
    lines[#lines + 1] = keyed and { path, body } or wrk.format("POST", path, headers, body)
  end
  math.randomseed(math.floor(now() * 1e6) % 2 ^ 31)
end

function request()
  first = first or now()
  if once and place == #lines then
    -- Stopping here would lose the responses that are still under way.
    return nothing
  end
  place = place % #lines + 1
  if not keyed then
    return lines[place]
  end
  headers["idempotency-key"] = string.format("%08x-%08x-%08x", place, math.random(0, 2 ^ 31 - 1), math.random(0, 2 ^ 31 - 1))
  return wrk.format("POST", lines[place][1], headers, lines[place][2])
end

function response(status)
  local name = tostring(status)
  statuses[name] = (statuses[name] or 0) + 1
  if status ~= 404 then
    elapsed = now() - first
  end
end
