"""The nouns: frozen, typed, self-checking data that the verbs pass around."""
