"""The map: laid out from the graph of neighbours, how faithful it is, and how its places travel.

Not here: clusters and names, which stand on the map but are found elsewhere.
"""

from explorer.projection.coordinates import QUANTUM, bounds, quantised
from explorer.projection.faithful import MIN_ROWS
from explorer.projection.layout import epochs
from explorer.projection.mapneighbors import around_on_map
from explorer.projection.maps import fuzzy_graph, pca_picture, places_of_groups, project, reduce, warm_up
from explorer.projection.placing import place, weights_of
from explorer.projection.turning import laid_on
