"""Where access tokens last for hours, one is made at each visit from what lasts, and none of it goes anywhere else."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, Kind, Reason
from spiders.platform import Route
from spiders.platforms import plan
from spiders.reading import Assignment
from tests.servers import Reply, serve
from tests.token_routes import Interface, Sample
from tests.token_routes.pinterest import SAMPLE as PINTEREST
from tests.token_routes.tiktok import SAMPLE as TIKTOK
from tests.visits import Notes, visit_route

APP, KEY, LASTS = "EXAMPLE-APP", "EXAMPLE-SECRET-0123456789", "EXAMPLE-REFRESH-0123456789"
TOKEN = "EXAMPLE-TOKEN-of-one-visit"
BASIC = f"Basic {base64.b64encode(f'{APP}:{KEY}'.encode()).decode()}"

WAYS = [
    (PINTEREST, "/v5/oauth/token", {"grant_type": "refresh_token", "refresh_token": LASTS}, BASIC),
    (
        TIKTOK,
        "/v2/oauth/token/",
        {"client_key": APP, "client_secret": KEY, "refresh_token": LASTS, "grant_type": "refresh_token"},
        None,
    ),
]
ALL = pytest.mark.parametrize(("sample", "path", "form", "header"), WAYS, ids=lambda way: getattr(way, "platform", ""))


def read(
    sample: Sample, path: str, form: dict[str, str], header: str | None, lasts: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Notes, list[str]]:
    monkeypatch.setenv("EXAMPLE_TOKEN", f"{APP}:{KEY}:{lasts}")
    interface, notes = Interface(sample, token=TOKEN), Notes()

    def answer(handler: Any) -> Any:
        if handler.path != path:
            return interface(handler)
        said = dict(parse_qsl(handler.body.decode()))
        if (said, handler.headers["Authorization"]) != (form, header):
            return Reply('{"error": "invalid_grant"}', 400)
        return json.dumps({"access_token": TOKEN, "refresh_token": LASTS, "token_type": "bearer"})

    with serve({"*": answer}) as site:
        account = Account("a", Kind.OFFICIAL, sample.platform, sample.url)
        planned = plan(account, {sample.platform: PlatformSettings(site.url, "EXAMPLE_TOKEN")})
        assert isinstance(planned, Route), planned
        visit_route(Assignment(account, route=planned), notes)
    return notes, site.hits


@ALL
def test_a_token_is_made_from_what_lasts(
    sample: Sample, path: str, form: dict[str, str], header: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, hits = read(sample, path, form, header, LASTS, monkeypatch)

    assert (tuple(notes.urls), notes.gaps) == (sample.documents, [])
    assert [secret for secret in (KEY, LASTS, TOKEN) if secret in repr((notes, hits))] == []


@ALL
def test_what_is_no_longer_accepted_is_a_wrong_token(
    sample: Sample, path: str, form: dict[str, str], header: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, _ = read(sample, path, form, header, "ANOTHER-REFRESH", monkeypatch)

    assert (notes.documents, notes.reasons) == ([], [Reason.NO_TOKEN])
