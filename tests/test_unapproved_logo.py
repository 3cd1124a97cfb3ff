"""The rule `unapproved-logo`: which sightings of a logo count against which account, under which policy."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from auditor.check import built
from auditor.judge import Judge
from auditor.model import (
    Account,
    Aside,
    District,
    Finding,
    Image,
    Kind,
    Logo,
    LogoSighting,
    Outcome,
    Picture,
    PictureUse,
    Remark,
    School,
    Severity,
)
from tests.policies import load

SEAL = LogoSighting("district-seal", "approved", 0.97)
OFFICIAL = Account("lincoln-site", Kind.OFFICIAL, "website", "https://lincoln.example/", "lincoln")
PERSONAL = Account("rivera-blog", Kind.PERSONAL, "website", "https://rivera.example/", "lincoln")
ADDRESS = "https://lincoln.example/images/banner.png"


def judged(policy: str, account: Account, *logos: LogoSighting, problem: str = "") -> list[Finding]:
    """What the policy finds on an account that shows one picture with these logos on three pages."""
    return judge(policy, account).picture(account, use(*logos, problem=problem)).findings


def judge(policy: str, account: Account) -> Judge:
    school = School("lincoln", "Lincoln Elementary")
    district = District("Riverbend", policy, schools=(school,), logos=(Logo("district-seal", ()),), accounts=(account,))
    rule = "unapproved-logo"
    return Judge(district, load(policy), date(2026, 11, 16), digest, checks={rule: built()[rule]})


def use(*logos: LogoSighting, problem: str = "") -> PictureUse:
    return PictureUse(Image(ADDRESS), "https://lincoln.example/", 3, Picture(ADDRESS, "", 240, 240, logos, problem))


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@pytest.mark.parametrize(
    ("policy", "severity"), [("mcps", Severity.SERIOUS), ("d547", Severity.SERIOUS), ("mtc", Severity.MODERATE)]
)
def test_scenario_38_the_logo_on_an_employees_own_page_without_permission_fails(
    policy: str, severity: Severity
) -> None:
    found = judged(policy, PERSONAL, SEAL)

    assert [(f.outcome, f.severity, f.subject, f.url, f.places) for f in found] == [
        (Outcome.FAIL, severity, ADDRESS, "https://lincoln.example/", 3)
    ]


@pytest.mark.parametrize("policy", ["mmsd", "cmcss"])
def test_scenario_38_is_nothing_where_the_policy_does_not_speak_of_logos(policy: str) -> None:
    assert judged(policy, PERSONAL, SEAL) == []


def test_an_official_account_needs_the_permission_as_well() -> None:
    found = judged("mcps", OFFICIAL, SEAL)

    assert [(f.outcome, f.excerpt) for f in found] == [
        (Outcome.FAIL, 'The picture shows the logo "district-seal". This account has no permission for it.')
    ]


def test_an_account_with_permission_may_show_the_logo_as_approved() -> None:
    assert judged("mcps", replace(OFFICIAL, logos=("district-seal",)), SEAL) == []


def test_an_account_with_permission_may_not_show_the_logo_altered() -> None:
    found = judged("mcps", replace(OFFICIAL, logos=("district-seal",)), replace(SEAL, rendition="altered"))

    assert [(f.outcome, f.excerpt, f.advice) for f in found] == [
        (
            Outcome.FAIL,
            'The picture shows the logo "district-seal", altered. This account may use it only as it was approved.',
            "Put an approved version of the logo in its place. The district office has them.",
        )
    ]


def test_permission_for_one_logo_is_none_for_another() -> None:
    found = judged("mcps", replace(OFFICIAL, logos=("school-mascot",)), SEAL)

    assert [f.outcome for f in found] == [Outcome.FAIL]


def test_a_faint_likeness_is_a_question_for_a_person() -> None:
    found = judged("mcps", PERSONAL, replace(SEAL, score=0.68))

    assert [(f.outcome, f.confidence) for f in found] == [(Outcome.REVIEW, 0.68)]


def test_two_logos_in_one_picture_are_one_finding() -> None:
    found = judged("mcps", PERSONAL, SEAL, LogoSighting("school-mascot", "altered", 0.8))

    assert [f.subject for f in found] == [ADDRESS]


def test_the_advice_names_who_may_give_permission() -> None:
    (finding,) = judged("d547", PERSONAL, SEAL)

    assert finding.advice == (
        "Take the picture off, or ask the Superintendent or designee for permission."
        " Then write the logo into the registry."
    )


def test_a_picture_that_could_not_be_looked_at_is_no_pass() -> None:
    asked = judge("mcps", OFFICIAL)

    said = asked.picture(OFFICIAL, use(problem="SVG pictures are not looked at yet"))

    assert said.findings == []
    reason = "a picture could not be looked at: SVG pictures are not looked at yet"
    assert said.remarks == [Remark("unapproved-logo", Aside.UNKNOWN, reason)]


def test_a_picture_without_a_logo_is_no_finding() -> None:
    assert judged("mcps", PERSONAL) == []
