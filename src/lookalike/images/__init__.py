"""Find, decode, hash and edit pictures."""
