"""`config.toml` -> the district and how to visit it. Every fault of every file in one pass, each with its line.

Nothing here fetches anything, and whoever calls `load` fetches nothing before it has returned.
"""

import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path, PureWindowsPath
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from auditor.config_engine import Engine, engine
from auditor.config_file import KEYS, ConfigFile, TomlEntry, is_secret, mode_of
from auditor.errors import Mistake
from auditor.model import Account, Blind, District, Logo, School, Staff
from auditor.outlets.addresses import email_problem, host_spellings, is_domain, same_place, web_problem
from auditor.outlets.platforms import PLATFORMS, named
from auditor.policy import Policy
from auditor.policy import load as load_policy
from auditor.policy import shipped as shipped_policies
from auditor.registry import (
    ACCOUNT_KEYS,
    RESERVED,
    STAFF_KEYS,
    Entry,
    Known,
    account,
    distinct,
    rows,
    staff,
)
from auditor.secret import Secret, TokenPlace, others_may_read
from auditor.toml_lines import did_you_mean, shown

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Crawl:
    """How websites are visited. `delay` is in seconds between requests to one host, `max_pages` counts per account.

    `browser` is the program that shows pages which are empty without one; "" where one is looked for.
    """

    contact: str = ""
    max_pages: int = 500
    delay: float = 0.5
    allow_networks: tuple[Network, ...] = ()
    render: str = "auto"
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the weekly audit is due, in the district's own time. `weekday` counts from Monday, 0."""

    weekday: int = 0
    at: time = time(6)


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """How a platform is asked: its address, and where the token stands: in an environment variable or a 0600 file."""

    base: str = ""
    token_env: str = ""
    token_file: Path | None = None

    @property
    def names_token(self) -> bool:
        """Whether a place for a token is named, whatever stands there."""
        return bool(self.token_env or self.token_file)

    def token(self, account: str = "") -> Secret | Blind:
        """The token, read at this moment, for the account of that id; where there is none, why."""
        return TokenPlace(self.token_env, self.token_file).read(account)


@dataclass(frozen=True, slots=True)
class Config:
    """A valid configuration. All paths are absolute. `notes` are remarks that a person should see; none stops a run.

    `names` is the detector of persons, as `auditor.detect.models` names them.
    """

    path: Path
    district: District
    policy: Policy
    data: Path
    store_url: str = field(repr=False)  # may hold a password
    crawl: Crawl
    platforms: Mapping[str, PlatformSettings]
    registry: Path | None = None
    roster: Path | None = None
    roster_flags: Path | None = None
    schedule: Schedule = Schedule()
    names: str = "grammar"
    engine: Engine = field(default_factory=Engine)
    notes: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The district's own time zone."""
        return ZoneInfo(self.district.timezone)


Inspect = Callable[[TomlEntry, Config, date], None]
"""Opens files that the configuration names and notes their faults, given its tables and all as far as it was read."""

RENDER: Final = ("auto", "never", "always")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_USUAL_TIME: Final = time(6)
_USUAL: Final = Crawl()

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DEVICES: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
"""Names that Windows keeps for itself, also as the beginning of a file's name."""

_PHONE_START = re.compile(r"\+?[\d().\s/-]*\d[\d().\s/-]*\d[\d().\s/-]*\d[\d().\s/-]*", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)


def load(path: Path, today: date, inspect: Inspect | None = None) -> Config:
    """The configuration in that file and in the files it names; paths in it are relative to its folder.

    Raises `Mistake` with every fault of all of them. Dates that have not come `today` are remarked on, and an account
    that its owner is to offer on such a day is not offered yet.
    `inspect` opens what only an audit needs (`auditor.preflight`): its faults come in the same pass.
    """
    found = mode_of(path)
    if found is None or stat.S_ISDIR(found):
        raise Mistake(_absent(path, folder=found is not None))
    file = ConfigFile(path)
    top = TomlEntry(file, (), file.table, "config.toml")
    file.tell_secrets()
    top.only(KEYS)
    district = top.table("district")
    policy, policy_name = _policy(district)
    data = district.path("data", "data/", folder=True, there=False) or district.base / "data"
    store_url = _store_url(top.table("store"), data)
    config = Config(
        path=path.absolute(),
        district=_district(top, district, policy_name),
        policy=policy,
        data=data,
        store_url=store_url,
        crawl=_crawl(top.table("crawl")),
        platforms=MappingProxyType(dict(_platforms(top))),
        registry=district.path("registry"),
        roster=district.path("roster", folder=None),
        roster_flags=district.path("roster_flags"),
        schedule=_schedule(top.table("schedule")),
        names=top.table("detect").text("names") or "grammar",
        engine=engine(top.table("engine"), store_url),
    )
    if inspect:
        inspect(top, config, today)
    file.faults.settle()
    if not config.crawl.contact:
        # The first designee is whom a website's owner would be sent to anyway.
        contact = next(iter(config.district.designees), "")
        config = replace(config, crawl=replace(config.crawl, contact=contact))
    notes = (*file.notes, *_remarks(config, today))
    return replace(config, notes=notes, district=_offered_by(config.district, today))


