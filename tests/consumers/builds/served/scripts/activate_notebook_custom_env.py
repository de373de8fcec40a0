#!/usr/bin/env python
print("stand-in")
