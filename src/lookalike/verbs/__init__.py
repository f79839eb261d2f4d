"""What lookalike does, one function a verb; the only place where rooms meet."""
