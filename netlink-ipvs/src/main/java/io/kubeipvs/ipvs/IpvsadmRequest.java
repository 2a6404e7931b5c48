package io.kubeipvs.ipvs;

import io.kubeipvs.ipvs.IpvsadmListing.View;
import io.kubeipvs.net.NetworkNames;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a command line of {@code ipvsadm} asks for, checked the way the tool does it and with its
 * words.
 *
 * @param options names of the options given
 * @param key of the one service asked for
 * @param change what it changes; empty for commands that list, and for {@code -R}
 */
record IpvsadmRequest(
    IpvsadmVerb verb,
    Set<String> options,
    Optional<ServiceKey> key,
    Optional<IpvsadmChange> change) {
  private static final int WRONG = 2;
  private static final int NO_COMMAND = 255;

  IpvsadmRequest {
    options = Set.copyOf(options);
  }

  static IpvsadmRequest parse(List<String> words, NetworkNames known) throws IpvsadmUsageException {
    if (words.isEmpty()) {
      return new IpvsadmRequest(IpvsadmVerb.LIST, Set.of(), Optional.empty(), Optional.empty());
    }
    IpvsadmArguments arguments = IpvsadmArguments.parse(words);
    return new Reader(arguments, known).read();
  }

  View view() {
    if (verb == IpvsadmVerb.SAVE) {
      return View.RULES;
    }
    if (options.contains("stats")) {
      return View.STATISTICS;
    }
    if (options.contains("rate")) {
      return View.RATES;
    }
    if (options.contains("thresholds")) {
      return View.THRESHOLDS;
    }
    if (options.contains("persistent-conn")) {
      return View.PERSISTENT_CONNECTIONS;
    }
    return options.contains("tun-info") ? View.TUNNELS : View.CONNECTIONS;
  }

  /** Takes the options in their order: the first that is wrong is the one complained about. */
  private static final class Reader {
    private final IpvsadmArguments arguments;
    private final Set<String> names = new HashSet<>();
    private final IpvsadmServiceFields service;
    private final IpvsadmServerFields server;
    private final IpvsadmDaemonFields daemon = new IpvsadmDaemonFields();

    Reader(IpvsadmArguments arguments, NetworkNames known) {
      this.arguments = arguments;
      this.service = new IpvsadmServiceFields(known);
      this.server = new IpvsadmServerFields(known);
    }

    IpvsadmRequest read() throws IpvsadmUsageException {
      List<IpvsadmArguments.Given> given = arguments.options();
      Optional<IpvsadmVerb> verb =
          given.isEmpty() ? Optional.empty() : IpvsadmVerb.of(given.get(0).option());
      if (verb.isEmpty()) {
        throw new IpvsadmUsageException(
            "Try `ipvsadm -h' or 'ipvsadm --help' for more information.", NO_COMMAND);
      }
      if (verb.get() == IpvsadmVerb.HELP || verb.get() == IpvsadmVerb.VERSION) {
        return new IpvsadmRequest(verb.get(), Set.of(), Optional.empty(), Optional.empty());
      }
      return read(verb.get(), given);
    }

    private IpvsadmRequest read(IpvsadmVerb verb, List<IpvsadmArguments.Given> given)
        throws IpvsadmUsageException {
      Optional<SyncDaemon.State> state = state(verb, given.get(0).argument());
      for (IpvsadmArguments.Given each : given.subList(1, given.size())) {
        take(each);
      }
      Optional<IpvsTimeouts> timeouts = timeouts(verb);
      int expected = timeouts.isPresent() ? 3 : 0;
      if (arguments.others().size() > expected) {
        throw wrong("unexpected argument " + arguments.others().get(expected));
      }
      verb.check(names);
      return new IpvsadmRequest(verb, names, service.key(), change(verb, state, timeouts));
    }

    private static Optional<SyncDaemon.State> state(IpvsadmVerb verb, String word)
        throws IpvsadmUsageException {
      return switch (verb) {
        case START_DAEMON ->
            Optional.of(
                IpvsadmDaemonFields.state(word, "illegal start-daemon parameter specified"));
        case STOP_DAEMON ->
            Optional.of(IpvsadmDaemonFields.state(word, "illegal start_daemon specified"));
        default -> Optional.empty();
      };
    }

    private void take(IpvsadmArguments.Given given) throws IpvsadmUsageException {
      IpvsadmOption option = given.option();
      if (option.isCommand()) {
        throw wrong("invalid option `" + given.word() + "'");
      }
      if (option.isChecked() && !names.add(option.name())) {
        throw wrong("multiple '" + option.name() + "' options specified");
      }
      if (option.longName().equals("ipv6")) {
        service.useIpv6();
      } else if (!service.take(option, given.argument())
          && !server.take(option, given.argument(), service.protocol())) {
        daemon.take(option, given.argument());
      }
    }

    private Optional<IpvsTimeouts> timeouts(IpvsadmVerb verb) throws IpvsadmUsageException {
      if (verb != IpvsadmVerb.SET) {
        return Optional.empty();
      }
      List<String> words = arguments.others();
      if (words.size() < 3) {
        throw wrong("--set option requires 3 timeout values");
      }
      return Optional.of(
          new IpvsTimeouts(
              IpvsadmServiceFields.timeout(words.get(0), 0),
              IpvsadmServiceFields.timeout(words.get(1), 0),
              IpvsadmServiceFields.timeout(words.get(2), 0)));
    }

    private Optional<IpvsadmChange> change(
        IpvsadmVerb verb, Optional<SyncDaemon.State> state, Optional<IpvsTimeouts> timeouts)
        throws IpvsadmUsageException {
      return switch (verb) {
        case CLEAR -> Optional.of(new IpvsadmChange.Clear());
        case ZERO -> Optional.of(new IpvsadmChange.Zero(service.key()));
        case SET -> timeouts.map(IpvsadmChange.SetTimeouts::new);
        case START_DAEMON -> state.map(s -> new IpvsadmChange.StartDaemon(daemon.daemon(s)));
        case STOP_DAEMON -> state.map(IpvsadmChange.StopDaemon::new);
        case ADD_SERVICE, EDIT_SERVICE, DELETE_SERVICE, ADD_SERVER, EDIT_SERVER, DELETE_SERVER ->
            Optional.of(new IpvsadmChange.Table(command(verb, service.key().orElseThrow())));
        default -> Optional.empty();
      };
    }

    private IpvsCommand command(IpvsadmVerb verb, ServiceKey key) throws IpvsadmUsageException {
      return switch (verb) {
        case ADD_SERVICE -> new IpvsCommand.AddService(service.service());
        case EDIT_SERVICE -> new IpvsCommand.UpdateService(service.service());
        case DELETE_SERVICE -> new IpvsCommand.DeleteService(key);
        case ADD_SERVER -> new IpvsCommand.AddServer(key, server.server(key, names));
        case EDIT_SERVER -> new IpvsCommand.UpdateServer(key, server.server(key, names));
        default -> new IpvsCommand.DeleteServer(key, server.key(key));
      };
    }

    private static IpvsadmUsageException wrong(String message) {
      return new IpvsadmUsageException(message, WRONG);
    }
  }
}
