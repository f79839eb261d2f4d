"""imagededup's search for duplicates among n hashes of 64 bits; prints one line of JSON.

    python benchmarks/imagededup_hash_worker.py ROWS

Runs in the peer's own environment. One hash in a hundred is a copy with three bits changed.
"""

import json
import sys
from time import perf_counter, process_time

import numpy as np
from imagededup.methods import PHash  # type: ignore[import-not-found]
from memory import peak_mb


def main() -> None:
    rng, n = np.random.default_rng(2), int(sys.argv[1])
    hashes = rng.integers(0, 2**63, n).astype(np.uint64)
    copies, of = rng.permutation(n)[: n // 100 * 2].reshape(2, -1)
    hashes[copies] = hashes[of] ^ np.uint64(0b10101)
    named = {f"{row:07d}.jpg": f"{value:016x}" for row, value in enumerate(hashes.tolist())}
    began, cpu = perf_counter(), process_time()
    found = PHash(verbose=False).find_duplicates(encoding_map=named, max_distance_threshold=10)
    answer = {
        "value": perf_counter() - began,
        "busy_s": process_time() - cpu,
        "pairs": sum(map(len, found.values())) // 2,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