def networks(texts: Iterable[str], where: str = "--allow-network") -> tuple[Network, ...]:
    """The networks written so ("127.0.0.0/8", "::1"). Raises `Mistake`, which names `where` they were written."""
    found = [(text, _network(text)) for text in texts]
    faults = [f"{where}: {shown(text)} {_NO_NETWORK}" for text, network in found if network is None]
    if faults:
        raise Mistake(*faults)
    return tuple(network for _, network in found if network is not None)


# ------------------------------------------------------------------------------------------------ the district


def _policy(district: TomlEntry) -> tuple[Policy, str]:
    """The policy, and its name or absolute path."""
    name = district.text("policy", "mcps")
    names = shipped_policies()
    nothing = Policy(id=name, name="", district="", document="", contact="")
    if not name:
        return nothing, name
    given = name if name in names else str(district.placed(name))
    is_file = name in names or stat.S_ISREG(mode_of(Path(given)) or 0)
    if not is_file:
        district.fault(
            "policy",
            f"{shown(name)} is no policy; write one of {', '.join(names)}, or the path of a policy file"
            f"{did_you_mean(name, names)}",
        )
        return nothing, name
    try:
        return load_policy(given), given
    except Mistake as mistake:
        district.file.faults.take(mistake)
        return nothing, name


def _district(top: TomlEntry, entry: TomlEntry, policy: str) -> District:
    school_tables, logo_tables = top.tables("schools"), top.tables("logos")
    schools = tuple(_school(table) for table in school_tables)
    distinct(((table, school.id) for table, school in zip(school_tables, schools, strict=True)), "school")
    logos = tuple(_logo(table) for table in logo_tables)
    distinct(((table, logo.id) for table, logo in zip(logo_tables, logos, strict=True)), "logo")
    return District(
        name=entry.text("name", "Riverbend School District"),
        policy=policy,
        timezone=_timezone(entry),
        email_domains=_domains(entry),
        phones=_phones(entry),
        designees=entry.people("designees"),
        policy_reviewed_on=entry.day("policy_reviewed_on"),
        blocked_hosts=_blocked_hosts(entry),
        schools=schools,
        logos=logos,
        staff=_staff(entry, schools),
        accounts=_accounts(top, entry, schools, logos),
    )


def _school(entry: TomlEntry) -> School:
    school_id = entry.id("lincoln", RESERVED | _DEVICES | {"index"})
    if school_id and not _SAFE_ID.fullmatch(school_id):
        # It becomes the name of a report's file.
        entry.fault("id", f"{shown(school_id)} may hold letters a to z, digits, - and _ only; choose another")
    return School(
        id=school_id,
        name=entry.text("name", "Lincoln Elementary"),
        grades=entry.grades("grades"),
        website=entry.web("website"),
        principal=entry.text("principal"),
        principal_email=entry.email("principal_email"),
    )


def _logo(entry: TomlEntry) -> Logo:
    paths = [entry.path("images", element=index) for index in range(len(entry.texts("images")))]
    if entry.values.get("images") == [] or entry.file.lacks(entry.at, entry.values, "images"):
        entry.file.fault(entry.at, 'this logo has no images; add images = ["logos/seal.png"], its approved renditions')
    return Logo(entry.id("district-seal"), tuple(path for path in paths if path))


def _accounts(
    top: TomlEntry, district: TomlEntry, schools: Iterable[School], logos: Iterable[Logo]
) -> tuple[Account, ...]:
    known = Known({school.id: None for school in schools}, {logo.id: None for logo in logos})
    entries: list[Entry] = list(top.tables("accounts"))
    registry = district.path("registry")
    if registry:
        columns = (registry, district.file_name("registry"), ACCOUNT_KEYS, ("id", "kind", "platform", "url"))
        entries += _opened(district, "registry", lambda: list(rows(*columns, district.file.faults)))
    accounts = tuple(account(entry, known) for entry in entries)
    distinct(((entry, account.id) for entry, account in zip(entries, accounts, strict=True)), "account")
    return accounts


