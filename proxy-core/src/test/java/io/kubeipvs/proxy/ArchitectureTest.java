package io.kubeipvs.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.kubeipvs");

  private static final String[] VALUES_ONLY = {
    "io.kubeipvs.proxy.model..", "io.kubeipvs.proxy.plan..", "io.kubeipvs.proxy.diff.."
  };

  /**
   * Operations name the exception their gateway may throw; they catch and make none. A name's hash
   * is that of its bytes in some character set.
   */
  @Test
  void plansAndDiffsDoNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAnyPackage(VALUES_ONLY)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.io..",
                    "java.nio..",
                    "java.net..",
                    "java.util.concurrent..",
                    "org.apache.logging..",
                    "org.snakeyaml..",
                    "com.fasterxml..",
                    "io.fabric8..",
                    "jnr..",
                    "io.kubeipvs.proxy.source..",
                    "io.kubeipvs.proxy.apply..",
                    "io.kubeipvs.proxy.sync..",
                    "io.kubeipvs.ipvs.netlink..",
                    "io.kubeipvs.ipset.netlink..")
                .and(not(equivalentTo(IOException.class)))
                .and(not(equivalentTo(StandardCharsets.class))))
        .because("they are functions of their arguments")
        .check(OURS);
  }

  @Test
  void packagesDoNotNeedEachOther() {
    slices().matching("io.kubeipvs.proxy.(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void plansKnowNothingOfWhatBecomesOfThem() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubeipvs.proxy.model..", "io.kubeipvs.proxy.plan..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.kubeipvs.proxy.state..", "io.kubeipvs.proxy.diff..")
        .check(OURS);
  }

  @Test
  void diffsTakeWhatIsWantedNotHowItCame() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubeipvs.proxy.diff..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.kubeipvs.proxy.state.ChangeTracker")
        .check(OURS);
  }

  @Test
  void plansAndDiffsReadNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage(VALUES_ONLY)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(InstantSource.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("time is an argument")
        .check(OURS);
  }

  /** Of a number in {@code /proc/sys} others see the first digit: {@code KernelFile}. */
  @Test
  void filesOfTheKernelAreReadAtOnce() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kubeipvs.proxy.source..")
        .and()
        .doNotHaveSimpleName("ConfigFile")
        .and()
        .haveSimpleNameNotEndingWith("IT")
        .should()
        .callMethod(Files.class, "readString", Path.class)
        .orShould()
        .callMethod(Files.class, "readString", Path.class, Charset.class)
        .check(OURS);
  }

  @Test
  void plansKnowRulesButNotTheToolsThatLoadThem() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubeipvs.proxy.model..", "io.kubeipvs.proxy.plan..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.kubeipvs.iptables.IptablesTools")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.kubeipvs.iptables.Iptables")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.kubeipvs.iptables.ToolRunner")
        .check(OURS);
  }

  @Test
  void onlyTheSourceReadsYaml() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.kubeipvs.proxy.source..", "io.kubeipvs.proxy.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.snakeyaml..")
        .check(OURS);
  }

  /** It is large, and slow to load: it must stay possible to do without it. */
  @Test
  void onlyTheRarerCredentialsNeedTheClientLibrary() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.source\\.kubernetes\\.(PluginCredentials|Tls)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..")
        .check(OURS);
  }

  @Test
  void onlyTwoClassesCallNativeCode() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.Libc(Socket|Names)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jnr..")
        .check(OURS);
  }
}
