"""What an address tells by itself: every way in which schools write the addresses of their accounts."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import auditor
import spiders
from auditor.cli import main
from auditor.outlets.identify import WHAT, Identity, identify
from auditor.outlets.platforms import PLATFORMS

DID = "did:plc:riverbend234"
CHANNEL = "UCr1v3rB3nd_0000000000-A"

SAME = {
    ("bluesky", "profile", "lincoln.riverbend.example", "https://bsky.app/profile/lincoln.riverbend.example"): """
        https://bsky.app/profile/lincoln.riverbend.example
        HTTP://BSKY.APP/profile/Lincoln.Riverbend.Example/?utm_source=x#top
        https://www.bsky.app/profile/@lincoln.riverbend.example/media
        https://fxbsky.app/profile/lincoln.riverbend.example
        bsky.app/profile/lincoln.riverbend.example""",
    ("bluesky", "profile", "room7.bsky.social", "https://bsky.app/profile/room7.bsky.social"): """
        https://room7.bsky.social/""",
    ("bluesky", "profile", DID, f"https://bsky.app/profile/{DID}"): f"https://bsky.app/profile/{DID}/followers",
    ("bluesky", "post", "3kRoom7abc", "https://bsky.app/profile/room7.example/post/3kRoom7abc"): """
        https://bsky.app/profile/Room7.example/post/3kRoom7abc
        https://bskyx.app/profile/room7.example/post/3kRoom7abc/liked-by
        at://room7.example/app.bsky.feed.post/3kRoom7abc
        https://embed.bsky.app/embed/room7.example/app.bsky.feed.post/3kRoom7abc?id=1""",
    ("mastodon", "profile", "room7@social.example", "https://social.example/@room7"): """
        https://social.example/@Room7
        https://social.example/@room7/
        http://Social.Example/@room7/with_replies?x=1
        https://social.example/users/room7
        https://social.example/users/room7/followers
        https://social.example/@room7.rss
        https://social.example/users/room7.json
        https://social.example/web/@room7
        https://other.example/@room7@social.example
        https://mastodon.social/deck/@room7@social.example""",
    ("mastodon", "post", "113600000000000001", "https://social.example/@room7/113600000000000001"): """
        https://social.example/@room7/113600000000000001
        https://social.example/users/Room7/statuses/113600000000000001
        https://social.example/@room7/113600000000000001/embed""",
    ("mastodon", "post", "AbC9dEf0GhI1jKl2Mn", "https://social.example/notice/AbC9dEf0GhI1jKl2Mn"): """
        https://social.example/notice/AbC9dEf0GhI1jKl2Mn""",
    (
        "mastodon",
        "post",
        "0a1b2c3d-0000-4000-8000-00000000beef",
        "https://social.example/objects/0a1b2c3d-0000-4000-8000-00000000beef",
    ): "https://social.example/objects/0a1b2c3d-0000-4000-8000-00000000beef",
    ("x", "profile", "lincolnelem", "https://x.com/lincolnelem"): """
        https://x.com/LincolnElem
        http://mobile.twitter.com/lincolnelem/
        https://twitter.com/#!/LincolnElem
        https://twitter.com/intent/user?screen_name=LincolnElem&ref_src=x
        https://twitter.com/intent/follow?region=f&screen_name=@lincolnelem
        https://vxtwitter.com/lincolnelem/media
        https://x.com/@LincolnElem""",
    ("x", "profile", "1234567890", "https://x.com/i/user/1234567890"): """
        https://twitter.com/i/user/1234567890
        https://x.com/intent/user?user_id=1234567890""",
    ("x", "post", "1234567890123456789", "https://x.com/lincolnelem/status/1234567890123456789"): """
        https://twitter.com/LincolnElem/status/1234567890123456789?s=20&t=abc
        https://x.com/lincolnelem/statuses/1234567890123456789
        https://m.twitter.com/lincolnelem/status/1234567890123456789/photo/1""",
    ("x", "post", "1234567890123456789", "https://x.com/i/status/1234567890123456789"): """
        https://twitter.com/i/web/status/1234567890123456789
        https://x.com/i/status/1234567890123456789""",
    ("youtube", "profile", CHANNEL, f"https://www.youtube.com/channel/{CHANNEL}"): f"""
        https://www.youtube.com/channel/{CHANNEL}
        http://m.youtube.com/channel/{CHANNEL}/videos?view=0
        https://music.youtube.com/channel/{CHANNEL}
        https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}
        https://www.youtube.com/embed/live_stream?channel={CHANNEL}""",
    ("youtube", "profile", "@lincolnelem", "https://www.youtube.com/@lincolnelem"): """
        https://www.youtube.com/@LincolnElem
        https://m.youtube.com/%40lincolnelem/shorts
        youtube.com/@lincolnelem""",
    ("youtube", "profile", "lincolntv", "https://www.youtube.com/user/lincolntv"): """
        https://www.youtube.com/user/LincolnTV/featured""",
    ("youtube", "profile", "lincolntv", "https://www.youtube.com/c/lincolntv"): """
        https://www.youtube.com/c/LincolnTV
        https://youtube.com/lincolntv""",
    ("youtube", "post", "a1B2c3D4e5F", "https://www.youtube.com/watch?v=a1B2c3D4e5F"): """
        https://www.youtube.com/watch?v=a1B2c3D4e5F&list=PL1&t=5s
        https://m.youtube.com/watch?app=desktop&v=a1B2c3D4e5F
        https://youtu.be/a1B2c3D4e5F?si=x
        https://www.youtube.com/shorts/a1B2c3D4e5F
        https://www.youtube.com/live/a1B2c3D4e5F
        https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?rel=0
        https://www.youtube.com/v/a1B2c3D4e5F
        https://music.youtube.com/watch?v=a1B2c3D4e5F""",
    ("facebook", "profile", "lincolnelem", "https://www.facebook.com/lincolnelem"): """
        https://www.facebook.com/LincolnElem/
        http://m.facebook.com/lincolnelem?ref=bookmarks
        https://web.facebook.com/lincolnelem
        https://mbasic.facebook.com/lincolnelem/about
        https://business.facebook.com/lincolnelem
        https://www.facebook.com/pg/lincolnelem/photos
        https://fb.com/lincolnelem
        https://fb.me/lincolnelem""",
    ("facebook", "profile", "100012345678", "https://www.facebook.com/profile.php?id=100012345678"): """
        https://www.facebook.com/profile.php?id=100012345678&sk=about
        https://m.facebook.com/profile.php?v=info&id=100012345678
        https://www.facebook.com/people/Lincoln-Elementary/100012345678/
        https://www.facebook.com/p/Lincoln-Elementary-100012345678/
        https://www.facebook.com/pages/Lincoln-Elementary/100012345678?fref=ts
        https://www.facebook.com/100012345678""",
    ("facebook", "profile", "room7", "https://www.facebook.com/groups/room7"): """
        https://www.facebook.com/groups/Room7/members""",
    ("facebook", "post", "pfbid02aBcD", "https://www.facebook.com/lincolnelem/posts/pfbid02aBcD"): """
        https://www.facebook.com/LincolnElem/posts/pfbid02aBcD?__cft__=x
        https://m.facebook.com/lincolnelem/posts/book-fair/pfbid02aBcD""",
    ("facebook", "post", "123", "https://www.facebook.com/permalink.php?id=100012345678&story_fbid=123"): """
        https://www.facebook.com/permalink.php?story_fbid=123&id=100012345678
        https://m.facebook.com/story.php?id=100012345678&story_fbid=123&_rdr""",
    ("facebook", "post", "456", "https://www.facebook.com/photo?fbid=456"): """
        https://www.facebook.com/photo?fbid=456&set=a.1
        https://www.facebook.com/photo.php?fbid=456
        https://www.facebook.com/lincolnelem/photos/a.1/456/""",
    ("facebook", "post", "789", "https://www.facebook.com/watch?v=789"): """
        https://www.facebook.com/watch/?v=789
        https://www.facebook.com/watch/live/?v=789
        https://www.facebook.com/lincolnelem/videos/book-fair/789/""",
    ("facebook", "post", "321", "https://www.facebook.com/reel/321"): "https://www.facebook.com/reel/321/?s=single",
    ("facebook", "post", "aBc_1", "https://fb.watch/aBc_1"): "https://fb.watch/aBc_1/",
    ("facebook", "post", "aBcD1", "https://www.facebook.com/share/p/aBcD1"): "https://www.facebook.com/share/p/aBcD1/",
    ("facebook", "post", "55", "https://www.facebook.com/groups/room7/posts/55"): """
        https://www.facebook.com/groups/room7/permalink/55/""",
    ("instagram", "profile", "lincoln.elem", "https://www.instagram.com/lincoln.elem"): """
        https://www.instagram.com/Lincoln.Elem/?hl=en
        https://instagram.com/_u/lincoln.elem
        http://instagr.am/lincoln.elem
        https://www.instagram.com/lincoln.elem/reels/""",
    ("instagram", "post", "C0deAbC-_1", "https://www.instagram.com/p/C0deAbC-_1"): """
        https://www.instagram.com/p/C0deAbC-_1/?igshid=x
        https://www.instagram.com/reel/C0deAbC-_1/
        https://www.instagram.com/reels/C0deAbC-_1/
        https://www.instagram.com/tv/C0deAbC-_1/
        https://instagr.am/p/C0deAbC-_1
        https://www.instagram.com/lincoln.elem/p/C0deAbC-_1/embed/captioned/""",
    ("instagram", "post", "BAcDeFgHiJ", "https://www.instagram.com/share/reel/BAcDeFgHiJ"): """
        https://www.instagram.com/share/reel/BAcDeFgHiJ/""",
    ("threads", "profile", "lincoln.elem", "https://www.threads.com/@lincoln.elem"): """
        https://www.threads.net/@Lincoln.Elem
        https://threads.com/@lincoln.elem/replies""",
    ("threads", "post", "DAbc-1", "https://www.threads.com/@lincoln/post/DAbc-1"): """
        https://www.threads.net/@Lincoln/post/DAbc-1?xmt=x""",
    ("threads", "post", "DAbc-1", "https://www.threads.com/t/DAbc-1"): "https://www.threads.net/t/DAbc-1/",
    ("linkedin", "profile", "riverbend-schools", "https://www.linkedin.com/company/riverbend-schools"): """
        https://de.linkedin.com/company/Riverbend-Schools/about/
        https://www.linkedin.com/company/riverbend-schools/posts/?feedView=all""",
    ("linkedin", "profile", "lincoln", "https://www.linkedin.com/school/lincoln"): "linkedin.com/school/lincoln/",
    ("linkedin", "profile", "stem", "https://www.linkedin.com/showcase/stem"): "https://linkedin.com/showcase/stem",
    ("linkedin", "profile", "dana-reyes", "https://www.linkedin.com/in/dana-reyes"): """
        https://uk.linkedin.com/in/Dana-Reyes?trk=x
        https://www.linkedin.com/mwlite/in/dana-reyes""",
    (
        "linkedin",
        "post",
        "7100000000000000001",
        "https://www.linkedin.com/feed/update/urn:li:activity:7100000000000000001",
    ): """
        https://www.linkedin.com/posts/riverbend_book-fair-activity-7100000000000000001-aB1c?utm_source=share
        https://www.linkedin.com/feed/update/urn:li:activity:7100000000000000001/
        https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7100000000000000001""",
    ("linkedin", "post", "book-fair", "https://www.linkedin.com/pulse/book-fair"): """
        https://www.linkedin.com/pulse/book-fair/""",
    ("tiktok", "profile", "lincoln.elem", "https://www.tiktok.com/@lincoln.elem"): """
        https://www.tiktok.com/@Lincoln.Elem?lang=en&_t=x
        https://m.tiktok.com/@lincoln.elem/live""",
    ("tiktok", "post", "7300000000000000001", "https://www.tiktok.com/@lincoln/video/7300000000000000001"): """
        https://www.tiktok.com/@Lincoln/video/7300000000000000001?is_copy_url=1
        https://www.tiktok.com/@lincoln/photo/7300000000000000001""",
    ("tiktok", "post", "ZMabc1", "https://vm.tiktok.com/ZMabc1"): "https://vm.tiktok.com/ZMabc1/",
    ("tiktok", "post", "ZTabc1", "https://www.tiktok.com/t/ZTabc1"): "https://tiktok.com/t/ZTabc1/",
    ("pinterest", "profile", "room7", "https://www.pinterest.com/room7"): """
        https://www.pinterest.co.uk/Room7/
        https://de.pinterest.com/room7/_created/
        https://www.pinterest.com/room7/_saved
        https://pinterest.com/room7/bulletin-boards/""",
    ("pinterest", "post", "123456789", "https://www.pinterest.com/pin/123456789"): """
        https://www.pinterest.com/pin/123456789/?mt=login
        https://www.pinterest.ca/pin/bulletin-board--123456789/""",
    ("pinterest", "post", "aBcD", "https://pin.it/aBcD"): "https://pin.it/aBcD",
    ("flickr", "profile", "lincoln", "https://www.flickr.com/photos/lincoln"): """
        https://www.flickr.com/photos/Lincoln/
        http://secure.flickr.com/people/lincoln
        https://www.flickr.com/photos/lincoln/albums/72157""",
    ("flickr", "profile", "12345678@N00", "https://www.flickr.com/photos/12345678@N00"): """
        https://m.flickr.com/people/12345678@N00/""",
    ("flickr", "post", "5550001", "https://www.flickr.com/photos/lincoln/5550001"): """
        https://www.flickr.com/photos/Lincoln/5550001/in/album-7/""",
    ("flickr", "post", "2aBcD", "https://flic.kr/p/2aBcD"): "https://flic.kr/p/2aBcD",
    ("flickr", "post", "5550001", "https://www.flickr.com/photo.gne?id=5550001"): """
        https://live.staticflickr.com/65535/5550001_0a1b2c_b.jpg""",
    ("tumblr", "profile", "room7", "https://room7.tumblr.com"): """
        https://room7.tumblr.com/
        https://www.tumblr.com/Room7
        https://www.tumblr.com/blog/room7
        https://www.tumblr.com/blog/view/room7
        https://tumblr.com/@room7
        https://room7.tumblr.com/archive""",
    ("tumblr", "post", "700000000001", "https://room7.tumblr.com/post/700000000001"): """
        https://room7.tumblr.com/post/700000000001/book-fair
        https://www.tumblr.com/room7/700000000001/book-fair
        https://www.tumblr.com/blog/view/room7/700000000001""",
    ("reddit", "profile", "room7", "https://www.reddit.com/user/room7"): """
        https://old.reddit.com/u/Room7/
        https://np.reddit.com/user/room7/submitted""",
    (
        "reddit",
        "profile",
        "riverbend",
        "https://www.reddit.com/r/riverbend",
    ): "https://reddit.com/r/Riverbend/top/?t=all",
    ("reddit", "post", "1abcde", "https://www.reddit.com/r/riverbend/comments/1abcde"): """
        https://www.reddit.com/r/Riverbend/comments/1abcde/book_fair/kx1/""",
    ("reddit", "post", "1abcde", "https://www.reddit.com/comments/1abcde"): """
        https://redd.it/1abcde
        https://www.reddit.com/gallery/1abcde""",
    ("vimeo", "profile", "lincoln", "https://vimeo.com/lincoln"): "https://www.vimeo.com/Lincoln/videos",
    ("vimeo", "profile", "user123", "https://vimeo.com/user123"): "https://vimeo.com/user123",
    ("vimeo", "post", "5550001", "https://vimeo.com/5550001"): """
        https://vimeo.com/5550001?share=copy
        https://player.vimeo.com/video/5550001?h=x
        https://vimeo.com/channels/lincoln/5550001""",
    ("vimeo", "post", "5550001", "https://vimeo.com/5550001/0a1b2c3d4e"): "https://vimeo.com/5550001/0a1b2c3d4e",
    ("blogger", "site", "room7", "https://room7.blogspot.com"): """
        http://Room7.blogspot.co.uk/?m=1
        https://room7.blogspot.com/p/about.html
        https://room7.blogspot.ca/search/label/news""",
    ("blogger", "post", "2026/11/book-fair", "https://room7.blogspot.com/2026/11/book-fair.html"): """
        http://room7.blogspot.com.au/2026/11/book-fair.html?m=1#comments""",
    ("wordpress", "site", "room7", "https://room7.wordpress.com"): """
        http://ROOM7.wordpress.com/about/
        https://room7.wordpress.com/2026/11/
        https://room7.wordpress.com/2026/11/12/""",
    ("wordpress", "post", "2026/11/12/book-fair", "https://room7.wordpress.com/2026/11/12/book-fair"): """
        https://room7.wordpress.com/2026/11/12/book-fair/?share=twitter
        https://room7.wordpress.com/2026/11/12/book-fair/#comments""",
    ("wordpress", "post", "17", "https://room7.wordpress.com/?p=17"): "https://room7.wordpress.com/?p=17&preview=true",
    ("edublogs", "site", "room7", "https://room7.edublogs.org"): "http://room7.edublogs.org/homework/",
    ("edublogs", "post", "2026/11/12/book-fair", "https://room7.edublogs.org/2026/11/12/book-fair"): """
        https://room7.edublogs.org/2026/11/12/book-fair/""",
    ("medium", "profile", "room7", "https://medium.com/@room7"): """
        https://medium.com/@Room7?source=x
        https://room7.medium.com/
        https://medium.com/feed/@room7""",
    ("medium", "post", "0123456789ab", "https://medium.com/p/0123456789ab"): """
        https://medium.com/@room7/book-fair-0123456789ab
        https://room7.medium.com/book-fair-0123456789ab?source=rss
        https://medium.com/riverbend-news/book-fair-0123456789ab""",
    ("substack", "site", "room7", "https://room7.substack.com"): """
        https://room7.substack.com/archive?sort=new
        https://open.substack.com/pub/room7""",
    ("substack", "profile", "danareyes", "https://substack.com/@danareyes"): "https://substack.com/@DanaReyes/posts",
    ("substack", "post", "book-fair", "https://room7.substack.com/p/book-fair"): """
        https://room7.substack.com/p/book-fair?utm_campaign=post
        https://open.substack.com/pub/room7/p/book-fair?r=x""",
    ("weebly", "site", "room7", "https://room7.weebly.com"): """
        http://room7.weebly.com/homework.html
        https://room7.weebly.com/blog""",
    ("weebly", "post", "blog/book-fair", "https://room7.weebly.com/blog/book-fair"): """
        https://room7.weebly.com/blog/book-fair""",
    ("wix", "site", "dreyes/room7", "https://dreyes.wixsite.com/room7"): "https://dreyes.wixsite.com/room7/contact",
    ("wix", "post", "book-fair", "https://dreyes.wixsite.com/room7/post/book-fair"): """
        https://dreyes.wixsite.com/room7/post/book-fair""",
    ("googlesites", "site", "room7", "https://sites.google.com/view/room7"): """
        https://sites.google.com/view/Room7/home
        https://sites.google.com/u/0/view/room7?authuser=0""",
    ("googlesites", "site", "riverbend.example/room7", "https://sites.google.com/riverbend.example/room7"): """
        https://sites.google.com/riverbend.example/room7/news""",
    ("googlesites", "site", "room7", "https://sites.google.com/site/room7"): "https://sites.google.com/site/room7/home",
    ("linktree", "profile", "room7", "https://linktr.ee/room7"): "http://linktr.ee/Room7?utm_source=ig",
    ("remind", "profile", "room7", "https://www.remind.com/join/room7"): "https://rmd.at/Room7",
    ("seesaw", "profile", "room7", "https://app.seesaw.me/blog/room7"): "https://app.seesaw.me/blog/room7",
    ("website", "site", "lincoln.example", "https://lincoln.example/"): """
        https://lincoln.example
        HTTPS://Lincoln.EXAMPLE:443/?utm_source=news&fbclid=1#top
        //lincoln.example/
        lincoln.example""",
    ("website", "site", "127.0.0.2:8001", "http://127.0.0.2:8001/"): "http://127.0.0.2:8001",
    ("website", "site", "xn--cole-9oa.example", "https://xn--cole-9oa.example/ni%C3%B1os"): """
        https://école.example/niños
        https://ÉCOLE.example/ni%c3%b1os
        https://xn--cole-9oa.example/niños""",
    ("website", "site", "lincoln.example", "https://lincoln.example/news.php?id=7"): """
        https://lincoln.example/news.php?id=7&utm_medium=x""",
    ("blogger", "site", "news.lincoln.example", "https://news.lincoln.example"): """
        blogger:https://news.lincoln.example/search/label/games
        Blogger:news.lincoln.example""",
    ("blogger", "post", "2026/11/book-fair", "https://news.lincoln.example/2026/11/book-fair.html"): """
        blogspot:https://news.lincoln.example/2026/11/book-fair.html?m=1""",
    (
        "tumblr",
        "profile",
        "news.lincoln.example",
        "https://news.lincoln.example",
    ): "tumblr:http://news.lincoln.example/",
    ("tumblr", "post", "700000000001", "https://news.lincoln.example/post/700000000001"): """
        tumblr:https://news.lincoln.example/post/700000000001/book-fair""",
    ("wordpress", "post", "2026/11/12/book-fair", "https://lincoln.example/2026/11/12/book-fair"): """
        wordpress:https://lincoln.example/2026/11/12/book-fair/#comments""",
    ("substack", "post", "book-fair", "https://news.lincoln.example/p/book-fair"): """
        substack:https://news.lincoln.example/p/book-fair?r=x""",
    ("mastodon", "post", "Ai9Y2EijwN3gAil1nM", "https://social.example/notice/Ai9Y2EijwN3gAil1nM"): """
        mastodon:https://social.example/notice/Ai9Y2EijwN3gAil1nM""",
}
"""What an address is, and the ways to write it."""

