"""Arrays in, arrays out: every operation, and its gradient beside it."""

import importlib
import pkgutil


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    for m in pkgutil.iter_modules(__path__):
        if m.name.endswith("_loops") or m.name in ("conv_direct",):
            continue
        mod = importlib.import_module(f"{__name__}.{m.name}")
        if name in getattr(mod, "__all__", ()):
            return getattr(mod, name)
    raise AttributeError(name)
