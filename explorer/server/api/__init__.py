"""The REST routes under /api/v1, one group of routes a file.

Routes decide nothing: they parse, ask `services` and answer.
"""

from explorer.server.api.routes import mount
