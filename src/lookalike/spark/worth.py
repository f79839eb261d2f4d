"""Which candidates are worth a closer look: the most promising ones of each picture."""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lookalike.nouns.card import ModelCard
from lookalike.spark.blocks import CANDIDATES, as_sighting
from lookalike.spark.frames import ddl, map_arrow
from lookalike.verbs.shelf import TIERS, promise_of
from lookalike.verdicts.decide import Priors

_PROMISED = pa.schema([*CANDIDATES, ("settled", pa.bool_()), ("promise", pa.float64())])


def worth_a_look(candidates: DataFrame, card: ModelCard, priors: Priors) -> DataFrame:
    """The candidates that `lookalike.verbs.shelf.worth_it` keeps, ranked by a window a picture."""
    promised = map_arrow(candidates, _promising(card, priors), ddl(_PROMISED))
    ends = promised.where("NOT settled").withColumn("end", F.explode(F.array("first", "second")))
    order = F.col("promise").desc(), F.col("first"), F.col("second")
    best = []
    for least, k in TIERS:
        among = ends.where(F.col("promise") >= least)
        rank = F.row_number().over(Window.partitionBy("end").orderBy(*order))
        best.append(among.withColumn("rank", rank).where(F.col("rank") <= k))
    kept = best[0].select("first", "second")
    for more in best[1:]:
        kept = kept.unionByName(more.select("first", "second"))
    ranked = candidates.join(kept.distinct(), ["first", "second"], "left_semi")
    settled = promised.where("settled").select(*CANDIDATES.names)
    return settled.unionByName(ranked.select(*CANDIDATES.names))


def _promising(
    card: ModelCard, priors: Priors
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def promise(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            settled, chances = promise_of(as_sighting(batch), card, priors)
            more = [pa.array(settled), pa.array(chances.astype(np.float64))]
            yield pa.RecordBatch.from_arrays([*batch.columns, *more], schema=_PROMISED)

    return promise
