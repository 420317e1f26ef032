-- One chat call of about 1 kB, as wrk sends it.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
if os.getenv("BENCH_KEY") then
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
end
for name, value in string.gmatch(os.getenv("BENCH_HEADERS") or "", "([^:\n]+): ([^\n]+)") do
  wrk.headers[name] = value
end
local model = os.getenv("BENCH_MODEL") or "bench"
local words = string.rep("We are planning a wedding for eighty guests in June. ", 17)
wrk.body = '{"model":"' .. model .. '","messages":[{"role":"system","content":"You help a wedding venue."},'
  .. '{"role":"user","content":"' .. words .. '"}],"temperature":0.2,"user":"bench-user"}'
done = function(summary, latency, requests)
  io.write(string.format(
    '\nRESULT {"requests":%d,"duration_us":%d,"errors":%d,"p50_us":%d,"p90_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.status + summary.errors.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99)))
end
