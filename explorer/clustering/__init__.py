"""Clusters: the tree of a run, or its communities, and all that is cut from it – labels, levels, memberships, sweeps.

Not here: what a cluster is called or what is in it (`description`).
"""

from explorer.clustering.communities import Ladder, cluster_by_communities, communities
from explorer.clustering.joining import join
from explorer.clustering.kinship import Kinship, kinship
from explorer.clustering.labels import cluster, in_one_place, linkage_tree, warm_up
from explorer.clustering.likeness import distances_among
from explorer.clustering.linkage import single_linkage
from explorer.clustering.membership import percent_of, take_in
from explorer.clustering.repeats import agree_communities, agree_density, repeat_communities, repeat_density
from explorer.clustering.stability import (
    adjusted_rand,
    cuts_of_ladder,
    cuts_of_tree,
    joins_of_tree,
    settings_for,
    told_details,
    told_joins,
    told_sizes,
)