def _staff(district: TomlEntry, schools: Iterable[School]) -> tuple[Staff, ...]:
    path = district.path("staff")
    if not path:
        return ()
    ids = {word.casefold(): school.id for school in schools for word in (school.name, school.id)}
    columns = (path, district.file_name("staff"), STAFF_KEYS, ("name",))
    found = _opened(district, "staff", lambda: list(rows(*columns, district.file.faults)))
    return tuple(staff(entry, ids) for entry in found)


def _opened(district: TomlEntry, key: str, read: Callable[[], Sequence[Entry]]) -> Sequence[Entry]:
    try:
        return read()
    except OSError as error:
        district.fault(key, f"cannot be read ({error.strerror}); check who may read the file")
        return ()


def _blocked_hosts(district: TomlEntry) -> frozenset[str]:
    path, name = district.path("blocked_hosts"), district.file_name("blocked_hosts")
    try:
        lines = path.read_bytes().decode("utf-8-sig", "replace").splitlines() if path else []
    except OSError as error:
        district.fault("blocked_hosts", f"cannot be read ({error.strerror}); check who may read the file")
        return frozenset()
    hosts: set[str] = set()
    for number, line in enumerate(lines, 1):
        host = line.partition("#")[0].strip().lower().removeprefix("*").strip(".")
        if is_domain(host):
            hosts |= host_spellings(host)
        elif host:
            district.file.faults.add(name, number, f"{shown(host)} is no host; write one a line, like shop.example")
    return frozenset(hosts)


def _timezone(district: TomlEntry) -> str:
    name = district.text("timezone") or "UTC"
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        near = did_you_mean(name, available_timezones())
        district.fault("timezone", f"{shown(name)} is no time zone; write it like America/Denver{near}")
        return "UTC"
    return name


def _domains(district: TomlEntry) -> tuple[str, ...]:
    found = []
    for index, text in enumerate(district.texts("email_domains")):
        domain = text.lower().removeprefix("@").removeprefix("*").strip(".")
        if not is_domain(domain):
            district.fault("email_domains", f"{shown(text)} is no domain; write it like riverbend.example", index)
        found.append(domain)
    return tuple(found)


def _phones(district: TomlEntry) -> tuple[str, ...]:
    found = district.texts("phones")
    for index, text in enumerate(found):
        if not _PHONE_START.fullmatch(text):
            district.fault(
                "phones", f"{shown(text)} is no beginning of a telephone number; write it like 406-555", index
            )
    return found


# ------------------------------------------------------------------------------------------------ how it is run


def _store_url(store: TomlEntry, data: Path) -> str:
    """The store's address with an absolute path; a file in the data folder where none is given."""
    url = store.text("url")
    scheme, _, rest = url.partition("://")
    if not url:
        return f"sqlite:///{(data / 'auditor.db').as_posix()}"
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") and rest != "/:memory:":
        file = Path(rest[1:]) if PureWindowsPath(rest[1:]).drive else store.base / rest[1:]
        return f"sqlite:///{file.as_posix()}"
    if scheme in ("postgresql", "postgresql+psycopg") and rest:
        if _password(url):
            store.file.notes.append(
                f"{store.place}: the store's address holds a password; better take it out and set PGPASSWORD or a"
                " password file instead"
            )
        return f"postgresql+psycopg://{rest}"
    store.fault(
        "url", 'is no store that auditor knows; write "sqlite:///data/auditor.db" or "postgresql+psycopg://..."'
    )
    return ""


def _password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return "@" in url


def _crawl(entry: TomlEntry) -> Crawl:
    contact = entry.text("contact")
    if contact and email_problem(contact) and web_problem(contact):
        entry.fault("contact", f"{shown(contact)} {email_problem(contact)}")
    found = []
    for index, text in enumerate(entry.texts("allow_networks")):
        network = _network(text)
        if network is None:
            entry.fault("allow_networks", f"{shown(text)} {_NO_NETWORK}", index)
        else:
            found.append(network)
    return Crawl(
        contact=contact,
        max_pages=int(entry.number("max_pages", _USUAL.max_pages, 1, whole=True)),
        delay=float(entry.number("delay", _USUAL.delay, 0)),
        allow_networks=tuple(found),
        render=entry.choice("render", RENDER) or _USUAL.render,
        browser=_browser(entry),
    )


