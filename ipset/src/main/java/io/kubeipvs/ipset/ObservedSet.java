package io.kubeipvs.ipset;

import java.util.Set;

/** A set as a listing shows it. Entries of a type that {@link SetType} lacks are left out. */
public record ObservedSet(SetHeader header, Set<SetEntry> entries) {}