OWN_PAGES = """
    bluesky https://bsky.app/ https://bsky.app/search?q=x https://bsky.app/hashtag/x https://bsky.app/intent/compose
    bluesky https://bsky.app/profile/room7.example/feed/best
    mastodon https://mastodon.social/ https://mastodon.social/explore https://mastodon.social/tags/x
    x https://x.com/ https://x.com/home https://x.com/explore https://x.com/hashtag/x https://x.com/login
    x https://x.com/share?url=x https://twitter.com/intent/tweet?text=x https://t.co/aBc https://x.com/i/events/1
    x https://pbs.twimg.com/media/aBcD?format=jpg
    reddit https://i.redd.it/abcd.jpg
    youtube https://www.youtube.com/ https://www.youtube.com/watch https://www.youtube.com/playlist?list=PL1
    youtube https://www.youtube.com/results?search_query=x https://www.youtube.com/hashtag/x
    facebook https://www.facebook.com/ https://www.facebook.com/login/ https://www.facebook.com/events/12
    facebook https://www.facebook.com/sharer/sharer.php?u=x https://www.facebook.com/hashtag/x
    facebook https://l.facebook.com/l.php?u=x https://www.facebook.com/share/aBcD
    instagram https://www.instagram.com/ https://www.instagram.com/explore/ https://www.instagram.com/accounts/login/
    instagram https://www.instagram.com/explore/tags/x/ https://help.instagram.com/448523408565555
    threads https://www.threads.com/ https://www.threads.net/login https://www.threads.com/search?q=x
    linkedin https://www.linkedin.com/ https://www.linkedin.com/login https://www.linkedin.com/jobs/view/1
    linkedin https://www.linkedin.com/shareArticle?url=x https://lnkd.in/aBc
    tiktok https://www.tiktok.com/ https://www.tiktok.com/explore https://www.tiktok.com/tag/x
    tiktok https://www.tiktok.com/login
    pinterest https://www.pinterest.com/ https://www.pinterest.com/search/pins/?q=x
    pinterest https://www.pinterest.com/pin/create/button/?url=x https://www.pinterest.com/ideas/
    flickr https://www.flickr.com/ https://www.flickr.com/explore https://www.flickr.com/search/?text=x
    tumblr https://www.tumblr.com/ https://www.tumblr.com/explore https://www.tumblr.com/tagged/x
    tumblr https://www.tumblr.com/login https://www.tumblr.com/share/link?url=x
    reddit https://www.reddit.com/ https://www.reddit.com/submit?url=x https://www.reddit.com/login
    vimeo https://vimeo.com/ https://vimeo.com/log_in https://vimeo.com/watch https://vimeo.com/search?q=x
    blogger https://www.blogger.com/ https://www.blogger.com/about
    wordpress https://wordpress.com/ https://wordpress.com/log-in https://public-api.wordpress.com/rest
    edublogs https://edublogs.org/ https://www.edublogs.org/
    medium https://medium.com/ https://medium.com/m/signin https://medium.com/tag/x
    substack https://substack.com/ https://substack.com/home
    weebly https://www.weebly.com/ wix https://www.wix.com/
    googlesites https://sites.google.com/ https://sites.google.com/new
    linktree https://linktr.ee/ https://linktr.ee/login
    classdojo https://www.classdojo.com/ https://dojo.me/abc seesaw https://web.seesaw.me/ https://app.seesaw.me/#/login
    remind https://www.remind.com/ https://www.remind.com/log_in
"""

