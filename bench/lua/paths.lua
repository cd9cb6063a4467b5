-- GETs the paths of a file in turn, compressed. Arguments: FILE [KEY].
dofile("summary.lua")

local requests, place = {}, 0

-- Every request is written once: the time of the generator is not to be measured.
function init(arguments)
  local headers = { ["accept-encoding"] = "gzip", ["x-api-key"] = arguments[2] }
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end
