"""What a cluster is called, which words and rows stand for it, where its name stands and which colour it has.

Not here: which rows form a cluster (`clustering`), and the pages that show it (`ui`, `report`).
"""

from explorer.description.carrying import Named, carried, kept_names
from explorer.description.enrich import enrich
from explorer.description.keptcolors import colors_after
from explorer.description.keywords import KeywordIndex
from explorer.description.levels import name_groups
from explorer.description.meanings import Meanings
from explorer.description.naming import Namer, told_beside
from explorer.description.palette import MOST as MOST_COLORS
from explorer.description.palette import NOISE_COLOR, Place, chosen_colors, cluster_colors, colors_by_place
from explorer.description.places import anchors_of, reach_of
from explorer.description.prompting import MOST_CHARACTERS, MOST_ITEMS, PROMPT, Asking, Material, messages, tokens_of
from explorer.description.replies import MOST_NAME, MOST_SENTENCE, plain_line, read_reply
from explorer.description.summaries import describe
from explorer.description.terms import TermCounts, count_terms
from explorer.description.vocabulary import Vocabulary, load_vocabulary
from explorer.description.words import stop_words
