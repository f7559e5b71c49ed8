namespace Grace.Engine.Workspaces;

/// <summary>What bubblewrap does, in shell, for machines that have only util-linux.</summary>
internal static class UnshareScript
{
    /// <summary>
    /// Arguments: stage, working directory, count and (source, target, rw|ro) of what is shown, count and names of
    /// hidden folders, count and names of hidden files, then the command. Any mount that fails ends it with 125, since a half-built sandbox holds nothing.
    /// </summary>
    public const string Text = """
        set -eu
        trap '[ $? = 0 ] || echo "The sandbox could not be built." >&2' EXIT
        stage=$1; work=$2; count=$3; shift 3
        mount --make-rprivate /
        mount -t tmpfs none "$stage"
        cd "$stage"
        n=0
        while [ $n -lt "$count" ]; do
          mkdir "$n"; mount -c --bind "$1" "./$n" || exit 125
          printf '%s\n' "$2" >"t$n"; echo "$3" >"m$n"
          shift 3; n=$((n+1))
        done
        hidden=$1; shift
        mount -c --bind ./0 /tmp
        while [ "$hidden" -gt 0 ]; do
          if [ -d "$1" ]; then mount -t tmpfs -o mode=755 none "$1" || exit 125; fi
          shift; hidden=$((hidden-1))
        done
        n=1
        while [ $n -lt "$count" ]; do
          target=$(cat "t$n"); mkdir -p "$target"
          mount -c --bind "./$n" "$target" || exit 125
          if [ "$(cat "m$n")" = ro ]; then mount -o remount,bind,ro "$target" || exit 125; fi
          n=$((n+1))
        done
        files=$1; shift
        while [ "$files" -gt 0 ]; do
          if [ -f "$1" ]; then mount -c --bind /dev/null "$1" || exit 125; fi
          shift; files=$((files-1))
        done
        mount -o remount,bind,ro / || exit 125
        if command -v ip >/dev/null; then ip link set lo up 2>/dev/null || true; fi
        cd "$work"
        trap - EXIT
        exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
        """;
}
