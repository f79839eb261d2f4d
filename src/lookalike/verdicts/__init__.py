"""From scores to named verdicts with a probability."""