NO_ADDRESS = [
    "",
    " ",
    "lincoln",
    "not an address",
    "mailto:office@riverbend.example",
    "tel:+14065550100",
    "javascript:alert(1)",
    "ftp://facebook.com/lincoln",
    "file:///etc/passwd",
    "http://",
    "https:///lincoln",
    "http://[::1",
    "https://lincoln.example:99999/",
    "https://facebook.com@evil.example/lincoln",
    "https://user:secret@lincoln.example/",
    "http://evil.example\\@facebook.com/lincoln",
    "https://lincoln.example/\x00",
    "https://lincoln.example/\ud800",
    "https://x.com/" + "a" * 3000,
    "https://lincoln.example/" + "é" * 1000,
]


def own_pages() -> list[tuple[str, str]]:
    pages, platform = [], ""
    for word in OWN_PAGES.split():
        platform = word if word in PLATFORMS else platform
        pages += [] if word in PLATFORMS else [(platform, word)]
    return pages


@pytest.mark.parametrize(
    ("wanted", "urls"), SAME.items(), ids=lambda value: value if isinstance(value, str) else "-".join(value)
)
def test_every_way_to_write_an_address_is_told_to_be_the_same(wanted: tuple[str, str, str, str], urls: str) -> None:
    found = {url.strip(): astuple(identify(url)) for url in urls.strip().splitlines()}

    assert found == dict.fromkeys(found, wanted)


