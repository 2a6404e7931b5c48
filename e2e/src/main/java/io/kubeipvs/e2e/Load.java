package io.kubeipvs.e2e;

import io.kubeipvs.e2e.Agent.Call;
import java.util.Map;

/** Requests under way in the background. */
public final class Load implements AutoCloseable {
  private final Agent agent;
  private final Call call;

  Load(Agent agent, Call call) {
    this.agent = agent;
    this.call = call;
  }

  /** What came of them so far. */
  public Answers soFar() {
    return Answers.parse(call.lines());
  }

  /** Begins no more requests; what came of all of them. */
  public Answers stop() {
    agent.call("stop", Map.of("id", call.id()));
    return done();
  }

  /** Waits until all are done, for requests that end by themselves. */
  public Answers done() {
    return Answers.parse(call.await());
  }

  @Override
  public void close() {
    stop();
  }
}
