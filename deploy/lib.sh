# What the scripts beside this file share. Sourced, never run: it only defines functions and $root.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# say TEXT: a line for the person who watches.
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# die TEXT: one sentence, exit 1.
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Runs a command as root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "Installing Debian packages needs root or sudo; install them first: $missing"
  fi
}

# refuse_skips LOG: ends the run where a test was skipped of which no line of $TALLY_MAY_SKIP says a part: its name, its suite's, or
# the reason that it gives. What could have been installed is no reason to be green.
refuse_skips() {
  local skipped
  skipped=$(grep -E '^➜ (Test|Suite) .* skipped' "$1" | grep -vF -f <(printf '%s\n' "${TALLY_MAY_SKIP:-}" | grep .) || true)
  [ -z "$skipped" ] || die "$skipped
These were skipped, and TALLY_MAY_SKIP (a part of a line that may be skipped on each of its lines) does not say that they may be:
install what they want, or name them there."
}

has_postgres() {
  local program
  for program in /usr/lib/postgresql/*/bin/postgres; do
    [ -x "$program" ] && [ "$(basename "$(dirname "$(dirname "$program")")")" -ge 15 ] && return 0
  done
  return 1
}

has_library() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1"; }

# Installs what is missing to build and to run; quick when nothing is.
install_missing() {
  command -v swift >/dev/null 2>&1 ||
    die "Swift is missing: install Swift 6.2 or later (https://www.swift.org/install) and put it on the PATH."
  missing=""
  command -v pkg-config >/dev/null 2>&1 || missing+=" pkg-config"
  has_library libpq || missing+=" libpq-dev"
  has_library gdlib || missing+=" libgd-dev"
  has_library zlib || missing+=" zlib1g-dev"
  has_postgres || missing+=" postgresql"
  command -v curl >/dev/null 2>&1 || missing+=" curl"
  command -v jq >/dev/null 2>&1 || missing+=" jq"
  command -v setpriv >/dev/null 2>&1 || missing+=" util-linux"
  [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=" ca-certificates"
  [ -n "$missing" ] || return 0

  command -v apt-get >/dev/null 2>&1 || die "This is no Debian; install the counterparts of these packages:$missing"
  say "Installing$missing"
  if ! has_postgres && [ ! -e /etc/postgresql-common ]; then
    # Debian's package makes and starts a cluster of its own, which nobody here needs.
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    printf 'create_main_cluster = false\n' |
      as_root tee /etc/postgresql-common/createcluster.d/tally.conf >/dev/null
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  # shellcheck disable=SC2086  # a list of names
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}
