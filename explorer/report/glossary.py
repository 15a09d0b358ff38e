"""The technical terms that the page and the report use, each explained in two sentences: in this one table.

Neither says a term bare: a plain phrase stands there, and behind it a “?” that names the term and explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Term:
    """A technical term: what it *means* in two sentences, and which *section* of the report says more.

    *spelt* is a regular expression of how it is written, for what must not be said without an explanation; "" for a
    word that may, since it is an everyday one.
    """

    key: str
    name: str
    means: str
    section: str
    spelt: str


TERMS = (
    Term(
        "umap",
        "UMAP",
        "UMAP is the method that draws the map: it puts each row beside the rows that are nearest to it in meaning. "
        "Who is next to whom means much, distances across the whole map mean little.",
        "making",
        r"\bUMAPs?\b",
    ),
    Term(
        "pca",
        "PCA",
        "Principal component analysis (PCA) shows rows along the directions in which they differ most. "
        "It keeps the coarse picture and loses the finer neighbourhoods.",
        "making",
        r"\bPCA\b|principal component",
    ),
    Term(
        "trustworthiness",
        "trustworthiness",
        "How faithful a map is, its trustworthiness, says how far rows that lie together on it are alike in meaning. "
        "100 % (1) is when all are, about 50 % (0.5) what chance gives; from 88 % on it is good, below 80 % a sketch.",
        "faithful",
        r"trustworth",
    ),
    Term(
        "continuity",
        "continuity",
        "Continuity is the same question from the other side: how far neighbours in truth lie together on the map. "
        "1 is when all do, about 0.5 what chance gives.",
        "faithful",
        r"\bcontinuity",
    ),
    Term(
        "cosine",
        "cosine similarity",
        "Cosine similarity compares two vectors by the angle between them: 1 for none, 0 for nothing in common. "
        "It is how the encoders used here are meant to be compared.",
        "glossary",
        r"\bcosine",
    ),
    Term(
        "euclidean",
        "Euclidean distance",
        "Euclidean distance is how far two vectors are apart in a straight line, as with a ruler; smaller is nearer. "
        "For vectors of one length it orders rows as cosine similarity does.",
        "glossary",
        r"\beuclidean",
    ),
    Term(
        "dot",
        "dot product",
        "The dot product of two vectors is larger the more they point the same way and the longer they are. "
        "For vectors of one length it orders rows as cosine similarity does.",
        "glossary",
        r"\bdot product",
    ),
    Term(
        "hdbscan",
        "HDBSCAN",
        "HDBSCAN finds clusters where rows lie closer together than around them, and needs no number of clusters. "
        "What lies between, or far from all, it leaves in no cluster, which statistics call noise.",
        "making",
        r"\bHDBSCAN",
    ),
    Term(
        "louvain",
        "Louvain method",
        "The Louvain method (its later form is called Leiden) joins rows that have each other among their nearest "
        "neighbours into communities. Every row gets into one, and chance decides less than with other methods.",
        "making",
        r"\bLouvain|\bLeiden",
    ),
    Term(
        "rand",
        "adjusted Rand index",
        "The adjusted Rand index compares two ways of grouping the same rows, pair by pair: are they together in both? "
        "1 means the same groups, 0 as much agreement as chance gives.",
        "making",
        r"\bRand index",
    ),
    Term(
        "tfidf",
        "c-TF-IDF",
        "c-TF-IDF gives a word weight for how often a cluster has it and how seldom the others do. "
        "The words with the most weight are the cluster’s keywords.",
        "glossary",
        r"tf-?idf",
    ),
    Term(
        "noise",
        "noise",
        "Noise is what statistics call rows that belong to no cluster: mixed, rare or unlike the rest. "
        "It is no fault; lower “Smallest cluster” or “Caution” to have less of it.",
        "noise",
        r"(?<!\()\bnoise\b",
    ),
    Term(
        "outlier",
        "local outlier factor",
        "The local outlier factor compares how close a row is to its neighbours with how close these are to theirs. "
        "About 1 is ordinary; the higher, the more a row stands apart.",
        "glossary",
        r"outlier factor",
    ),
    Term(
        "conse",
        "ConSE",
        "ConSE reads a picture as a mixture of the things that a picture recogniser takes it for, and writes that "
        "mixture as a text would be. So words find pictures, though it knows a thousand kinds of thing only.",
        "making",
        r"(?<![(\w“])conse\b",
    ),
    Term(
        "cohesion",
        "cohesion",
        "Cohesion says how alike the rows of a cluster are: their mean similarity to its centre, at most 1. "
        "Low values mean a loose cluster whose name says less of each row.",
        "glossary",
        "",
    ),
    Term(
        "encoder",
        "encoder",
        "An encoder is a model, trained before on very many texts or pictures, that writes what it reads as a vector, "
        "a list of numbers. Which encoder reads decides what the map takes for alike, so another makes another map.",
        "making",
        "",
    ),
    Term(
        "space",
        "nearness in meaning",
        "The encoder writes each row as a list of numbers, a vector; nearness in meaning is how alike two of them are. "
        "It is measured among all their numbers, in the original space, not on the flat map, which cannot keep it all.",
        "glossary",
        "",
    ),
    Term(
        "core",
        "how surely a row is in its cluster",
        "How surely a row is in its cluster is a number from 0 at the cluster’s edge to 1 in its core. "
        "Rows in the core are what the cluster is about; those at the edge may as well belong elsewhere.",
        "glossary",
        "",
    ),
    Term(
        "came_back",
        "coming back",
        "Coming back is a test of clusters: nine in ten rows are clustered again, ten times, and it is counted how "
        "often a group much like this one is found. What seldom comes back is unsure: do not build on it.",
        "making",
        "",
    ),
    Term(
        "taken_in",
        "taking in",
        "Taking in shows a row that is in no cluster with the one that it belongs to most, marked by a ring. "
        "The clusters stay what they are: their names, words and typical rows are of their own rows alone.",
        "noise",
        "",
    ),
)
"""Every term that is explained, in the order of a record's way."""
JOINED = "\u00a0"
"""Keeps a “?” on the line of the word before it."""
BY_KEY = {term.key: term for term in TERMS}
_ALL = re.compile("|".join(term.spelt for term in TERMS if term.spelt), re.IGNORECASE)


def bare(text: str) -> list[str]:
    """Return the technical terms that *text* says without an explanation, as it spells them."""
    return [found[0] for found in _ALL.finditer(text)]


def question(key: str) -> str:
    """Return what the “?” of a term is called."""
    return f"? What is {BY_KEY[key].name}"


def asks(key: str) -> str:
    """Return the “?” of a term, as HTML that needs no script."""
    called = escape(question(key))
    asked = f'<button type="button" class="ask" popovertarget="term-{key}" aria-label="{called}">?</button>'
    return f'<span class="asked">{JOINED}{asked}</span>'


def notes(page: str) -> Iterator[str]:
    """Yield what opens behind the “?” that the HTML of a *page* has, each once."""
    for term in TERMS:
        if f'popovertarget="term-{term.key}"' in page:
            yield (
                f'<div popover id="term-{term.key}" class="term"><p><b>{escape(term.name)}</b></p>'
                f'<p>{escape(term.means)}</p><p><a href="#{term.section}">{_WHERE[term.section]}</a></p></div>'
            )


_WHERE = {
    "making": "How it was made",
    "faithful": "How faithful the map is",
    "noise": "In no cluster",
    "glossary": "Words",
}
"""The sections of the report that terms lead to, and their headings."""


def where(key: str) -> str:
    """Return the heading of the section of the report that a term leads to."""
    return _WHERE[BY_KEY[key].section]
