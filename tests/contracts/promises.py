"""Holds a subject to a promise of its contract; one that does not apply is skipped."""

from typing import Any

import pytest

from explorer.contracts import Contract, DoesNotApply
from explorer.contracts.contract import Check


def each(contract: Contract) -> Any:
    """Parametrise a test over the promises of a contract."""
    return pytest.mark.parametrize("check", contract.checks, ids=lambda check: check.__name__.removeprefix("check_"))


def hold(subject: Any, check: Check) -> None:
    try:
        check(subject)
    except DoesNotApply as exc:
        pytest.skip(str(exc))
