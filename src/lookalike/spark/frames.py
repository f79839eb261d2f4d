"""Python functions over Arrow batches of a DataFrame, without pandas."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

OnBatches = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""Runs on an executor, once for each partition."""

_BATCH_ROWS = "spark.sql.execution.arrow.maxRecordsPerBatch"


def map_arrow(frame: DataFrame, function: OnBatches, schema: str) -> DataFrame:
    """As `DataFrame.mapInArrow`, which refuses to work where pandas is not installed.

    Args:
        frame: any rows.
        function: from batches of all columns to batches of the schema.
        schema: of the result, in Spark's words.
    """
    from pyspark.sql.udf import UserDefinedFunction
    from pyspark.util import PythonEvalType

    udf = UserDefinedFunction(
        function, returnType=schema, evalType=PythonEvalType.SQL_MAP_ARROW_ITER_UDF
    )
    column = udf(*[frame[f"`{name}`"] for name in frame.columns])
    try:
        mapped = frame._jdf.mapInArrow(column._jc, False, None)
    except (AttributeError, TypeError):  # a Spark that wants it otherwise knows its own way
        return frame.mapInArrow(function, schema)
    return DataFrame(mapped, frame.sparkSession)


@contextmanager
def batches_of(session: SparkSession, rows: int) -> Iterator[None]:
    """Jobs that start inside get Arrow batches of at most so many rows."""
    before = session.conf.get(_BATCH_ROWS)
    session.conf.set(_BATCH_ROWS, str(rows))
    try:
        yield
    finally:
        session.conf.set(_BATCH_ROWS, before or "10000")


def records(rows: Iterable[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as one batch."""
    return pa.RecordBatch.from_pylist(list(rows), schema=schema)


def ddl(schema: pa.Schema) -> str:
    """An Arrow schema in Spark's words."""
    return ", ".join(f"`{field.name}` {_TYPES[str(field.type)]}" for field in schema)


_TYPES = {
    "string": "string",
    "binary": "binary",
    "int64": "bigint",
    "int32": "int",
    "double": "double",
    "bool": "boolean",
    "list<item: float>": "array<float>",
    "list<element: float>": "array<float>",
    "list<item: int64>": "array<bigint>",
}
