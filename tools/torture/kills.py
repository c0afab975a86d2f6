"""The kill test: so many kills over all cases, and a table of what came of them."""

import collections
import random

from cases import CASES
from deck import Deck
from fault_server import FaultServer
from killing import Kill

# Other data now and then, for which all stores are made anew.
KILLS_A_DECK = 500
STATES = ("before", "between", "after")


class Tally:
    """What came of the kills of a case."""

    def __init__(self):
        self.moments = collections.Counter()
        self.states = collections.Counter()
        self.kills = self.leftovers = self.problems = 0


def torture(aufdb, kill_at, scratch, options):
    """Kills as often as the options say; prints what is wrong as it is found, and a table. Returns how much is."""
    names = options.case or list(CASES)
    tallies = {name: Tally() for name in names}
    wheres = collections.Counter()
    problems = 0
    server = FaultServer()
    try:
        for name, kill in each_kill(aufdb, kill_at, server, scratch, options, names):
            if kill.run():
                count(tallies[name], kill)
                wheres[kill.where] += 1
            for problem in kill.problems:
                problems += 1
                tallies[name].problems += 1
                print(f"WRONG: {name}: killed at {' '.join(map(str, kill.moment))} ({kill.where}"
                      f"{', with a reader' if kill.has_reader else ''}): {problem}\n"
                      f"       --seed {kill.deck.seed} --case '{name}' --round {kill.number}", flush=True)
            if all_done(tallies, options):
                break
    except KeyboardInterrupt:
        print("stopped; so far:")
    finally:
        server.close()
    print_table(tallies)
    print_wheres(wheres)
    return problems


def all_done(tallies, options):
    return options.round is not None or sum(tally.kills for tally in tallies.values()) >= options.kills


def each_kill(aufdb, kill_at, server, scratch, options, names):
    """Kills without end: each case once, then in turn by their weight."""
    order = [name for name in names for _ in range(CASES[name].weight)]
    if options.round is not None:
        deck = Deck(aufdb, kill_at, server, scratch / "deck", options.seed)
        for name in names:
            yield name, Kill(deck, name, CASES[name], options.round)
        return
    seed = options.seed
    while True:
        deck = Deck(aufdb, kill_at, server, scratch / f"deck-{seed}", seed)
        rounds = collections.Counter()
        choice = random.Random(f"{seed}/order")
        while sum(rounds.values()) < KILLS_A_DECK:
            turn = list(order if rounds else names)
            choice.shuffle(turn)
            for name in turn:
                rounds[name] += 1
                yield name, Kill(deck, name, CASES[name], rounds[name])
        deck.remove()
        seed += 1


def count(tally, kill):
    tally.kills += 1
    tally.moments[kill.moment[2] if kill.moment[0] == "call" else kill.moment[0]] += 1
    tally.states[kill.state] += 1
    tally.leftovers += bool(kill.leftovers)


def print_table(tallies):
    moments = ("before", "torn", "after", "step", "time")
    columns = ["kills", *moments, *(f"left {state}" for state in STATES), "aside", "wrong"]
    print(f"{'command':24}" + "".join(f"{column:>13}" if "left" in column else f"{column:>8}" for column in columns))
    total = Tally()
    for name, tally in [*tallies.items(), ("all", total)]:
        print(f"{name:24}{tally.kills:>8}" + "".join(f"{tally.moments[moment]:>8}" for moment in moments)
              + "".join(f"{tally.states[state]:>13}" for state in STATES)
              + f"{tally.leftovers:>8}{tally.problems:>8}")
        total.kills += tally.kills
        total.leftovers += tally.leftovers
        total.problems += tally.problems
        total.moments += tally.moments
        total.states += tally.states


def print_wheres(wheres):
    """At which calls on which files, the most frequent first."""
    calls = [f"{where} {number}" for where, number in wheres.most_common() if " " in where]
    print("killed at: " + ", ".join(calls[:40]) + (f" and {len(calls) - 40} more" if len(calls) > 40 else ""))
