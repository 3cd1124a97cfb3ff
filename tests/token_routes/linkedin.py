"""A school's page on LinkedIn, as its interface tells of it to somebody who runs it."""

from spiders.platforms.linkedin import parse
from tests.token_routes import Sample, said

HOME = "https://www.linkedin.com/school/lincoln"
API = "/rest"
MEDIA = "https://media.licdn.example/dms/image/v2"
UPDATE = "https://www.linkedin.com/feed/update/"
SHARE, UGC = "urn:li:share:", "urn:li:ugcPost:"

ORGANISATION = {
    "id": 2414183,
    "vanityName": "lincoln",
    "localizedName": "Lincoln Elementary",
    "name": {"localized": {"en_US": "Lincoln Elementary"}, "preferredLocale": {"country": "US", "language": "en"}},
    "localizedDescription": "Grades K to 5 in Riverbend.",
    "localizedWebsite": "https://lincoln.riverbend.example/",
    "localizedSpecialties": ["Reading", "Music"],
    "primaryOrganizationType": "SCHOOL",
    "locations": [
        {
            "locationType": "HEADQUARTERS",
            "address": {"line1": "1 School Street", "city": "Riverbend", "country": "US"},
            "phoneNumber1": {"number": "406-555-0100"},
        }
    ],
    "logoV2": {"original": "urn:li:digitalmediaAsset:LOGO1", "cropped": "urn:li:digitalmediaAsset:LOGO2"},
    "created": {"time": 1629471600000},
}


def post(urn: str, words: str, content: object = None, **more: object) -> dict[str, object]:
    return {
        "id": urn,
        "author": "urn:li:organization:2414183",
        "commentary": words,
        "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED",
        "createdAt": 1794000000000,
        "publishedAt": 1794009600000,
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "isReshareDisabledByAuthor": False,
        **({} if content is None else {"content": content}),
        **more,
    }


def comment(number: int, words: str, **more: object) -> dict[str, object]:
    return {
        "actor": "urn:li:person:x1",
        "id": str(number),
        "commentUrn": f"urn:li:comment:(urn:li:activity:7,{number})",
        "object": "urn:li:activity:7",
        "message": {"attributes": [], "text": words},
        "created": {"actor": "urn:li:person:x1", "time": 1794040000000},
        **more,
    }


def listed(*elements: object, total: int | None = None, start: int = 0) -> dict[str, object]:
    """One page of a list."""
    paging = {"start": start, "count": 20, "links": [], **({} if total is None else {"total": total})}
    return {"elements": list(elements), "paging": paging}


PICTURES = post(
    f"{SHARE}11",
    r"Our fair with @[Riverbend Schools](urn:li:organization:9) \(all day\) {hashtag|\#|Reading}",
    {"multiImage": {"images": [{"id": "urn:li:image:A1", "altText": "A table of books"}, {"id": "urn:li:image:A2"}]}},
)
ARTICLE = post(
    f"{UGC}12",
    "Lunch",
    {
        "article": {
            "source": "https://menus.example/lunch",
            "title": "Lunch in November",
            "description": "All meals of the month",
            "thumbnail": "urn:li:image:A3",
        }
    },
)
DRAFT = post(f"{SHARE}13", "Not yet", lifecycleState="DRAFT")
POLL = post(f"{SHARE}14", "", {"poll": {"question": "Which day?", "options": [{"text": "Monday"}, {"text": "Friday"}]}})
SAMPLE = Sample(
    platform="linkedin",
    url=HOME,
    pages={
        f"{API}/organizations?q=vanityName&vanityName=lincoln": listed(ORGANISATION, total=1),
        f"{API}/images?ids=List(urn:li:image:LOGO1)": {
            "results": {"urn:li:image:LOGO1": {"downloadUrl": f"{MEDIA}/LOGO1?e=1&t=x", "status": "AVAILABLE"}}
        },
        f"{API}/posts?author=urn:li:organization:2414183&start=0": listed(PICTURES, ARTICLE, DRAFT, total=4),
        f"{API}/posts?author=urn:li:organization:2414183&start=3": listed(POLL, total=4, start=3),
        f"{API}/images?ids=List(urn:li:image:A1,urn:li:image:A2,urn:li:image:A3)": {
            "results": {
                f"urn:li:image:{name}": {"downloadUrl": f"{MEDIA}/{name}?e=1&t=x", "status": "AVAILABLE"}
                for name in ("A1", "A2", "A3")
            }
        },
        f"{API}/socialMetadata?ids=List({SHARE}11,{UGC}12)": {
            "results": {
                f"{SHARE}11": {"commentsState": "OPEN", "commentSummary": {"count": 3, "topLevelCount": 2}},
                f"{UGC}12": {"commentsState": "CLOSED", "commentSummary": {"count": 0, "topLevelCount": 0}},
            }
        },
        f"{API}/socialMetadata?ids=List({SHARE}14)": {
            "results": {f"{SHARE}14": {"commentsState": "OPEN", "commentSummary": {"count": 0, "topLevelCount": 0}}}
        },
        f"{API}/socialActions/{SHARE.replace(':', '%3A')}11/comments?start=0": listed(
            comment(1, "What a fine fair!"), total=2
        ),
        f"{API}/socialActions/{SHARE.replace(':', '%3A')}11/comments?start=1": listed(
            comment(2, "See you there."), total=2, start=1
        ),
        f"{API}/socialActions/urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7%2C1%29/comments": listed(
            comment(3, "It was.", parentComment="urn:li:comment:(urn:li:activity:7,1)"), total=1
        ),
        f"{API}/socialActions/urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7%2C2%29/comments": listed(total=0),
    },
    listing=f"{API}/posts?author=urn:li:organization:2414183&start=0",
    empty=listed(total=4),
    documents=(HOME, f"{UPDATE}{UGC}12", f"{UPDATE}{SHARE}11", f"{UPDATE}{SHARE}14"),
    parse=parse,
    asks={
        "organisation": f"https://api.linkedin.com{API}/organizations?q=vanityName&vanityName=lincoln",
        "posts": f"https://api.linkedin.com{API}/posts?author=urn%3Ali%3Aorganization%3A1&start=0",
        "comments": f"https://api.linkedin.com{API}/socialActions/urn/comments?start=0",
    },
    wrong=said({"status": 401, "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN", "message": "no"}, 401),
    narrow=said(
        {
            "status": 403,
            "code": "ACCESS_DENIED",
            "message": "Not enough permissions to access: partnerApiPostsExternal.FINDER-author",
        },
        403,
    ),
    lacks="lacks the permission r_organization_social, of somebody who runs the page.",
    header="Authorization",
    scheme="Bearer",
    words=(
        "Grades K to 5 in Riverbend.",
        "Reading, Music",
        "1 School Street, Riverbend, US, 406-555-0100",
        "Our fair with Riverbend Schools (all day) #Reading",
        "A table of books",
        "Lunch in November\nAll meals of the month",
        "Which day?\nMonday\nFriday",
    ),
    comments=("What a fine fair!", "See you there.", "It was."),
    counts_posts=False,
    keys=(
        "id",
        "elements",
        "paging",
        "total",
        "links",
        "commentary",
        "content",
        "media",
        "multiImage",
        "images",
        "altText",
        "article",
        "source",
        "thumbnail",
        "poll",
        "options",
        "text",
        "message",
        "results",
        "localizedName",
        "name",
        "localized",
        "locations",
        "address",
        "logoV2",
        "original",
        "createdAt",
        "created",
        "time",
        "reshareContext",
        "parent",
        "commentUrn",
        "commentsSummary",
    ),
)