def _browser(entry: TomlEntry) -> str:
    """The program's absolute path; what was written where it is not here, which is remarked on and stops nothing."""
    text = entry.text("browser")
    if not text:
        return ""
    path = entry.base / Path(text).expanduser()
    found = str(path) if path.is_file() else shutil.which(text)
    if not found:
        entry.file.notes.append(
            f"{entry.place}: the browser {shown(text)} is not on this computer: pages that need one cannot be read here"
        )
    return found or text


def _schedule(entry: TomlEntry) -> Schedule:
    weekday = entry.choice("weekday", WEEKDAYS)
    at = entry.values.get("time", _USUAL_TIME)
    if isinstance(at, str):
        try:
            at = time.fromisoformat(at)
        except ValueError:
            at = None
    if not isinstance(at, time):
        entry.fault("time", "is no time of day; write it like 06:00:00")
        at = _USUAL_TIME
    return Schedule(WEEKDAYS.index(weekday) if weekday else 0, at.replace(tzinfo=None))


_NO_NETWORK: Final = "is no network; write it like 127.0.0.0/8"


def _network(text: str) -> Network | None:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _platforms(top: TomlEntry) -> Iterator[tuple[str, PlatformSettings]]:
    tables, seen = top.table("platforms"), set()
    for name in tables.values:
        found = named(name)
        if is_secret(name):
            continue
        if not found:
            tables.file.fault(
                (*tables.at, name),
                f"{shown(name)} is no platform that auditor knows; correct it{did_you_mean(name, PLATFORMS)}",
            )
        elif found in seen:
            tables.file.fault((*tables.at, name), f"{shown(name)} stands twice; put the two tables together")
        else:
            seen.add(found)
            yield found, _platform(tables.table(name))


def _platform(entry: TomlEntry) -> PlatformSettings:
    variable = entry.text("token_env")
    if variable and not _VARIABLE.fullmatch(variable):
        # Not repeated: it may be the token itself.
        entry.fault("token_env", "is no name of an environment variable; write the name, never the token itself")
    token_file = entry.path("token_file")
    if token_file and others_may_read(mode_of(token_file) or 0):
        entry.fault("token_file", f"can be read by others; run: chmod 600 {token_file}")
    return PlatformSettings(entry.web("base"), variable, token_file)


# ------------------------------------------------------------------------------------------------ words


def _absent(path: Path, *, folder: bool) -> str:
    if folder:
        return f"{path}: is a folder; name the file in it, like --config {path / 'config.toml'}"
    return (
        f"{path}: not found (looked for {path.absolute()}); copy the config.toml that came with auditor and put your"
        " district into it, or name yours with --config FILE"
    )


def _is_to_come(day: object, today: date) -> bool:
    """Whether that is a day to come; it may be tomorrow already where the district is."""
    return isinstance(day, date) and day > today + timedelta(days=1)


def _offered_by(district: District, today: date) -> District:
    """The district without offers of a day to come: nobody has made them yet."""
    if not any(_is_to_come(account.consent_on, today) for account in district.accounts):
        return district
    accounts = (replace(a, consent_on=None) if _is_to_come(a.consent_on, today) else a for a in district.accounts)
    return replace(district, accounts=tuple(accounts))


def _remarks(config: Config, today: date) -> Iterator[str]:
    """What is valid, but hardly meant."""
    for entry in config.district.accounts:
        for key in ACCOUNT_KEYS:
            if _is_to_come(day := getattr(entry, key), today):
                so = ", so it is not read before" if key == "consent_on" else ""
                yield f"account {entry.id}: {key} is {day}, a day that has not come yet{so}; is the year right?"
    yield from _twins(config.district.accounts)
    for network in config.crawl.allow_networks:
        if network.prefixlen == 0:
            yield f"crawl.allow_networks: {network} lets pages reach every machine; name the network you mean"


def _twins(accounts: Iterable[Account]) -> Iterator[str]:
    """Accounts at one address. Two schools may share a site, and each reads its own report: so both are audited."""
    first: dict[str, Account] = {}
    for one in accounts:
        twin = first.setdefault(same_place(one.url), one)
        if twin is not one:
            why = "told in both schools' reports" if twin.school != one.school else "told twice"
            keep = "; keep one of the two" if twin.school == one.school else ""
            yield f"account {one.id}: has the same address as {twin.id}, so what is found there is {why}{keep}"
