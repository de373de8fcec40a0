"""R's versions against `compareVersion`."""

import shutil
import subprocess

from common import Questions, skip

if not shutil.which("Rscript"):
    skip("r", "Rscript is not here")

R = """
all <- readLines(file("stdin"))
n <- length(all)
pair <- outer(seq_len(n), seq_len(n), Vectorize(function(i, j) utils::compareVersion(all[i], all[j])))
cat(rowSums(pair > 0), sep = "\\n")
"""
questions = Questions("r", subprocess.run(["Rscript", "--version"], capture_output=True, text=True).stdout.split("(")[0].replace("Rscript (R)", "R").strip() or "R")
random = questions.random

seeds = ["0", "1", "1.0", "1.0.0", "1.0-1", "1.2", "1.2-3", "1.9", "1.10", "2", "4.2.2", "01.2"]
universe = sorted({seed + tail for seed in seeds for tail in ("", ".0", "-0", ".0.0", ".0.1", ".1", "-1", ".10")} | {
    "".join([str(random.randint(0, 3)), *(random.choice(".-") + str(random.randint(0, 11)) for _ in range(random.randint(0, 3)))]) for _ in range(150)
})
told = subprocess.run(["Rscript", "-e", R], input="".join(f"{version}\n" for version in universe), capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
rank = [int(line) for line in told]
questions.order(universe, rank, 20000)
questions.ordered_sets(universe, rank, [version for version in universe if len(version) < 6], ["==", "!=", ">=", "<=", ">", "<"], 0)
# Between `1.0` and `1.0.0` nothing stands; the universe must show what does stand elsewhere.
tight = [(version, place) for version, place in zip(universe, rank) if version in seeds or version.removesuffix(".0") in seeds or version.removesuffix(".0.0") in seeds]
bounds = [version for version, _ in tight if version in seeds and version + ".0" in universe]
questions.ordered_sets(universe, rank, bounds, ["==", "!=", ">=", "<=", ">", "<"], 12000)
questions.finish()
