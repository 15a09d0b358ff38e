"""Where the two costly steps after the neighbours run, layout and tree: on this machine's cores, or on a GPU by cuML.

Not here: what is computed before and after them, which is the same on every engine (`projection`, `clustering`).
"""

from explorer.engines.registry import Engine, check_engine, engine_of, engines
