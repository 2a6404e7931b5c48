# shellcheck shell=bash disable=SC2034
# Shared by run, run-uml, run-qemu and run-host: options, a scratch directory per instance, the command file.
#
# Every runner takes:  [--cpu N] [--memory 2G] [--timeout SECONDS] [--console FILE] [--share DIR]... -- COMMAND ARGS...
# and returns the command's exit code, 124 when the time is up, 125 when the guest ended without a result.

set -euo pipefail

readonly EXIT_TIMED_OUT=124
readonly EXIT_NO_RESULT=125

guest_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project_dir=$(cd "$guest_dir/../.." && pwd)

cpu=auto
memory=2G
timeout_seconds=600
console=
interactive=no
shares=("$project_dir/e2e/target")
command=()

die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

parse_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --cpu) cpu=$2; shift 2 ;;
      --memory) memory=$2; shift 2 ;;
      --timeout) timeout_seconds=$2; shift 2 ;;
      --console) console=$2; shift 2 ;;
      --share) mkdir -p "$2"; shares+=("$(cd "$2" && pwd)"); shift 2 ;;
      --interactive) interactive=yes; shift ;;
      --) shift; command=("$@"); break ;;
      *) die "unknown option $1 (the command goes after --)" ;;
    esac
  done
  if [ "$interactive" = yes ] && [ ${#command[@]} -eq 0 ]; then command=(bash -i); fi
  [ ${#command[@]} -gt 0 ] || die "no command given: $(basename "$0") [options] -- COMMAND ARGS..."
}

# The scratch directory of this instance: the only way in (command, shares) and out (exit-code) besides the terminals.
make_instance() {
  case $project_dir in
    *[!A-Za-z0-9_./+@-]*) die "the path $project_dir cannot be put on a kernel's command line" ;;
  esac
  mkdir -p "$project_dir/e2e/target/guests"
  instance=$(mktemp -d "$project_dir/e2e/target/guests/$1-XXXXXX")
  trap remove_instance EXIT
  mkdir "$instance/mnt"
  printf '%s\n' "${shares[@]}" "$instance" >"$instance/shares"
  write_command >"$instance/command"
  console=${console:-$instance/console}
}

# The command with its working directory and the few variables that mean the same in the guest, quoted for bash.
write_command() {
  printf 'cd %q\n' "$PWD"
  local name
  for name in HOME LANG LC_ALL TERM JAVA_HOME $(compgen -e KUBE_IPVS_ || true); do
    if [ -n "${!name+set}" ]; then printf 'export %s=%q\n' "$name" "${!name}"; fi
  done
  printf 'export PATH=%q\n' "$PATH:/usr/local/sbin:/usr/sbin:/sbin"
  printf 'exec'
  printf ' %q' "${command[@]}"
  printf '\n'
}

# Sets $cpu: the first core on which no other guest runs, or any. The lock (fd 9) goes on to the guest and ends with it.
choose_cpu() {
  [ "$cpu" = auto ] || return 0
  local cores core
  cores=$(taskset -cp $$ | sed 's/.*: //; s/,/ /g')
  # shellcheck disable=SC2046 # words wanted
  set -- $(for core in $cores; do seq "${core%-*}" "${core#*-}"; done)
  for core in "$@"; do
    exec 9>"${TMPDIR:-/tmp}/kube-ipvs-guest-$UID-core-$core.lock" || continue
    if flock --nonblock 9; then cpu=$core; return 0; fi
  done
  shift $((RANDOM % $#))
  cpu=$1
}

# Starts "$@" in a session of its own and ends all of it when the time is up or when we die.
# Its descriptors 4 and 5 become our stdout and stderr. They go through fifos because a guest makes them non-blocking, which
# would hit everybody who shares our terminal or pipe (make then stops with "write error").
run_until_timeout() {
  mkfifo "$instance/out" "$instance/err"
  cat "$instance/out" & local out_pid=$!
  cat "$instance/err" >&2 & local err_pid=$!
  setsid "$@" 4>"$instance/out" 5>"$instance/err" >>"$console" 2>&1 </dev/null &
  guest_pid=$!
  sleep "$timeout_seconds" >/dev/null 2>&1 & local sleeper=$!
  trap 'end_guest; remove_instance; echo >&8' EXIT
  trap 'exit 143' TERM INT HUP
  guard_guest
  wait -n "$guest_pid" "$sleeper" || true
  timed_out=no
  if kill -0 "$guest_pid" 2>/dev/null; then timed_out=yes; fi
  end_guest
  kill "$sleeper" 2>/dev/null || true
  wait "$out_pid" "$err_pid" || true
}

# A process that outlives a kill -9 of ours: the pipe to it closes with us, and it cleans up. Started last, so that no other
# child holds that pipe open.
guard_guest() {
  exec 8> >(
    trap '' TERM INT HUP
    read -r || { end_guest; remove_instance; } # a line means that all is done already
  )
}

# The session is one process group: the guest's kernel and its helpers, of this instance only.
end_guest() {
  kill -KILL -- "-$guest_pid" 2>/dev/null || true
  wait "$guest_pid" 2>/dev/null || true
}

remove_instance() {
  rm -rf "$instance"
}

# Exits with the result the guest left, or says why there is none and shows the end of its console.
exit_with_result() {
  local code=$EXIT_NO_RESULT
  if [ "$timed_out" = yes ]; then
    code=$EXIT_TIMED_OUT
    echo "$(basename "$0"): not done after $timeout_seconds s, ended it: ${command[*]}" >&2
  elif [ -s "$instance/exit-code" ]; then
    code=$(cat "$instance/exit-code")
  else
    echo "$(basename "$0"): the guest ended without a result; its console's last lines:" >&2
    grep -av '^ \[<' "$console" | tail -n 30 >&2 || true
  fi
  exit "$code"
}
