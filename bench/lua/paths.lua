-- Sends GET requests for the paths of a file in turn, and accepts compressed responses. Arguments: FILE [KEY [COOKIE]];
-- an empty key is not sent.
dofile("summary.lua")

local requests, place = {}, 0

-- All requests are formatted once, so that the time of the generator is not measured.
function init(arguments)
  local headers = { ["accept-encoding"] = "gzip", ["cookie"] = arguments[3] }
  headers["x-api-key"] = arguments[2] ~= "" and arguments[2] or nil
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end
