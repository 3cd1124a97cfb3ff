"""What is left to do when all accounts are read: which links are to be visited, and which images to be looked at.

`auditor.errands` does it.
"""

import hashlib
import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime

from auditor.check import PUBLISHING
from auditor.config import Config
from auditor.ground import code
from auditor.model import Account, District
from auditor.store import Store


def links(store: Store, accounts: Iterable[Account], began: datetime) -> Mapping[str, None]:
    """Every distinct link of the accounts that the audit which began then has not visited."""
    left = (store.links_to_visit(a.id, began) for a in accounts if a.kind in PUBLISHING)
    return dict.fromkeys(itertools.chain.from_iterable(left))


def pictures(config: Config, store: Store, accounts: Iterable[Account], began: datetime) -> Mapping[str, None]:
    """The images of the accounts to be looked at; none where the policy does not ask about logos."""
    if not config.district.logos or not config.policy.demands("unapproved-logo"):
        return {}
    seen_by = eyes(config.district)
    left = (store.images_to_look_at(a.id, began, seen_by) for a in accounts)
    return dict.fromkeys(itertools.chain.from_iterable(left))


def eyes(district: District) -> str:
    """Names what compares pictures: where a logo's file or the code changed, every image is looked at again."""
    digest = hashlib.blake2b(code(), digest_size=8)
    for logo in district.logos:
        digest.update(logo.id.encode())
        for image in logo.images:
            digest.update(image.read_bytes())
    return digest.hexdigest()
