"""A run: what it consists of, its stages, and the processes that compute them.

Not here: what one asks of a finished run (`questions`).
"""

from explorer.runs.colored import colors_of_cut
from explorer.runs.endpoint import Endpoint
from explorer.runs.estimating import Estimate, estimate, speed_of
from explorer.runs.facts import facts_of, vocabulary_words
from explorer.runs.jobs import ACTIVE, Jobs
from explorer.runs.lifeline import start_tied, tie
from explorer.runs.named import names_by, use_names
from explorer.runs.naming import key_in_environment, requests_of
from explorer.runs.onto import plan_onto, run_onto
from explorer.runs.pipeline import cached_encoder, how_sure, namer_of, open_run, outcome_of, places_of, run, versions
from explorer.runs.placed import placed_rows
from explorer.runs.plan import STAGES, Plan, done, make_plan, plan_of, terms_key, timings
from explorer.runs.queryvectors import QueryVectors
from explorer.runs.recutting import names_beside, plan_recut, recut_key
from explorer.runs.remembering import remembering
from explorer.runs.revising import add_rows, make_sample, make_version
from explorer.runs.sending import Sending, agree, asks_first, check_agreed, is_agreed, not_agreed, sending_of
from explorer.runs.stored import levels_from, summary_from, terms_from
from explorer.runs.threads import one_thread_an_answer
from explorer.runs.titled import titles_of, titles_told
