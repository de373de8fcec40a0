#!/bin/bash
export NVIDIA_STAND_IN=yes
