#!/usr/bin/env bash
# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
