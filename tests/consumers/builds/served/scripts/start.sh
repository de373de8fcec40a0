#!/bin/bash
# Runs the hooks, and then the command.
set -e
source /usr/local/bin/_docker_stacks_log.sh
source /usr/local/bin/run-hooks.sh /usr/local/bin/start-notebook.d
source /usr/local/bin/run-hooks.sh /usr/local/bin/before-notebook.d
if [ "$#" -eq 0 ]; then set -- bash; fi
exec "$@"
