#!/usr/bin/env python
import os, sys

command = ["jupyterhub-singleuser"] + sys.argv[1:]
os.execvp("/usr/local/bin/start.sh", ["start.sh", *command])
