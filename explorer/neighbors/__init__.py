"""The graph of nearest neighbours and exact look-ups in the original space; duplicates and outliers read from it.

Not here: nearness on the map (`projection`) and the words around a click (`questions`).
"""

from explorer.neighbors.codes import CODED_FROM, codes_of, prepare_codes
from explorer.neighbors.duplicates import near_duplicates
from explorer.neighbors.exact import ExactIndex, similarities
from explorer.neighbors.graph import build_graph, nearest_to, neighbors_of_row, warm_up
from explorer.neighbors.outliers import SCORE_K, local_density, local_outlier_factor
from explorer.neighbors.registry import IndexFamily, added, check_index_family, list_indexes, make_index
