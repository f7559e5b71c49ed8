#!/usr/bin/env bash
# Builds Grace when its sources are newer than the last build, then runs it. `./grace test [FILTER]` runs the tests.
set -euo pipefail

GRACE_ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
export GRACE_ROOT DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

web="$GRACE_ROOT/Grace.Web"
dll="$web/bin/Release/net10.0/Grace.Web.dll"
state="$web/obj/grace" # what the last build left, beside what dotnet keeps there

fail() {
    echo "$*" >&2
    exit 1
}

# True when the last build saw every source as it is now. Folders count too: they change when a file goes away. They
# are held against the build's end, because the build itself makes folders; files against its beginning.
is_fresh() {
    [[ -f $dll && -f $state.began && -f $state.ended ]] || return 1
    local newer
    newer="$(cd "$GRACE_ROOT" && find Grace.Engine Grace.Web ./*.props ./*.json BannedSymbols.txt .editorconfig \
        \( -name bin -o -name obj \) -prune -o \
        \( -type f -newer "$state.began" -o -type d -newer "$state.ended" \) -print -quit)"
    [[ -z $newer ]]
}

build() {
    local log="$state.log"
    echo "Building Grace…" >&2
    touch "$state.starting"
    # The log is a file and the lock is closed (9>&-): dotnet leaves build servers behind that would keep both open.
    # What the runtime measures for a long life only costs a compiler time.
    if ! DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=1000 DOTNET_gcServer=0 dotnet build "$web/Grace.Web.csproj" -c Release -v q >"$log" 2>&1 9>&- </dev/null; then
        grep -E 'error|warn' "$log" | sort -u >&2 || cat "$log" >&2
        fail "Grace does not build; everything that dotnet said is in $log"
    fi
    mv "$state.starting" "$state.began"
    touch "$state.ended"
}

# Two at once wait for one another, and the second finds it built (macOS has no flock: there both build).
build_if_needed() {
    is_fresh && return
    mkdir -p "$web/obj"
    exec 9>"$state.lock"
    if command -v flock >/dev/null; then flock 9; fi
    is_fresh || build
    exec 9>&-
}

command -v dotnet >/dev/null ||
    fail "Grace needs the .NET 10 SDK: https://dotnet.microsoft.com/download (Debian, Ubuntu: dotnet-sdk-10.0)."

if [[ ${1:-} == test ]]; then
    shift
    exec bash "$GRACE_ROOT/.ci/test" "$@"
fi

build_if_needed
exec dotnet "$dll" "$@"
