"""A run: what it consists of, its stages, and the processes that compute them.

Not here: what one asks of a finished run (`questions`).
"""

from explorer.runs.jobs import ACTIVE, Jobs
from explorer.runs.lifeline import start_tied, tie
from explorer.runs.pipeline import cached_encoder, how_sure, open_run, places_of, run, versions
from explorer.runs.plan import STAGES, Plan, done, facts_of, make_plan, terms_key, timings
from explorer.runs.stored import terms_from
from explorer.runs.threads import one_thread_an_answer
