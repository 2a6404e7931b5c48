package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.source.Problem;
import java.time.Duration;
import java.util.List;

/** Hears how a {@link Reflector} gets on; the resource is named by its plural. */
interface ReflectorProgress {
  void asked(String verb, String resource, int status, Duration duration);

  /** A list was read to its end, and is no reason for doubt at the beginning. */
  void listed(String resource);

  /** A list is not believed in everything. */
  void doubted(String resource, String why);

  /** A watch is open. */
  void reached(String resource);

  void failed(String resource, Exception failure);

  /** All problems of that kind, when these have changed. */
  void problems(String resource, List<Problem> all);
}
