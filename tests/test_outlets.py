"""What an address is: two links to one account are the same, and a share button is nobody's account."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import Mistake
from auditor.model import Account, District, Kind, Link, LinkState, LinkUse, LinkVerdict, School
from auditor.outlets.addresses import email_problem, is_domain, same_place, web_problem
from auditor.outlets.draft import draft
from auditor.outlets.embedded import shown_in
from auditor.outlets.platforms import PLATFORMS, account_address, minimum_age, named, of
from auditor.outlets.unregistered import Linked, Unregistered, unregistered

ONE_ACCOUNT = {
    "https://www.facebook.com/lincolnelem": [
        "https://facebook.com/LincolnElem",
        "http://m.facebook.com/lincolnelem/?ref=ts",
        "https://www.facebook.com/pg/lincolnelem/photos/",
        "https://de-de.facebook.com/lincolnelem/about",
        "https://fb.com/lincolnelem#top",
    ],
    "https://www.facebook.com/profile.php?id=100012345": [
        "https://www.facebook.com/profile.php?id=100012345&sk=about",
        "https://www.facebook.com/people/Lincoln-Elementary/100012345/",
        "https://www.facebook.com/p/Lincoln-Elementary-100012345/",
        "https://www.facebook.com/pages/Lincoln-Elementary/100012345",
        "https://www.facebook.com/pages/category/School/Lincoln-Elementary-100012345/",
    ],
    "https://www.facebook.com/groups/room7": ["https://www.facebook.com/groups/Room7/members"],
    "https://x.com/lincolnelem": [
        "https://twitter.com/LincolnElem",
        "https://mobile.twitter.com/lincolnelem/",
        "http://twitter.com/#!/lincolnelem",
        "https://x.com/lincolnelem/with_replies?s=20",
        "https://twitter.com/intent/user?screen_name=LincolnElem",
    ],
    "https://www.youtube.com/@lincolnelem": [
        "https://youtube.com/@LincolnElem",
        "https://m.youtube.com/@lincolnelem/videos",
        "https://www.youtube.com/%40lincolnelem",
    ],
    "https://www.youtube.com/channel/UCaBcD_1-x": ["https://www.youtube.com/channel/UCaBcD_1-x/videos?view=0"],
    "https://www.youtube.com/user/lincolntv": ["https://www.youtube.com/user/LincolnTV/featured"],
    "https://www.youtube.com/c/lincolntv": ["https://www.youtube.com/c/LincolnTV", "https://youtube.com/lincolntv"],
    "https://www.instagram.com/lincoln.elem": [
        "https://instagram.com/lincoln.elem/?hl=en",
        "https://www.instagram.com/_u/Lincoln.Elem",
        "http://instagr.am/lincoln.elem",
    ],
    "https://www.threads.com/@lincoln": ["https://www.threads.net/@Lincoln", "https://threads.com/@lincoln/replies"],
    "https://www.tiktok.com/@lincoln": ["https://tiktok.com/@Lincoln?lang=en", "https://m.tiktok.com/@lincoln"],
    "https://www.linkedin.com/school/lincoln": ["https://de.linkedin.com/school/Lincoln/about/"],
    "https://www.linkedin.com/company/riverbend": ["https://linkedin.com/company/riverbend/posts/?feedView=all"],
    "https://www.linkedin.com/in/dana-reyes": ["https://www.linkedin.com/in/Dana-Reyes/"],
    "https://bsky.app/profile/lincoln.riverbend.example": ["https://bsky.app/profile/Lincoln.Riverbend.example/"],
    "https://bsky.app/profile/did:plc:abc234": ["https://bsky.app/profile/did:plc:abc234"],
    "https://mastodon.social/@room7": ["https://mastodon.social/users/room7", "https://mastodon.social/web/@Room7"],
    "https://scholar.social/@room7": ["https://mastodon.social/@room7@scholar.social"],
    "https://www.pinterest.com/room7": ["https://www.pinterest.co.uk/Room7/crafts/", "https://pinterest.com/room7"],
    "https://www.flickr.com/photos/12345678@N00": ["https://flickr.com/people/12345678@N00/"],
    "https://www.flickr.com/photos/lincoln": ["https://www.flickr.com/photos/Lincoln/albums/72157"],
    "https://vimeo.com/lincoln": ["https://www.vimeo.com/Lincoln/videos"],
    "https://vimeo.com/channels/lincoln": ["https://vimeo.com/channels/lincoln"],
    "https://www.reddit.com/user/room7": ["https://old.reddit.com/u/Room7"],
    "https://www.reddit.com/r/riverbend": ["https://www.reddit.com/r/Riverbend/new/"],
    "https://linktr.ee/room7": ["https://linktr.ee/Room7?utm_source=x"],
    "https://www.snapchat.com/add/room7": ["https://www.snapchat.com/@room7"],
    "https://discord.gg/AbCd": ["https://discord.com/invite/AbCd"],
    "https://www.twitch.tv/riverbend": ["https://m.twitch.tv/Riverbend/videos"],
    "https://whatsapp.com/channel/0029VaAb": ["https://www.whatsapp.com/channel/0029VaAb?x=1"],
    "https://t.me/riverbend": ["https://t.me/s/Riverbend"],
    "https://www.remind.com/join/room7": ["https://rmd.at/room7"],
    "https://sites.google.com/view/room7": ["https://sites.google.com/view/Room7/home"],
    "https://sites.google.com/riverbend.example/room7": ["https://sites.google.com/riverbend.example/room7/news"],
    "https://room7.blogspot.com": ["http://room7.blogspot.ca/", "https://room7.blogspot.co.uk/p/about.html"],
    "https://room7.wordpress.com": ["http://Room7.wordpress.com/about/"],
    "https://room7.edublogs.org": ["https://room7.edublogs.org/about"],
    "https://room7.weebly.com": ["https://room7.weebly.com/homework.html"],
    "https://dreyes.wixsite.com/room7": ["https://dreyes.wixsite.com/room7/contact"],
    "https://room7.tumblr.com": ["https://www.tumblr.com/room7", "https://www.tumblr.com/blog/view/room7"],
    "https://room7.substack.com": ["https://room7.substack.com/archive"],
    "https://medium.com/@room7": ["https://medium.com/@Room7/about", "https://room7.medium.com/"],
}

NOBODYS = """\
https://www.facebook.com/
https://www.facebook.com/sharer/sharer.php?u=https://lincoln.riverbend.example/
https://www.facebook.com/sharer.php?u=x
https://www.facebook.com/share/p/abc/
https://www.facebook.com/login/?next=x
https://www.facebook.com/plugins/page.php?href=https://facebook.com/lincolnelem
https://www.facebook.com/lincolnelem/posts/pfbid02abc
https://www.facebook.com/photo.php?fbid=1&id=2
https://www.facebook.com/groups/room7/permalink/9/
https://www.facebook.com/events/123
https://developers.facebook.com/docs
https://l.facebook.com/l.php?u=x
https://x.com/
https://x.com/home
https://twitter.com/intent/tweet?text=x
https://twitter.com/share?url=x
https://x.com/lincolnelem/status/12
https://x.com/hashtag/riverbend
https://www.youtube.com/
https://www.youtube.com/watch?v=abc
https://www.youtube.com/embed/abc
https://www.youtube-nocookie.com/embed/abc
https://youtu.be/abc
https://www.youtube.com/playlist?list=abc
https://www.youtube.com/shorts/abc
https://www.instagram.com/
https://www.instagram.com/p/abc/
https://www.instagram.com/lincoln/p/abc/
https://www.instagram.com/accounts/login/
https://www.instagram.com/explore/tags/riverbend/
https://help.instagram.com/448523408565555
https://www.threads.com/@lincoln/post/abc
https://www.tiktok.com/@lincoln/video/12
https://vm.tiktok.com/abc/
https://www.linkedin.com/shareArticle?url=x
https://www.linkedin.com/feed/update/urn:li:activity:1
https://bsky.app/profile/lincoln.example/post/abc
https://bsky.app/intent/compose?text=x
https://mastodon.social/@room7/1123
https://pinterest.com/pin/create/button/?url=x
https://www.pinterest.com/pin/12/
https://pin.it/abc
https://www.flickr.com/photos/lincoln/123/
https://vimeo.com/12345
https://player.vimeo.com/video/12345
https://www.reddit.com/r/riverbend/comments/abc/title/
https://www.reddit.com/submit?url=x
https://room7.blogspot.com/2026/11/honor-roll.html
https://room7.wordpress.com/2026/11/12/honor-roll/
https://public-api.wordpress.com/rest
https://dreyes.wixsite.com/room7/post/honor-roll
https://room7.tumblr.com/post/12/honor-roll
https://www.tumblr.com/share/link?url=x
https://room7.substack.com/p/honor-roll
https://medium.com/@room7/honor-roll-0123456789ab
https://medium.com/m/signin
https://www.classdojo.com/
https://www.twitch.tv/videos/12
https://wa.me/14065550100
https://t.me/share/url?url=x
https://t.me/riverbend/12
https://lincoln.riverbend.example/
https://facebook.com.evil.example/lincolnelem
https://facebook.com@evil.example/lincolnelem
http://evil.example\\@facebook.com/lincolnelem
javascript:alert(1)
mailto:room7@riverbend.example
http://[::1"""


