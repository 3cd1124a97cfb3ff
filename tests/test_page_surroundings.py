"""What stands beside a picture, and what visitors wrote under a page."""

from datetime import UTC, datetime

import pytest

from auditor.model import Comment, CommentState, Document, Place
from spiders.html import parse

FILLER = "The lab was open to families all day long. " * 9


def near(body: str) -> list[str]:
    return [image.near for image in parse(f"<body>{body}</body>", "http://x.example/").images]


def said(body: str) -> list[tuple[str, str]]:
    passages = parse(f"<body>{body}</body>", "http://x.example/").passages
    return [(p.place.value, p.text) for p in passages if p.place in (Place.BODY, Place.COMMENT)]


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{FILLER}<p><img src=a.jpg></p><p>It was Hesper in the lab.</p>{FILLER}</article>",
        f"<main><p>{FILLER}</p><p>It was Hesper in the lab.</p><img src=a.jpg><h2>Lunch</h2>{FILLER}</main>",
        f"<p>{FILLER}</p><img src=a.jpg>It was Hesper in the lab.",
    ],
)
def test_the_words_beside_a_picture_are_near_it_wherever_its_story_begins(body: str) -> None:
    (beside,) = near(body)

    assert "It was Hesper in the lab." in beside


@pytest.mark.parametrize(
    "body",
    [
        f"<article><p>Hesper won.</p><p>{FILLER}{FILLER}</p><p><img src=a.jpg></p><p>{FILLER}</p></article>",
        f"<article>{FILLER}<img src=a.jpg>{FILLER}<p>Hesper won.</p></article>",
        f"<main>{FILLER}<img src=a.jpg> A day out.<h2>Honor roll</h2><p>Hesper won.</p></main>",
        f"<main>{FILLER}<script>Hesper</script><img src=a.jpg></main>",
    ],
)
def test_words_far_from_a_picture_or_of_the_next_story_are_not_near_it(body: str) -> None:
    (beside,) = near(body)

    assert "Hesper" not in beside


def test_a_pictures_words_end_at_the_next_picture() -> None:
    assert near(f"<main>{FILLER}<img src=a.jpg>One.<img src=b.jpg>Two.{FILLER}</main>")[0].endswith("One.")


def test_a_heading_above_a_picture_is_about_it() -> None:
    (beside,) = near(f"<main><p>{FILLER}</p><h2>Hesper in the lab</h2><img src=a.jpg><p>{FILLER}</p></main>")

    assert beside.startswith("Hesper in the lab")


@pytest.mark.parametrize(
    ("element", "url"),
    [
        ("<video src=a.mp4></video>", "http://x.example/a.mp4"),
        ("<audio><source src=a.mp3></audio>", "http://x.example/a.mp3"),
        ("<div><iframe src=/player/7></iframe></div>", "http://x.example/player/7"),
    ],
)
def test_a_caption_under_a_recording_is_about_it(element: str, url: str) -> None:
    passages = parse(f"<figure>{element}<figcaption>Hesper sings</figcaption></figure>", "http://x.example/").passages

    assert [p.about for p in passages if p.place is Place.CAPTION and p.text == "Hesper sings"] == [url]


@pytest.mark.parametrize(
    "thread",
    [
        '<section class="comments"><div class="comment"><b>Joe</b><p>Awful.</p></div></section>',
        '<ol class="commentlist"><li id="comment-7"><p>Joe</p><p>Awful.</p></li></ol>',
        '<ol class="comment-list"><li class="comment"><div class="comment-author">Joe</div><p>Awful.</p></li></ol>',
        '<div itemprop="comment"><b>Joe</b><p>Awful.</p></div>',
        '<div id="comments"><div class="comment-body"><p>Joe</p><p>Awful.</p></div></div>',
    ],
)
def test_what_visitors_write_is_no_word_of_the_page(thread: str) -> None:
    assert said(f"<p>Welcome.</p>{thread}<p>Footer.</p>") == [
        ("body", "Welcome.\nFooter."),
        ("comment", "Joe\nAwful."),
    ]


@pytest.mark.parametrize(
    "own",
    [
        '<div class="comments"><p>Our principal comments on the week.</p></div>',
        '<p class="comment">Our principal comments on the week.</p>',
        '<p id="commentary">Our principal comments on the week.</p>',
    ],
)
def test_a_page_that_comments_speaks_for_itself(own: str) -> None:
    assert said(own) == [("body", "Our principal comments on the week.")]


def test_threads_within_threads_are_told_once() -> None:
    thread = (
        '<div class="comments-area"><ol class="comment-list"><li id="comment-1">One<ol><li id="comment-2">Two</li></ol>'
    )

    assert said(f"{thread}</li></ol></div>") == [("comment", "One\nTwo")]


FORM = '<div id="respond"><form id="commentform" action="/wp-comments-post.php"><p>{}</p><textarea></textarea></form>'
ANSWERED = (
    '<ol class="comment-list"><li class="comment" id="comment-7"><div class="comment-meta"><b class="fn">Joe</b>'
    '<time datetime="2026-11-03T10:00:00Z">3 days ago</time></div><div class="comment-content"><p>Awful.</p></div>'
    '<ol class="children"><li class="comment" id="comment-8"><cite>Ana</cite><p>2 days ago</p><p>I agree.</p></li></ol>'
    "</li></ol>"
)


def read(body: str) -> Document:
    return parse(f"<body>{body}</body>", "http://x.example/p")


