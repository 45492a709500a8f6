# Set-up shared by bin/start, bin/test and bin/keyhole: installs what is missing and builds what changed.
# Sourced, never run. Everything it says goes to stderr, and it says nothing when there is nothing to do.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
logs=$root/build/log
stamps=$root/build/stamps
program=$(basename "$0")
# ninja and make obey this; two jobs keep a small machine alive.
jobs=$(nproc 2>/dev/null || echo 2)

packages_build=(g++ make cmake ninja-build pkg-config libelf-dev libdw-dev libzydis-dev nlohmann-json3-dev dav1d)
packages_test=(doctest-dev clang libclang-rt-14-dev clang-format clang-tidy chromium fakeroot zip unzip)

say() { printf '%s: %s\n' "$program" "$*" >&2; }
die() { say "$*"; exit 1; }

# step NAME "what it does" COMMAND…: one line, output to a log; on failure one line with the way out.
step() {
  local name=$1 what=$2 log=$logs/$1.log
  shift 2
  say "$what …"
  if NO_COLOR=1 "$@" >"$log" 2>&1 9>&-; then return 0; fi
  [ -z "${CI:-}" ] || tail -n 60 "$log" >&2
  say "$what failed: $(last_words "$log") (whole log: ${log#"$root"/}); repair it and run $program again"
  exit 1
}

# The line of a log that most likely names the problem.
last_words() {
  { grep -m1 -E '^E: |npm error (code|Missing|404)|error:|Error:|FAILED' "$1" || tail -n1 "$1"; } | cut -c1-160
}

# A hash over the content of files and folders; build outputs and dot folders do not count.
content_hash() {
  (cd "$root" && find "$@" \( -name node_modules -o -name build -o -name '.?*' \) -prune -o -type f -print0 2>/dev/null |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64)
}

fresh() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
stamp() { printf '%s' "$2" >"$stamps/$1"; }

need_node() {
  local version
  version=$(node -p 'process.versions.node' 2>/dev/null) || die "Node.js is missing; install version 20 or later"
  [ "${version%%.*}" -ge 20 ] || die "Node.js $version is too old; install version 20 or later"
  command -v npm >/dev/null || die "npm is missing; it comes with Node.js 20"
}

# need_packages PACKAGE…: Debian packages, installed when we are root, named otherwise.
need_packages() {
  command -v dpkg-query >/dev/null || { say "not a Debian system; needed here: $*"; return 0; }
  local missing=() package installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qx "$package installed" <<<"$installed" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local install=(apt-get install -y --no-install-recommends "${missing[@]}")
  [ "$(id -u)" = 0 ] || die "missing Debian packages; run this once, then $program again: sudo ${install[*]}"
  export DEBIAN_FRONTEND=noninteractive
  step apt-update 'fetching the list of Debian packages' apt-get -o Acquire::Retries=3 update
  step apt-install "installing ${missing[*]}" "${install[@]}" -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120
}

need_npm_packages() {
  local hash
  hash=$(cat "$root/package-lock.json" "$root/package.json" | sha256sum | cut -c1-64)
  [ -d "$root/node_modules" ] && fresh npm "$hash" && return 0
  # A tree that `npm install` has just brought up to date needs no second installation.
  if ! node "$root/bin/lib/lockfile.mjs" installed; then
    step npm 'installing npm packages' npm --prefix "$root" ci --include=dev
  fi
  stamp npm "$hash"
}

# build_native [tests]: ninja knows by itself what changed. Without tests, only what runs is built.
build_native() {
  local out=$root/build/native targets=(keyhole keyhole-launch)
  [ "${1:-}" != tests ] || targets=(all)
  [ -f "$out/build.ninja" ] ||
    step native-configure 'configuring the engine' cmake -S "$root/native" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo
  ninja -C "$out" -n "${targets[@]}" 2>/dev/null | grep -q 'no work to do' && return 0
  step native 'building the engine' ninja -C "$out" -j "$jobs" "${targets[@]}"
}

build_examples() {
  local example
  for example in "$root"/examples/*/; do
    [ -f "$example/Makefile" ] || continue
    make -C "$example" -q >/dev/null 2>&1 && continue
    step "example-$(basename "$example")" "building the example $(basename "$example")" make -C "$example" -j "$jobs"
  done
}

build_typescript() {
  local hash
  hash=$(content_hash core electron renderer assets bin/lib/build.mjs package.json package-lock.json)
  [ -f "$root/dist/cli.mjs" ] && fresh typescript "$hash" && return 0
  step typescript 'building the window, the session and the CLI' node "$root/bin/lib/build.mjs"
  stamp typescript "$hash"
}

# setup [tests]: everything a command needs. One set-up at a time: a second one waits for the first.
setup() {
  mkdir -p "$logs" "$stamps"
  exec 9>"$root/build/.lock"
  flock -n 9 || { say 'another set-up is running; waiting for it'; flock 9; }
  need_node
  need_packages "${packages_build[@]}"
  [ "${1:-}" != tests ] || need_packages "${packages_test[@]}"
  need_npm_packages
  build_native "${1:-}"
  build_examples
  build_typescript
  exec 9>&-
}