@pytest.mark.parametrize("address", ONE_ACCOUNT)
def test_every_way_to_write_an_accounts_address_gives_the_same_one(address: str) -> None:
    found = {account_address(url) for url in [address, *ONE_ACCOUNT[address]]}

    assert found == {address}


@pytest.mark.parametrize("url", NOBODYS.splitlines())
def test_what_is_no_profile_is_no_account(url: str) -> None:
    assert account_address(url) is None


def test_an_address_belongs_to_the_platform_on_whose_host_it_lies() -> None:
    urls = {
        "https://m.youtube.com/watch?v=1": "youtube",
        "https://mobile.twitter.com/x": "x",
        "https://www.pinterest.com.au/x": "pinterest",
        "https://room7.blogspot.de/": "blogger",
        "https://sites.google.com/view/x": "googlesites",
        "https://docs.google.com/x": None,
        "https://lincoln.riverbend.example/": None,
        "https://notfacebook.com/": None,
        "ftp://facebook.com/x": None,
    }

    assert {url: of(url) for url in urls} == urls


def test_minimum_ages_are_those_of_the_terms() -> None:
    assert {p.id: p.minimum_age for p in PLATFORMS.values() if p.minimum_age} == {
        **dict.fromkeys(["facebook", "instagram", "threads", "x", "tiktok", "snapchat", "youtube", "pinterest"], 13),
        **dict.fromkeys(["reddit", "discord", "tumblr", "bluesky", "medium", "twitch", "whatsapp"], 13),
        **dict.fromkeys(["linkedin", "vimeo", "substack", "mastodon"], 16),
        "flickr": 18,
    }
    assert minimum_age("facebook") == 13
    assert minimum_age("website") is None
    assert minimum_age("no such platform") is None


