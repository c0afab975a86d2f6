"""Whether two sets of pairs come from the same formula: a baseline that does less would prove nothing.

A method without draws gives the best pair, so that both sides' pairs have the same value, in doubles, though not always
the same indices: float32 rounds, and equals are equals. One with draws differs from prompt to prompt, but must not on
average: of what was picked first, and second, the rewards and the half-widths of the bounds.
"""

# Where 4-byte floats of some units round, with room; maxminlcb draws among what is within its tolerance, twice.
VALUE_TOLERANCE = 2e-5
MAXMINLCB_TOLERANCE = 2e-4 + VALUE_TOLERANCE
# Of the mean of all differences: one such comparison in two million is beyond it by chance, and the seeds are fixed.
STANDARD_ERRORS = 5


def sigma_gap(numpy, gap, reverse):
    return 1 / (1 + numpy.exp(-gap)) - 1 / (1 + numpy.exp(-reverse))


class Agreement:
    """Takes in pairs, group by group, and judges in the end."""

    def __init__(self, numpy, method):
        self.numpy = numpy
        self.method = method
        self.failure = None
        self.differences = {}

    def add(self, group, ours, theirs):
        """Pairs of shape (n, 2) of prompts whose columns, of shape (n, k), are `group`."""
        numpy = self.numpy
        rows = numpy.arange(len(ours))
        for name, pairs in (("aufdb", ours), ("the baseline", theirs)):
            is_pair = (pairs >= 0) & (pairs < group["rewards"].shape[1])
            if not is_pair.all() or (pairs[:, 0] == pairs[:, 1]).any():
                self.failure = f"{name} answers with something that is no pair"
                return
        half_widths = (group["upper"] - group["lower"]) * 0.5
        values = self.value(group)
        if values is None:
            for side, place in enumerate(("first", "second")):
                for name, column in (("reward", group["rewards"]), ("half-width", half_widths)):
                    difference = column[rows, ours[:, side]].astype(float) - column[rows, theirs[:, side]]
                    self.differences.setdefault(f"{name} of the {place}", []).append(difference)
            return
        one, other = (values(rows, pairs[:, 0], pairs[:, 1]) for pairs in (ours, theirs))
        tolerance = MAXMINLCB_TOLERANCE if self.method == "maxminlcb" else VALUE_TOLERANCE
        wrong = numpy.flatnonzero(abs(one - other) > tolerance)
        if len(wrong) > 0:
            at = wrong[0]
            self.failure = f"a pair of value {one[at]} against one of {other[at]}: {ours[at]} and {theirs[at]}"

    def value(self, group):
        """The function of (rows, first, second) that a pair is worth; None where a method draws."""
        numpy = self.numpy
        rewards, lower, upper, scores, lengths, features = (
            group[name].astype(float) for name in ("rewards", "lower", "upper", "scores", "lengths", "features"))
        half_widths = (upper - lower) / 2

        def gap(rows, i, j):
            return upper[rows, i] - lower[rows, j]

        def difference(column):
            return lambda rows, i, j: column[rows, i] - column[rows, j]

        return {
            "maxmin": difference(scores), "greedy": difference(rewards), "length": difference(lengths),
            "far": lambda rows, i, j: ((features[rows, i] - features[rows, j]) ** 2).sum(axis=1),
            "deltaucb": gap, "deltaquantile": gap,
            "infomax": lambda rows, i, j: sigma_gap(numpy, gap(rows, i, j), -gap(rows, j, i)),
            "maxminlcb": lambda rows, i, j: (
                rewards[rows, i] - rewards[rows, j] - half_widths[rows, i] - half_widths[rows, j]),
        }.get(self.method)

    def complaint(self):
        """What is wrong, or None."""
        if self.failure:
            return self.failure
        for name, parts in self.differences.items():
            all_of_it = self.numpy.concatenate(parts)
            mean, error = all_of_it.mean(), all_of_it.std() / len(all_of_it) ** 0.5
            if abs(mean) > STANDARD_ERRORS * error:
                return f"the {name} differs by {mean:.4f} on average, which is more than chance ({error:.4f})"
        return None
