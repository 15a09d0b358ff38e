"""The screen: the only place that imports dash.

Not here: what the browser draws (`assets/`), and the answers it shows (`server`).
"""

from explorer.ui.app import create_app
from explorer.ui.imports import import_what_plotly_looks_at
