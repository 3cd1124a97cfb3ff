"""What a person writes about a finding may name a child: it is masked like a page before it is kept."""

from datetime import date

from auditor.config import Config
from auditor.detect.reading import Recogniser
from auditor.enrolment import stored
from auditor.masking import masked
from auditor.model import Account, Document, Kind, Passage
from auditor.store import Store


def keepable(text: str, config: Config, store: Store, account: str, today: date) -> str:
    """The words as they may be kept and shown: students, whoever is on no list, and contact data masked.

    `account` is the id of the account that the words are about; lone first names are those of its school's students.
    """
    about = next((a for a in config.district.accounts if a.id == account), _NONE)
    recogniser = Recogniser(config.district, store.fingerprint, stored(config, store))
    reading = recogniser.read(Document("", (Passage(text),)), about, bystanders=True)
    return masked(text, reading.sightings, today)


_NONE = Account("", Kind.OFFICIAL, "website", "")
