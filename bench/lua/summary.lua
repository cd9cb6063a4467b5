-- Prints wrk's measurements as one line of JSON. Latencies are in milliseconds from the sending of a request (closed
-- loop).
function setup(thread)
  generator = thread
end

function done(summary, latency, requests)
  local errors, counted = summary.errors, {}
  for status, count in pairs(generator:get("statuses") or {}) do
    counted[#counted + 1] = string.format('"%s":%d', status, count)
  end
  local seconds = generator:get("elapsed") or summary.duration / 1e6
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"bytes":%d,"broken":%d,"refused":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"statuses":{%s}}\n',
    summary.requests, seconds, summary.bytes, errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, table.concat(counted, ",")))
end
