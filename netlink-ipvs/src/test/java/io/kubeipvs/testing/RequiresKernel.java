package io.kubeipvs.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test needs these kernel features, for example {@code @RequiresKernel({"ip_vs", "ip_set"})}.
 * Without them it is skipped with the reason, but fails where the guest promises them (system
 * property {@code kubeipvs.lane=guest}): a skip says that someone else runs the test, and there
 * nobody else does.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KernelCondition.class)
public @interface RequiresKernel {
  /** Names of kernel modules (loaded or built in), or absolute paths that must exist. */
  String[] value();

  /** The same where the system property {@code kubeipvs.mode} is {@code iptables}. */
  String[] inIptablesMode() default {};
}
