#!/usr/bin/env python
# Asks the server that runs here, by what it wrote about itself.
import json, os, pathlib, subprocess, urllib.request

runtime = subprocess.check_output(["jupyter", "--runtime-dir"], text=True).strip()
file = max(pathlib.Path(runtime).glob("*server-*.json"), key=os.path.getmtime)
url = json.loads(file.read_text())["url"].replace("0.0.0.0", "127.0.0.1")
print(urllib.request.urlopen(url + "api", timeout=5).read())
