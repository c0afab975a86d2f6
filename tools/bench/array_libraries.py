"""What formulas.py needs of numpy or torch where the two differ; each runs on one thread."""

SEED = 20240607


class Numpy:
    name = "numpy"

    def __init__(self):
        import numpy

        self.module = numpy
        self.version = numpy.__version__
        self.generator = numpy.random.default_rng(SEED)

    def array(self, column):
        return column

    def arange(self, count):
        return self.module.arange(count)

    def uniform(self, shape):
        return self.generator.random(shape, dtype=self.module.float32)

    def below(self, limit, count):
        return self.generator.integers(limit, size=count)

    def argsort(self, table):
        return table.argsort(axis=1, kind="stable")

    def along(self, table, indices):
        return self.module.take_along_axis(table, indices, axis=1)

    def flip(self, table):
        return table[:, ::-1]

    def transposed(self, tables):
        return tables.transpose(0, 2, 1)

    def sigmoid(self, values):
        return 1 / (1 + self.module.exp(-values))

    def amin(self, table, axis):
        return table.min(axis=axis)

    def amax(self, table, axis):
        return table.max(axis=axis)

    def indices(self, mask):
        return self.module.flatnonzero(mask)

    def joined(self, arrays):
        return self.module.concatenate(arrays)


class Torch:
    name = "torch"

    def __init__(self):
        import torch

        self.module = torch
        self.version = torch.__version__
        torch.set_num_threads(1)
        torch.set_grad_enabled(False)
        torch.manual_seed(SEED)

    def array(self, column):
        return self.module.from_numpy(column)

    def arange(self, count):
        return self.module.arange(count)

    def uniform(self, shape):
        return self.module.rand(shape)

    def below(self, limit, count):
        return self.module.randint(limit, (count,))

    def argsort(self, table):
        return table.argsort(dim=1, stable=True)

    def along(self, table, indices):
        return table.gather(1, indices)

    def flip(self, table):
        return table.flip(1)

    def transposed(self, tables):
        return tables.transpose(1, 2)

    def sigmoid(self, values):
        return self.module.sigmoid(values)

    def amin(self, table, axis):
        return table.amin(dim=axis)

    def amax(self, table, axis):
        return table.amax(dim=axis)

    def indices(self, mask):
        return mask.nonzero().squeeze(1)

    def joined(self, arrays):
        return self.module.cat(arrays)


LIBRARIES = {library.name: library for library in (Numpy, Torch)}
