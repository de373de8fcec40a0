#!/usr/bin/env python
import os, sys

command = ["jupyter", os.environ.get("DOCKER_STACKS_JUPYTER_CMD", "lab")] + sys.argv[1:]
os.execvp("/usr/local/bin/start.sh", ["start.sh", *command])
