"""The same verbs on a cluster, a partition at a time."""
