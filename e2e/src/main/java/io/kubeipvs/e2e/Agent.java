package io.kubeipvs.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process that makes sockets in any namespace (agent.py, which has the protocol). In Python
 * because it starts in a fraction of a JVM's time, speaks SCTP and raw ICMP, and keeps errno.
 */
final class Agent implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final Path script;
  private final Writer commands;
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  private int lastId;

  private Agent(Process process, Path script) {
    this.process = process;
    this.script = script;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  static Agent start() {
    try (InputStream source = Agent.class.getResourceAsStream("agent.py")) {
      Path script = Files.createTempFile("agent", ".py");
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
      Process process =
          new ProcessBuilder("/usr/bin/python3", "-IS", script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Agent agent = new Agent(process, script);
      Thread reader = new Thread(agent::readAnswers, "agent");
      reader.setDaemon(true);
      reader.start();
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end and returns its lines. */
  List<String> call(String command, Map<String, ?> arguments) {
    return begin(command, arguments).await();
  }

  /** Begins a command whose lines come as things happen. */
  synchronized Call begin(String command, Map<String, ?> arguments) {
    String id = Integer.toString(++lastId);
    Call call = new Call(id, command + arguments);
    calls.put(id, call);
    StringBuilder line = new StringBuilder(id).append(' ').append(command);
    arguments.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
    try {
      commands.write(line.append('\n').toString());
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return call;
  }

  private void readAnswers() {
    try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        take(line);
      }
    } catch (IOException closed) {
      // As its end, below.
    }
    calls.values().forEach(call -> call.fail("the agent has ended"));
  }

  private void take(String line) {
    String[] idAndRest = line.split(" ", 2);
    Call call = calls.get(idAndRest[0]);
    if (call != null && !call.take(idAndRest[1])) {
      calls.remove(idAndRest[0]);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    script.toFile().delete();
  }

  /** A command under way. */
  static final class Call {
    private final String id;
    private final String what;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<List<String>> result = new CompletableFuture<>();

    private Call(String id, String what) {
      this.id = id;
      this.what = what;
    }

    String id() {
      return id;
    }

    /** The lines so far. */
    synchronized List<String> lines() {
      return List.copyOf(lines);
    }

    List<String> await() {
      try {
        return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new IllegalStateException(what + ": " + e.getMessage(), e);
      } catch (TimeoutException e) {
        throw new IllegalStateException(what + ": not done in " + PATIENCE, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(what + ": interrupted", e);
      }
    }

    /** Returns false when that was the last line. */
    private boolean take(String line) {
      if (line.equals("done")) {
        result.complete(lines());
      } else if (line.startsWith("error ")) {
        fail(line);
      } else {
        append(line);
      }
      return !result.isDone();
    }

    private synchronized void append(String line) {
      lines.add(line);
    }

    private void fail(String reason) {
      result.completeExceptionally(new IOException(reason));
    }
  }
}
