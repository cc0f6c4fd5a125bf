# What the benchmarks share. Sourced, never run. Needs bash, jq, PostgreSQL 15 or later with pgbench, and a built tally.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
tally=${TALLY:-$root/.build/release/tally}
bindir=$(pg_config --bindir)

# What was called, for whoever reads the figures.
invocation="Tests/Benchmarks/$(basename "$0")${*:+ $*}"

# die TEXT: one sentence, exit 1.
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

[ -x "$tally" ] || die "build first: swift build -c release --product tally (or name the program in TALLY)"

# as_postgres COMMAND: PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid postgres --regid postgres --clear-groups "$@"
  else
    "$@"
  fi
}

# start_cluster: a scratch cluster with the settings of the embedded server (Sources/EmbeddedPostgres/Servers).
# Sets $scratch, $url (for tally) and the PG* variables (for psql and pgbench).
start_cluster() {
  scratch=$(mktemp -d "${TALLY_BENCH_DIR:-/var/tmp}/tally-bench.XXXXXX")
  chmod 755 "$scratch"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$scratch"; fi
  as_postgres "$bindir/initdb" --pgdata="$scratch/db" --username=postgres --auth=trust --data-checksums \
    --encoding=UTF8 --locale=C --no-instructions >"$scratch/initdb.log"
  start_server
  use_database bench
}

# open_cluster FOLDER: a cluster that an earlier run kept. It is kept again.
open_cluster() {
  scratch=$1 KEEP=1
  [ -d "$scratch/db" ] || die "no benchmark has kept a cluster in $scratch"
  start_server
  use_database bench
  "$tally" migrate --data-dir "$scratch/tally" --json >/dev/null
}

# start_server: the server of the cluster in $scratch.
start_server() {
  local buffers=$(($(awk '/MemTotal/ { print $2 }' /proc/meminfo) / 8192))
  [ "$buffers" -gt 1024 ] && buffers=1024
  [ "$buffers" -lt 128 ] && buffers=128
  as_postgres "$bindir/pg_ctl" -D "$scratch/db" -l "$scratch/server.log" -t 600 -w -s -o "-c listen_addresses='' \
    -c unix_socket_directories='$scratch' -c shared_buffers=${buffers}MB -c max_wal_size=4GB \
    -c checkpoint_timeout=15min -c wal_compression=lz4 -c jit=off -c timezone=UTC -c max_connections=200 \
    ${TALLY_BENCH_PARAMETERS:-}" start
  export PGHOST=$scratch PGUSER=postgres PGPORT=5432
}

# use_database NAME: what follows works with that database of the cluster, which is made where it is not there.
use_database() {
  export PGDATABASE=$1
  url="postgres://postgres@/$1?host=$scratch"
  # Sent by environment, as a password would have to be.
  export TALLY_DATABASE_URL=$url
  [ "$(psql -qAtX -d postgres -c "SELECT count(*) FROM pg_database WHERE datname = '$1'")" = 0 ] || return 0
  psql -qX -d postgres -c "CREATE DATABASE $1"
  "$tally" migrate --data-dir "$scratch/tally" --json >/dev/null
}

# stop_cluster: ends it and removes it; with KEEP=1 its folder stays.
stop_cluster() {
  [ -n "${scratch-}" ] || return 0
  # What is kept is shut down in good order, so that the next start has nothing to recover.
  local mode=immediate
  [ -z "${KEEP-}" ] || mode=fast
  as_postgres "$bindir/pg_ctl" -D "$scratch/db" -t 600 -m $mode -s stop || true
  if [ -z "${KEEP-}" ]; then rm -rf "$scratch"; else echo "kept: $scratch" >&2; fi
}

# server_ticks: processor time of the server and all its processes so far, in clock ticks (1/100 s).
server_ticks() {
  local master
  sleep 0.5  # backends that are ending would be counted nowhere
  master=$(head -n 1 "$scratch/db/postmaster.pid")
  # utime, stime of each; what ended is in the cutime and cstime of the postmaster.
  { cat "/proc/$master/stat"; for pid in $(pgrep -P "$master"); do cat "/proc/$pid/stat" 2>/dev/null || true; done; } |
    awk -v master="$master" '{ id = $1; sub(/.*\) /, ""); sum += $12 + $13; if (id == master) sum += $14 + $15 }
      END { print sum }'
}

# wal_bytes: how much was written ahead since the cluster was made.
wal_bytes() { psql -qAtX -c "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"; }

# machine_facts: what the figures belong to.
machine_facts() {
  echo "command: $invocation"
  printf 'machine: %s, %s cores, %s MB, %s; %s; %s\n' \
    "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(($(awk '/MemTotal/ { print $2 }' /proc/meminfo) / 1024))" "$(uname -sr)" \
    "$("$bindir/postgres" --version)" "$(swift --version 2>/dev/null | sed -n 's/.*\(Swift version [0-9.]*\).*/\1/p' | head -n 1)"
  printf 'date: %s, load before: %s\n' "$(date -u +%Y-%m-%d)" "$(cut -d' ' -f1-3 /proc/loadavg)"
}

# fdatasync_microseconds: the median of pg_test_fsync where the cluster lies.
fdatasync_microseconds() {
  as_postgres "$bindir/pg_test_fsync" -s 1 -f "$scratch/fsync" |
    awk '/fdatasync/ && !seen { for (i = 1; i <= NF; i++) if ($i == "usecs/op") { print $(i - 1); seen = 1 } }'
}

