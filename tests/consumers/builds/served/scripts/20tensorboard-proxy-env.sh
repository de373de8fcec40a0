#!/bin/bash
export TENSORBOARD_PROXY_URL="/proxy/%PORT%/"
