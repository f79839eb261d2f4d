"""Reports as self-contained HTML pages: one file, no script from elsewhere, no network."""