def test_each_comment_of_a_thread_is_told_apart_with_who_wrote_it_and_when() -> None:
    page = read(f'<p>News</p><div id="comments" class="comments-area">{ANSWERED}{FORM.format("Leave a reply")}</div>')

    assert page.comments == (
        Comment("Awful.", "Joe", "http://x.example/p#comment-7", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        Comment("I agree.", "Ana", "http://x.example/p#comment-8"),
    )


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (FORM.format("Leave a reply"), CommentState.OPEN),
        (f"<p>Comments are closed on Sundays.</p>{FORM.format('Say it')}", CommentState.OPEN),
        (FORM.format("Your comment will appear after we have reviewed it."), CommentState.MODERATED),
        ('<div id="comments"><p class="must-log-in">Log in to comment.</p></div>', CommentState.MODERATED),
        ('<div id="comments"><p>Comments are closed.</p></div>', CommentState.CLOSED),
        ('<p class="no-comments">No more, please</p>', CommentState.CLOSED),
        ('<div id="disqus_thread"></div>', CommentState.OPEN),
        ('<h3>Leave a comment</h3> <form action="/say"><textarea name="t"></textarea></form>', CommentState.OPEN),
        ('<form action="/say"><textarea name="t"></textarea><button>Post comment</button></form>', CommentState.OPEN),
        (f'<div class="comments">{ANSWERED}</div>', None),
        ('<form action="/ask"><p>Questions or comments?</p><textarea name="comments"></textarea></form>', None),
        ("<p>The comments are closed at the fair.</p>", None),
        ('<h3>Leave a comment card at the office</h3><form action="/q"><input name="comment"></form>', None),
    ],
)
def test_a_page_says_who_may_comment_by_its_form_or_its_words(body: str, state: CommentState | None) -> None:
    assert read(body).comment_state is state


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (f'<div class="comments">{ANSWERED}</div>', True),
        ('<div id="comments"></div>', True),
        (f'<div class="comments">{ANSWERED}<a href="/p/comment-page-1/">Before</a></div>', False),
        (f'<div class="comments">{ANSWERED}<button>Load more comments</button></div>', False),
        ('<div id="comments"><div id="disqus_thread"></div></div>', False),
        (f'<div class="comments"><h2>2 comments</h2>{ANSWERED}</div>', True),
        (f'<div class="comments"><h2>12 comments</h2>{ANSWERED}</div>', False),
        ("<p>News and comments</p>", None),
    ],
)
def test_all_comments_were_read_only_where_the_page_itself_shows_them(body: str, whole: bool | None) -> None:
    assert read(body).comments_whole is whole


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon"])
def test_a_day_that_is_none_costs_no_comment(day: str) -> None:
    page = read(f'<div class="comments">{ANSWERED.replace("2026-11-03T10:00:00Z", day)}</div>')

    assert [(said.text, said.published_on) for said in page.comments] == [("Awful.", None), ("I agree.", None)]


def test_a_comment_that_speaks_of_comments_says_nothing_about_the_page() -> None:
    said = "<p>Why must comments be approved? Load more comments!</p>"
    thread = f'<ol class="comment-list"><li class="comment">{said}</li></ol>'
    page = read(f'<div id="comments">{thread}{FORM.format("Leave a reply")}</div>')

    assert (page.comment_state, page.comments_whole) == (CommentState.OPEN, True)


@pytest.mark.parametrize(
    "thread",
    [
        '<ul class="comments"><li>This is a bad idea.</li><li>I do not think so.</li></ul>',
        '<div id="comments"><h2>Comments</h2><ol><li>This is a bad idea.</li><li>I do not think so.</li></ol></div>',
        '<ol class="commentlist"><li class="comment" id="li-comment-7"><div id="comment-7"><div class="comment-author">'
        '<cite class="fn">Joe</cite></div><div class="comment-body"><p>This is a bad idea.</p></div></div>'
        '<ul class="children">'
        '<li class="comment" id="li-comment-8"><div id="comment-8"><p>I do not think so.</p></div></li></ul></li>'
        '<li class="post pingback"><p>Pingback: Another site speaks of buses</p></li></ol>',
        '<div id="comments"><div class="comment" id="comment-7"><div class="comment-content">'
        '<div class="comment-author">Joe on Monday</div><p>This is a bad idea.</p></div>'
        '<div class="comment" id="comment-8"><p>I do not think so.</p></div></div></div>',
        '<section class="comment-section"><div class="comment-item"><b>Joe</b><p>This is a bad idea.</p></div>'
        '<div class="comment-item"><b>Ana</b><p>I do not think so.</p></div></section>',
        '<div class="comments-list"><div class="comment__item"><i class="comment__author">Joe</i>'
        '<div class="comment__body">This is a bad idea.</div></div>'
        '<div class="comment__item"><div class="comment__body">I do not think so.</div>'
        "</div></div>",
        '<div itemscope itemtype="https://schema.org/Comment"><p>This is a bad idea.</p></div>'
        '<div itemscope itemtype="https://schema.org/Comment"><p>I do not think so.</p></div>',
    ],
)
def test_comments_are_told_apart_in_whatever_way_a_page_marks_them(thread: str) -> None:
    assert [comment.text for comment in read(thread).comments] == ["This is a bad idea.", "I do not think so."]


def test_a_count_of_comments_is_none() -> None:
    page = read('<ul class="comments"><li>3 comments</li></ul><p>News of the week</p>')

    assert page.comments == ()
    assert said('<ul class="comments"><li>3 comments</li></ul>') == [("body", "3 comments")]
