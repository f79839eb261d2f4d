"""Groups in which each member is alike to every other: complete linkage on the pairs given.

Merge the two clusters whose least alike members are most alike, again and again, until no two
clusters have all their cross pairs among the pairs given. Ties go to the clusters with the
lowest first ids. Source: Sorensen 1948; a missing pair counts as not alike at all.
"""

import heapq
from collections import defaultdict

import numpy as np

from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.groups import Groups
from lookalike.nouns.pairs import Pairs

_FEWEST = 64
_DENSE = 32
"""A component of at least `_FEWEST` that has more than one in this many of its pairs is worked
on as a matrix; all others together as links."""
_Merged = dict[int, tuple[list[int], float]]


def complete_link(pairs: Pairs) -> Groups:
    """Disjoint groups whose every inner pair is among the pairs given.

    A partition of those ids that found a partner: an id is in one group at most, and raising the
    threshold (`complete_link(pairs.at(score))`) only splits groups. Memory:
    60 bytes a pair; for a large component with most of its pairs given up to 256 bytes a pair of
    it while it is worked on; for all others together about 400 bytes a pair.

    Args:
        pairs: those that are alike, with scores; all others are not alike.

    Returns:
        Groups of two or more, each with its lowest inner score.
    """
    if not len(pairs):
        return Groups((), ())
    ids, places = np.unique(np.concatenate([pairs.first, pairs.second]), return_inverse=True)
    first, second = places[: len(pairs)], places[len(pairs) :]
    roots = _components(first, second, len(ids))
    crowded = _crowded(roots, first)
    edges = np.flatnonzero(~crowded[roots[first]])
    merged = _by_links(first[edges], second[edges], pairs.scores[edges])
    for root in np.flatnonzero(crowded):
        edges = np.flatnonzero(roots[first] == root)
        merged |= _by_matrix(first[edges], second[edges], pairs.scores[edges])
    groups = sorted((tuple(ids[sorted(group)].tolist()), score) for group, score in merged.values())
    return Groups(tuple(group for group, _ in groups), tuple(score for _, score in groups))


def connected(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """The connected components of pairs.

    Args:
        first: (p,) ids.
        second: (p,) ids; may equal the first.

    Returns:
        (m,) all ids, rising, and (m,) the lowest id of the component of each.
    """
    ids, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    roots = _components(places[: len(first)], places[len(first) :], len(ids))
    return ids, ids[roots]


def _components(first: Ints, second: Ints, n: int) -> Ints:
    """(n,) the lowest place of each place's connected component."""
    parents = np.arange(n)
    while True:
        a, b = parents[first], parents[second]
        apart = a != b
        if not apart.any():
            return parents
        first, second, a, b = first[apart], second[apart], a[apart], b[apart]
        np.minimum.at(parents, np.maximum(a, b), np.minimum(a, b))
        while (parents[parents] != parents).any():
            parents = parents[parents]


def _crowded(roots: Ints, first: Ints) -> Bools:
    """(n,) for each root whether its component is large and has most of its pairs."""
    n = len(roots)
    sizes, pairs = np.bincount(roots, minlength=n), np.bincount(roots[first], minlength=n)
    return (sizes >= _FEWEST) & (_DENSE * pairs > sizes**2)


def _by_matrix(first: Ints, second: Ints, scores: Floats) -> _Merged:
    """Greedy merging on the matrix of least scores; a cluster lives at its lowest place."""
    places, both = np.unique(np.concatenate([first, second]), return_inverse=True)
    merged = _on_matrix(_matrix(both[: len(first)], both[len(first) :], scores, len(places)))
    return {int(places[a]): (places[group].tolist(), least) for a, (group, least) in merged.items()}


def _matrix(i: Ints, j: Ints, scores: Floats, n: int) -> Floats:
    link = np.full((n, n), -np.inf, np.float32)
    link[i, j] = link[j, i] = scores
    return link


def _on_matrix(link: Floats) -> _Merged:
    n = len(link)
    above = np.where(np.arange(n)[:, None] < np.arange(n), link, np.float32(-np.inf))
    partner, best = above.argmax(axis=1), above.max(axis=1)
    del above
    groups: _Merged = {}
    while best[a := int(best.argmax())] > -np.inf:
        b, score = int(partner[a]), float(best[a])
        absorbed = groups.pop(b, ([b], 0.0))[0]
        groups[a] = (groups.get(a, ([a], 0.0))[0] + absorbed, score)
        old = link[:, a].copy()
        np.minimum(link[a], link[b], out=link[a])
        link[b] = -np.inf
        link[:, a], link[:, b] = link[a], -np.inf
        best[b] = -np.inf
        # A row keeps its best partner unless that was b, or was a and has become worse.
        lost = (partner == b) | ((partner == a) & (link[:, a] != old))
        lost &= (best > -np.inf) | (np.arange(n) == a)
        lost[a] = True
        for row in np.flatnonzero(lost):
            tail = link[row, row + 1 :]
            if len(tail):
                partner[row] = row + 1 + int(tail.argmax())
                best[row] = link[row, partner[row]]
            else:
                best[row] = -np.inf
    return groups


def _by_links(first: Ints, second: Ints, scores: Floats) -> _Merged:
    """The same merges from dictionaries of links and a heap whose stale entries are skipped."""
    links: defaultdict[int, dict[int, float]] = defaultdict(dict)
    heap: list[tuple[float, int, int]] = []
    for a, b, score in zip(first.tolist(), second.tolist(), scores.tolist(), strict=True):
        links[a][b] = links[b][a] = score
        heap.append((-score, a, b))
    heapq.heapify(heap)
    groups: _Merged = {}
    while heap:
        negative, a, b = heapq.heappop(heap)
        if links[a].get(b) != -negative:
            continue
        absorbed = groups.pop(b, ([b], 0.0))[0]
        groups[a] = (groups.get(a, ([a], 0.0))[0] + absorbed, -negative)
        for other, score in _merge(links, a, b):
            heapq.heappush(heap, (-score, min(a, other), max(a, other)))
    return groups


def _merge(links: defaultdict[int, dict[int, float]], a: int, b: int) -> list[tuple[int, float]]:
    """Moves b into a; only clusters linked to both stay linked. Returns the links that fell."""
    theirs = links.pop(b)
    for other in theirs:
        del links[other][b]
    fell = []
    mine = links[a]
    for other, score in list(mine.items()):
        if other not in theirs:
            del mine[other], links[other][a]
        elif theirs[other] < score:
            mine[other] = links[other][a] = theirs[other]
            fell.append((other, theirs[other]))
    return fell
