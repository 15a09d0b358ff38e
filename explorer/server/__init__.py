"""The verbs that the page and the REST routes share, and what guards them; routes are in `api`.

Not here: the page (`ui`), and what starts the server (`cli`).
"""

from explorer.server.crowd import ANSWERS, FILES, PREVIEWS, READINGS, Lane
from explorer.server.datasets import LOOKED_AT, PREVIEW_ROWS, describe, set_reading
from explorer.server.doctor import checkup
from explorer.server.edge import BoundedBodies, again, problem
from explorer.server.guard import SameOrigin
from explorer.server.makers import name_maker
from explorer.server.missing import lacks_model, start_here
from explorer.server.reading import check_rows
from explorer.server.runs import parse_settings
from explorer.server.services import Services, open_services
from explorer.server.undoing import DATASET, RUN
from explorer.server.unsaid import without_places
