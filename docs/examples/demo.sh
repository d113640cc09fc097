#!/bin/sh
# Opens the record of the samples in a browser for an hour: demo.sh QAWL RECORD PORT (make demo).
# An older demo's server on the port is ended first; a port that something else holds is told.
qawl=$1 record=$2 port=$3 pid=$2.pid
[ -f "$pid" ] && kill "$(cat "$pid")" 2>/dev/null && sleep 1
rm -f "$pid"
timeout 3600 "$qawl" serve --db "$record" --port "$port" >"$record.log" 2>&1 </dev/null &
echo $! >"$pid"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
  sleep 1
  if ! kill -0 "$(cat "$pid")" 2>/dev/null; then
    echo "The samples' server did not start (is port $port taken? make demo PORT=8899); $record.log says why."
    rm -f "$pid"
    exit 0
  fi
  if "$(dirname "$qawl")/python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/health', timeout=2)" 2>/dev/null; then
    echo "The same record in your browser for an hour: http://localhost:$port/ (kill $(cat "$pid") ends it)"
    exit 0
  fi
done
echo "The samples' server is slow to start; it opens at http://localhost:$port/"