@pytest.mark.parametrize(("platform", "url"), own_pages())
def test_a_platforms_own_page_is_nobodys_profile(platform: str, url: str) -> None:
    found = identify(url)

    assert (found.platform, found.what, found.id) == (platform, "other", "")


@pytest.mark.parametrize("text", NO_ADDRESS, ids=ascii)
def test_what_is_no_web_address_is_nothing(text: str) -> None:
    assert identify(text) == Identity("", "other", "", "")


@pytest.mark.parametrize(
    "url",
    [
        "https://facebook.com.evil.example/lincoln",
        "https://notfacebook.com/lincoln",
        "https://fаcebook.com/lincoln",  # with a letter of another alphabet
        "https://lincoln.example/https://facebook.com/lincoln",
        "https://lincoln.example/?u=https://x.com/lincoln",
        "https://lincoln.example/notice/2026-closure",
        "https://lincoln.example/users/",
        "https://lincoln.example/@",
    ],
)
def test_what_only_looks_like_a_platform_is_a_website(url: str) -> None:
    assert identify(url).platform == "website"


HOSTS = sorted({host.replace("*", "com") for platform in PLATFORMS.values() for host in platform.hosts})
WORDS = st.sampled_from(
    ["@room7", "Room7", "p", "posts", "status", "profile", "watch", "groups", "view", "users", "12", "%40x", "a b", "ß"]
)
HOSTILE = st.builds(
    "{}{}{}/{}{}".format,
    st.sampled_from(["https://", "HTTP://", "//", "", "https://www.", "https://m."]),
    st.sampled_from(
        [*HOSTS, "room7.blogspot.com", "social.example", "127.0.0.1:8000", "[::1]", "ＦＡＣＥＢＯＯＫ.com"]
    ),
    st.sampled_from(["", ".", ":443", ":8443"]),
    st.lists(WORDS | st.text(max_size=8), max_size=5).map("/".join),
    st.sampled_from(["", "/", "?v=1&id=2&fbid=3", "?utm_source=x&q=%20", "#!/room7", "?p=%ff", "#x"]),
)


