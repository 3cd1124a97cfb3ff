"""Which links reach a person, and whom."""

import pytest

from auditor.outlets.calls import called, is_call, without_user


@pytest.mark.parametrize(
    ("url", "values"),
    [
        ("mailto:ana@home.example", ("ana@home.example",)),
        ("MAILTO:ana@home.example?subject=Hi", ("ana@home.example",)),
        ("mailto:Ana%20Roe%20%3Cana%40home.example%3E", ("Ana Roe <ana@home.example>",)),
        ("mailto:office@x.example?cc=ana@home.example", ("office@x.example", "ana@home.example")),
        (
            "mailto:?to=ana%2Broe%40home.example&BCC=jo@x.example,ed@x.example",
            ("ana+roe@home.example", "jo@x.example", "ed@x.example"),
        ),
        ("mailto:ana+roe@home.example?bcc=jo+doe@x.example", ("ana+roe@home.example", "jo+doe@x.example")),
        ("mailto:a@x.example;b@x.example", ("a@x.example", "b@x.example")),
        ("Tel:+1-406-555-0131", ("+1-406-555-0131",)),
        ("sms:4065550131?body=Hi", ("4065550131",)),
        ("callto://+14065550131", ("+14065550131",)),
        ("facetime:ana@home.example", ("ana@home.example",)),
        ("whatsapp://send?phone=14065550131&text=hi", ("14065550131",)),
        ("https://wa.me/14065550131", ("14065550131",)),
        ("https://wa.me/+14065550131?text=hi", ("+14065550131",)),
        ("HTTPS://API.WhatsApp.com/send?text=hi&phone=%2B14065550131", ("+14065550131",)),
        ("https://t.me/+14065550131", ("+14065550131",)),
        ("https://signal.me/#p/+14065550131", ("+14065550131",)),
        ("mailto:", ()),
        ("skype:echo?call", ()),
    ],
)
def test_a_call_tells_every_mailbox_and_number_that_it_reaches(url: str, values: tuple[str, ...]) -> None:
    assert is_call(url)
    assert called(url) == values


@pytest.mark.parametrize(
    "url",
    [
        "https://riverbend.example/tel:4065550131",
        "https://chat.whatsapp.com/AbCdEfGh",
        "https://whatsapp.com/channel/0029VaAb",
        "https://wa.me/?text=look",
        "https://api.whatsapp.com/send?text=look",
        "https://t.me/+aBcD1234567",
        "javascript:void(0)",
    ],
)
def test_a_page_or_a_group_is_no_call(url: str) -> None:
    assert not is_call(url)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://ana.roe%40home.example:secret@x.example/a", "http://x.example/a"),
        ("https://ana@home.example:secret@x.example", "https://x.example"),
        ("https://x.example/@ana", "https://x.example/@ana"),
        ("https://x.example?mail=a@x.example", "https://x.example?mail=a@x.example"),
        ("mailt:ana@x.example", "mailt:ana@x.example"),
    ],
)
def test_names_and_passwords_are_no_part_of_a_kept_address(url: str, plain: str) -> None:
    assert without_user(url) == plain
