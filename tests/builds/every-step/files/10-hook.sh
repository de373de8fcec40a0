#!/bin/bash
export HOOK_RAN=yes
