"""THE public list."""
__all__: list[str] = []
