package io.kubeipvs.e2e;

import io.kubeipvs.proxy.source.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A container as kubelet and containerd hand it to an OCI runtime: what the pod's manifest says,
 * and around it what they always do, read-only {@code /proc/sys} and {@code /sys} above all.
 */
final class OciBundle {
  /** It wants to see control groups, which are not under the {@code /sys} of a new namespace. */
  private static final List<String> RUNTIME =
      List.of(
          "sh",
          "-ec",
          "mount -t cgroup2 cgroup2 /sys/fs/cgroup; exec crun --cgroup-manager=disabled \"$@\"",
          "crun");

  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** Of pods with the priority that a node cannot do without. */
  private static final int OOM_SCORE = -997;

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
  private static final List<String> MASKED =
      List.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware");

  /** All there are, for a container that is privileged. */
  private static final List<String> CAPABILITIES =
      List.of(
          "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE"
              .concat(
                  " NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE")
              .concat(" SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE")
              .concat(" SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL")
              .concat(" SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ")
              .split(" "));

  private final OciImage image;
  private final PodTemplate pod;
  private final Field container;
  private final Field security;
  private final Path configMap;
  private final Path account;
  private final String node;

  /**
   * @param configMap its data, as files
   * @param account what kubelet puts there for the pod's service account, as files
   */
  OciBundle(
      OciImage image, PodTemplate pod, String name, Path configMap, Path account, String node) {
    this.image = image;
    this.pod = pod;
    this.container = pod.container(name);
    this.security = container.get("securityContext");
    this.configMap = configMap;
    this.account = account;
    this.node = node;
  }

  /** The command that runs it; signals to that reach the container. */
  List<String> command(Path directory, String id) {
    try {
      Files.writeString(directory.resolve("config.json"), json(config()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>(RUNTIME);
    command.addAll(List.of("run", "--bundle", directory.toString(), id));
    return command;
  }

  private boolean isPrivileged() {
    return security.get("privileged").flag(false);
  }

  private Map<String, Object> config() {
    Map<String, Object> linux = new LinkedHashMap<>();
    // Of a pod on the host's network.
    linux.put("namespaces", List.of(type("pid"), type("ipc"), type("mount")));
    linux.put("readonlyPaths", isPrivileged() ? List.of() : READ_ONLY);
    linux.put("maskedPaths", isPrivileged() ? List.of() : MASKED);
    boolean readOnly = security.get("readOnlyRootFilesystem").flag(false);
    return Map.of(
        "ociVersion", "1.0.2",
        "process", process(),
        "root", Map.of("path", image.root().toString(), "readonly", readOnly),
        "mounts", mounts(),
        "linux", linux);
  }

  private static Map<String, Object> type(String type) {
    return Map.of("type", type);
  }

  private Map<String, Object> process() {
    Map<String, String> environment = environment();
    List<String> arguments = new ArrayList<>(Document.texts(container.get("command")));
    if (arguments.isEmpty()) {
      arguments.addAll(image.entrypoint());
    }
    arguments.addAll(Document.texts(container.get("args")));
    arguments.replaceAll(argument -> PodTemplate.expanded(argument, environment));
    List<String> variables = new ArrayList<>(image.environment());
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    return Map.of(
        "user",
        Map.of("uid", 0, "gid", 0),
        "cwd",
        "/",
        "args",
        arguments,
        "env",
        variables,
        "oomScoreAdj",
        OOM_SCORE,
        "noNewPrivileges",
        !security.get("allowPrivilegeEscalation").flag(true),
        "capabilities",
        capabilities());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Field variable : container.get("env").items()) {
      String name = Document.text(variable.get("name"));
      environment.put(name, variable.get("value").text().orElse(node));
    }
    return environment;
  }

  private Map<String, Object> capabilities() {
    List<String> names = CAPABILITIES;
    if (!isPrivileged()) {
      Field capabilities = security.get("capabilities");
      if (!Document.texts(capabilities.get("drop")).equals(List.of("ALL"))) {
        throw new IllegalArgumentException("a container that keeps the runtime's own choice");
      }
      names = Document.texts(capabilities.get("add"));
    }
    List<String> all = names.stream().map(name -> "CAP_" + name).toList();
    return Map.of("bounding", all, "effective", all, "permitted", all);
  }

  private List<Object> mounts() {
    List<Object> mounts = new ArrayList<>();
    mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
    mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755", "size=65536k"));
    String write = isPrivileged() ? "rw" : "ro";
    mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", write));
    for (Field volume : container.get("volumeMounts").items()) {
      Path source = pod.source(Document.text(volume.get("name")), configMap);
      String mode = volume.get("readOnly").flag(false) ? "ro" : "rw";
      String place = Document.text(volume.get("mountPath"));
      mounts.add(mount(place, "bind", source.toString(), "rbind", "rprivate", mode));
    }
    mounts.add(mount(ACCOUNT, "bind", account.toString(), "rbind", "rprivate", "ro"));
    return mounts;
  }

  private static Map<String, Object> mount(
      String place, String type, String source, String... options) {
    return Map.of(
        "destination", place, "type", type, "source", source, "options", List.of(options));
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(OciBundle::json).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String text
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : value.toString();
  }
}
