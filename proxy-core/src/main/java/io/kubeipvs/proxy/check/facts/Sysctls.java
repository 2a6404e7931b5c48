package io.kubeipvs.proxy.check.facts;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Settings of the kernel that are there, by their names with slashes. */
public record Sysctls(SortedMap<String, String> values) {
  public Sysctls {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Empty also for what is no number. */
  public OptionalLong number(String key) {
    String text = values.get(key);
    return text == null || !text.matches("-?[0-9]{1,18}")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text));
  }

  public boolean is(String key, long value) {
    OptionalLong number = number(key);
    return number.isPresent() && number.getAsLong() == value;
  }

  /** The numbers in it, none where there is no such setting. */
  public List<Integer> numbers(String key) {
    return text(key)
        .filter(text -> text.matches("[0-9]{1,9}(\\s+[0-9]{1,9})*"))
        .map(text -> List.of(text.split("\\s+", -1)).stream().map(Integer::valueOf).toList())
        .orElse(List.of());
  }

  /** {@code net.ipv4.ip_forward = 1}, for evidence. */
  public String shown(String key) {
    return name(key) + " = " + text(key).orElse("(not there)");
  }

  public static String name(String key) {
    return key.replace('/', '.');
  }
}
