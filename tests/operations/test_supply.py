"""No module reaches the network when it is imported."""

from __future__ import annotations

import subprocess
import sys

IMPORT_ALL = """
import importlib, pkgutil, sys

def refuse(event, values):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        raise SystemExit(f"{event} {values} while {name} was imported")

sys.addaudithook(refuse)
count = 0
for package in ("archive", "pipelines", "crawler", "briefing"):
    name = package
    top = importlib.import_module(package)
    for module in pkgutil.walk_packages(top.__path__, f"{package}."):
        name = module.name
        importlib.import_module(name)
        count += 1
print(count)
"""


def test_no_module_reaches_the_network_when_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 150
