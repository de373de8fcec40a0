"""Debian's versions against dpkg: its Perl module in one process for all pairs, and `dpkg --compare-versions` for a sample."""

import shutil
import subprocess

from common import Questions, skip

PERL = r"""
use Dpkg::Version;
my @all = map { chomp; Dpkg::Version->new($_, check => 0) } <STDIN>;
my @order = sort { $all[$a] <=> $all[$b] } 0 .. $#all;
my ($place, @rank) = (0);
for my $i (0 .. $#order) {
    $place++ if $i && ($all[$order[$i - 1]] <=> $all[$order[$i]]) != 0;
    $rank[$order[$i]] = $place;
}
for my $i (0 .. $#all) { print $rank[$i], " ", ((version_check($all[$i]))[0] ? 1 : 0), "\n"; }
"""
if not shutil.which("dpkg") or subprocess.run(["perl", "-MDpkg::Version", "-e", "1"], stderr=subprocess.DEVNULL).returncode:
    skip("debian", "dpkg and its Perl module (libdpkg-perl) are not here")

questions = Questions("debian", subprocess.run(["dpkg", "--version"], capture_output=True, text=True).stdout.split("version ")[1].split()[0].join(["dpkg ", ""]))
random = questions.random


def near(version):
    """Versions that stand close to one."""
    tails = ["", "~", "~~", "~a", "a", "a0", "+", "+b1", "~~~", "a~", ".", ".0", ".~", "0", "-0", "-0~", "-1", "-1~bpo12+1", "-1a", "-1.1", "-a", "-a0"]
    return [version + tail for tail in tails]


seeds = ["0", "1", "1.0", "1.0~rc1", "1.0+dfsg", "1.0-1", "1.0-1ubuntu1~22.04", "1.0-1ubuntu1", "1.1", "1.2", "1.2.3", "1.10", "2", "1:0", "1:1.0-1", "2.36-9+deb12u14", "1.0a", "1.0.a", "1.0-a", "01.0", "1.00"]
universe = sorted({spelled for seed in seeds for spelled in near(seed)})
for _ in range(3000):
    text = "".join(random.choice(["0", "1", "2", "10", "a", "b", "Z", "~", "+", ".", "-", ":"]) for _ in range(random.randint(1, 7)))
    universe.append(random.choice(["0", "1", "1.0", ""]) + text)
bounds = random.sample(universe, 80) + seeds
universe = sorted(set(universe) | {spelled for bound in bounds for spelled in near(bound)} | {"0~~~~", "99", "99:99"})
told = subprocess.run(["perl", "-e", PERL], input="".join(f"{version}\n" for version in universe), capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
rank, valid = zip(*(map(int, line.split()) for line in told))
# The module takes colons that are no end of an epoch; dpkg itself does not.
valid = [right and (":" not in version or subprocess.run(["dpkg", "--validate-version", version], stderr=subprocess.DEVNULL).returncode == 0) for version, right in zip(universe, valid)]
valid = [int(right) for right in valid]
for version, right in zip(universe, valid):
    questions.ask("ok", version, expect=right)
ranked = [(version, place) for version, place, right in zip(universe, rank, valid) if right]
universe, rank = [version for version, _ in ranked], [place for _, place in ranked]
questions.order(universe, rank, 30000)

signs = {"lt": "<", "eq": "=", "gt": ">"}
for _ in range(400):
    left, right = random.choice(universe), random.choice(universe)
    said = next(signs[op] for op in signs if subprocess.run(["dpkg", "--compare-versions", left, op, right]).returncode == 0)
    questions.ask("cmp", left, right, expect=said)

bounds = [version for version in bounds if version in universe]
questions.ordered_sets(universe, rank, bounds, ["==", ">=", "<=", ">", "<"], 12000)
questions.finish()
