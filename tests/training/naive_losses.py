"""Every loss by its formula, one pair at a time, in double precision."""

import math

import numpy as np


def softplus(value):
    return max(value, 0) + math.log1p(math.exp(-abs(value)))


def apart(distance, a, b):
    if distance == "cosine":
        return 1 - float(a @ b)
    return float(np.abs(a - b).sum() if distance == "l1" else np.sqrt(((a - b) ** 2).sum()))


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def partners(x, y, chosen):
    """(anchor, positive) and (anchor, negative) places, in this order."""
    if chosen is None:
        places = [(i, j) for i in range(len(x)) for j in range(len(x)) if i != j]
        return (
            [(i, j) for i, j in places if y[i] == y[j]],
            [(i, j) for i, j in places if y[i] != y[j]],
        )
    a, p, b, n = chosen if len(chosen) == 4 else (chosen[0], chosen[1], chosen[0], chosen[2])
    return list(zip(a, p, strict=True)), list(zip(b, n, strict=True))


def pair_bce(x, y, part, own, chosen=None):
    alike, other = partners(x, y, chosen)

    def logit(i, j):
        score = x[i] @ x[j] if part.distance == "cosine" else -apart(part.distance, x[i], x[j])
        return math.exp(own["term.log_scale"]) * score + own["term.bias"]

    costs = [softplus(-logit(i, j)) for i, j in alike], [softplus(logit(i, j)) for i, j in other]
    return mean(mean(cost) for cost in costs if cost)


def contrastive(x, y, part, own, chosen=None):
    alike, other = partners(x, y, chosen)
    far = [apart(part.distance, x[i], x[j]) for i, j in alike]
    near = [part.margin - apart(part.distance, x[i], x[j]) for i, j in other]
    return 0.5 * mean(d**2 for d in far) + 0.5 * mean(d**2 for d in near if d > 0)


def triplet(x, y, part, own, chosen=None):
    if chosen is None:
        alike, other = partners(x, y, None)
        triplets = [(a, p, n) for a, p in alike for b, n in other if a == b]
    else:
        triplets = zip(*chosen, strict=True)
    costs = [
        apart(part.distance, x[a], x[p]) - apart(part.distance, x[a], x[n]) + part.margin
        for a, p, n in triplets
    ]
    return mean(cost for cost in costs if cost > 0)


def nt_xent(x, y, part, own, chosen=None):
    alike, other = partners(x, y, chosen)

    def term(i, j):
        return math.exp(float(x[i] @ x[j]) / part.temperature)

    if not alike or not other:
        return 0.0
    return mean(
        -math.log(term(a, p) / (term(a, p) + sum(term(b, n) for b, n in other if b == a)))
        for a, p in alike
    )


def supcon(x, y, part, own, chosen=None):
    alike, other = partners(x, y, chosen)
    costs = []
    for anchor in range(len(x)):
        positives = [p for a, p in alike if a == anchor]
        rest = positives + [n for a, n in other if a == anchor]
        if not positives:
            continue
        scores = {j: float(x[anchor] @ x[j]) / part.temperature for j in rest}
        total = math.log(sum(math.exp(score) for score in scores.values()))
        costs.append(-mean(scores[j] - total for j in positives))
    return mean(costs)


def multi_similarity(x, y, part, own, chosen=None):
    alike, other = partners(x, y, chosen)
    costs = []
    for anchor in range(len(x)):
        pull = sum(math.exp(-2 * (x[a] @ x[p] - part.margin)) for a, p in alike if a == anchor)
        push = sum(
            math.exp(part.scale * (x[a] @ x[n] - part.margin)) for a, n in other if a == anchor
        )
        costs.append(math.log1p(pull) / 2 + math.log1p(push) / part.scale)
    return mean(costs)


def directions(weights):
    return weights / np.linalg.norm(weights, axis=0)  # (d, classes)


def cross_entropy(logits, label):
    top = max(logits)
    return top + math.log(sum(math.exp(logit - top) for logit in logits)) - logits[label]


def margin_softmax(x, y, part, own, change):
    costs = []
    for picture, label in zip(x, y, strict=True):
        cosines = [float(c) for c in picture @ directions(own["term.W"])]
        cosines[label] = change(cosines[label])
        costs.append(cross_entropy([part.scale * cosine for cosine in cosines], label))
    return mean(costs)


def arcface(x, y, part, own, chosen=None):
    def change(cosine):
        angle = math.acos(np.clip(cosine, -1, 1))
        if angle <= math.pi - part.margin:
            return math.cos(angle + part.margin)
        return cosine - part.margin * math.sin(part.margin)

    return margin_softmax(x, y, part, own, change)


def cosface(x, y, part, own, chosen=None):
    return margin_softmax(x, y, part, own, lambda cosine: cosine - part.margin)


def softmax(x, y, part, own, chosen=None):
    logits = x @ directions(own["term.W"]) / part.temperature
    return mean(cross_entropy(list(row), label) for row, label in zip(logits, y, strict=True))


def proxy_anchor(x, y, part, own, chosen=None):
    pulls, pushes = [], []
    proxies = own["term.proxies"] / np.linalg.norm(own["term.proxies"], axis=1, keepdims=True)
    for label, proxy in enumerate(proxies):
        scores = [float(picture @ proxy) for picture in x]
        mine = [s for s, other in zip(scores, y, strict=True) if other == label]
        rest = [s for s, other in zip(scores, y, strict=True) if other != label]
        if mine:
            pulls.append(math.log1p(sum(math.exp(-part.scale * (s - part.margin)) for s in mine)))
        pushes.append(math.log1p(sum(math.exp(part.scale * (s + part.margin)) for s in rest)))
    return mean(pulls) + mean(pushes)


def koleo(x, y, part, own, chosen=None):
    logs = []
    for i in range(len(x)):
        others = [((x[i] - x[j]) ** 2).sum() for j in range(len(x)) if y[i] != y[j]]
        if others:
            logs.append(0.5 * math.log(min(others) + 1e-6))
    return -mean(logs)


def distil(x, y, part, own, chosen=None, teacher=None):
    n = len(x)
    wanted = teacher / np.linalg.norm(teacher, axis=1, keepdims=True)
    mapped = x @ own["term.map.weight"].T if "term.map.weight" in own else x
    mapped = mapped / np.linalg.norm(mapped, axis=1, keepdims=True)
    direct = mean(1 - float(mapped[i] @ wanted[i]) for i in range(n))
    relation = mean(
        (float(x[i] @ x[j]) - float(wanted[i] @ wanted[j])) ** 2
        for i in range(n)
        for j in range(n)
        if i != j
    )
    return direct + part.scale * relation


NAIVE = {
    "pair-bce": pair_bce,
    "contrastive": contrastive,
    "triplet": triplet,
    "nt-xent": nt_xent,
    "supcon": supcon,
    "multi-similarity": multi_similarity,
    "arcface": arcface,
    "cosface": cosface,
    "proxy-anchor": proxy_anchor,
    "softmax": softmax,
    "koleo": koleo,
    "distil": distil,
}
