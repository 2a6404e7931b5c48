# shellcheck shell=bash disable=SC2154
# What the image takes from this machine's Debian packages: the iptables tools of both kinds, modprobe, and the libraries that
# these and Java load.

copy_system() {
  mkdir -p "$root"/{dev,etc,host/proc/sys/net,proc,run,sys,tmp,usr/{bin,lib/modules,sbin},var/lib/kube-proxy}
  chmod 1777 "$root/tmp"
  local name
  for name in bin lib lib64 sbin; do
    ln -s "usr/$name" "$root/$name"
  done
  ln -s ../run "$root/var/run"
  echo 'root:x:0:0:root:/:/sbin/nologin' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  copy_iptables
  copy /bin/kmod
  ln -s ../bin/kmod "$root/usr/sbin/modprobe"
  copy_libraries
  write_packages
}

copy() { # FILE...: to the same place, links resolved on the way
  local file real
  for file in "$@"; do
    real=$(realpath "$(dirname "$file")")/$(basename "$file")
    [ -e "$root$real" ] || install -D -p -m "$(stat -L -c %a "$file")" "$file" "$root$real"
  done
}

# Both kinds: the daemon takes the one that the node uses. Without evidence it is nft, as in Debian.
copy_iptables() {
  copy /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi
  copy "$(dirname "$(find /usr/lib -name libxt_set.so | head -1)")"/*.so
  local tool action
  for tool in iptables ip6tables; do
    for action in '' -save -restore; do
      ln -s xtables-nft-multi "$root/usr/sbin/$tool-nft$action"
      ln -s xtables-legacy-multi "$root/usr/sbin/$tool-legacy$action"
      ln -s xtables-nft-multi "$root/usr/sbin/$tool$action"
    done
  done
}

# Each library that a program or library here names, from where this machine's loader finds it.
copy_libraries() {
  local file library
  find "$root" -type f \( -perm -100 -o -name '*.so*' \) | while read -r file; do
    { ldd "$file" 2>/dev/null || true; } | # not all of them are programs
      sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p'
  done | grep -v "^$root" | sort -u | while read -r library; do
    copy "$library"
  done
}

# Which packages the files come from, and their licences.
write_packages() {
  local file package
  find "$root/usr" -type f ! -path "$root$home/*" ! -name kube-ipvs -printf '/usr/%P\n' | while read -r file; do
    owner "$file"
  done | sort -u | while read -r package; do
    dpkg-query -W -f '${binary:Package} ${Version}\n' "$package"
    copy "/usr/share/doc/${package%%:*}/copyright"
  done >"$work/packages"
  install -D -m 644 "$work/packages" "$root/usr/share/kube-ipvs/packages"
}

owner() { # FILE: the package; it may know the file by its place before /usr was merged
  local found
  found=$(dpkg-query -S "$1" 2>/dev/null || dpkg-query -S "${1#/usr}" 2>/dev/null) ||
    { echo "image: $1 is of no Debian package" >&2; return 1; }
  echo "${found%%: *}"
}

# Caches of classes are valid only for jars of the same date.
date_files() {
  find "$1" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
}
