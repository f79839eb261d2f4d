"""How much memory this process has held at most."""

from pathlib import Path


def peak_mb() -> int:
    """Since the process started its program, in MiB; POSIX systems only."""
    status = Path("/proc/self/status")
    if status.is_file():
        # The figure of getrusage would count what the parent held when it started this process.
        return int(status.read_text(encoding="utf-8").split("VmHWM:")[1].split()[0]) // 2**10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20


def held_mb() -> int:
    """What it holds now, from which on `peak_mb` counts anew where the system allows that."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5")
    return peak_mb()
