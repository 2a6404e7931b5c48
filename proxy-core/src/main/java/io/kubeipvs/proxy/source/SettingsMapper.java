package io.kubeipvs.proxy.source;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.GoDuration;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.ServiceSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The {@code kube-ipvs.io/} annotations of a Service:
 *
 * <pre>
 * scheduler        a kernel scheduler: rr, wrr, lc, sh, mh, ...
 * scheduler-flags  with scheduler sh or mh: sh-port, sh-fallback, mh-port, mh-fallback; a list
 * drain-timeout    a duration: 30s, 5m, 1h30m, 0s
 * zone-weights     zone-a=3,zone-b=1
 * endpoint-weights 10.244.0.5=3,10.244.1.7=1
 * slow-start       a duration; with a scheduler that shares by weight
 * </pre>
 *
 * A bad value counts as none, so the Service works as without it.
 */
final class SettingsMapper {
  private static final String PREFIX = "kube-ipvs.io/";
  private static final List<String> KNOWN =
      List.of(
          "scheduler",
          "scheduler-flags",
          "drain-timeout",
          "zone-weights",
          "endpoint-weights",
          "slow-start");
  private static final Pattern SCHEDULER = Pattern.compile("[a-z][a-z0-9_]{0,14}");
  private static final Pattern ZONE =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  /** More than anybody writes; an annotation may have 256 KiB of digits. */
  private static final int LONGEST_DURATION = 40;

  private static final Pattern WEIGHT = Pattern.compile("[1-9][0-9]{0,4}");

  private SettingsMapper() {}

  static ServiceSettings map(Field annotations) {
    List<String> own =
        annotations.names().stream().filter(name -> name.startsWith(PREFIX)).toList();
    if (own.isEmpty()) {
      return ServiceSettings.NONE;
    }
    for (String name : own) {
      if (!KNOWN.contains(name.substring(PREFIX.length()))) {
        annotations.get(name).refuse("is no setting of this proxy");
      }
    }
    Optional<SchedulerChoice> scheduler = scheduler(annotations);
    return new ServiceSettings(
        scheduler,
        duration(annotations.get(PREFIX + "drain-timeout")),
        weights(annotations.get(PREFIX + "zone-weights"), SettingsMapper::zone),
        weights(annotations.get(PREFIX + "endpoint-weights"), IpAddress::parse),
        slowStart(annotations.get(PREFIX + "slow-start"), scheduler));
  }

  private static Optional<SchedulerChoice> scheduler(Field annotations) {
    Field field = annotations.get(PREFIX + "scheduler");
    Field flags = annotations.get(PREFIX + "scheduler-flags");
    Optional<String> name = field.text();
    if (name.isPresent() && !SCHEDULER.matcher(name.get()).matches()) {
      field.refuse(Shown.of(name.get()) + " is not the name of a scheduler");
      return Optional.empty();
    }
    if (name.isEmpty() && flags.isPresent()) {
      flags.refuse("needs the annotation " + PREFIX + "scheduler");
    }
    return name.map(Scheduler::new)
        .map(
            scheduler ->
                flags(flags, scheduler)
                    .map(given -> new SchedulerChoice(scheduler, given))
                    .orElse(SchedulerChoice.of(scheduler)));
  }

  private static Optional<ServiceFlags> flags(Field field, Scheduler scheduler) {
    Optional<String> text = field.text();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    ServiceFlags flags = ServiceFlags.NONE;
    for (String word : text.get().split(",", -1)) {
      int flag = flag(word.strip(), scheduler);
      if (flag == 0) {
        field.refuse(Shown.of(word) + " is not a flag of scheduler " + scheduler);
        return Optional.empty();
      }
      flags = flags.with(flag);
    }
    return Optional.of(flags);
  }

  private static int flag(String word, Scheduler scheduler) {
    boolean hashing =
        scheduler.equals(Scheduler.SOURCE_HASHING) || scheduler.equals(Scheduler.MAGLEV_HASHING);
    if (hashing && word.equals(scheduler + "-fallback")) {
      return ServiceFlags.SCHEDULER_1;
    }
    return hashing && word.equals(scheduler + "-port") ? ServiceFlags.SCHEDULER_2 : 0;
  }

  private static Optional<Duration> duration(Field field) {
    Optional<String> text = field.text();
    Optional<Duration> duration =
        text.filter(given -> given.length() <= LONGEST_DURATION)
            .flatMap(GoDuration::parse)
            .filter(parsed -> !parsed.isNegative());
    if (text.isPresent() && duration.isEmpty()) {
      field.refuse(Shown.of(text.get()) + " is not a duration like 30s or 1h30m");
    }
    return duration;
  }

  /** Whether the proxy's own scheduler shares by weight is not known here. */
  private static Optional<Duration> slowStart(Field field, Optional<SchedulerChoice> scheduler) {
    Optional<Duration> duration = duration(field).filter(given -> !given.isZero());
    if (duration.isPresent() && scheduler.filter(s -> !s.sharesByWeight()).isPresent()) {
      field.refuse("needs a scheduler that shares by weight, such as wrr");
      return Optional.empty();
    }
    return duration;
  }

  private static Optional<String> zone(String text) {
    return Optional.of(text).filter(zone -> ZONE.matcher(zone).matches()).map(String::intern);
  }

  private static <K extends Comparable<? super K>> SortedMap<K, Integer> weights(
      Field field, Function<String, Optional<K>> key) {
    SortedMap<K, Integer> weights = new TreeMap<>();
    for (Map.Entry<String, String> entry : pairs(field).entrySet()) {
      Optional<K> parsed = key.apply(entry.getKey());
      boolean isWeight = WEIGHT.matcher(entry.getValue()).matches();
      int weight = isWeight ? Integer.parseInt(entry.getValue()) : 0;
      if (parsed.isEmpty() || weight < 1 || weight > 0xffff) {
        field.refuse(
            Shown.of(entry.getKey() + "=" + entry.getValue()) + " is no weight of 1..65535");
        return new TreeMap<>();
      }
      weights.put(parsed.get(), weight);
    }
    return weights;
  }

  /** {@code a=1,b=2}; a part without '=' has an empty value. */
  private static SortedMap<String, String> pairs(Field field) {
    SortedMap<String, String> pairs = new TreeMap<>();
    for (String part : field.text().map(text -> text.split(",", -1)).orElse(new String[0])) {
      int equals = part.lastIndexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      pairs.put(key.strip(), equals < 0 ? "" : part.substring(equals + 1).strip());
    }
    return pairs;
  }
}
