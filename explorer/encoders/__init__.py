"""Encoders, one family a file, and their registry: items of a kind to vectors of unit length.

Not here: which rows are encoded when, and what is kept of them (`embedding`).
"""

from explorer.encoders.configured import FILE, Configured, named_encoders, use_workspace
from explorer.encoders.family import EncoderSpec, Family, OneEncoder, check_family
from explorer.encoders.folders import check_folder
from explorer.encoders.foreign import MULTILINGUAL, foreign, illegible, languages_said, taken_for
from explorer.encoders.given import OWN_VECTORS
from explorer.encoders.hardware import devices, pick_device, same_but_engine
from explorer.encoders.imagenet import class_names, general_terms
from explorer.encoders.listing import facts
from explorer.encoders.parts import Streams, query_vectors, tokens_in
from explorer.encoders.registry import (
    added,
    address_of,
    bare,
    better_reader,
    canonical,
    default_encoder,
    family_of,
    fingerprint,
    is_here,
    is_pattern,
    list_encoders,
    load_encoder,
    modalities_of,
    readers_of,
    runs_code,
    sends_to,
    unread,
    unread_shares,
    weights_found,
    word_pieces,
)
from explorer.encoders.remote import allowed_addresses
from explorer.encoders.transport import CONNECT_SECONDS, base_of, bounded, checked_key, later, waits
from explorer.encoders.weights import hub_cache
