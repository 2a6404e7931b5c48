# shellcheck shell=bash disable=SC2154
# Packs the root filesystem as an OCI image: layers in the order in which they change less often.

# write_archive FILE
write_archive() {
  layout=$work/oci
  mkdir -p "$layout/blobs/sha256"
  layers='' diff_ids=''
  local names=(./usr/bin/kube-ipvs ./usr/bin/ipvsadm ./usr/local/bin/kube-proxy)
  add_layer --exclude ".$home" "${names[@]/#/--exclude=}" .
  add_layer ".$home/runtime"
  add_layer --exclude ".$home/runtime" --exclude ".$home/lib/kube-ipvs-*" ".$home" "${names[@]}"
  if [ -n "$cache" ]; then add_layer ".$cache"; fi
  write_config
  printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  pack -C "$layout" . >"$1"
}

# Sorted, and without anything that depends on when or by whom it was made.
pack() {
  tar --create --format=gnu --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner "$@"
}

# add_layer OPTIONS AND PATHS OF TAR...
add_layer() {
  local layer=$work/layer.tar
  pack -C "$root" "$@" >"$layer"
  diff_ids+=${diff_ids:+,}\"sha256:$(digest "$layer")\"
  gzip -n -f "$layer"
  layers+=${layers:+,}$(blob "$layer.gz" application/vnd.oci.image.layer.v1.tar+gzip)
}

digest() {
  sha256sum "$1" | cut -d' ' -f1
}

# Moves a file among the blobs, and prints its descriptor.
blob() { # FILE MEDIA-TYPE
  local sum
  sum=$(digest "$1")
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$2" "$sum" "$(stat -c %s "$1")"
  mv "$1" "$layout/blobs/sha256/$sum"
}

write_config() {
  local architecture created config manifest name=localhost/kube-ipvs:$version
  architecture=$(dpkg --print-architecture)
  created=$(date --utc --date "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
  cat >"$work/config" <<END
{"created":"$created","architecture":"$architecture","os":"linux",\
"config":{"Entrypoint":["/usr/bin/kube-ipvs"],"Env":["PATH=/usr/sbin:/usr/bin","LANG=C.UTF-8"],"WorkingDir":"/",\
"Labels":{"org.opencontainers.image.title":"kube-ipvs","org.opencontainers.image.version":"$version",\
"org.opencontainers.image.licenses":"Apache-2.0"}},\
"rootfs":{"type":"layers","diff_ids":[$diff_ids]}}
END
  config=$(blob "$work/config" application/vnd.oci.image.config.v1+json)
  cat >"$work/manifest" <<END
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":$config,"layers":[$layers]}
END
  manifest=$(blob "$work/manifest" application/vnd.oci.image.manifest.v1+json)
  cat >"$layout/index.json" <<END
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[${manifest%\}},\
"platform":{"architecture":"$architecture","os":"linux"},\
"annotations":{"io.containerd.image.name":"$name","org.opencontainers.image.ref.name":"$version"}}]}
END
}