def test_a_platform_is_known_by_the_names_that_people_use() -> None:
    words = [
        "twitter",
        "Twitter",
        "Google Sites",
        "google-sites",
        "Linktr.ee",
        "RSS",
        "YouTube",
        "Finalsite",
        "friendster",
    ]

    found = [named(word) for word in words]

    assert found == ["x", "x", "googlesites", "googlesites", "linktree", "feed", "youtube", "website", None]


def test_the_data_is_whole_and_no_name_or_host_stands_twice() -> None:
    hosts = [host for platform in PLATFORMS.values() for host in platform.hosts]
    words = {(word, p.id) for p in PLATFORMS.values() for word in (p.id, p.name, *p.aliases)}

    assert {name: platform.id for name, platform in PLATFORMS.items()} == {name: name for name in PLATFORMS}
    assert len(hosts) == len(set(hosts))
    assert {(word, named(word)) for word, _ in words} == words
    for form in (form for platform in PLATFORMS.values() for form in platform.forms):
        groups = re.compile(form.when).groups + sum(re.compile(when).groups for when in form.query.values())
        assert groups == len(set(re.findall(r"\{\d\}", form.address))), form


@settings(deadline=None)
@given(st.text() | st.builds("https://www.facebook.com/{}".format, st.text()))
def test_no_text_breaks_the_lookup_and_an_accounts_address_stays_itself(url: str) -> None:
    address = account_address(url)

    assert address is None or account_address(address) == address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://lincoln.riverbend.example/news?id=1#top", ""),
        ("http://127.0.0.2:8001/", ""),
        ("http://[::1]:8001/", ""),
        ("https://école.example/", ""),
        ("file:///etc/passwd", 'begins with "file:"'),
        ("javascript:alert(1)", 'begins with "javascript:"'),
        ("view-source:https://lincoln.example/", 'begins with "view-source:"'),
        ("ftp://lincoln.example/", 'begins with "ftp:"'),
        ("www.lincoln.example/news", "write https://www.lincoln.example"),
        ("lincoln.example:8001/news", "does not begin with https://"),
        ("lincoln", "does not begin with https://"),
        ("", "does not begin with https://"),
        ("https://reyes:secret@lincoln.example/", "has a user name or password"),
        ("https://", "names no host"),
        ("https:///news", "names no host"),
        ("https://-/", "names no host"),
        ("https://lincoln.example:99999/", "is no web address"),
        ("http://[::1", "is no web address"),
        ("http://internal\\@public.example/", "a backslash"),
        ("https://lincoln.example/a b", "has a space"),
        ("https://lincoln.example/\r\nHost: x", "another character"),
        ("https://lincoln.example/" + "a" * 2000, "longer than 2000"),
    ],
)
def test_an_address_that_may_not_be_visited_is_told_why(url: str, words: str) -> None:
    problem = web_problem(url)

    assert words in problem
    assert bool(words) == bool(problem)
    assert "secret" not in problem


