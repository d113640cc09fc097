"""Alignment: which words two texts have in common, in the same order.

As Bram Cohen's patience diff does it: what both texts have once and in the same order is kept (first whole
paragraphs, then words), and between two such anchors the same is done again; what is left is small and aligned
by its longest common subsequence. So the time grows with the length of the texts, whatever they are, and what
was moved or written anew does not fall to pieces.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

from qawl.arabic.tokens import Token

#: Cells of the table of common subsequences at most, for words between two anchors: 300 by 300.
CELLS = 90_000
#: Pairs of paragraphs between two anchors whose likeness is looked at; and from which share of common
#: words on two are versions of one.
PAIRS, ALIKE = 2_500, 0.5
#: How many times as many words must be common to the paragraphs all together as to those pairs.
JOINED = 1.1
#: How often anchors are sought between anchors; texts that repeat themselves on purpose would ask for more.
DEPTH = 30
#: An equal stretch between two replaced ones is taken into them where it has at most so many words, all
#: of at most so many letters: «في» in common says nothing of two sentences.
ISLAND, SHORT = 2, 3

Run = tuple[int, int, int]
"""Where equal words begin in the old and in the new text, and how many they are."""


def aligned(old: Sequence[Token], new: Sequence[Token]) -> list[Run]:
    """The runs of equal words, in order, each as long as it can be."""
    texts = [t.text for t in old], [t.text for t in new]
    lines = _lines(old), _lines(new)
    whole = [[tuple(t[a:b]) for a, b in spans] for t, spans in zip(texts, lines, strict=True)]
    found: list[Run] = []
    i = j = 0

    def between(k: int, m: int, n: int, o: int) -> list[Run]:
        """The runs of the words of the paragraphs ``k`` to ``m`` and ``n`` to ``o``."""
        if k == m or n == o:
            return []
        x, y = lines[0][k][0], lines[1][n][0]
        runs = _matched(texts[0][x : lines[0][m - 1][1]], texts[1][y : lines[1][o - 1][1]])
        return [(x + p, y + q, size) for p, q, size in runs]

    for a, b, count in [*_matched(whole[0], whole[1], 0), (len(whole[0]), len(whole[1]), 0)]:
        plain = between(i, a, j, b)
        pairs = _alike(whole[0][i:a], whole[1][j:b])
        apart = [run for k, m, n, o in pairs for run in between(i + k, i + m, j + n, j + o)]
        # paragraphs that were parted or joined have their words in common all the same
        found += plain if _words(plain) > JOINED * _words(apart) else apart
        i, j = a + count, b + count
        if count:
            first, last = lines[0][a][0], lines[0][i - 1][1]
            found.append((first, lines[1][b][0], last - first))
    return _without_islands(_joined(found), texts[0])


def _alike(
    old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]
) -> list[tuple[int, int, int, int]]:
    """Which paragraphs of two stretches are to be compared by their words (first and one after the last, of
    each text): pairs that share half of their words, in order, and what stands between them."""
    if not old or not new or len(old) == len(new) == 1 or len(old) * len(new) > PAIRS:
        return []
    bags = [[Counter(line) for line in side] for side in (old, new)]
    # the best sum of likenesses of the paragraphs from there on
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[_share(one, other) for other in bags[1]] for one in bags[0]]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = like[i][j] + best[i + 1][j + 1] if like[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    found: list[tuple[int, int, int, int]] = []
    i = j = 0
    for a, b in [*pairs, (len(old), len(new))] if pairs else []:
        if a > i and b > j:
            found.append((i, a, j, b))
        if a < len(old):
            found.append((a, a + 1, b, b + 1))
        i, j = a + 1, b + 1
    return found


def _words(runs: Iterable[Run]) -> int:
    return sum(count for _, _, count in runs)


def _share(one: Counter[str], other: Counter[str]) -> float:
    return (one & other).total() / ((one | other).total() or 1)


def _lines(words: Sequence[Token]) -> list[tuple[int, int]]:
    """The paragraphs as (first word, one after the last), the end of the line among them."""
    ends = [k + 1 for k, word in enumerate(words) if word.text == "\n"]
    if words and (not ends or ends[-1] < len(words)):
        ends.append(len(words))
    return list(zip([0, *ends], ends, strict=False))


def _matched(old: Sequence[Hashable], new: Sequence[Hashable], small: int = CELLS) -> list[Run]:
    """The runs of equal items; without an anchor only up to ``small`` cells are looked at."""
    found: list[Run] = []
    todo = [(0, len(old), 0, len(new), DEPTH)]
    while todo:
        i, k, j, n, depth = todo.pop()
        start = i, j
        while i < k and j < n and old[i] == new[j]:
            i, j = i + 1, j + 1
        if i > start[0]:
            found.append((*start, i - start[0]))
        last = k
        while i < k and j < n and old[k - 1] == new[n - 1]:
            k, n = k - 1, n - 1
        if last > k:
            found.append((k, n, last - k))
        if i == k or j == n:
            continue
        anchors = _anchors(old, new, i, k, j, n) if depth else []
        if anchors:
            edges = [(i, j), *anchors, (k, n)]
            for (a, b), (c, d) in pairwise(edges):
                todo.append((a, c, b, d, depth - 1))
        elif (k - i) * (n - j) <= small:
            found += _common(old, new, i, k, j, n)
    found.sort()
    return found


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], i: int, k: int, j: int, n: int
) -> list[tuple[int, int]]:
    """Items that both stretches have once, the longest chain of them in the same order (Fredman 1975)."""
    once, twice = Counter(old[i:k]), Counter(new[j:n])
    places = {new[x]: x for x in range(j, n)}
    pairs = [(x, places[old[x]]) for x in range(i, k) if once[old[x]] == twice[old[x]] == 1]
    ends: list[int] = []  # the least end of a chain of each length
    at: list[int] = []  # which pair that is
    before: list[int] = []
    for p, (_, y) in enumerate(pairs):
        length = bisect_left(ends, y)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(y)
            at.append(p)
        else:
            ends[length], at[length] = y, p
    chain: list[tuple[int, int]] = []
    p = at[-1] if at else -1
    while p >= 0:
        chain.append(pairs[p])
        p = before[p]
    return chain[::-1]


def _common(
    old: Sequence[Hashable], new: Sequence[Hashable], i: int, k: int, j: int, n: int
) -> list[Run]:
    """The longest common subsequence of two short stretches."""
    width = n - j
    table = [[0] * (width + 1)]
    for x in range(k - 1, i - 1, -1):
        below, item = table[-1], old[x]
        row = [0] * (width + 1)
        for y in range(width - 1, -1, -1):
            row[y] = below[y + 1] + 1 if new[j + y] == item else max(below[y], row[y + 1])
        table.append(row)
    table.reverse()
    found: list[Run] = []
    x = y = 0
    while x < k - i and y < width:
        if old[i + x] == new[j + y]:
            found.append((i + x, j + y, 1))
            x, y = x + 1, y + 1
        elif table[x + 1][y] >= table[x][y + 1]:
            x += 1
        else:
            y += 1
    return found


def _joined(runs: Iterable[Run]) -> list[Run]:
    """The runs with those that touch in both texts made one."""
    found: list[Run] = []
    for a, b, count in runs:
        if found and found[-1][0] + found[-1][2] == a and found[-1][1] + found[-1][2] == b:
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + count)
        else:
            found.append((a, b, count))
    return found


def _without_islands(runs: Sequence[Run], old: Sequence[str]) -> list[Run]:
    """The runs without those short ones that stand between two replaced stretches."""
    found: list[Run] = []
    for k, (a, b, count) in enumerate(runs):
        if 0 < k < len(runs) - 1 and count <= ISLAND:
            i, j = (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]) if found else (0, 0)
            after = runs[k + 1]
            torn = i < a and j < b and a + count < after[0] and b + count < after[1]
            words = old[a : a + count]
            if torn and all(len(word) <= SHORT and word != "\n" for word in words):
                continue
        found.append((a, b, count))
    return found
