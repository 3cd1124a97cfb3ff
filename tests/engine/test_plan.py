"""How an audit is cut, and what becomes of pieces that bring a process down."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from auditor.config_engine import Engine
from auditor.engine.ledger import Ended, Ledger
from auditor.engine.plan import HOSTS, by_host, by_school, cut, politeness_key, processes
from auditor.engine.shard import Part, Shard, Stage
from auditor.engine.watch import Limits
from auditor.model import Account, Kind


def account(name: str, url: str, school: str = "lincoln") -> Account:
    return Account(id=name, kind=Kind.OFFICIAL, platform="website", url=url, school=school)


def parts(*sizes: int) -> list[Part]:
    return [Part(f"h{n}", tuple(f"h{n}-{i}" for i in range(size))) for n, size in enumerate(sizes)]


def shard(*sizes: int) -> Shard:
    return Shard(7, Stage.CRAWL, tuple(parts(*sizes)))


# ------------------------------------------------------------------------------------------------ who may not be parted


def test_what_is_one_server_to_be_polite_to_has_one_key() -> None:
    same = {
        "riverbend.example": ("https://www.riverbend.example/a", "http://lincoln.riverbend.example:8080/"),
        "springfield.k12.il.us": ("https://springfield.k12.il.us/", "https://west.springfield.k12.il.us./"),
        "googlesites": ("https://sites.google.com/view/grade-3",),
        "wordpress": ("https://one.wordpress.com/", "https://two.wordpress.com/"),
        "127.0.0.2": ("http://127.0.0.2:8001/", "http://127.0.0.2:8002/x"),
        "intranet": ("http://intranet/",),
        "": ("http://[bad/",),
    }

    assert {key: {politeness_key(url) for url in urls} for key, urls in same.items()} == {key: {key} for key in same}


def test_the_accounts_of_one_host_and_those_of_one_school_stay_together() -> None:
    accounts = [
        account("site", "https://lincoln.riverbend.example/"),
        account("blog", "https://lincoln-blog.wordpress.com/"),
        account("menu", "https://lunch.riverbend.example/", school="madison"),
    ]

    assert by_host(accounts) == [Part("riverbend.example", ("site", "menu")), Part("wordpress", ("blog",))]
    assert by_school(accounts) == [Part("lincoln", ("site", "blog")), Part("madison", ("menu",))]


def test_a_process_more_is_started_only_where_it_is_worth_it() -> None:
    assert [processes(Engine(workers=0), hosts) for hosts in (0, 1, 8)] == [0, 0, 0]
    assert processes(Engine(workers=1), 8) == 0
    assert [processes(Engine(workers=1), hosts) for hosts in (9, 1000)] == [1, 1]
    assert [processes(Engine(workers=4), hosts) for hosts in (1, 2, 3, 100)] == [0, 2, 3, 4]


# ------------------------------------------------------------------------------------------------ cutting


def test_few_hosts_are_shared_out_evenly_and_for_this_process_alone_not_at_all() -> None:
    everything = parts(6, 1, 5, 2, 4)

    two = cut(7, Stage.CRAWL, everything, 2)

    assert [sum(len(p.things) for p in one.parts) for one in two] == [9, 9]
    assert len(cut(7, Stage.CRAWL, everything, 0)) == 1
    assert len(cut(7, Stage.CRAWL, everything, 9)) == 5
    assert cut(7, Stage.CRAWL, [], 0) == cut(7, Stage.CRAWL, [], 4) == []


def test_of_many_hosts_those_that_take_long_come_first_and_together() -> None:
    everything = parts(*([1] * 100), 50, 60)

    shards = cut(7, Stage.LINKS, everything, 2)

    assert [len(one.parts) for one in shards] == [HOSTS, HOSTS, HOSTS, 102 - 3 * HOSTS]
    assert [part.key for part in shards[0].parts[:2]] == ["h101", "h100"]


@given(st.lists(st.integers(1, 30), max_size=200), st.integers(0, 5))
def test_nothing_is_lost_or_doubled_and_no_host_is_in_two_shards(sizes: list[int], workers: int) -> None:
    everything = parts(*sizes)

    shards = cut(7, Stage.CRAWL, everything, workers)

    assert Counter(part for one in shards for part in one.parts) == Counter(everything)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=9))
def test_halves_hold_what_the_whole_held(sizes: list[int]) -> None:
    whole = shard(*sizes)

    halves = whole.halves()

    assert [thing for half in halves for thing in half.things] == (list(whole.things) if halves else [])
    assert bool(halves) is (len(whole.things) > 1)
    assert Shard.of(whole.told()) == whole


def test_a_hundred_thousand_accounts_are_cut_by_their_domains() -> None:
    accounts = [account(f"a{n}", f"https://site{n // 10}.school{n // 40}.example/{n}") for n in range(100_000)]

    shards = cut(7, Stage.CRAWL, by_host(accounts), 8)

    assert sum(len(one.things) for one in shards) == 100_000
    assert len(shards) == -(-2_500 // HOSTS)


def test_the_time_for_a_shard_grows_with_what_waits_for_one_host() -> None:
    limits = Limits(minutes=120)
    sizes = [(1,), (3, 5), (1,) * 30]

    told = {stage: [limits.seconds(replace(shard(*size), stage=stage)) / 60 for size in sizes] for stage in Stage}

    assert told == {
        Stage.CRAWL: [120, 600, 120],
        Stage.CONCLUDE: [120, 600, 120],
        Stage.LINKS: [121, 125, 121],
        Stage.PICTURES: [121, 125, 121],
    }


# ------------------------------------------------------------------------------------------------ trying again


def test_two_shards_that_ask_one_host_are_never_given_out_together() -> None:
    first, second = Shard(7, Stage.CRAWL, (Part("a", ("1",)),)), Shard(7, Stage.CRAWL, (Part("a", ("2",)),))
    other = Shard(7, Stage.CRAWL, (Part("b", ("3",)),))
    ledger = Ledger([first, second, other])

    assert [ledger.take(), ledger.take(), ledger.take()] == [first, other, None]
    assert ledger.done(first) == Ended(first)
    assert (ledger.take(), ledger.is_over) == (second, False)


def test_one_bad_host_among_many_is_found_by_halves_and_left_out_alone() -> None:
    ledger = Ledger([shard(*[1] * 16)])
    deaths, ended = 0, []

    while not ledger.is_over:
        taken = ledger.take()
        assert taken is not None
        if "h11-0" in taken.things:
            deaths += 1
            ended.append(ledger.died(taken, "it took too much memory"))
        else:
            ended.append(ledger.done(taken))

    left_out = [end for end in ended if end is not None and end.why]
    done = Counter(thing for end in ended if end is not None and not end.why for thing in end.shard.things)
    assert [(end.shard.things, end.why) for end in left_out] == [(("h11-0",), "it took too much memory")]
    assert done == Counter(f"h{n}-0" for n in range(16) if n != 11)
    assert deaths == 4 + 2


def test_a_single_account_is_tried_three_times() -> None:
    ledger, deaths = Ledger([shard(1)]), 0

    while (taken := ledger.take()) is not None:
        deaths += 1
        end = ledger.died(taken, "killed")

    assert deaths == 3
    assert end is not None
    assert end.shard.things == ("h0-0",)


def test_the_accounts_of_one_bad_host_are_tried_one_half_after_the_other() -> None:
    ledger = Ledger([shard(2)])
    whole = ledger.take()
    assert whole is not None

    ledger.died(whole, "killed")

    assert (ledger.take(), ledger.take()) == (Shard(7, Stage.CRAWL, (Part("h0", ("h0-0",)),), deaths=1), None)
