# shellcheck shell=bash
# Sourced by story: how it speaks, and how it checks what it says.

bold='' good='' bad='' plain=''
if [ "${KUBE_IPVS_COLOUR:-no}" = yes ]; then
  bold=$'\e[1m' good=$'\e[32m' bad=$'\e[1;31m' plain=$'\e[0m'
fi

step=0
passed=()
failed=()
after_claim=no

# Everything stands alone, except claims that follow each other.
gap() {
  echo
  after_claim=no
}

title() { # TEXT
  step=$((step + 1))
  gap
  printf '%s%d. %s%s\n' "$bold" "$step" "$1" "$plain"
}

tell() { # paragraphs from stdin
  gap
  indent
}

# Shows a command as one would type it, and what comes of it.
show() { # COMMAND...
  shown "$*" "$("$@" 2>&1)"
}

# The same for a command that was run already, or is about to be.
shown() { # COMMAND-TEXT OUTPUT
  gap
  printf '   $ %s\n' "$1"
  [ -z "$2" ] || indent <<<"$2"
}

indent() {
  sed 's/^/   /; s/ *$//'
}

# Every claim goes through here: it holds when the command succeeds.
claim() { # TEXT COMMAND...
  local text=$1
  shift
  [ $after_claim = yes ] || gap
  after_claim=yes
  if "$@"; then
    passed+=("$text")
    verdict proved "$text"
  else
    failed+=("$text")
    verdict "NOT TRUE" "$text"
  fi
}

verdict() { # proved|"NOT TRUE" TEXT
  local colour=$good
  [ "$1" = proved ] || colour=$bad
  printf '   %s%s:%s %s\n' "$colour" "$1" "$plain" "$2"
}

# Whether the command succeeds within that time.
within() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

summary() {
  local text
  printf '\n%sWhat this run proved%s (%d s)\n\n' "$bold" "$plain" "$SECONDS"
  for text in "${passed[@]}"; do verdict proved "$text"; done
  for text in "${failed[@]}"; do verdict "NOT TRUE" "$text"; done
  printf '\n%d proved, %d not\n' "${#passed[@]}" "${#failed[@]}"
}
