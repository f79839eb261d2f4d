import pytest
from made_sets import serving


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """Neither the user's sets nor their cache are touched."""
    monkeypatch.delenv("LOOKALIKE_DATA", raising=False)
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
