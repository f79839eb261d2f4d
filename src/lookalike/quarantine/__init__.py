"""Safe hands: files are moved aside so that everything can be undone."""
