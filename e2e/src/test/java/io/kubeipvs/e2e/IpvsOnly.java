package io.kubeipvs.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** The scenario is about something that only IPVS mode has; the value says what. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(IpvsOnly.Condition.class)
@interface IpvsOnly {
  String value();

  /** Skips it in iptables mode, with that reason. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return AnnotationSupport.findAnnotation(context.getElement(), IpvsOnly.class)
          .filter(only -> Mode.isIptables())
          .map(only -> ConditionEvaluationResult.disabled(only.value()))
          .orElseGet(() -> ConditionEvaluationResult.enabled("in every mode"));
    }
  }
}
