"""Does one picture lie in the other? Local features and one map that explains them."""
