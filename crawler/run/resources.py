"""Resources of this machine that a crawl needs: open files and memory, checked before it starts."""

from __future__ import annotations

import resource

from archive.errors import MachineError

FILES = 128  # connections, the archive and its files, children; a crawl of both sites opened some 45
MEMORY = 1 << 30  # bytes of address space; a crawl of both sites took some 500 MB


def check_resources() -> None:
    """Raise the limit of open files as far as is allowed; raises MachineError where limits are too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _is_less(soft, FILES):
        if _is_less(hard, FILES):
            raise MachineError(f"at most {hard} open files are allowed and {FILES} are needed (ulimit -n)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    space, _ = resource.getrlimit(resource.RLIMIT_AS)
    if _is_less(space, MEMORY):
        raise MachineError(
            f"{space >> 20} MB of address space are allowed and {MEMORY >> 20} are needed (ulimit -v)"
        )


def _is_less(limit: int, needed: int) -> bool:
    return limit != resource.RLIM_INFINITY and limit < needed
