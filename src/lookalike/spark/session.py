"""A Spark session for the command line, and what to do where there can be none."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lookalike.nouns.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def session_for(master: str | None, settings: Sequence[str]) -> Iterator["SparkSession"]:
    """The session that is running, or a new one that ends with the block.

    Args:
        master: where Spark runs; what Spark's own settings say, else all cores of this machine.
        settings: more of Spark's settings, each as NAME=VALUE.

    Raises:
        MissingExtra: Spark is not installed.
        InputError: Java is missing, a setting is none, or Spark cannot start.
    """
    given = [_setting(text) for text in settings]
    check_installed()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if (running := SparkSession.getActiveSession()) is not None:
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("lookalike")
    if master is not None:
        builder = builder.master(master)
    builder = builder.config("spark.ui.showConsoleProgress", "true")
    for name, value in given:
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    except (PySparkException, OSError) as error:
        raise InputError(
            f"Spark cannot be started: {_first_line(error)}",
            where=master or "spark",
            mend="check --master and --conf, and that java -version says 17 or newer",
        ) from error
    try:
        yield session
    finally:
        session.stop()


def check_installed() -> None:
    """Refuse to go on without Spark or without Java.

    Raises:
        MissingExtra: pyspark or pyarrow is not installed.
        InputError: there is no Java.
    """
    from importlib.util import find_spec

    for module in ("pyspark", "pyarrow"):
        if find_spec(module) is None:
            raise MissingExtra("spark", what=f"This needs {module}, which is not installed")
    home = os.environ.get("JAVA_HOME")
    if not home and shutil.which("java") is None:
        raise InputError(
            "Spark needs Java, and there is none",
            where="java",
            mend="install Java 17 or newer, such as apt install openjdk-17-jre-headless, "
            "or set JAVA_HOME",
        )


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise InputError(
            f"{text!r} is no setting", where="--conf", mend="write --conf spark.executor.cores=4"
        )
    return name.strip(), value.strip()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
