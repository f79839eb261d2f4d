"""One Spark for all tests of this folder: two executors, each a process of its own, no pandas."""

import os
import shutil
import sys

import pytest

pytest.importorskip("pyspark")

HIDDEN = 'raise ModuleNotFoundError("pandas is hidden by this test", name="pandas")\n'


@pytest.fixture(scope="package")
def spark(tmp_path_factory):
    """Neither the driver nor the executors can import pandas."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    from same_answer import start, stop

    hiding = tmp_path_factory.mktemp("no-pandas")
    (hiding / "pandas.py").write_text(HIDDEN)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in sys.modules if name.partition(".")[0] == "pandas"]:
            patch.delitem(sys.modules, name)
        patch.syspath_prepend(hiding)
        session = start("local-cluster[2,1,1024]", str(hiding))
        yield session
        stop(session)


@pytest.fixture(scope="package")
def work(spark, tmp_path_factory):
    """An album, its index on disk, its index by four shares, and its table."""
    from same_answer import make_album

    import lookalike
    from lookalike.spark import index

    folder = tmp_path_factory.mktemp("work")
    make_album(folder / "album", 40)
    lookalike.index(folder / "album", index=folder / "one")
    for number in range(1, 5):
        lookalike.index(folder / "album", index=folder / "four", shard=f"{number}/4")
    lookalike.merge(folder / "album", index=folder / "four")
    index(spark, str(folder / "album"), str(folder / "table"))
    return folder
