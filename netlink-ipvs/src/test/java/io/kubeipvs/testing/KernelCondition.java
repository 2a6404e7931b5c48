package io.kubeipvs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Decides for {@link RequiresKernel}: run, skip with the reason, or fail in the lane that promises
 * the feature.
 */
final class KernelCondition implements ExecutionCondition {
  private static final String LANE_PROPERTY = "kubeipvs.lane";
  private static final String PROMISING_LANE = "guest";

  private final Path root;
  private final boolean promised;

  KernelCondition() {
    this(Path.of("/"), PROMISING_LANE.equals(System.getProperty(LANE_PROPERTY)));
  }

  KernelCondition(Path root, boolean promised) {
    this.root = root;
    this.promised = promised;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context
        .getElement()
        .map(element -> element.getAnnotation(RequiresKernel.class))
        .map(annotation -> evaluate(features(annotation)))
        .orElseGet(() -> ConditionEvaluationResult.enabled("needs no particular kernel"));
  }

  private static List<String> features(RequiresKernel annotation) {
    boolean iptables = "iptables".equals(System.getProperty("kubeipvs.mode"));
    boolean differs = iptables && annotation.inIptablesMode().length > 0;
    return List.of(differs ? annotation.inIptablesMode() : annotation.value());
  }

  ConditionEvaluationResult evaluate(List<String> features) {
    List<String> missing = new ArrayList<>(features);
    missing.removeIf(this::isPresent);
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("kernel has " + features);
    }
    String reason = "kernel lacks " + missing;
    if (promised) {
      throw new IllegalStateException(reason + ", which this lane promises");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private boolean isPresent(String feature) {
    return feature.startsWith("/")
        ? Files.exists(root.resolve(feature.substring(1)))
        : Files.exists(root.resolve("sys/module").resolve(feature)) || isListed(feature);
  }

  /**
   * A built-in module without parameters has no directory under /sys/module, ip_vs then still has
   * its table in /proc/net.
   */
  private boolean isListed(String module) {
    return Files.exists(root.resolve("proc/net").resolve(module))
        || readLines("proc/modules").stream().anyMatch(line -> line.startsWith(module + " "));
  }

  private List<String> readLines(String file) {
    Path path = root.resolve(file);
    try {
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
