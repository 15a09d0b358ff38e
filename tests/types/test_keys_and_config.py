import dataclasses
import gc

import numpy as np
import pytest
from pydantic import ValidationError

from explorer.config import DEFAULT_DETAIL, RunConfig, Settings, default_min_cluster_size, loading
from explorer.errors import BadSetting
from explorer.server.api.runs import RunRequest
from explorer.server.runs import parse_settings
from explorer.types import digest


def test_a_key_is_sixteen_hexadecimal_digits_and_stable():
    assert digest("a", 1, None, 2.5, b"x") == digest("a", 1, None, 2.5, b"x")
    assert len(digest("a")) == 16
    assert int(digest("a"), 16) >= 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((1,), ("1",)),
        ((1,), (1.0,)),
        ((True,), (1,)),
        ((None,), ("None",)),
        (([1, 2], 3), ([1], 2, 3)),
        ((np.zeros(2, np.float32),), (np.zeros(2, np.float64),)),
        ((np.zeros((2, 3)),), (np.zeros((3, 2)),)),
        (({"a": 1},), ({"a": 2},)),
    ],
)
def test_different_values_have_different_keys(one, other):
    assert digest(*one) != digest(*other)


def test_the_order_of_a_mapping_does_not_change_its_key():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_a_config_goes_to_flat_settings_and_back():
    config = RunConfig.from_flat({"encoder": "minilm", "n_neighbors": 20, "seed": None, "space": "map"})
    assert RunConfig.from_flat(config.flat()) == config


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"colour": 3}, "there is no setting 'colour'"),
        ({"n_neighbors": 1}, "from 2 to 200"),
        ({"n_neighbors": 15.5}, "whole number"),
        ({"n_neighbors": True}, "whole number"),
        ({"min_dist": 2}, "from 0 to 1"),
        ({"metric": "manhattan"}, "cosine, euclidean or dot"),
        ({"seed": -1}, "or none"),
        ({"min_cluster_size": 1}, "from 2 up"),
        ({"space": "moon"}, "map or umap"),
    ],
)
def test_a_setting_outside_its_range_is_refused_with_the_range(settings, said):
    with pytest.raises(BadSetting, match=said):
        RunConfig.from_flat(settings)


NUMBERS = [
    name for name, value in RunConfig().resolved(100, encoder="minilm").flat().items() if type(value) in (int, float)
]


@pytest.mark.parametrize("name", [*NUMBERS, "detail"])
@pytest.mark.parametrize("value", [True, False, "2", float("nan"), [2]])
def test_what_is_no_number_is_none_for_any_setting(name, value):
    """True is 1 to Python: `detail: true` would be a run with one step."""
    assert {"n_neighbors", "min_dist", "seed", "dims", "min_cluster_size", "min_samples"} == set(NUMBERS)
    with pytest.raises(BadSetting, match=f"^{name} is "):
        RunConfig.from_flat({name: value})
    if (name, value) == ("seed", "2"):
        return  # over REST a seed may be "none", so that words come through to here
    with pytest.raises(ValidationError, match=name):
        RunRequest.model_validate({"dataset": "d", name: value})


def test_settings_of_the_other_method_are_told():
    assert RunConfig.from_flat({"min_cluster_size": 5}).unused() == ""
    assert RunConfig.from_flat({"method": "communities", "detail": 5}).unused() == ""
    assert RunConfig.from_flat({"detail": 5}).unused().startswith("detail has no effect: clusters are found by density")
    both = RunConfig.from_flat({"method": "communities", "space": "map", "min_samples": 2}).unused()
    assert both == ("min_samples and space have no effect: clusters are found by communities, and that is for density.")


def test_resolving_closes_every_open_setting():
    resolved = RunConfig().resolved(10_000, encoder="minilm").told()
    assert [name for name, value in resolved.items() if value is None] == []
    assert resolved["min_cluster_size"] == default_min_cluster_size(10_000)
    assert not {"method", "detail"} & set(resolved)


def test_communities_ask_for_their_detail_alone_and_name_the_same_run_whatever_else_is_given():
    wanted = {"method": "communities", "min_cluster_size": 9, "min_samples": 2, "space": "map"}
    resolved = RunConfig.from_flat(wanted).resolved(600, encoder="minilm")
    assert resolved == RunConfig.from_flat({"method": "communities"}).resolved(10_000, encoder="minilm")
    assert resolved == RunConfig.from_flat(resolved.flat()).resolved(600, encoder="minilm")
    told = resolved.told()
    assert (told["method"], told["detail"]) == ("communities", DEFAULT_DETAIL)
    assert not {"min_cluster_size", "min_samples", "space"} & set(told)


def test_the_method_of_before_leaves_keys_as_they_were():
    @dataclasses.dataclass
    class ClusterConfig:
        min_cluster_size: int = 5
        min_samples: int = 5
        space: str = "map"

    assert digest(ClusterConfig()) == digest(RunConfig.from_flat(dataclasses.asdict(ClusterConfig())).cluster)


def test_none_means_the_default_but_none_for_the_seed():
    assert parse_settings({"min_dist": None}).project.min_dist == 0.1
    assert parse_settings({}).project.seed == 42
    assert parse_settings({"seed": None}).project.seed is None
    assert parse_settings({"seed": "none"}).project.seed is None


def test_settings_come_from_the_environment_and_arguments_win(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("EXPLORER_ALLOWED_HOSTS", "map.example, other")
    settings = Settings.from_env(port=9000, device=None)
    assert settings.workspace == tmp_path / "w"
    assert settings.allowed_hosts == ("map.example", "other")
    assert settings.port == 9000
    assert settings.device == "auto"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXPLORER_MAX_UPLOAD_GB", "abc"),
        ("EXPLORER_MAX_UPLOAD_GB", "inf"),
        ("EXPLORER_READING_GB", "4GB"),
        ("EXPLORER_READING_GB", "nan"),
        ("EXPLORER_READING_GB", "0"),
        ("EXPLORER_READING_GB", "-1"),
        ("EXPLORER_DEVICE", "foo"),
    ],
)
def test_a_variable_that_cannot_be_is_told_at_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        Settings.from_env()


def test_memory_and_uploads_are_said_in_gigabytes(monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_UPLOAD_GB", "0.5")
    monkeypatch.setenv("EXPLORER_READING_GB", " ")
    assert Settings.from_env().max_upload_bytes == 2**29


def test_the_collector_rests_while_something_is_loaded_and_goes_on_afterwards():
    def load():
        with loading(), loading():
            assert not gc.isenabled()
            raise BadSetting("what is loaded fails")

    for collects in (True, False):
        (gc.enable if collects else gc.disable)()
        try:
            with pytest.raises(BadSetting):
                load()
            assert gc.isenabled() is collects
        finally:
            gc.enable()
