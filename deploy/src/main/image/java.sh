# shellcheck shell=bash disable=SC2154
# The Java part of the image: runtime, jars, options, and the cache of classes.

# What the daemon loads classes from; the rehearsal for the cache fails when one is missing. jdk.crypto.ec is empty since 22.
# Of java.desktop log4j takes an event of beans: what draws and prints is left out below.
modules=java.base,java.desktop,java.logging,java.management,java.naming,java.xml,jdk.crypto.ec,jdk.management,jdk.unsupported

# Sets jdk and java_version: the newest that can link.
find_jdk() {
  local candidate candidate_version
  java_version=0
  for candidate in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    if [ ! -x "$candidate/bin/jlink" ] || [ ! -r "$candidate/release" ]; then continue; fi
    candidate_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
    if [ "$candidate_version" -gt "$java_version" ]; then
      jdk=$candidate java_version=$candidate_version
    fi
  done
  [ "$java_version" -ge 17 ] || { echo "image: no JDK with jlink, 17 or newer" >&2; exit 1; }
}

link_runtime() {
  find_jdk
  local compress=zip-6
  [ "$java_version" -ge 21 ] || compress=2
  mkdir -p "$root$home"
  "$jdk/bin/jlink" --add-modules "$modules" --output "$root$home/runtime" \
    --compress "$compress" --strip-java-debug-attributes --no-header-files --no-man-pages
  rm -f "$root$home"/runtime/lib/{jexec,jrt-fs.jar,psfont*}
  rm -f "$root$home"/runtime/lib/lib{awt*,fontmanager,freetype,javajpeg,jawt,jsound,lcms,mlib_image,prefs,splashscreen}.so
  find "$root$home/runtime/bin" -type f ! -name java -delete
  if [ "$java_version" -lt 25 ]; then
    "$root$home/runtime/bin/java" -Xshare:dump -XX:+UseSerialGC >/dev/null
  fi
}

copy_application() {
  local native
  native=lib/native/$(uname -m)-Linux
  mkdir -p "$root$home/$native" "$root/usr/bin" "$root/usr/local/bin"
  cp "$target"/kube-ipvs/lib/*.jar "$root$home/lib/"
  cp "$target/kube-ipvs/$native"/*.so "$root$home/$native/"
  rm "$root$home"/lib/jffi-*-native.jar # which holds just these
  write_options >"$root$home/java.options"
  # A script whose interpreter is Java: no shell is needed, and the name it is called by comes along.
  printf '#!%s\n' "$home/runtime/bin/java @$home/java.options" >"$root/usr/bin/kube-ipvs"
  chmod 755 "$root/usr/bin/kube-ipvs"
  ln -s kube-ipvs "$root/usr/bin/ipvsadm"
  ln -s ../../bin/kube-ipvs "$root/usr/local/bin/kube-proxy"
}

# The launcher's own options: it is run with a java that only tells them. -Dkubeipvs.name= says that the name comes first.
write_options() {
  local teller=$work/teller
  mkdir -p "$teller/bin" "$root$home/bin"
  cp "$root$home/runtime/release" "$teller/"
  printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >"$teller/bin/java"
  chmod +x "$teller/bin/java"
  cp "$target/kube-ipvs/bin/kube-ipvs" "$root$home/bin/"
  echo "-XX:+ErrorFileToStderr"
  KUBE_IPVS_JAVA_HOME=$teller KUBE_IPVS_JAVA_OPTIONS='' "$root$home/bin/kube-ipvs" |
    sed "s|$root||g; s|^-Dkubeipvs.name=.*|-Dkubeipvs.name=|"
  rm -r "${root:?}$home/bin"
}

# A rehearsal in the image's own files, as ../launcher/assemble has it run for the distribution. Sets cache.
make_cache() {
  local option=-XX:ArchiveClassesAtExit
  cache=$home/lib/kube-ipvs-$java_version.jsa
  if [ "$java_version" -ge 25 ]; then
    option=-XX:AOTCacheOutput cache=${cache%.jsa}.aot
  fi
  mkdir -p "$root/tmp/training"
  cp "$here"/../launcher/training/*.yaml "$root/tmp/training/"
  JDK_JAVA_OPTIONS="$option=$cache" within /usr/bin/kube-ipvs rehearse --manifests /tmp/training >"$work/rehearsal" 2>&1 ||
    { cat "$work/rehearsal" >&2; exit 1; }
  rm -r "$root/tmp/training"
  [ -s "$root$cache" ] || { cat "$work/rehearsal" >&2; exit 1; }
  chmod 644 "$root$cache"
  write_options >"$root$home/java.options" # which now name the cache
}

# Runs a command of the image in its files, with this machine's /proc and /dev.
within() {
  local user=()
  [ "$(id -u)" = 0 ] || user=(--map-root-user)
  # shellcheck disable=SC2016 # for the shell inside
  env -i PATH=/usr/sbin:/usr/bin LANG=C.UTF-8 "JDK_JAVA_OPTIONS=${JDK_JAVA_OPTIONS:-}" \
    /usr/bin/unshare "${user[@]}" --mount /bin/sh -ec '
      root=$1; shift
      for each in proc dev; do /bin/mount --rbind "/$each" "$root/$each"; done
      exec /usr/sbin/chroot "$root" "$@"' sh "$root" "$@"
}
