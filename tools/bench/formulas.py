"""The reference's formulas for whole batches of prompts, in numpy or torch: what a selection costs without aufdb.

A batch has n prompts of k responses each; every column is an array of shape (n, k), features of (n, k, d). A formula
returns the indices of the first and of the second response, each of shape (n,). Ties go to the lowest index, as the
libraries' argmax does it. The formulas are those of the methods' documentation, all pairs where they speak of pairs.
"""

BETA, MAX_ITERATIONS, TOLERANCE, QUANTILE = 1.0, 30, 1e-4, 0.05


class Batch:
    """The columns of some prompts that have as many responses each, and the library that computes with them."""

    def __init__(self, library, columns):
        self.library = library
        self.columns = columns
        self.rewards, self.lower, self.upper = (columns[name] for name in ("rewards", "lower", "upper"))
        self.n, self.k = self.rewards.shape
        self.half_widths = (self.upper - self.lower) * 0.5
        self.rows = library.arange(self.n)

    def parts(self, size):
        """The same prompts in batches of so many."""
        for start in range(0, self.n, size):
            yield Batch(self.library, {name: column[start:start + size] for name, column in self.columns.items()})

    def without_self_pairs(self, table, value):
        """Sets the diagonals of tables of shape (n, k, k)."""
        diagonal = self.library.arange(self.k)
        table[:, diagonal, diagonal] = value
        return table

    def best_pair(self, table):
        """The pair of the largest value of each table of shape (n, k, k)."""
        best = self.without_self_pairs(table, -float("inf")).reshape(self.n, -1).argmax(axis=1)
        return best // self.k, best % self.k

    def other_than(self, first):
        """One of the other responses, uniformly."""
        other = self.library.below(self.k - 1, len(first))
        return other + (other >= first)


def random(batch):
    first = batch.library.below(batch.k, batch.n)
    return first, batch.other_than(first)


def ultrafeedback(batch):
    library = batch.library
    count = min(4, batch.k)
    drawn = library.argsort(library.uniform((batch.n, batch.k)))[:, :count]
    values = library.along(batch.rewards, drawn)
    best = values.argmax(axis=1)
    other = library.below(count - 1, batch.n)
    other = other + (other >= best)
    return drawn[batch.rows, best], drawn[batch.rows, other]


def maxmin(batch):
    scores = batch.columns["scores"]
    return scores.argmax(axis=1), batch.k - 1 - batch.library.flip(scores).argmin(axis=1)


def greedy(batch):
    return extremes(batch, batch.rewards)


def length(batch):
    return extremes(batch, batch.columns["lengths"])


def extremes(batch, column):
    """The largest and the smallest; where all are equal, and so the same one is both, two of them."""
    first, second = column.argmax(axis=1), column.argmin(axis=1)
    return first, second + (second == first)


def far(batch):
    features = batch.columns["features"]
    squares = (features * features).sum(axis=2)
    products = features @ batch.library.transposed(features)
    return batch.best_pair(squares[:, :, None] + squares[:, None, :] - 2 * products)


def thompson_draw(batch, sign, rows):
    noise = 2 * batch.library.uniform((len(rows), batch.k)) - 1
    return (sign * batch.rewards[rows] + BETA * noise * batch.half_widths[rows]).argmax(axis=1)


def thompson(batch, sign):
    """First by a draw; second by draws of its own, drawn anew for the prompts where both are the same."""
    library = batch.library
    first = thompson_draw(batch, 1, batch.rows)
    second = thompson_draw(batch, sign, batch.rows)
    colliding = library.indices(second == first)
    for _ in range(MAX_ITERATIONS - 1):
        if len(colliding) == 0:
            break
        second[colliding] = thompson_draw(batch, sign, colliding)
        colliding = colliding[second[colliding] == first[colliding]]
    if len(colliding) > 0:
        second[colliding] = batch.other_than(first[colliding])
    return first, second


def dts(batch):
    return thompson(batch, 1)


def drts(batch):
    return thompson(batch, -1)


def gaps(batch):
    return batch.upper[:, :, None] - batch.lower[:, None, :]


def deltaucb(batch):
    return batch.best_pair(gaps(batch))


def deltaquantile(batch):
    # With epsilon 0 there is one rank. The diagonal comes after all pairs.
    table = batch.without_self_pairs(gaps(batch), -float("inf")).reshape(batch.n, -1)
    count = batch.k * (batch.k - 1)
    pair = batch.library.argsort(-table)[:, min(int(count * QUANTILE), count - 1)]
    return pair // batch.k, pair % batch.k


def infomax(batch):
    # The table of lower bounds against upper ones is that of upper against lower, negated and turned around.
    optimistic = gaps(batch)
    pessimistic = -batch.library.transposed(optimistic)
    sigmoid = batch.library.sigmoid
    return batch.best_pair(sigmoid(optimistic) - sigmoid(pessimistic))


def infogain(batch):
    sigmoid = batch.library.sigmoid
    first = thompson_draw(batch, 1, batch.rows)
    optimistic = batch.upper[batch.rows, first][:, None] - batch.lower
    pessimistic = batch.lower[batch.rows, first][:, None] - batch.upper
    gain = sigmoid(optimistic) - sigmoid(pessimistic)
    gain[batch.rows, first] = -float("inf")
    return first, gain.argmax(axis=1)


def maxminlcb(batch):
    library = batch.library
    bounds = batch.rewards[:, :, None] - batch.rewards[:, None, :]
    bounds -= BETA * (batch.half_widths[:, :, None] + batch.half_widths[:, None, :])
    batch.without_self_pairs(bounds, float("inf"))
    minima = library.amin(bounds, 2)
    first = tied_draw(batch, minima >= library.amax(minima, 1)[:, None] - TOLERANCE)
    row = bounds[batch.rows, first]
    return first, tied_draw(batch, row <= library.amin(row, 1)[:, None] + TOLERANCE)


def tied_draw(batch, is_tied):
    """One of those that are tied, uniformly."""
    return (batch.library.uniform((batch.n, batch.k)) * is_tied).argmax(axis=1)


FORMULAS = {formula.__name__: formula for formula in (
    random, ultrafeedback, maxmin, greedy, length, far, dts, drts, deltaucb, deltaquantile, infomax, infogain,
    maxminlcb)}
# Those that make tables of all pairs.
HAVE_TABLES = ("far", "deltaucb", "deltaquantile", "infomax", "maxminlcb")
# How many numbers a column or a table has that is computed with at a time: about the fastest for both libraries.
PART_SIZE = 1 << 18


def pick(batch, method):
    """The pairs of a batch by a method, part by part: two arrays of shape (n,)."""
    size = PART_SIZE // (batch.k ** 2 if method in HAVE_TABLES else batch.k)
    parts = [FORMULAS[method](part) for part in batch.parts(max(1, size))]
    return tuple(batch.library.joined([part[side] for part in parts]) for side in (0, 1))
