#!/usr/bin/env python
# Spark's mirrors can't be reached in the tests: what is made is where the real script makes it.
import argparse, os, pathlib

arguments = argparse.ArgumentParser()
for name in ["spark-version", "hadoop-version", "scala-version", "spark-download-url"]:
    arguments.add_argument("--" + name, required=True)
arguments.parse_args()
home = pathlib.Path("/usr/local/spark-4.1.0-bin-hadoop3")
for folder in ["jars", "bin", "R/lib", "python"]:
    (home / folder).mkdir(parents=True)
(home / "jars/derby-10.16.1.1.jar").touch()
os.symlink(home, os.environ["SPARK_HOME"])
pathlib.Path("/opt/setup-scripts/pandas-version.txt").write_text("2.2.3\n")