@settings(deadline=None)
@given(st.text())
def test_any_text_is_an_address_or_a_plain_refusal(text: str) -> None:
    assert web_problem(text).isprintable()
    assert email_problem(text).isprintable()
    assert isinstance(same_place(text), str)


@pytest.mark.parametrize("text", ["tech@riverbend.example", "d.reyes+web@mail.riverbend.example", "o'neil@a.example"])
def test_an_email_address_is_taken(text: str) -> None:
    assert email_problem(text) == ""


@pytest.mark.parametrize(
    "text",
    ["tech", "tech@", "@riverbend.example", "tech@riverbend", "a b@c.example", "a@b@c.example", "a..b@c.example"],
)
def test_what_is_no_email_address_is_told(text: str) -> None:
    assert email_problem(text) == "is no e-mail address; write it like tech@riverbend.example"


def test_a_domain_has_a_dot_and_nothing_else() -> None:
    texts = {"riverbend.example": True, "k12.riverbend.example": True, "riverbend": False, "@a.example": False}

    assert {text: is_domain(text) for text in texts} == texts


def test_two_addresses_of_one_site_are_the_same_place() -> None:
    same = {
        same_place(url)
        for url in (
            "https://www.lincoln.example/",
            "http://lincoln.example",
            "https://Lincoln.example:443/index.html#news",
        )
    }

    assert same == {"lincoln.example"}
    assert same_place("http://l.example/niños/") == same_place("https://l.example/ni%c3%b1os/index.html")
    assert same_place("https://lincoln.example/news/?id=2") == "lincoln.example/news?id=2"


def link_use(url: str, page: str = "https://l.example/", places: int = 1) -> LinkUse:
    return LinkUse(Link(url), page, places, LinkState(url, LinkVerdict.ALIVE))


def test_accounts_that_school_sites_link_to_and_nobody_registered_are_found() -> None:
    district = District(
        name="Riverbend School District",
        policy="mcps",
        schools=(School("lincoln", "Lincoln Elementary", website="https://room7.weebly.com/"),),
        accounts=(Account("lincoln-x", Kind.OFFICIAL, "x", "https://twitter.com/LincolnElem"),),
    )
    links = [
        link_use("https://x.com/lincolnelem", places=40),
        link_use("https://room7.weebly.com/news.html"),
        link_use("https://www.facebook.com/sharer.php?u=x", places=40),
        link_use("https://www.instagram.com/lincoln/"),
        link_use("https://www.facebook.com/LincolnPTA", places=3),
        link_use("https://facebook.com/lincolnpta/?ref=1", page="https://l.example/news", places=9),
    ]

    found = unregistered([Linked(use, "lincoln") for use in links], district)

    assert found == (
        Unregistered("https://www.facebook.com/lincolnpta", "facebook", "https://l.example/", 9, "lincoln"),
        Unregistered("https://www.instagram.com/lincoln", "instagram", "https://l.example/", 1, "lincoln"),
    )


