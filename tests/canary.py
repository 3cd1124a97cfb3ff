"""A canary: it listens where nobody may go, over TCP and UDP, and remembers who came and by which channel.

`CHANNELS` are the ways by which a page reaches another address. Each names itself in the path that it asks for, so
that a hit tells by which way somebody came; over UDP, and in a handshake, no path is said: see `Canary`.
"""

import re
import socket
import threading
from string import Template
from typing import Final, Self

HOST: Final = "127.77.0.99"
NAME: Final = "lookup.canary.example"
"""A name that only a look-up of names would notice."""

MARKUP: Final = {
    "css": '<link rel=stylesheet href="$canary/css">',
    "css-import": '<style>@import url("$canary/css-import");</style>',
    "css-font": '<style>@font-face {font-family: f; src: url("$canary/css-font")} p {font-family: f}</style><p>x',
    "css-image": "<style>b {background: url($canary/css-image)}</style><b>x</b>",
    "prefetch": '<link rel=prefetch href="$canary/prefetch">',
    "preconnect": '<link rel=preconnect href="$canary/"><link rel=dns-prefetch href="//$name/">',
    "icon": '<link rel=icon href="$canary/icon">',
    "manifest": '<link rel=manifest crossorigin href="$canary/manifest">',
    "preload": '<link rel=preload as=font crossorigin href="$canary/preload">',
    "modulepreload": '<link rel=modulepreload href="$canary/modulepreload">',
    "prerender": '<script type=speculationrules>{"prefetch": [{"urls": ["$canary/prerender"], "eagerness": '
    '"immediate"}]}</script>',
    "img": '<img src="$canary/img">',
    "srcset": '<img srcset="$canary/srcset 2x">',
    "input": '<input type=image src="$canary/input">',
    "iframe": '<iframe src="$canary/iframe"></iframe>',
    "srcdoc": "<iframe srcdoc='<script src=\"$canary/srcdoc\"></script>'></iframe>",
    "bounced": '<iframe src="/bounce"></iframe>',
    "object": '<object data="$canary/object"></object>',
    "embed": '<embed src="$canary/embed">',
    "video": '<video src="$canary/video" preload=auto></video>',
    "audio": '<audio src="$canary/audio" preload=auto></audio>',
    "poster": '<video poster="$canary/poster"></video>',
    "track": '<video src="/silence" preload=auto crossorigin><track default src="$canary/track"></video>',
    "svg-image": '<svg><image href="$canary/svg-image" width=9 height=9></image></svg>',
    "svg-use": '<svg><use href="$canary/svg-use#x"></use></svg>',
    "script": '<script src="$canary/script"></script>',
    "module": '<script type=module src="$canary/module"></script>',
    "base": '<iframe srcdoc="<base href=$canary/base/><script src=base-script></script>"></iframe>',
    "ping": '<a id=ping href="#here" ping="$canary/ping">x</a><script>document.getElementById("ping").click()</script>',
    "csp-report": '<iframe src="/reporting"></iframe>',
    "link-header": "<iframe src=/link-header></iframe>",
}
SCRIPTS: Final = {
    "fetch": 'fetch("$canary/fetch", {mode: "no-cors"})',
    "fetch-bounced": 'fetch("/bounce-fetch", {mode: "no-cors"})',
    "post-bounced": 'fetch("/bounce-post", {mode: "no-cors", method: "POST", body: "x"})',
    "keepalive": 'fetch("$canary/keepalive", {mode: "no-cors", keepalive: true})',
    "xhr": 'const x = new XMLHttpRequest(); x.open("GET", "$canary/xhr"); x.send()',
    "beacon": 'navigator.sendBeacon("$canary/beacon", "x")',
    "eventsource": 'new EventSource("$canary/eventsource")',
    "websocket": 'new WebSocket("$canary/websocket".replace("http", "ws"))',
    "websocket-tls": 'new WebSocket("$canary/".replace("http", "wss"))',
    "worker": 'new Worker("/worker.js")',
    "shared-worker": 'new SharedWorker("/shared.js")',
    "blob-worker": "new Worker(URL.createObjectURL(new Blob(['importScripts(\"$canary/blob-worker\")'])))",
    "service": 'navigator.serviceWorker.register("/service.js")',
    "import": 'import("$canary/import")',
    "popup": 'window.open("$canary/popup")',
    "form": 'const f = document.createElement("form"); f.action = "$canary/form"; f.target = "frame";'
    "document.body.append(f); f.submit()",
    "form-bounced": 'const f = document.createElement("form"); f.action = "/bounce-form"; f.method = "post";'
    'f.target = "frame2"; document.body.append(f); f.submit()',
    "image": 'new Image().src = "$canary/image"',
    "data-frame": 'const i = document.createElement("iframe"); i.src = "data:text/html,<script src=$canary/data-frame>'
    '<\\/script>"; document.body.append(i)',
    "turn": 'const t = new RTCPeerConnection({iceServers: [{urls: "turn:$place?transport=tcp", username: "u",'
    ' credential: "c"}]}); t.createDataChannel("x"); t.createOffer().then(o => t.setLocalDescription(o))',
    "stun": 'const s = new RTCPeerConnection({iceServers: [{urls: "stun:$place"}, {urls: "stun:$name:3478"}]});'
    's.createDataChannel("x"); s.createOffer().then(o => s.setLocalDescription(o))',
    "peer": 'const p = new RTCPeerConnection(); p.createDataChannel("x"); p.createOffer()'
    ".then(o => p.setLocalDescription(o)).then(() => p.setRemoteDescription({type: 'answer', sdp: p.localDescription"
    ".sdp.replace('actpass', 'active')})).then(() => p.addIceCandidate({candidate: 'candidate:1 1 udp 2113937151 "
    "$host $port typ host', sdpMid: '0'}))",
    "webtransport": 'new WebTransport("https://$place/webtransport").ready',
    "look-up": 'fetch("http://$name/look-up", {mode: "no-cors"})',
}
LEAVING: Final = {
    "navigation": 'location.href = "$canary/navigation"',
    "meta-refresh": 'document.write("<meta http-equiv=refresh content=0;url=$canary/meta-refresh>")',
    "top-form": 'document.write("<form id=f method=post action=$canary/top-form></form>"); f.submit()',
}
"""Pages by themselves: each goes on to the canary."""

