-- POSTs the lines of a file in turn: a path, a tab, a JSON body. Arguments: FILE KEY once|again [keyed]. After the last
-- line it starts again or, with `once`, requests a path that does not exist (404). `keyed` gives every request an
-- Idempotency-Key.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } instant; int clock_gettime(int clock, instant *now);")
dofile("summary.lua")

local lines, place, headers, keyed, once = {}, 0, {}, false, false
-- What each request has instead of its key until it is sent.
local KEY = "00000000-00000000-00000000"
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
  headers["idempotency-key"] = keyed and KEY or nil
  for line in io.lines(arguments[1]) do
    local path, body = line:match("^(.-)\t(.*)$")
    lines[#lines + 1] = wrk.format("POST", path, headers, body)
    if keyed then
      -- Formatted once, so that a key costs the generator next to nothing.
      local start, stop = lines[#lines]:find(KEY, 1, true)
      lines[#lines] = { lines[#lines]:sub(1, start - 1), lines[#lines]:sub(stop + 1) }
    end
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
  local key = string.format("%08x-%08x-%08x", place, math.random(0, 2 ^ 31 - 1), math.random(0, 2 ^ 31 - 1))
  return lines[place][1] .. key .. lines[place][2]
end

function response(status)
  local name = tostring(status)
  statuses[name] = (statuses[name] or 0) + 1
  if status ~= 404 then
    elapsed = now() - first
  end
end
