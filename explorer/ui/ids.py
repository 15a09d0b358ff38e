"""Every component id of the page, and the `data-testid`s that tests may rely on.

It holds names only: what the stores mean is in `stores.py`, what a region does in its panel.
A component's `data-testid` equals its id; repeated things have one of the TESTID_* names.
"""

# --- shared by every panel -------------------------------------------------------------------------------------------
URL = "url"
"""dcc.Location: `/?run=KEY&row=17&k=10&metric=cosine`, the single source of truth for run and focus."""
CHOSEN_DATASET = "chosen-dataset"
"""dcc.Store: the key of the dataset that the settings are about, or None. Upload and library set it."""
LIBRARY_TICK = "library-tick"
"""dcc.Store: a number that grows whenever datasets or runs changed. Whoever changes them bumps it."""
NOTICE = "notice"
"""dcc.Store: {"kind": "error" | "info", "text": ...}; shown as a notification."""

# --- the page's own stores (see stores.py) ---------------------------------------------------------------------------
PLACE = "place"
RUN_KEY = "run-key"
STATUS = "run-status"
POLL = "run-poll"
VIEW = "view"
SHOWN = "shown-run"
COLUMN = "color-column"
NEIGHBORS = "neighbor-marks"
HITS = "hits"
CLUSTER_FOCUS = "cluster-focus"
SELECTION = "selection"
THEME = "theme"
THEME_CHOICE = "theme-choice"
DRAWN = "map-drawn"

# --- shell -----------------------------------------------------------------------------------------------------------
PROVIDER = "mantine"
SHELL = "shell"
SIDE = "side"
FOLDS = "side-folds"
STAGE = "stage"
INSPECTOR = "inspector"
RUN_TITLE = "run-title"
RUN_FACTS = "run-facts"
THEME_TOGGLE = "theme-toggle"
NOTIFICATIONS = "notifications"
START = "start"
START_RUNS = "start-runs"

# --- map -------------------------------------------------------------------------------------------------------------
MAP = "map"
MAP_LAYER = "map-layer"
MAP_PREVIEW = "map-preview"
MAP_LEGEND = "map-legend"
MAP_MODE = "map-mode"
MAP_ZOOM_IN = "map-zoom-in"
MAP_ZOOM_OUT = "map-zoom-out"
MAP_FIT = "map-fit"
COLOR_BY = "color-by"

# --- search ----------------------------------------------------------------------------------------------------------
SEARCH_BOX = "search-box"
SEARCH_IMAGE = "search-image"
SEARCH_CLEAR = "search-clear"
SEARCH_RESULTS = "search-results"
SEARCH_ZONE = "search-zone"
SEARCH_BUSY = "search-busy"

# --- inspector -------------------------------------------------------------------------------------------------------
TABS = "inspector-tabs"
POINT = "point"
POINT_BACK = "point-back"
POINT_FORWARD = "point-forward"
POINT_K = "point-k"
POINT_METRIC = "point-metric"
POINT_NEIGHBORS = "point-neighbors"
POINT_CONTROLS = "point-controls"

# --- clusters, selection, export -------------------------------------------------------------------------------------
CLUSTERS = "clusters"
CLUSTER_DETAIL = "cluster-detail"
SELECTION_PANEL = "selection-panel"
SELECTION_CLEAR = "selection-clear"
EXPORT = "export"
REJECTED = "rejected"
REJECTED_LIST = "rejected-list"
REJECTED_OPEN = "rejected-open"
"""dcc.Store: {"dataset": key, "n": count}; opens the list of what could not be read."""

# --- settings and progress -------------------------------------------------------------------------------------------
SETTINGS_ABOUT = "settings-about"
SETTINGS_FORM = "settings-form"
SET_ENCODER = "set-encoder"
SET_ENCODER_NAME = "set-encoder-name"
SET_ENCODER_HINT = "set-encoder-hint"
SET_DEVICE = "set-device"
SET_N_NEIGHBORS = "set-n-neighbors"
SET_MIN_DIST = "set-min-dist"
SET_METRIC = "set-metric"
SET_SEED_ON = "set-seed-on"
SET_SEED = "set-seed"
SET_MIN_CLUSTER_SIZE = "set-min-cluster-size"
SET_MIN_SAMPLES = "set-min-samples"
SET_SPACE = "set-space"
SETTINGS_RESET = "settings-reset"
EXPLORE = "explore"
PROGRESS = "progress"
PROGRESS_CANCEL = "progress-cancel"
PROGRESS_RESUME = "progress-resume"

# --- data-testids of things that come many times ---------------------------------------------------------------------
TESTID_CARD = "item-card"
TESTID_NEIGHBOR = "neighbor-card"
TESTID_HIT = "hit-card"
TESTID_CLUSTER = "cluster-row"
TESTID_STAGE = "stage-row"
