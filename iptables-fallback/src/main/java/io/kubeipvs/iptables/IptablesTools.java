package io.kubeipvs.iptables;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link Iptables} by way of {@code iptables-save} and {@code iptables-restore}. */
public final class IptablesTools implements Iptables {
  /**
   * The nft tool's time grows faster than the lines of a transaction, the legacy one reads and
   * writes the whole table at each run.
   */
  private static final int NFT_CHUNK_LINES = 3000;

  private static final String NO_RULES =
      Stream.of(Table.values())
          .map(table -> "*" + table + "\nCOMMIT\n")
          .collect(Collectors.joining());

  private final Family family;
  private final ToolOptions options;
  private final String program;
  private final IptablesVersion version;

  private IptablesTools(
      Family family, ToolOptions options, String program, IptablesVersion version) {
    this.family = family;
    this.options = options;
    this.program = program;
    this.version = version;
  }

  /**
   * Finds the tools and asks for their version.
   *
   * @throws MissingToolException when there are none
   */
  public static IptablesTools open(Family family, ToolOptions options) throws IOException {
    String chosen = options.program().isPresent() ? options.program().get() : detect(options);
    String program = ToolOptions.programOf(family, chosen);
    ToolRunner.Result result = new ToolRunner(options).run(List.of(program, "--version"), "");
    if (result.exitCode() != 0) {
      // It asks the kernel nothing: a failure tells nothing about what the kernel has.
      throw new IOException(ToolErrors.failed(program + " --version", result).getMessage());
    }
    IptablesVersion version =
        IptablesVersion.parse(result.output())
            .orElseThrow(() -> new IOException(program + " has no version: " + result.output()));
    return new IptablesTools(family, options, program, version);
  }

  /** The program to give as {@link ToolOptions#program} so that both families use one kind. */
  public static String detect(ToolOptions options) throws IOException {
    return VariantDetector.detect(options).program();
  }

  /**
   * What both families' tools are.
   *
   * @param program as {@link #detect} answers
   * @param proved families in which a proxy's chains are: there the kernel has the tables
   */
  public record Kind(String program, Set<Family> proved) {
    public Kind {
      proved = Set.copyOf(proved);
    }
  }

  public static Kind kind(ToolOptions options) throws IOException {
    VariantDetector.Detected detected = VariantDetector.detect(options);
    return new Kind(detected.program(), detected.proved());
  }

  /**
   * The same from what each kind was seen to show, one for each family; empty where there is no
   * such tool.
   */
  public static String choose(List<SavedRules> nft, List<SavedRules> legacy) {
    return VariantDetector.choose(nft, legacy);
  }

  @Override
  public Family family() {
    return family;
  }

  @Override
  public boolean isOfNfTables() {
    return version.variant() == IptablesVersion.Variant.NFT;
  }

  public IptablesVersion version() {
    return version;
  }

  /** {@code ip6tables-nft}. */
  public String program() {
    return program;
  }

  @Override
  public SavedRules save() throws IOException {
    return save(List.of(program + "-save"));
  }

  /** With what each rule counted. */
  public SavedRules saveWithCounters() throws IOException {
    return save(List.of(program + "-save", "-c"));
  }

  private SavedRules save(List<String> command) throws IOException {
    ToolRunner.Result result = new ToolRunner(options).run(command, "");
    if (result.exitCode() != 0) {
      throw ToolErrors.failed(program + "-save", result);
    }
    return SavedRules.parse(result.output()).withNotes(ToolErrors.notes(result.errors()));
  }

  @Override
  public void restore(Restore restore) throws IOException {
    boolean nft = version.variant() == IptablesVersion.Variant.NFT;
    for (String text : restore.chunks(nft ? NFT_CHUNK_LINES : Integer.MAX_VALUE)) {
      restore(text);
    }
  }

  /**
   * Has the kernel's tables loaded, and changes nothing in them: a restore that has no rule in it.
   *
   * @throws IptablesException when there are none: no module, or none of that family
   */
  public void requireTables() throws IOException {
    restore(NO_RULES);
  }

  private void restore(String text) throws IOException {
    List<String> command = restoreCommand();
    ToolRunner.Result result = new ToolRunner(options).run(command, text);
    if (result.exitCode() == 0) {
      return;
    }
    if (ToolErrors.isLockTimeout(result.errors())) {
      String holder = new XtablesLock(options.lockFile(), Path.of("/proc")).holder();
      throw new XtablesLockException(
          command.get(0), options.lockWait(), options.lockFile().toString(), holder);
    }
    if (ToolErrors.isOutOfOrder(result)) {
      throw ToolErrors.outOfOrder(command.get(0), result);
    }
    throw ToolErrors.restoreFailed(command.get(0), text, result);
  }

  private List<String> restoreCommand() {
    List<String> command = new ArrayList<>(List.of(program + "-restore"));
    if (version.restoreCanWait()) {
      command.addAll(List.of("-w", Long.toString(options.lockWait().toSeconds())));
      if (version.restorePollsSlowly()) {
        command.addAll(List.of("-W", "100000"));
      }
    }
    command.addAll(List.of("--noflush", "--counters"));
    return command;
  }
}
