"""Makes models: the only room that knows torch."""
