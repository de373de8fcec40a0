#!/bin/bash
eval "$(conda shell.bash hook)"