@pytest.mark.parametrize(
    ("frame", "account"),
    [
        (
            "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2FLincolnElem%2F&tabs=timeline",
            "https://www.facebook.com/lincolnelem",
        ),
        (
            "https://www.facebook.com/v19.0/plugins/likebox.php?href=https://m.facebook.com/profile.php?id=100012345",
            "https://www.facebook.com/profile.php?id=100012345",
        ),
        ("https://www.facebook.com/plugins/like.php?href=https://www.facebook.com/LincolnElem", None),
        ("https://www.facebook.com/plugins/page.php?href=https://lincoln.example/", None),
        ("https://www.instagram.com/lincolnelem/embed/", "https://www.instagram.com/lincolnelem"),
        (
            "https://syndication.twitter.com/srv/timeline-profile/screen-name/LincolnElem?dnt=1",
            "https://x.com/lincolnelem",
        ),
        ("https://www.tiktok.com/embed/@lincolnelem", "https://www.tiktok.com/@lincolnelem"),
        (
            "https://embed.bsky.app/embed/did:plc:abc/app.bsky.feed.post/3k1",
            "https://bsky.app/profile/did:plc:abc",
        ),
        (
            "https://www.youtube.com/embed/videoseries?list=UUx5XG1OV2P6uZZ5FSM9Ttw",
            "https://www.youtube.com/channel/UCx5XG1OV2P6uZZ5FSM9Ttw",
        ),
        (
            "https://www.youtube.com/embed?listType=user_uploads&list=LincolnElem",
            "https://www.youtube.com/user/lincolnelem",
        ),
        ("https://www.youtube.com/embed/a1B2c3D4e5F", None),
        ("https://lincoln.example/lincolnelem/embed", None),
        ("http://[::1", None),
    ],
)
def test_the_account_that_a_frame_shows_is_told_by_its_address(frame: str, account: str | None) -> None:
    assert shown_in(frame) == account


RIVERBEND = District(
    name="Riverbend School District",
    policy="mcps",
    schools=(
        School("lincoln", "Lincoln Elementary", website="https://lincoln.riverbend.example/"),
        School("madison-high", "Madison High School", website="https://riverbend.example/madison/"),
    ),
    accounts=(Account("lincoln-site", Kind.OFFICIAL, "website", "https://lincoln.riverbend.example/", "lincoln"),),
)


@pytest.mark.parametrize(
    ("url", "account"),
    [
        (
            "https://twitter.com/LincolnElem?s=20",
            Account("lincoln-x", Kind.OFFICIAL, "x", "https://x.com/lincolnelem", "lincoln"),
        ),
        (
            "https://lincoln.riverbend.example/grade3/",
            Account(
                "lincoln-grade3", Kind.CLASSROOM, "website", "https://lincoln.riverbend.example/grade3/", "lincoln"
            ),
        ),
        (
            "https://riverbend.example/madison/",
            Account(
                "madison-high-site", Kind.OFFICIAL, "website", "https://riverbend.example/madison/", "madison-high"
            ),
        ),
        (
            "https://msreyesroom7.weebly.com/news",
            Account("district-msreyesroom7", Kind.CLASSROOM, "weebly", "https://msreyesroom7.weebly.com"),
        ),
        (
            "https://www.linkedin.com/in/dana-reyes",
            Account("district-dana-reyes", Kind.PERSONAL, "linkedin", "https://www.linkedin.com/in/dana-reyes"),
        ),
        (
            "https://social.example/@Lincoln",
            Account("lincoln-mastodon", Kind.OFFICIAL, "mastodon", "https://social.example/@lincoln", "lincoln"),
        ),
        (
            "https://lincoln.riverbend.example/users/office",
            Account(
                "lincoln-site-2",
                Kind.OFFICIAL,
                "website",
                "https://lincoln.riverbend.example/users/office",
                "lincoln",
            ),
        ),
        (
            "https://www.classdojo.com/",
            Account("district-www", Kind.CLASSROOM, "classdojo", "https://www.classdojo.com/"),
        ),
    ],
)
def test_an_address_alone_tells_much_of_what_the_registry_wants(url: str, account: Account) -> None:
    assert draft(url, RIVERBEND) == account


def test_a_draft_takes_a_free_id() -> None:
    taken = (*RIVERBEND.accounts, Account("Lincoln-X", Kind.OFFICIAL, "x", "https://x.com/other"))

    guess = draft("https://x.com/lincolnelem", replace(RIVERBEND, accounts=taken))

    assert guess.id == "lincoln-x-2"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://lincoln.riverbend.example", 'already registered as "lincoln-site"; nothing to add'),
        ("https://www.facebook.com/sharer.php?u=x", "this is on Facebook, but no account there"),
        ("https://youtu.be/a1B2c3D4e5F", "this is a single post on YouTube"),
        ("ftp://lincoln.riverbend.example", 'the address begins with "ftp:"'),
    ],
)
def test_what_cannot_be_registered_is_told(url: str, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        draft(url, RIVERBEND)
