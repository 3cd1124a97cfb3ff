"""The demo district's web sites, made from `sites/*.toml` and the page shells of the systems that schools use."""

import base64
import html
import mimetypes
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).parent
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Site:
    """What one port serves: a media type and bytes for each path."""

    port: int
    pages: Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of a site's news: where it stands, its heading, its day and its text."""

    path: str
    title: str
    day: date
    body: str


def sites() -> tuple[Site, ...]:
    """Every site of the demo district."""
    return tuple(_site(tomllib.loads(file.read_text("utf-8"))) for file in sorted((HERE / "sites").glob("*.toml")))


def _site(told: Mapping[str, Any]) -> Site:
    pages = dict(_files())
    blogs = told.get("blogs")
    for part in blogs or [told]:
        pages.update(_part(told, part))
    return Site(told["port"], pages)


def _files() -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Pictures and downloads, under the addresses by which the pages link them."""
    for file in sorted((HERE / "files").iterdir()):
        media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        content = (media, file.read_bytes())
        yield f"/files/{file.name}", content
        if file.suffix == ".xlsx":
            yield f"/cms/lib/MT01/Centricity/Domain/12/{file.name}", content


def _part(site: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The pages of a site, or of one blog on it."""
    posts = sorted(_posts(part), key=lambda post: post.day, reverse=True)
    home = part.get("home", "")
    if home:
        picture = f'<p><img src="{part["avatar"]}" alt="Me" width="120" height="120"></p>' if "avatar" in part else ""
        yield from _page(site, part, home, part["name"], f"{picture}<p>{part['about']}</p>{_index(posts)}", None)
    for page in part.get("pages", ()):
        listed = _index(p for p in posts if "index" in page and p.path.startswith(page["index"]))
        yield from _page(site, part, page["path"], page["title"], page["body"] + listed, None)
    for post in posts:
        yield from _page(site, part, post.path, post.title, post.body, post.day)


def _posts(part: Mapping[str, Any]) -> Iterator[Post]:
    home = part.get("home", "")
    for post in part.get("posts", ()):
        folder = post.get("folder", home)
        yield Post(
            f"{folder}{post['date']:%Y/%m/%d}/{_slug(post['title'])}/", post["title"], post["date"], post["body"]
        )
    for series in part.get("series", ()):
        for number in range(series["times"]):
            day = series["starts"] + timedelta(days=number * series["every"])
            words = {name: some[number % len(some)] for name, some in series.get("choices", {}).items()}
            title = series["title"].format(day=f"{day.day} {day:%B}", month=f"{day:%B}")
            path = f"{series.get('folder', home)}{day:%Y/%m/%d}/{_slug(title)}/"
            yield Post(path, title, day, series["body"].format(**words))


def _index(posts: Iterator[Post] | list[Post]) -> str:
    rows = "".join(f'<li><a href="{p.path}">{html.escape(p.title)}</a> {p.day.day} {p.day:%B %Y}</li>' for p in posts)
    return f"<ul>{rows}</ul>" if rows else ""


def _page(
    site: Mapping[str, Any], part: Mapping[str, Any], path: str, title: str, body: str, day: date | None
) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """One page in its site's shell. Where the shell is empty without a browser, the text is a second address."""
    mail = site["mail"]
    dateline = f'<p><time datetime="{day.isoformat()}">{day:%B} {day.day}, {day.year}</time></p>' if day else ""
    source = f"/api/content{path}" if site["shell"] == "edlio" else ""
    shell = Template((HERE / "shells" / f"{site['shell']}.html").read_text("utf-8"))
    text = shell.substitute(
        lang=part.get("language", "en"),
        title=html.escape(title),
        name=html.escape(part.get("name", site["name"])),
        home=part.get("home", "/"),
        about=part.get("about", ""),
        address=site["address"],
        phone=site["phone"],
        mail=mail,
        mail64=base64.b64encode(mail.encode()).decode(),
        social=site["social"],
        nav="".join(f'<li><a href="{to}">{html.escape(words)}</a></li>' for to, words in site["nav"]),
        number=sum(path.encode()),
        dateline=dateline,
        body=body,
        source=source,
    )
    yield path, (HTML, text.encode())
    if source:
        content = f"<main><h1>{html.escape(title)}</h1>{dateline}{body}</main>"
        yield source, (HTML, content.encode())


def _slug(title: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in title.lower()).split()
    return "-".join(words)
