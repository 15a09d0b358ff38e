"""Encoders, one family a file, and their registry: items of a kind to vectors of unit length.

Not here: which rows are encoded when, and what is kept of them (`embedding`).
"""

from explorer.encoders.family import EncoderSpec, Family, OneEncoder, check_family
from explorer.encoders.folders import check_folder
from explorer.encoders.foreign import MULTILINGUAL, foreign, illegible, languages_said, taken_for
from explorer.encoders.given import OWN_VECTORS
from explorer.encoders.hardware import devices, pick_device
from explorer.encoders.imagenet import class_names, general_terms
from explorer.encoders.prompts import queries
from explorer.encoders.registry import (
    added,
    better_reader,
    canonical,
    default_encoder,
    fingerprint,
    is_here,
    is_pattern,
    list_encoders,
    load_encoder,
    modalities_of,
    readers_of,
    unread,
    unread_shares,
    weights_found,
)
from explorer.encoders.weights import hub_cache
