#!/usr/bin/env python
# Julia's own servers can't be reached in the tests: what is made is where the real script makes it.
import os, pathlib

program = pathlib.Path("/opt/julia-1.12.0/bin/julia")
program.parent.mkdir(parents=True)
program.write_text('#!/bin/sh\necho "stand-in: julia $*" >&2\nif [ "$1" = --version ]; then echo "julia version 1.12.0"; fi\n')
program.chmod(0o755)
os.symlink(program, "/usr/local/bin/julia")
depot = pathlib.Path(os.environ["JULIA_PKGDIR"])
depot.mkdir()
os.chown(depot, int(os.environ["NB_UID"]), int(os.environ["NB_GID"]))
