"""Says what a run of a dataset consists of: the keys of its stage results, known before anything is computed.

It computes no stage and opens no dataset.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.config import (
    COMMUNITIES,
    CPU_ENGINE,
    DRAFT_FIRST,
    DRAFT_ONLY,
    NO_DRAFT,
    ClusterConfig,
    ProjectConfig,
    RunConfig,
)
from explorer.engines import check_engine
from explorer.errors import BadSetting
from explorer.runs.facts import (
    Facts,
    check_drafts,
    check_maker,
    encoder_for,
    fingerprint_of,
    fingerprint_of_maker,
    vocabulary_words,
    words_for,
)
from explorer.types import digest
from explorer.workspace import Workspace

STAGES = ("embed", "neighbors", "project", "cluster", "describe")
STAGE_VERSION = {"embed": 1, "neighbors": 5, "project": 5, "reduce": 4, "linkage": 3, "communities": 1}
STAGE_VERSION |= {"cluster": 6, "describe": 23, "sureness": 2}
STAGE_VERSION |= {"draft": 1, "base": 1, "placed": 1, "joined": 2, "checked": 1}
"""The last four are of runs whose new rows stand on a map that was there, see `onto`."""
PARTS = {
    "embed": ("checked", "embed", "words"),
    "project": ("project", "reduce"),
    "cluster": ("linkage", "communities", "cluster"),
}
"""The results that a stage leaves, where they are several; a plan has those of them that its settings need."""
STABILITY_VERSION = 4
AGREEMENT_VERSION = 1
TERMS_VERSION = 15
PHRASES_VERSION = 1
GRAPH_K = 16
"""Neighbours kept for every row, itself included; more when UMAP looks at more."""
CLUSTER_DIMS = 5


AS_PLACED = (
    "this map keeps the clusters of the one that rows were added to. Lay the data out anew to have finer or coarser "
    "ones, or to see how sure they are."
)


@dataclass(frozen=True)
class Plan:
    """The keys of a run and of each of its stage results; *config* has no open setting."""

    run: str
    dataset: str
    config: RunConfig
    fingerprint: str
    keys: Mapping[str, str]
    readings: Mapping[str, str] = field(default_factory=dict)
    """How columns were read that somebody had set when the run was asked for: statements on clusters go by it."""
    names_from: tuple[str, ...] = ()
    """The runs whose names clusters with the same rows keep."""
    made_by: str = ""
    """The fingerprint of the encoder that is named as the one that made vectors which came with the data."""
    whole: str = ""
    """Of a draft, the key of the encoder's vectors: those of its sample are a part of them, whoever asks for all."""
    draft: Plan | None = None
    """The run that is made first, from whose places the map is laid out."""

    @property
    def is_draft(self) -> bool:
        """Whether its vectors are drafts, which nobody may take for the encoder's."""
        return bool(self.whole)

    @property
    def vectors_by(self) -> str:
        """The fingerprint that its vectors are kept under: by it they are found again, a draft's as nothing else."""
        return f"draft:{self.fingerprint}" if self.is_draft else self.fingerprint

    @property
    def asked(self) -> str:
        """The fingerprint of the encoder that words are encoded by."""
        return self.made_by or self.fingerprint

    @property
    def graph_k(self) -> int:
        """Number of neighbours in the graph, the row itself included."""
        return max(GRAPH_K, int(self.config.project.n_neighbors or 0))

    @property
    def stability(self) -> str:
        """The key of the sweep over coarser and finer clusters, computed when it is first asked for; "" for none.

        It depends on the tree alone, HDBSCAN's or that of communities: runs that differ in how coarse they are share
        it.
        """
        tree = self.keys.get("linkage") or self.keys.get("communities")
        return digest("stability", STABILITY_VERSION, tree) if tree else ""

    @property
    def agreement(self) -> str:
        """The key of how much repeats agree with each setting of the sweep, computed when it is first asked for."""
        return digest("agreement", AGREEMENT_VERSION, self.stability, self.config.project.seed)

    @property
    def is_placed(self) -> bool:
        """Whether new rows stand on a map that was there: it has its clusters, and no tree to cut others from."""
        return "base" in self.keys

    def check_cut(self) -> None:
        """Raise BadSetting for a run whose clusters cannot be cut anew."""
        if self.is_placed:
            raise BadSetting(AS_PLACED)

    @property
    def coarseness(self) -> str:
        """The name of the setting that says how many clusters there are."""
        return "detail" if self.config.cluster.method == COMMUNITIES else "min_cluster_size"

    @property
    def sureness(self) -> str:
        """The key of how often the clusters come back in repeats, computed when it is first asked for."""
        return digest("sureness", STAGE_VERSION["sureness"], self.keys["cluster"])

    @property
    def space(self) -> str:
        """The key of the map in three dimensions, made when it is first asked for: that of a run with dims 3."""
        return self.in_space().keys["project"]

    def recut(self, at: int, *, usual: int | None = None) -> Plan:
        """Return the plan of the run with more or fewer clusters; it shares all that clusters are cut from.

        *at* is a smallest cluster or a detail; below zero it is into how many groups the clusters of at least *usual*
        rows are joined.  The same as `make_plan` with that setting, unless the encoder or a stage has changed since:
        what the run has stays.  Raises BadSetting.
        """
        self.check_cut()
        changed: dict[str, Any] = {self.coarseness: at, "groups": None}
        if at < 0:
            changed = {"min_cluster_size": usual, "groups": -at}
        clusters = dataclasses.replace(self.config.cluster, **changed)
        config = dataclasses.replace(self.config, cluster=clusters)
        config.check()
        tree = self.keys.get("linkage") or self.keys["communities"]
        words = vocabulary_words(config.embed.encoder) if "words" in self.keys else ()
        told = (*words, *((self.made_by,) if self.made_by else ()))
        keys = {**self.keys, **_cut_keys(tree, clusters, self.dataset, self.keys["embed"], told, self.readings)}
        run = digest("run", self.dataset, config, *keys.values())
        return dataclasses.replace(self, run=run, config=config, keys=keys, names_from=())

    def named_after(self, others: Sequence[Plan]) -> Plan:
        """Return the plan of the same run, whose clusters keep the names that they have in *others*, the first first.

        It has the key of the run without them: names do not make another run.
        """
        if not others:
            return self
        known = [(other.keys["cluster"], other.keys["describe"]) for other in others]
        keys = {**self.keys, "describe": digest("named after", self.keys["describe"], known)}
        return dataclasses.replace(self, keys=keys, names_from=tuple(other.run for other in others))

    def in_space(self) -> Plan:
        """Return what of the plan the map in three dimensions takes, as a plan whose stage `project` makes it."""
        deep = dataclasses.replace(self.config.project, dims=3)
        graph = self.keys["neighbors"]
        keys = {"embed": self.keys["embed"], "neighbors": graph, "project": _projected(graph, deep)}
        config = dataclasses.replace(self.config, project=deep)
        return dataclasses.replace(self, config=config, keys=keys, draft=None)  # a flat one: it begins with none

    @property
    def terms(self) -> str:
        """The key of the words counted in the dataset's texts, which `describe` leaves; all its runs share it."""
        return terms_key(self.dataset)

    @property
    def phrases(self) -> str:
        """The key of the vectors of the phrases that clusters may be named by; runs with one encoder share it."""
        return digest("phrases", PHRASES_VERSION, self.terms, self.vectors_by if self.is_draft else self.asked)

    def results(self) -> list[str]:
        """Return the folder names of the results."""
        asked = [f"project-{self.space}"]
        if self.stability:
            asked += [f"stability-{self.stability}", f"agreement-{self.agreement}"]
        sample = [f"embed-{self.whole}"] if self.is_draft else []
        shared = [*sample, f"terms-{self.terms}", f"phrases-{self.phrases}", f"codes-{self.keys['embed']}"]
        asked.append(f"sureness-{self.sureness}")
        return [*(f"{stage}-{key}" for stage, key in self.keys.items()), *shared, *asked]

    def to_json(self) -> dict[str, Any]:
        """Return plain values that `from_json` reads."""
        return {
            "run": self.run,
            "dataset": self.dataset,
            "settings": self.config.flat(),
            "fingerprint": self.fingerprint,
            "keys": dict(self.keys),
            **({"readings": dict(self.readings)} if self.readings else {}),
            **({"names_from": list(self.names_from)} if self.names_from else {}),
            **({"made_by": self.made_by} if self.made_by else {}),
            **({"whole": self.whole} if self.whole else {}),
            **({"draft": self.draft.to_json()} if self.draft else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Plan:
        """Return the plan that `to_json` wrote."""
        config = RunConfig.from_flat(value["settings"])
        readings, names_from = value.get("readings", {}), tuple(value.get("names_from", ()))
        parts = (value["run"], value["dataset"], config, value["fingerprint"], value["keys"])
        draft = cls.from_json(value["draft"]) if "draft" in value else None
        return cls(*parts, readings, names_from, value.get("made_by", ""), value.get("whole", ""), draft)


def make_plan(dataset: Facts, config: RunConfig) -> Plan:
    """Return what a run of a dataset with *config* will consist of.

    Raises UnknownEncoder, WrongModality and BadSetting before anything is computed.
    """

    config.check()
    check_engine(config.project.engine)
    kinds = dataset.kinds
    encoder = encoder_for(config.embed.encoder, kinds, own=bool(dataset.given), languages=dataset.languages)
    check_maker(encoder, dataset.dim)
    if config.embed.draft != NO_DRAFT:
        check_drafts(encoder, kinds)
    config = config.resolved(dataset.rows, encoder=encoder)
    made, words = fingerprint_of(encoder, dataset), words_for(encoder, kinds)
    return plan_of(dataset, config, made, words, made_by=fingerprint_of_maker(encoder))


def plan_of(
    dataset: Facts,
    config: RunConfig,
    fingerprint: str,
    words: tuple[str, ...] | None = None,
    *,
    made_by: str = "",
) -> Plan:
    """Return the plan of a run whose *config* has no open setting, by an encoder of which only this much is known.

    *words* are those that its pictures are described with; None where its items have words of their own.  *made_by* is
    the fingerprint of the encoder that made vectors which came with the data, where it is named: it changes what the
    clusters are called, and not the map.
    """
    version = STAGE_VERSION
    embedded = digest("embed", version["embed"], dataset.items_key, fingerprint)
    whole, draft = "", None
    if config.embed.draft == DRAFT_ONLY:
        whole, embedded = embedded, digest("draft", version["draft"], embedded)
    elif config.embed.draft == DRAFT_FIRST:
        only = dataclasses.replace(config, embed=dataclasses.replace(config.embed, draft=DRAFT_ONLY))
        draft = plan_of(dataset, only, fingerprint, words, made_by=made_by)
    graph_k = max(GRAPH_K, int(config.project.n_neighbors or 0))
    graph = digest("neighbors", version["neighbors"], embedded, graph_k, config.project.metric)
    projected = _projected(graph, config.project)
    if draft is not None:
        projected = digest("from a draft", projected, draft.keys["project"])
    tree = _tree_keys(graph, projected, config)
    told = (*(words or ()), *((made_by,) if made_by else ()))
    cut = _cut_keys(next(iter(tree.values())), config.cluster, dataset.key, embedded, told, dataset.readings)
    keys = {"embed": embedded, "neighbors": graph, "project": projected}
    cut_from = next(iter(tree))
    keys |= {cut_from: tree.pop(cut_from), **cut, **tree}
    if words is not None:
        keys["words"] = digest("words", made_by or fingerprint, words)
    if made_by:
        keys["checked"] = digest("checked", version["checked"], embedded, made_by)
    run = digest("run", dataset.key, config, *keys.values())
    kept = (dataset.key, config, fingerprint, keys, dataset.readings)
    return Plan(run, *kept, made_by=made_by, whole=whole, draft=draft)


def _cut_keys(
    tree: str,
    config: ClusterConfig,
    dataset: str,
    embedded: str,
    words: tuple[str, ...],
    readings: Mapping[str, str],
) -> dict[str, str]:
    """Return the keys of clusters cut from a tree, and of what describes them."""
    clustered = digest("cluster", STAGE_VERSION["cluster"], tree, config)
    return {
        "cluster": clustered,
        "describe": digest(
            "describe", STAGE_VERSION["describe"], dataset, embedded, clustered, words, *told_of(readings)
        ),
    }


def told_of(readings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what a key says of how columns are read; nothing where nobody set it."""
    return tuple(sorted(readings.items()))


def _tree_keys(graph: str, projected: str, config: RunConfig) -> dict[str, str]:
    """Return the key of what clusters are cut from, and then those of what that is made of."""
    version, project, wanted = STAGE_VERSION, config.project, config.cluster
    if wanted.method == COMMUNITIES:
        return {"communities": digest("communities", version["communities"], graph, project.n_neighbors, project.seed)}
    engine = () if project.engine == CPU_ENGINE else (project.engine,)
    reduced = digest("reduce", version["reduce"], graph, project.n_neighbors, project.seed, CLUSTER_DIMS, *engine)
    seen = reduced if wanted.space == "umap" else projected
    linked = digest("linkage", version["linkage"], seen, wanted.min_samples)
    return {"linkage": linked, "reduce": reduced} if wanted.space == "umap" else {"linkage": linked}


def _projected(graph: str, config: ProjectConfig) -> str:
    return digest("project", STAGE_VERSION["project"], graph, config)


def terms_key(dataset: str) -> str:
    """Return the key of the words counted in the texts of a dataset."""
    return digest("terms", TERMS_VERSION, dataset)


def done(workspace: Workspace, plan: Plan, stage: str) -> bool:
    """Whether everything that a stage has to leave behind is there."""
    parts = PARTS.get(stage, (stage,))
    return all(workspace.results.has(part, plan.keys[part]) for part in parts if part in plan.keys)


def timings(workspace: Workspace, plan: Plan) -> dict[str, float]:
    """Return the seconds that each stage took when it was computed; stages that are not there are left out."""
    seconds: dict[str, float] = {}
    for part, key in plan.keys.items():
        if workspace.results.has(part, key):
            stage = next((stage for stage, parts in PARTS.items() if part in parts), part)
            seconds[stage] = seconds.get(stage, 0.0) + float(workspace.results.load(part, key).record["seconds"])
    return {stage: round(seconds[stage], 3) for stage in STAGES if stage in seconds}
