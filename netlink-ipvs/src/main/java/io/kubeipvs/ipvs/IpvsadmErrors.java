package io.kubeipvs.ipvs;

import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;

/** What {@code ipvsadm} says to the kernel's refusals. */
final class IpvsadmErrors {
  private IpvsadmErrors() {}

  static String text(IpvsadmChange change, NetlinkException refusal) {
    return switch (refusal.errno().value()) {
      case 1 -> "Permission denied (you must be root)";
      case 12 -> "Memory allocation problem";
      case 22 -> "Invalid operation.  Possibly wrong module version, address not unicast, ...";
      case 92 -> "Protocol not available";
      default -> ofCommand(change, refusal);
    };
  }

  private static String ofCommand(IpvsadmChange change, NetlinkException refusal) {
    if (change instanceof IpvsadmChange.StartDaemon && refusal.is(Errno.EEXIST)) {
      return "Daemon has already run";
    }
    if (change instanceof IpvsadmChange.StopDaemon && refusal.is(Errno.ESRCH)) {
      return "No daemon is running";
    }
    if (change instanceof IpvsadmChange.Table table) {
      boolean ofServer =
          !(table.command() instanceof IpvsCommand.AddService
              || table.command() instanceof IpvsCommand.UpdateService
              || table.command() instanceof IpvsCommand.DeleteService);
      return ofServer ? ofServer(refusal) : ofService(refusal);
    }
    return refusal.is(Errno.ESRCH) ? "No such service" : refusal.errno().toString();
  }

  private static String ofService(NetlinkException refusal) {
    return switch (refusal.errno().value()) {
      case 2 -> "Scheduler or persistence engine not found";
      case 3 -> "No such service";
      case 17 -> "Service already exists";
      default -> refusal.errno().toString();
    };
  }

  private static String ofServer(NetlinkException refusal) {
    return switch (refusal.errno().value()) {
      case 2 -> "No such destination";
      case 3 -> "Service not defined";
      case 17 -> "Destination already exists";
      default -> refusal.errno().toString();
    };
  }
}
