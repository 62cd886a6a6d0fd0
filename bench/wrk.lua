-- Bodies from a file, one a line, each thread from a place of its own; at the end one line of JSON.
--   wrk … -s wrk.lua URL -- FILE OFFSET [TOKEN]
local requests = {}
local place = 0

function init(arguments)
  local headers = { ["Content-Type"] = "application/json" }
  if arguments[3] then headers["Authorization"] = "Bearer " .. arguments[3] end
  for body in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
  place = tonumber(arguments[2])
end

function request()
  place = place + 1
  return requests[place % #requests + 1]
end

function done(summary, latency, _)
  local times = {}
  for i = 1, #latency do
    local microseconds, count = latency(i)
    times[i] = string.format("[%d,%d]", microseconds, count)
  end
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"microseconds":%d,"bytes":%d,"errors":%d,"times":[%s]}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    table.concat(times, ",")))
end
