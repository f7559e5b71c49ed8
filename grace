#!/usr/bin/env bash
# Grace's launcher: brings the build up to date where sources are newer, then hands over.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
program="$root/Grace.Web/bin/Release/net10.0/Grace.Web.dll"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
# A server of MSBuild's or the compiler's that lives on would hold this command's output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

say() { printf '%s\n' "$*" >&2; }

need_dotnet() {
  command -v dotnet >/dev/null 2>&1 && return
  say "Grace needs the .NET SDK 10 (dotnet on PATH): https://dotnet.microsoft.com/download"
  exit 2
}

# Sources newer than the last build; on a fresh clone there is none.
stale() {
  local stamp="$root/$1/obj/.built"
  [ ! -f "$stamp" ] || [ ! -f "$program" ] ||
    [ -n "$(find "$root" -maxdepth 1 -type f -newer "$stamp" \( -name '*.props' -o -name '*.json' -o -name '*.sln' -o -name '.editorconfig' -o -name '*.txt' \) -print -quit)" ] ||
    [ -n "$(find "$root/Grace.Engine" "$root/Grace.Web" "$root/$1" \( -name bin -o -name obj -o -name _framework \) -prune -o -newer "$stamp" -print -quit)" ]
}

build() {
  local project="$1" log
  stale "$project" || return 0
  mkdir -p "$root/$project/obj"
  exec 9>"$root/.build.lock"
  if command -v flock >/dev/null 2>&1; then flock 9; fi
  if stale "$project"; then
    say "Building Grace…"
    log="$(mktemp)"
    touch "$root/$project/obj/.building"
    if ! dotnet build "$root/$project" -c Release -v q --nologo >"$log" 2>&1; then
      cat "$log" >&2
      rm -f "$log"
      say "Grace did not build."
      exit 1
    fi
    rm -f "$log"
    mv "$root/$project/obj/.building" "$root/$project/obj/.built"
  fi
  exec 9>&-
}

need_dotnet
if [ "${1:-}" = test ]; then
  shift
  build Grace.Tests
  exec "$root/Grace.Tests/run" "$@"
fi
build Grace.Web
exec dotnet "$program" "$@"
