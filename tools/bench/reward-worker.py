"""The ensemble in PyTorch, and what it takes: one JSON request a line on standard input, one answer a line.

    {"open": INPUTS, "responses": N, "file": FILE, "threads": [THREADS]}
        reads the weights and the responses that measure-reward wrote, and tries the forms below for each number of
        threads: {"version", "forms": {"estimate THREADS": FORM, "train THREADS": FORM}}
    {"estimate": INPUTS, "threads": THREADS}
        {"wall", "cpu"}, seconds, of estimating all responses
    {"train": INPUTS, "threads": THREADS, "steps": STEPS}
        the same of a step of 64 pairs, the mean of so many
    {"compare": INPUTS, "file": FILE}
        {}: holds the rewards and weights of FILE against its own

An answer may also be {"error"}: no such library, or results that another computation must have made.

All heads go through one batched product, never one by one. Estimates have two forms, each in parts of several sizes:
`baddbmm`, one batched product a layer, and `addmm`, whose first layer is one large product for all heads. Steps of
training use the fused optimiser or the one that goes through all tensors at once (`foreach`). Whichever was fastest
when it was tried is measured from then on.
"""

import json
import math
import sys
import time
import warnings

HEADS, HIDDEN, PAIRS = 20, 128, 64
LEARNING_RATE, REGULARISATION, CENTRE = 5e-5, 1.0, 0.01
COMPARED_STEPS = 3
PART_SIZES = (128, 256, 512, 1024)
TRIALS = 2