@settings(deadline=None, max_examples=500)
@given(HOSTILE | st.text() | st.text(alphabet=st.characters(categories=["Cs", "Cc", "L", "P"])))
def test_no_address_breaks_it_and_what_is_in_its_one_spelling_stays_so(url: str) -> None:
    found = identify(url)

    assert found.what in WHAT
    assert bool(found.id) == (found.what != "other")
    assert identify(found.canonical) == found


# ------------------------------------------------------------------------------------------------ the command


def test_each_address_is_answered_by_a_line_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["identify", "https://twitter.com/LincolnElem", "https://www.instagram.com/explore/", "nothing"])

    assert status == 0
    assert capsys.readouterr().out.splitlines() == [
        '{"url": "https://twitter.com/LincolnElem", "platform": "x", "what": "profile", "id": "lincolnelem",'
        ' "canonical": "https://x.com/lincolnelem"}',
        '{"url": "https://www.instagram.com/explore/", "platform": "instagram", "what": "other", "id": null,'
        ' "canonical": "https://www.instagram.com/explore/"}',
        '{"url": "nothing", "platform": null, "what": "other", "id": null, "canonical": null}',
    ]


def test_addresses_may_come_one_a_line() -> None:
    given = "\ufeffhttps://youtu.be/a1B2c3D4e5F\r\n\r\n  https://école.example/niños  \n"

    done = subprocess.run(
        [sys.executable, "-m", "auditor", "identify"], input=given.encode(), capture_output=True, check=False
    )

    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert [(row["platform"], row["what"], row["id"]) for row in rows] == [
        ("youtube", "post", "a1B2c3D4e5F"),
        ("website", "site", "xn--cole-9oa.example"),
    ]


