"""The local page and the HTTP interface under it: the same verbs for a browser."""
