package io.kubeipvs.ipset;

/** A request that changes sets, as a value; prints in {@code ipset restore} syntax. */
public sealed interface SetCommand {

  /** The set it changes. */
  SetName set();

  /** The kernel refuses a name that exists, whatever its type and parameters. */
  record Create(SetSpec spec) implements SetCommand {
    @Override
    public SetName set() {
      return spec.name();
    }

    @Override
    public String toString() {
      return "create " + spec;
    }
  }

  /** The kernel refuses a set that a rule refers to. */
  record Destroy(SetName set) implements SetCommand {
    @Override
    public String toString() {
      return "destroy " + set;
    }
  }

  /** Removes all entries. */
  record Flush(SetName set) implements SetCommand {
    @Override
    public String toString() {
      return "flush " + set;
    }
  }

  /** Adding what is there already is no error, as {@code ipset add -exist}. */
  record Add(SetName set, SetEntry entry) implements SetCommand {
    @Override
    public String toString() {
      return "add " + set + " " + entry;
    }
  }

  /** Deleting what is not there is no error, as {@code ipset del -exist}. */
  record Delete(SetName set, SetEntry entry) implements SetCommand {
    @Override
    public String toString() {
      return "del " + set + " " + entry;
    }
  }

  /** Exchanges the contents of two sets of one type; rules keep the name they refer to. */
  record Swap(SetName set, SetName other) implements SetCommand {
    @Override
    public String toString() {
      return "swap " + set + " " + other;
    }
  }

  /** The kernel refuses a new name that exists, and a set that a rule refers to. */
  record Rename(SetName set, SetName newName) implements SetCommand {
    @Override
    public String toString() {
      return "rename " + set + " " + newName;
    }
  }
}
