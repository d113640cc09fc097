#!/bin/sh
# Installs the system packages that tests use, where that may be done (root, apt); else the tests that need
# them say what to install and are skipped.
#   postgresql: a real server for the tests of the record
#   chromium: a real browser for the tests of the pages
have() { command -v "$1" >/dev/null 2>&1; }
has_postgresql() { have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { have "${QAWL_CHROMIUM:-chromium}"; }
wanted=""
has_postgresql || wanted="postgresql"
has_chromium || wanted="$wanted chromium"
if [ -z "$wanted" ] || [ "$(id -u)" != 0 ] || ! have apt-get; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
updated=""
for package in $wanted; do
  echo "Installing $package for the tests (once) ..."
  if [ -z "$updated" ]; then apt-get -qq update >/dev/null 2>&1; updated=yes; fi
  if ! apt-get -qq install -y --no-install-recommends "$package" >/dev/null 2>&1; then
    echo "$package could not be installed; its tests will be skipped."
  fi
done
