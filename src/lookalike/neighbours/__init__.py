"""Exact search, all-pairs joins and groups over vectors and hashes."""
