#!/bin/sh
# Installs the system packages that tests use, where that may be done (root, apt); else the tests that need
# them say what to install and are skipped.
#   postgresql: a real server for the tests of the record
have() { command -v "$1" >/dev/null 2>&1; }
postgresql() { have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
if postgresql || [ "$(id -u)" != 0 ] || ! have apt-get; then exit 0; fi
echo "Installing PostgreSQL for the tests (once) ..."
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -qq update && apt-get -qq install -y --no-install-recommends postgresql; } >/dev/null 2>&1; then
  echo "PostgreSQL could not be installed; its tests will be skipped."
fi
