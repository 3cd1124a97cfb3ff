"""The text of a page: words as a reader sees them, and bytes of every kind read without a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Document, Place
from spiders.html import is_tame, multiplies, read
from spiders.text import clean, clean_markup, decode

URL = "http://lincoln.example/news/fair.html"


def body(markup: str | bytes, charset: str = "") -> str:
    """The running text of a page with that markup in its body."""
    raw = markup.encode("utf-8") if isinstance(markup, str) else markup
    return texts(read(raw, URL, charset=charset), Place.BODY)


def texts(document: Document, place: Place) -> str:
    return "\n".join(p.text for p in document.passages if p.place is place)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p><b>Ma</b>ria Gar<i>cia</i></p>", "Maria Garcia"),
        ("<li>Ana Ortiz</li><li>Ben Cole</li>", "Ana Ortiz\nBen Cole"),
        ("Ana Ortiz<br>Ben Cole<br/>Cy Dunn", "Ana Ortiz\nBen Cole\nCy Dunn"),
        ("<table><tr><td>Garcia<td>Maria<tr><td>Cole<td>Ben</table>", "Garcia\tMaria\nCole\tBen"),
        ("<table><tr><td><b>Ortiz</b>,<br>Ana</td><td>4</td></tr></table>", "Ortiz, Ana\t4"),
        ("<table><tr><td>Ortiz, Ana,<br>Cole, Ben</td></tr></table>", "Ortiz, Ana,\nCole, Ben"),
        ("<table><tr><th>Name</th><td><b>Ana</b> <i>Ortiz</i></td></tr></table>", "Name\tAna Ortiz"),
        ("<p>Ana&nbsp;Ortiz</p>", "Ana Ortiz"),
        ("<p>Ana\n   \t Ortiz</p>", "Ana Ortiz"),
        ("<pre>Ana Ortiz\nBen Cole</pre>", "Ana Ortiz\nBen Cole"),
        ("<textarea>Ana Ortiz\nBen Cole</textarea>", "Ana Ortiz\nBen Cole"),
        ("<a href=a>Ana Ortiz</a><a href=b>Ben Cole</a>", "Ana Ortiz Ben Cole"),
        ("Ana <img src=x.png alt='star'>Ortiz", "Ana Ortiz"),
        ("<div>Ana<div>Ortiz</div>Cole</div>", "Ana\nOrtiz\nCole"),
        ("<o:p>Ana</o:p><st1:sn>bel</st1:sn> Ortiz", "Anabel Ortiz"),
        ("Ana<wbr>bel <ruby>Ortiz<rt>x</rt></ruby>", "Anabel Ortizx"),
        ("<select><option>Ana</option><option>Ben</option></select>", "Ana\nBen"),
        ("1 &lt; 2 &amp;amp; 3 &gt; 2 &quot;x&quot;", '1 < 2 &amp; 3 > 2 "x"'),
        ('<p title="a > b <i>">Ana</p>', "Ana"),
        ("<!-- Ben Cole --><p>Ana</p><!-- > -->", "Ana"),
        ("<script>var a = '<p>Ben</p>'</script><style>p{}</style><template>Ben</template>Ana", "Ana"),
        ("<p hidden>Ana</p><p style='display:none'>Ortiz</p>", "Ana\nOrtiz"),
        ("<noscript>Ana Ortiz</noscript>", "Ana Ortiz"),
        ("<svg><title>Ana</title><text>Ortiz</text></svg>", "Ana\nOrtiz"),
        ("Ana\x00 Or\x08tiz\x7f", "Ana Ortiz"),
        ("A\u202ena\u202c \u2066Ortiz\u2069", "Ana Ortiz"),
        ("Ana&#x202e;&#8;&#1; Or&#xFFFE;tiz&#x81;", "Ana Ortiz"),
        ("Pe&ntilde;a &#241; &#128; \U0001f600", "Peña ñ € \U0001f600"),
        ("<p>Ana", "Ana"),
        ("<<<p>>Ana</x></p", "<<\n>Ana"),
        ("", ""),
    ],
)
def test_words_are_neither_glued_nor_split(markup: str, text: str) -> None:
    assert body(markup) == text


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("José Peña".encode(), "", "José Peña"),
        ("José Peña".encode(), "iso-8859-1", "José Peña"),
        ("José Peña".encode("latin-1"), "utf-8", "José Peña"),
        ("José “Peña”".encode("cp1252"), "iso-8859-1", "José “Peña”"),
        ("\ufeffJosé".encode(), "latin-1", "José"),
        ("\ufeffJosé".encode("utf-16-le"), "", "José"),
        ("\ufeffJosé".encode("utf-16-be"), "", "José"),
        (b"<meta charset=windows-1251>" + "Анна".encode("cp1251"), "", "Анна"),
        (
            b"<meta http-equiv=content-type content='text/html; charset=shift_jis'>" + "山田".encode("shift_jis"),
            "",
            "山田",
        ),
        ("山田".encode("iso2022_jp"), "iso-2022-jp", "山田"),
        (("José Peña Núñez " * 3).encode() + b"\xf0\x9f", "utf-8", "José Peña Núñez " * 3 + "\ufffd"),
        (b"+ADw-b+AD4-Ana", "utf-7", "+ADw-b+AD4-Ana"),
        (b"<meta charset=utf-16>Ana", "", "Ana"),
        (b"Ana", "no-such-charset", "Ana"),
        (b"Ana", "base64", "Ana"),
    ],
)
def test_a_page_is_read_in_the_charset_that_it_is_in(raw: bytes, charset: str, text: str) -> None:
    assert body(raw, charset).replace("\n", " ").strip() == text.strip()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "utf-7", "big5", "hz", "nonsense", "cp1252"]))
def test_any_bytes_are_read_and_give_text_that_every_database_takes(raw: bytes, charset: str) -> None:
    document = read(raw, URL, charset=charset)

    for passage in document.passages:
        assert passage.text == clean(passage.text)
        assert passage.text.encode("utf-8").decode("utf-8") == passage.text
        assert "\0" not in passage.text


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_and_keeps_what_people_write(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert clean_markup(clean_markup(text)) == clean_markup(text)
    assert [c for c in cleaned if c.isalnum()] == [c for c in text if c.isalnum()]


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<td>", "<br>", "<a href=x>", "</a>", "<", ">", "&", " x", " "])
    )
)
def test_any_soup_of_tags_is_read(pieces: list[str]) -> None:
    markup = "".join(pieces)

    assert body(markup).count("x") == markup.replace("href=x", "").count("x")


def test_text_that_names_a_child_never_shows_when_a_document_is_printed() -> None:
    document = read(b"<title>Ana Ortiz</title><p>Ana Ortiz<img src=a.jpg alt='Ana Ortiz'><a href=b>Ana Ortiz</a>", URL)

    assert "Ortiz" not in repr(document)


@pytest.mark.parametrize(
    "markup",
    [
        b"<div>" * 50_000 + b"x",
        b"<p>" + b"".join(b"<b id=%d>" % i for i in range(2000)) + b"<p>x" * 2000,
        b"<p>" + b"<font color=red>" * 3000 + b"<div>x</div>" * 3000,
    ],
)
def test_markup_built_to_multiply_is_told_apart(markup: bytes) -> None:
    assert multiplies(markup)
    assert not is_tame(markup)


@pytest.mark.parametrize(
    "markup",
    [
        b"",
        b"<p>x" * 5000,
        b"<div><b>x</b></div>" * 20_000,
        b"<ul>" + b"<li><a href=x><b>y</b></a>" * 3000,
        b"<br>" * 50_000,
    ],
)
def test_long_ordinary_pages_are_tame(markup: bytes) -> None:
    assert is_tame(markup)


@pytest.mark.parametrize("markup", [b"x" * 3_000_000, b"<i>x</i>" * 60_000])
def test_a_large_page_is_read_elsewhere(markup: bytes) -> None:
    assert not is_tame(markup)
    assert not multiplies(markup)


def test_decoding_never_raises_for_a_label_that_python_knows_and_browsers_do_not() -> None:
    for label in (
        "idna",
        "punycode",
        "rot13",
        "zlib",
        "unicode_escape",
        "undefined",
        "utf-32",
        "mbcs",
        "\0",
        "a" * 999,
    ):
        assert decode(b"Ana", label) in ("Ana", "\ufffd")