# start_gateway [SERVE-ARGUMENT...]: a sandbox without latency and a gateway on the scratch cluster. Sets $sandbox_pid,
# $gateway_pid, and $sandbox and $gateway (their addresses).
start_gateway() {
  "$tally" sandbox --listen 127.0.0.1:0 --log-level error >"$scratch/sandbox.out" 2>"$scratch/sandbox.err" &
  sandbox_pid=$!
  sandbox=$(address sandbox) || exit 1
  # A cluster that was kept has its keys.
  [ -f "$scratch/tally/keys/log.key" ] || "$tally" keys init --data-dir "$scratch/tally" >/dev/null
  TALLY_UPSTREAM_KEY=bench "$tally" serve --listen 127.0.0.1:0 --upstream-url "$sandbox" --rate 0 --log-level error \
    --data-dir "$scratch/tally" "$@" >"$scratch/serve.out" 2>"$scratch/serve.err" &
  gateway_pid=$!
  gateway=$(address serve) || exit 1
}

# address NAME: waits until the program of that name says where it listens.
address() {
  local deadline=$((SECONDS + 60)) line
  while [ "$SECONDS" -lt "$deadline" ]; do
    line=$(sed -n 's/^listening on //p' "$scratch/$1.out" 2>/dev/null) || true  # the shell may not have made it yet
    [ -n "$line" ] && { printf '%s' "$line"; return 0; }
    sleep 0.1
  done
  die "$1 does not come up: $(tail -n 5 "$scratch/$1.err")"
}

# stop_all: ends what was started here, the cluster last.
stop_all() {
  local pid
  for pid in ${gateway_pid-} ${sandbox_pid-}; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  stop_cluster
}

# make_records FILE ARGUMENT...: `tally bench records` on the scratch cluster; its report goes to FILE. Its records are written
# as they ended and never change again, so their pages may be full.
make_records() {
  local file=$1
  shift
  psql -qX -c "ALTER SYSTEM SET autovacuum = off" -c "ALTER TABLE tally.record SET (fillfactor = 100)" \
    -c "ALTER TABLE tally.usage_bucket SET (fillfactor = 100)" -c "SELECT pg_reload_conf()" >/dev/null
  "$tally" bench records --data-dir "$scratch/tally" --json "$@" >"$file" || die "no records: $(cat "$file")"
  psql -qX -c "ALTER SYSTEM RESET autovacuum" -c "ALTER TABLE tally.record SET (fillfactor = 50)" \
    -c "ALTER TABLE tally.usage_bucket SET (fillfactor = 70)" -c "SELECT pg_reload_conf()" >/dev/null
  # What autovacuum would do sooner or later: statistics, summaries of the index on times, rows known to be visible.
  psql -qX -c "VACUUM (ANALYZE, FREEZE)" -c CHECKPOINT
  jq -r '"made \(.edits) edits of \(.teams) teams and \(.members) members, \(.lines) lines, in \(.milliseconds / 1000 | round) s: \(.editsPerSecond) a second"' "$file"
  echo "on disk: $(psql -qAtX -c "SELECT pg_size_pretty(pg_database_size(current_database()))")," \
    "$(($(psql -qAtX -c "SELECT pg_database_size(current_database())") / $(jq .edits "$file"))) bytes an edit"
}

# signed_head KEY SIZE: asks the gateway for a signed head of the key's team that covers so many lines, and prints the size of
# the one that it got.
signed_head() {
  local deadline=$((SECONDS + 120)) size
  while [ "$SECONDS" -lt "$deadline" ]; do
    # The second line of the note (docs/audit.md, heads).
    size=$(curl -sf -H "API-KEY: $1" "$gateway/v1/audit/checkpoint" | sed -n 2p) || size=""
    [ "${size:-0}" -ge "$2" ] && { printf '%s' "$size"; return 0; }
    sleep 0.5
  done
  die "no head of $2 lines was signed within two minutes"
}

# measured FILE COMMAND...: runs it, and puts seconds of the clock, seconds of the processor, largest resident memory in
# kilobytes and the exit status into FILE. What it prints goes to FILE.out.
measured() {
  local file=$1 status=0
  shift
  /usr/bin/time -q -o "$file.time" -f "%e %U %S %M" "$@" >"$file.out" 2>"$file.err" || status=$?
  awk -v status=$status '{ print $1, $2 + $3, $4, status }' "$file.time" >"$file"
}

# process_ticks PID: processor time of one process so far, in clock ticks (1/100 s).
process_ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

# resident_kilobytes PID: resident memory now.
resident_kilobytes() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }

# milliseconds MICROSECONDS
milliseconds() { awk -v us="$1" 'BEGIN { printf "%.2f", us / 1000 }'; }

# median FILE: of the numbers in it, one on each line.
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# judge NAME VALUE OPERATOR WANTED [NOTE]: says whether a figure is as wanted, and remembers where it is not.
judge() {
  local word=PASS
  if ! awk -v a="$2" -v b="$4" "BEGIN { exit !(a $3 b) }"; then word=FAIL missed=1; fi
  printf '%s  %s: %s, wanted: %s %s%s\n' "$word" "$1" "$2" "$3" "$4" "${5:+ $5}"
}

# conclude: exit 1 where a figure was not as wanted.
conclude() { [ -z "${missed-}" ] || exit 1; }
