"""What the generators share: a list of questions with the answers of the reference, put to `answer.rs`.

A universe is a list of versions that stand close to the bounds; the reference says of each bound which of them belong to it, as
the bits of a number. What a constraint of many bounds holds is then arithmetic on bits, and a set is empty if no bit is left.
"""

import os
import random
import subprocess
import sys

SHOWN = 20


def full(sample, whole):
    """How many cases: a sample, or with JENVC_ALL=1 all."""
    return whole if os.environ.get("JENVC_ALL") == "1" else sample


class Questions:
    """Questions about one scheme, each with the answer that the reference gives."""

    def __init__(self, scheme, reference):
        self.scheme = scheme
        self.reference = reference
        self.random = random.Random(f"jenvc {scheme} {os.environ.get('SEED', '1')}")
        self.asked = []
        self.seen = set()

    def ask(self, verb, *fields, expect):
        """Adds a question once."""
        line = "\t".join([verb, self.scheme, *fields])
        if line not in self.seen:
            self.seen.add(line)
            self.asked.append((line, str(expect)))

    def finish(self):
        """Puts the questions, prints where the answers differ, and leaves with a status."""
        given = subprocess.run(
            [os.environ["ANSWER"]], input="".join(f"{line}\n" for line, _ in self.asked), text=True, stdout=subprocess.PIPE, check=True
        ).stdout.split("\n")[:-1]
        if len(given) != len(self.asked):
            sys.exit(f"{self.scheme}: {len(self.asked)} questions, {len(given)} answers")
        wrong = [(line, expected, answer) for (line, expected), answer in zip(self.asked, given) if expected != answer]
        kinds = {}
        for line, _ in self.asked:
            verb = line.split("\t")[0]
            kinds[verb] = kinds.get(verb, 0) + 1
        counted = ", ".join(f"{count} {verb}" for verb, count in sorted(kinds.items()))
        print(f"{self.scheme} against {self.reference}: {counted}: {len(wrong)} disagreements")
        for line, expected, answer in wrong[:SHOWN]:
            pasted = line.replace("\t", "\\t").replace("'", "'\\''")
            print(f"  printf '{pasted}\\n' | cargo run -q --example versions-answer  # {answer!r}, the reference says {expected!r}")
        sys.exit(1 if wrong else 0)

    def constraint(self, masks, alternatives=2, bounds=3):
        """A constraint of random bounds, as text and as bits."""
        texts, union = [], 0
        for _ in range(self.random.choice([1] * 3 + list(range(1, alternatives + 1)))):
            chosen = [self.random.choice(masks) for _ in range(self.random.randint(1, bounds))]
            bits = -1
            for _, mask in chosen:
                bits &= mask
            texts.append(", ".join(text for text, _ in chosen))
            union |= bits
        return " | ".join(texts), union

    def sets(self, masks, universe, count, alternatives=2, members=True, bounds=3):
        """Questions on emptiness, inclusion and membership of random constraints.

        `masks` are pairs of a bound as text and the bits of the versions of `universe` that belong to it.
        """
        for _ in range(count):
            left, left_bits = self.constraint(masks, alternatives, bounds)
            right, right_bits = self.constraint(masks, alternatives, bounds)
            self.ask("dis", left, right, expect=int(left_bits & right_bits == 0))
            self.ask("sub", left, right, expect=int(left_bits & ~right_bits == 0))
            if members:
                place = self.random.randrange(len(universe))
                self.ask("in", left, universe[place], expect=left_bits >> place & 1)
        # Pairs of single bounds are where most conflicts are.
        for _ in range(count):
            (left, left_bits), (right, right_bits) = self.random.choice(masks), self.random.choice(masks)
            self.ask("dis", left, right, expect=int(left_bits & right_bits == 0))
            self.ask("sub", left, right, expect=int(left_bits & ~right_bits == 0))
            if members:
                place = self.random.randrange(len(universe))
                self.ask("in", left, universe[place], expect=left_bits >> place & 1)

    def ordered_sets(self, universe, ranks, bounds, ops, count):
        """`sets` for a scheme whose bounds are comparisons and no more; `ranks` are the places of the versions in its order."""
        place = dict(zip(universe, ranks))
        holds = {
            "==": lambda one, other: one == other,
            "!=": lambda one, other: one != other,
            ">=": lambda one, other: one >= other,
            "<=": lambda one, other: one <= other,
            ">": lambda one, other: one > other,
            "<": lambda one, other: one < other,
        }
        masks = []
        for version in bounds:
            for op in ops:
                masks.append((op + version, bits(holds[op](rank, place[version]) for rank in ranks)))
        self.sets(masks, universe, count)

    def order(self, universe, ranks, count):
        """Questions on the order of random pairs."""
        for _ in range(count):
            left, right = self.random.randrange(len(universe)), self.random.randrange(len(universe))
            # Neighbours are harder than strangers.
            if self.random.random() < 0.5:
                near = sorted(range(len(universe)), key=lambda at: ranks[at]) if not hasattr(self, "near") else self.near
                self.near = near
                spot = self.random.randrange(len(near) - 1)
                left, right = near[spot], near[min(len(near) - 1, spot + self.random.randint(1, 3))]
            self.ask("cmp", universe[left], universe[right], expect=sign(ranks[left], ranks[right]))


def bits(answers):
    """A number whose bits are the answers, the first one lowest."""
    return int("".join("1" if answer else "0" for answer in reversed(list(answers))) or "0", 2)


def sign(left, right):
    """`<`, `=` or `>`."""
    return "<" if left < right else "=" if left == right else ">"


def ranks_of(universe, compare):
    """The place of each version in the order that `compare` gives; equal ones share a place."""
    import functools

    order = sorted(universe, key=functools.cmp_to_key(compare))
    places, place = {}, 0
    for before, version in zip([None, *order], order):
        place += before is not None and compare(before, version) != 0
        places[version] = place
    return [places[version] for version in universe]


def skip(scheme, reason):
    """Leaves with the status that `run.sh` counts as skipped."""
    print(f"{scheme}: skipped, {reason}")
    sys.exit(77)
