"""Groups around a medoid: one member that is alike to all others of its group.

Looser than complete link: two members may be unlike each other, but none is further than one step
from the medoid, so that nothing chains. Take the image whose links sum to most, group it with all
that it is linked to, and go on with the rest.
"""

import heapq
from collections import defaultdict

from lookalike.nouns.groups import Groups
from lookalike.nouns.pairs import Pairs


def medoid_groups(pairs: Pairs) -> Groups:
    """Disjoint groups in each of which one member is paired with all others.

    A partition of those ids that found a partner who was still free; ties go to the lowest id.
    Needs about 300 bytes a pair.

    Args:
        pairs: those that are alike, with scores above 0; all others are not alike.

    Returns:
        Groups of two or more, each with the lowest score between its medoid and a member.

    Source:
        The greedy star cover of Aslam, Pelekhov and Rus 2004, doi 10.7155/jgaa.00084, by sums of
        scores in place of counts.
    """
    links: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for a, b, score in zip(
        pairs.first.tolist(), pairs.second.tolist(), pairs.scores.tolist(), strict=True
    ):
        links[a][b] = links[b][a] = score
    heap = [(-sum(others.values()), image) for image, others in links.items()]
    heapq.heapify(heap)
    found: list[tuple[tuple[int, ...], float]] = []
    while heap:
        negative, medoid = heapq.heappop(heap)
        others = links.get(medoid)
        if not others or -sum(others.values()) != negative:
            continue
        found.append((tuple(sorted((medoid, *others))), min(others.values())))
        for image in _taken(links, (medoid, *others)):
            if links[image]:
                heapq.heappush(heap, (-sum(links[image].values()), image))
    found.sort()
    return Groups(tuple(group for group, _ in found), tuple(score for _, score in found))


def _taken(links: defaultdict[int, dict[int, float]], group: tuple[int, ...]) -> list[int]:
    """Takes a group out; the images outside that lost a link by it."""
    outside = {other for image in group for other in links[image]} - set(group)
    for image in group:
        for other in links.pop(image):
            if other in outside:
                del links[other][image]
    return sorted(outside)
