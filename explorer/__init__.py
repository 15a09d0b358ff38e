"""Embedding Explorer: embed, map, cluster, search and report on texts, pictures and sounds.

    import explorer as ex
    run = ex.run(ex.load("reviews.csv"), encoder="minilm")
    ex.neighbors_of(run, 17)
    ex.search(run, "battery")
    ex.write_report(run, "report.html")

Nothing heavy is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.cli import serve
    from explorer.config import ClusterConfig, EmbedConfig, ProjectConfig, RunConfig, Settings
    from explorer.errors import ExplorerError
    from explorer.ingest import load, load_text
    from explorer.kinds import ImageRef, SoundRef
    from explorer.portable import export_dataset, import_dataset
    from explorer.questions import Comparison, axis, columns_of, compare, neighbors_of, search, write_comparison
    from explorer.report import write_report
    from explorer.runs import add_rows, estimate, how_sure, names_by, open_run, run, run_onto, sending_of, use_names
    from explorer.types import (
        Clustering,
        ClusterSummary,
        Dataset,
        Embeddings,
        Hits,
        KnnGraph,
        Projection,
        Run,
    )

_HOME = {
    "load": "ingest",
    "load_text": "ingest",
    "run": "runs",
    "run_onto": "runs",
    "add_rows": "runs",
    "open_run": "runs",
    "estimate": "runs",
    "how_sure": "runs",
    "names_by": "runs",
    "sending_of": "runs",
    "use_names": "runs",
    "export_dataset": "portable",
    "import_dataset": "portable",
    "axis": "questions",
    "Comparison": "questions",
    "compare": "questions",
    "write_comparison": "questions",
    "columns_of": "questions",
    "neighbors_of": "questions",
    "search": "questions",
    "write_report": "report",
    "serve": "cli",
    "ExplorerError": "errors",
    "ImageRef": "kinds",
    "SoundRef": "kinds",
    **dict.fromkeys(("EmbedConfig", "ProjectConfig", "ClusterConfig", "RunConfig", "Settings"), "config"),
    **dict.fromkeys(
        ("Dataset", "Embeddings", "KnnGraph", "Projection", "Clustering", "ClusterSummary", "Hits", "Run"),
        "types",
    ),
}

__all__ = [
    "ClusterConfig",
    "ClusterSummary",
    "Clustering",
    "Comparison",
    "Dataset",
    "EmbedConfig",
    "Embeddings",
    "ExplorerError",
    "Hits",
    "ImageRef",
    "KnnGraph",
    "ProjectConfig",
    "Projection",
    "Run",
    "RunConfig",
    "Settings",
    "SoundRef",
    "add_rows",
    "axis",
    "columns_of",
    "compare",
    "estimate",
    "export_dataset",
    "how_sure",
    "import_dataset",
    "load",
    "load_text",
    "names_by",
    "neighbors_of",
    "open_run",
    "run",
    "run_onto",
    "search",
    "sending_of",
    "serve",
    "use_names",
    "write_comparison",
    "write_report",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'explorer' has no attribute {name!r}")
    return getattr(import_module(f"explorer.{_HOME[name]}"), name)