class Ensemble:
    """Weights and responses of one number of inputs."""

    def __init__(self, torch, input_count, response_count, file):
        self.torch = torch
        parameter_count = HIDDEN * (input_count + 2) + HIDDEN * (HIDDEN + 1)
        weight_count = HEADS * parameter_count
        numbers = torch.from_file(
            file, shared=False, size=weight_count + response_count * input_count, dtype=torch.float32)
        self.flat = numbers[:weight_count].reshape(HEADS, parameter_count)
        self.inputs = numbers[weight_count:].reshape(response_count, input_count)
        self.first = self.split(self.flat, input_count)
        weights, biases = self.first[:2]
        self.joined_weights = weights.permute(1, 0, 2).reshape(input_count, HEADS * HIDDEN).contiguous()
        self.joined_biases = biases.reshape(HEADS * HIDDEN)
        self.forms = {}

    def split(self, flat, input_count):
        """The tensors of the three maps: weights as [heads, in, out], biases as [heads, 1, out]."""
        sizes = [HIDDEN * input_count, HIDDEN, HIDDEN * HIDDEN, HIDDEN, HIDDEN]
        first, first_biases, second, second_biases, last = flat.split(sizes, dim=1)
        return [
            first.reshape(HEADS, HIDDEN, input_count).transpose(1, 2).contiguous(), first_biases.unsqueeze(1).clone(),
            second.reshape(HEADS, HIDDEN, HIDDEN).transpose(1, 2).contiguous(), second_biases.unsqueeze(1).clone(),
            last.reshape(HEADS, HIDDEN, 1).clone()]

    def join(self, parameters):
        """The reverse of `split`."""
        return self.torch.cat([part.transpose(1, 2).reshape(HEADS, -1) for part in parameters], dim=1)

    def estimate(self, form, part_size):
        """The rewards of single heads, [heads, responses]; and the mean and the bounds, as an estimate has them."""
        torch = self.torch
        _, _, second, second_biases, last = self.first
        with torch.no_grad():
            parts = []
            for part in self.inputs.split(part_size):
                if form == "addmm":
                    hidden = torch.addmm(self.joined_biases, part, self.joined_weights).relu_()
                    hidden = hidden.view(-1, HEADS, HIDDEN).transpose(0, 1)
                else:
                    hidden = torch.baddbmm(self.first[1], part.expand(HEADS, -1, -1), self.first[0]).relu_()
                hidden = torch.baddbmm(second_biases, hidden, second).relu_()
                parts.append(torch.bmm(hidden, last).squeeze(2))
            rewards = torch.cat(parts, dim=1)
            deviation, mean = torch.std_mean(rewards, dim=0)
            return rewards, mean, mean - deviation, mean + deviation

    def train(self, form, step_count):
        """The parameters after some steps from the first ones."""
        torch = self.torch
        parameters = [part.clone().requires_grad_() for part in self.first]
        count = self.flat.numel()
        optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0, **{form: True})
        responses = self.inputs.shape[0]
        for step in range(step_count):
            rows = (torch.arange(2 * PAIRS) + 2 * PAIRS * step) % responses
            batch = self.inputs[torch.cat([rows[0::2], rows[1::2]])]
            optimiser.param_groups[0]["lr"] = LEARNING_RATE * (1 + math.cos(math.pi * step / step_count)) / 2
            optimiser.zero_grad()
            hidden = torch.baddbmm(parameters[1], batch.expand(HEADS, -1, -1), parameters[0]).relu()
            hidden = torch.baddbmm(parameters[3], hidden, parameters[2]).relu()
            chosen, rejected = torch.bmm(hidden, parameters[4]).squeeze(2).split(PAIRS, dim=1)
            distance = sum((part - first).square().sum() for part, first in zip(parameters, self.first))
            loss = (
                torch.nn.functional.softplus(rejected - chosen).mean() + REGULARISATION * distance / count
                + CENTRE * (chosen + rejected).square().mean())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
        return [part.detach() for part in parameters]

    def try_forms(self, thread_counts):
        """Finds the fastest form of each work for each number of threads."""
        estimates = {
            f"{form} {size}": lambda form=form, size=size: self.estimate(form, size)
            for form in ("baddbmm", "addmm") for size in PART_SIZES}
        steps = {form: lambda form=form: self.train(form, 4) for form in ("fused", "foreach")}
        for threads in thread_counts:
            self.torch.set_num_threads(threads)
            for work, forms in (("estimate", estimates), ("train", steps)):
                self.forms[work, threads] = min(
                    forms, key=lambda name: min(cost_of(forms[name])[0] for _ in range(1 + TRIALS)))
        return {f"{work} {threads}": form for (work, threads), form in self.forms.items()}

    def cost(self, work, threads, step_count):
        self.torch.set_num_threads(threads)
        form = self.forms[work, threads]
        if work == "estimate":
            name, size = form.split()
            return cost_of(lambda: self.estimate(name, int(size)))
        wall, cpu = cost_of(lambda: self.train(form, step_count))
        return wall / step_count, cpu / step_count

    def compare(self, file):
        torch = self.torch
        count = HEADS * self.inputs.shape[0]
        numbers = torch.from_file(file, shared=False, size=count + self.flat.numel(), dtype=torch.float32)
        rewards = self.estimate("baddbmm", 256)[0]
        error = (numbers[:count].reshape(-1, HEADS).T - rewards).abs().max().item()
        if not error <= 1e-5 * max(1, rewards.abs().max().item()):
            raise ValueError(f"rewards differ by {error}")
        weights = self.join(self.train("fused", COMPARED_STEPS))
        error = (numbers[count:].reshape(HEADS, -1) - weights).norm().item()
        move = (weights - self.flat).norm().item()
        # The steps of AdamW begin with the signs of gradients, whatever their size.
        if not error <= 1e-2 * move:
            raise ValueError(f"weights differ by {error}, having moved by {move}")


def cost_of(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def answer(torch, ensembles, request):
    if "open" in request:
        ensemble = Ensemble(torch, request["open"], request["responses"], request["file"])
        ensembles[request["open"]] = ensemble
        return {"version": torch.__version__, "forms": ensemble.try_forms(request["threads"])}
    if "compare" in request:
        ensembles[request["compare"]].compare(request["file"])
        return {}
    work = "estimate" if "estimate" in request else "train"
    wall, cpu = ensembles[request[work]].cost(work, request["threads"], request.get("steps", 1))
    return {"wall": wall, "cpu": cpu}


def main():
    # Nothing here needs numpy, which torch misses.
    warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
    ensembles = {}
    for line in sys.stdin:
        try:
            import torch

            reply = answer(torch, ensembles, json.loads(line))
        except (ImportError, ValueError, RuntimeError) as error:
            reply = {"error": " ".join(str(error).split())}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
