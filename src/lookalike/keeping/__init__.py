"""Which copy to keep, and why: a policy that explains itself."""
