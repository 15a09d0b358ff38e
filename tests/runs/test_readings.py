"""What somebody set of columns is part of what describes the clusters of a run, and of nothing else."""

from __future__ import annotations

import dataclasses

from explorer.config import RunConfig
from explorer.runs.facts import Facts
from explorer.runs.plan import Plan, make_plan

FACTS = Facts("dataset", "items", 100, frozenset({"text"}))
SET = dataclasses.replace(FACTS, readings={"n": "id", "when": "date:mdy"})


def test_another_type_of_a_column_describes_anew_and_computes_nothing_else() -> None:
    before, after = make_plan(FACTS, RunConfig()), make_plan(SET, RunConfig())
    assert {part for part in before.keys if before.keys[part] != after.keys[part]} == {"describe"}
    assert before.run != after.run
    again = dataclasses.replace(SET, readings=dict(reversed(SET.readings.items())))
    assert make_plan(again, RunConfig()).keys == after.keys


def test_a_plan_keeps_the_types_it_was_made_with_on_disk_and_in_other_cuts() -> None:
    before, after = make_plan(FACTS, RunConfig()), make_plan(SET, RunConfig())
    assert Plan.from_json(after.to_json()) == after
    assert "readings" not in before.to_json()  # as an earlier version wrote it
    for plan, facts in ((before, FACTS), (after, SET)):
        at = 9
        cut = dataclasses.replace(plan.config.cluster, **{plan.coarseness: at})
        assert plan.recut(at) == make_plan(facts, dataclasses.replace(plan.config, cluster=cut))
