#!/bin/bash
_log() { if [ -z "${JUPYTER_DOCKER_STACKS_QUIET}" ]; then echo "$@" >&2; fi; }