def test_without_an_address_there_is_nothing_to_do() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "identify"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == "auditor: no address was given; name some, or send one a line\n"


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["identify", "--help"])

    assert end.value.code == 0
    assert "auditor identify https://twitter.com/LincolnElem" in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------ a new platform

A_NEW_PLATFORM = """\
name = "Chalkboard"
aliases = ["chalk"]
minimum_age = 13
hosts = ["chalkboard.example"]
profiles = [{ when = '/c/([a-z0-9]+)', address = "https://chalkboard.example/c/{0}" }]
posts = [{ when = '/c/([a-z0-9]+)/(\\d+)', address = "https://chalkboard.example/c/{0}/{1}" }]
closed = "token"
"""


A_ROUTE_TO_IT = """\
from spiders.platform import Ask, Parsed, Platform, Route

def plan(account, settings):
    return Route("chalkboard", (Ask("profile", account.url),), parse)

def parse(account, ask, status, body):
    return Parsed()

PLATFORM = Platform(("chalkboard",), plan, parse=parse)
"""


def program_with(folder: Path, files: dict[str, str], program: str) -> list[str]:
    """What a copy of the program with these new files, and no old line changed, prints for a few lines of Python."""
    for package in (auditor, spiders):
        left_out = shutil.ignore_patterns("__pycache__", "demo", "migrations")
        shutil.copytree(Path(package.__path__[0]), folder / package.__name__, ignore=left_out)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_new_platform_is_one_new_file(tmp_path: Path) -> None:
    program = """\
from auditor.model import Account, Kind
from auditor.outlets.identify import identify
from auditor.outlets.platforms import account_address, minimum_age, named
from spiders.platforms import plan

url = "https://chalkboard.example/c/Room7"
print(identify(url).id, identify(url + "/12").what, account_address(url), named("Chalk"), minimum_age("chalkboard"))
print(plan(Account("a", Kind.CLASSROOM, "chalkboard", url), {}).blind.what)
"""

    said = program_with(tmp_path, {"auditor/outlets/places/chalkboard.toml": A_NEW_PLATFORM}, program)

    assert said == [
        "room7 post https://chalkboard.example/c/room7 chalkboard 13",
        "Chalkboard can be read with the district's own access token only, and none is set up.",
    ]


def test_a_route_to_a_platform_is_one_more_file(tmp_path: Path) -> None:
    program = """\
from auditor.model import Account, Kind
from spiders.platforms import plan

planned = plan(Account("a", Kind.CLASSROOM, "chalkboard", "https://chalkboard.example/c/room7"), {})
print(planned.name, planned.asks[0].url)
"""
    files = {
        "auditor/outlets/places/chalkboard.toml": A_NEW_PLATFORM,
        "spiders/platforms/chalkboard.py": A_ROUTE_TO_IT,
    }

    assert program_with(tmp_path, files, program) == ["chalkboard https://chalkboard.example/c/room7"]
