"""Audits on several machines take turns at one store."""

from collections.abc import Callable

import pytest

from auditor.errors import Busy
from auditor.store import Store


def test_a_server_s_store_has_one_audit_at_a_time_and_is_free_again_after_it(
    opened: Callable[[], Store], address: str
) -> None:
    one, other = opened(), opened()

    with one.alone():
        if address.startswith("sqlite"):  # a file is on one machine, whose lock file guards it
            with other.alone():
                pass
        else:
            with pytest.raises(Busy, match="another machine audits into postgresql"), other.alone():
                pass
    with other.alone():
        pass


def test_an_audit_that_fails_leaves_the_store_free(opened: Callable[[], Store]) -> None:
    one, other = opened(), opened()

    with pytest.raises(ValueError, match="it failed"), one.alone():
        raise ValueError("it failed")

    with other.alone():
        pass