SILENT: Final = frozenset(
    # A handshake or a packet says no path; a browser without windows wants no icons; drawings wait for pictures.
    {"preconnect", "turn", "stun", "peer", "webtransport", "websocket-tls", "shared-worker", "icon", "manifest"}
    | {"svg-use", "prerender"}
)
"""Channels that do not say by which of them somebody came."""
TELLING: Final = (frozenset(MARKUP) | frozenset(SCRIPTS) | frozenset(LEAVING)) - SILENT

PAGE: Final = "\n".join(
    (
        "<!doctype html><title>Spring fair</title><h1>Spring fair</h1>",
        "<iframe name=frame></iframe><iframe name=frame2></iframe>",
        *MARKUP.values(),
        "<script>",
        *(f"(async () => {{ {script} }})().catch(() => 0);" for script in SCRIPTS.values()),
        "</script>",
    )
)
WORKER: Final = """
fetch("$canary/worker", {mode: "no-cors"}).catch(() => 0);
new WebSocket("$canary/worker-websocket".replace("http", "ws"));
try { new EventSource("$canary/worker-eventsource"); } catch (e) {}
try { importScripts("$canary/worker-import"); } catch (e) {}
"""


class Canary:
    """Listens on an address, TCP and UDP on one port. `hits` are the channels by which somebody came.

    A request is the first part of its path; a connection without one is "connection", a packet "udp:" with its kind.
    """

    def __init__(self, host: str = HOST) -> None:
        self.hits: set[str] = set()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._tcp = socket.create_server((host, 0), family=family, backlog=128)
        self.host, self.port = host, int(self._tcp.getsockname()[1])
        self._udp = socket.socket(family, socket.SOCK_DGRAM)
        self._udp.bind((host, self.port))
        self.place = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self.address = f"http://{self.place}"
        for listen in (self._listen, self._receive):
            threading.Thread(target=listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for each in (self._tcp, self._udp):
            each.close()

    def told(self, text: str) -> str:
        """A channel, or a page of them, that leads to it."""
        return Template(text).substitute(
            canary=self.address, place=self.place, host=self.host, port=self.port, name=NAME
        )

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(visitor,), daemon=True).start()

    def _greet(self, visitor: socket.socket) -> None:
        with visitor:
            visitor.settimeout(1)
            try:
                said = visitor.recv(4096).split(b" ")
            except OSError:
                said = []
            path = said[1].decode("latin-1") if len(said) > 2 and said[0].isalpha() else ""
            self.hits.add(re.split("[/?]", path.strip("/"))[0] or "connection")
            visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def _receive(self) -> None:
        while True:
            try:
                packet, _ = self._udp.recvfrom(4096)
            except OSError:
                return
            stun, quic = packet[:2] in (b"\x00\x01", b"\x00\x03"), packet[:1] >= b"\xc0"
            self.hits.add("udp:stun" if stun else "udp:quic" if quic else "udp:dns")


def has_ipv6() -> bool:
    """Whether this machine has a loopback of the newer kind."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
