"""Requests of every shape, each made from the seed and its number alone."""

from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, unquote_to_bytes

from tests.security.addresses import addresses, values_of_places
from tests.security.server import ask

LONG = "x" * 100_000
NUMBERS = [
    "-1",
    "0",
    "00",
    "1",
    "2",
    "3.5",
    "1e9",
    "²",
    "٣",
    "１",
    "0x1",
    "+1",
    " 1",
    "1_000",
    "-0",
]
NUMBERS += [str(2**n + d) for n in (31, 32, 63, 64) for d in (-1, 0)] + ["9" * 5000, "NaN", "inf"]
DATES = ["1969", "1969-13", "1969-02-30", "-9999", "0000", "9999-12-31", "Y-170000002", "19XX"]
DATES += ["1969/1970", "1970/1969", "../..", "/", "..", "1970~/1971?", "%1970", "[1970,1971]"]
DATES += ["{1970..2000}", "1970/" * 5000, "../" * 5000, "?" * 300, "2020-01-01T00:00:00Z", "²²²²"]
DATES += [
    "0001-01-01",
    "9999",
    "10000-01-01",
    "1970-1",
    "١٩٧٠",
    "2026-11-23",
    "2026-02-30",
    "1970S2",
]
TEXTS = [
    *("", " ", "\0", "a\0b", "\ud800", "a\udfffb", "\ufffe", "\U0001f315", "\u202eevil", "\u200b"),
    *(
        "a\u200d\u200cb",
        "é" * 9999,
        "e" + "\u0301" * 50_000,
        LONG,
        "%",
        "%00",
        "%s%n",
        "\r\nX-A: b",
    ),
    *("' OR 1=1 --", '" OR ""="', "1; DROP TABLE x", "*", '"', '"a', "a* OR b", "NEAR(a b, 9)"),
    *("a:b", "-a", "^a", "a & | !", "a <-> b", "(((", ")", "{a b}: c", "\\", "\\'", "[", ".*", "_"),
    *("__proto__", "constructor", "__class__", "pk", "id", "__name__", "{{7*7}}", "{% now %}"),
    *("${jndi:ldap://x}", "<script>x()</script>", "javascript:x()", "=HYPERLINK(1)", "../../x"),
    *(
        "//evil.example/",
        "https:evil.example",
        "/\\evil.example",
        "İ",
        "ß",
        "ﬁ",
        "ǅ",
        "Å",
        "\x7f\x85",
    ),
    *(
        "chang e",
        "soil",
        "moon OR",
        "None",
        "null",
        "true",
        "[]",
        "{}",
        "csv",
        "json",
        "xlsx",
        "yes",
    ),
    *("a " * 300, "(" * 2000, '{"a":' * 500, "," * 3000, "mission/chang-e-5", "mission/", "/"),
]
RAW = [
    b"%",
    b"%0",
    b"%zz",
    b"%ff%fe",
    b"%ED%A0%80",
    b"%C0%AF",
    b"%F5%80%80%80",
    b"\xff\xfe",
    b"%u0041",
]
SEGMENTS = ["a" * 5000, "..", ".", "%2e%2e", "%2f", "%5c", "%00", "%ff", "²", "__proto__", "-", "_"]
SEGMENTS += [
    "CHANG-E-5",
    "Chang-E-5",
    "chang-e-5.csv",
    "chang-e-5;a=b",
    "1 OR 1=1",
    str(2**63),
    "0",
]
SEGMENTS += [
    "etc%2Fpasswd",
    "%ED%A0%80",
    "嫦娥",
    "..%2f..%2fetc%2fpasswd",
    "SHA256SUMS",
    ".lock",
    "cn",
]
METHODS = ["GET"] * 26 + ["HEAD"] * 3 + ["POST"] * 3
METHODS += [
    "OPTIONS",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "X",
    "G" * 999,
]
HEADERS = {
    "HTTP_HOST": [
        *("evil.example", "testserver:99999999", "testserver:x", "[::1", "", "testserver.", "a b"),
        *(
            "testserver, evil.example",
            "testserver@evil.example",
            "TESTSERVER",
            "t\xe9st",
            "x" * 9999,
        ),
    ],
    "HTTP_ACCEPT": ["", "*/*;q=²", "text/html;" * 999, "application/json", "/", "\xff", ",;,;"],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=x", "br, zstd", "*" * 999, "\xff", "identity;q=0, *;q=0"],
    "HTTP_IF_NONE_MATCH": ["*", '"', 'W/"', "x" * 9999, '"a", ' * 999, "\xff", "", 'W/"²"'],
    "HTTP_IF_MATCH": ["*", '"x"', "\xff"],
    "HTTP_IF_MODIFIED_SINCE": ["0", "Thu, 01 Jan 1970 00:00:00 GMT", "x", "\xff" * 99, "9" * 99],
    "HTTP_IF_UNMODIFIED_SINCE": ["Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 32 Xxx 99999 99:99:99 GMT"],
    "HTTP_RANGE": ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=" + "0-0," * 999, "x", "bytes=²-"],
    "CONTENT_TYPE": [
        *("application/json", "multipart/form-data", "multipart/form-data; boundary=\xff", "x/y"),
        *("application/x-www-form-urlencoded; charset=nonsense", "text/html; charset=utf-16"),
        *(
            "application/x-www-form-urlencoded; charset=idna",
            "multipart/form-data; boundary=a",
            ";",
        ),
        *("multipart/form-data; boundary=" + "a" * 300, "application/x-www-form-urlencoded;" * 99),
    ],
    "CONTENT_LENGTH": ["", "0", "99999999999"],  # servers pass on nothing but numbers
    "HTTP_X_FORWARDED_FOR": ["x", "1.2.3.4, evil", ",", "::1%lo", "\xff", "9" * 999, "1.2.3.4\t"],
    "HTTP_X_FORWARDED_HOST": ["evil.example"],
    "HTTP_X_FORWARDED_PROTO": ["https", "javascript", ""],
    "HTTP_X_FORWARDED_PORT": ["x", "99999"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE", "POST"],
    "HTTP_COOKIE": [
        *(
            "sessionid=x",
            "sessionid=\xff",
            "csrftoken=" + "x" * 9999,
            "a",
            "=",
            ";;;=;",
            "a=" * 999,
        ),
        *('messages=[["__json_message",0,1]]', "messages=x:y:z", 'sessionid="\\"', "sessionid=\0"),
    ],
    "HTTP_AUTHORIZATION": ["Basic x", "Bearer " + "x" * 999],
    "HTTP_REFERER": ["https://evil.example/", "javascript:x()", "\xff"],
    "HTTP_ORIGIN": ["null", "https://evil.example", "\xff", "https://testserver:x"],
    "HTTP_USER_AGENT": ["", "x" * 9999, "\xff"],
    "HTTP_TRANSFER_ENCODING": ["chunked"],
}
TOKEN = "a" * 32  # against forms from elsewhere: as cookie and header alike


@dataclass
class Request:
    """One request: `address` tells which address it was made from, `sent` is its body."""

    address: object
    method: str
    path: str
    query: str
    environ: dict = field(default_factory=dict)
    sent: bytes = b""
    is_logged_in: bool = False
    is_form: bool = False

    def __str__(self):
        return (
            f"{self.method} {self.path[:200]}?{self.query[:200]} {self.environ} {self.sent[:300]}"
        )

    def ask(self, session):
        """Return the Answer; `session` is that of an editor who is logged in."""
        cookies = [f"csrftoken={TOKEN}"]
        if self.is_logged_in:
            cookies.append(f"sessionid={session}")
        if "HTTP_COOKIE" in self.environ:
            cookies.append(self.environ["HTTP_COOKIE"])
        own = {"HTTP_COOKIE": "; ".join(cookies), "HTTP_X_CSRFTOKEN": TOKEN}
        return ask(self.path, self.query, self.method, self.sent, **self.environ | own)


class Requests:
    """Makes the Requests of a seed; `forms` are {path: fields as its page would send them}."""

    def __init__(self, world, forms, seed=0):
        self.seed, self.forms, self.values = seed, forms, values_of_places(world)
        every = addresses()
        self.public = [one for one in every if not one.is_of_the_desk]
        self.desk = [one for one in every if one.is_of_the_desk]

    def make(self, number):
        """Return the Request with this number: always the same."""
        random = Random(f"{self.seed}:{number}")  # noqa: S311  it keeps no secret
        if random.random() < 0.08:
            return self._form(random)
        # Each public address in turn; drawing images takes a process of its own.
        address = self.public[number % len(self.public)]
        if random.random() < 0.4 or (address.route.endswith("png") and random.random() < 0.8):
            address = random.choice(self.desk)
        return Request(
            address,
            random.choice(METHODS),
            self._path(random, address),
            self._query(random, address),
            self._environ(random),
            self._pairs(random, address) if random.random() < 0.1 else b"",
            is_logged_in=address.is_of_the_desk and random.random() < 0.85,
        )

    def _path(self, random, address):
        values = {}
        for name in address.places:
            is_real = random.random() < 0.6
            values[name] = random.choice(self.values[name] if is_real else SEGMENTS)
        path = address.path(values)
        if random.random() < 0.05:
            path += random.choice(SEGMENTS)
        if random.random() < 0.03:
            path = path.rstrip("/")
        return _as_server_gives(path)

    def _query(self, random, address):
        raw = self._pairs(random, address) if random.random() < 0.85 else b""
        if random.random() < 0.05:
            raw += b"&" + random.choice(RAW)
        return raw.decode("latin-1")

    def _pairs(self, random, address):
        known = address.parameters
        pairs = []
        for _ in range(random.choice([1, 1, 1, 2, 2, 3, 5])):
            is_known = random.random() < 0.85
            name = random.choice(known) if is_known else random.choice(TEXTS)
            pairs += [(name, value(random)) for _ in range(random.choice([1, 1, 1, 1, 2]))]
        return b"&".join(_encoded(random, name) + b"=" + _encoded(random, v) for name, v in pairs)

    def _environ(self, random):
        if random.random() < 0.6:
            return {}
        names = random.sample(list(HEADERS), random.choice([1, 1, 2, 4]))
        return {name: random.choice(HEADERS[name]) for name in names}

    def _form(self, random):
        """Send the form of a page with some of its fields made hostile."""
        path = random.choice(list(self.forms))
        fields = {
            name: random.choice([v, v, v, value(random)]) for name, v in self.forms[path].items()
        }
        for name in random.sample(list(fields), min(len(fields), 2)):
            if random.random() < 0.3:
                del fields[name]
            else:
                fields[name] = value(random)
        pairs = [(n, v) for n, vs in fields.items() for v in (vs if isinstance(vs, list) else [vs])]
        sent = b"&".join(_encoded(random, n) + b"=" + _encoded(random, v or "") for n, v in pairs)
        address = next((one for one in self.public if "/" + one.route == path), None)
        path, _, query = path.partition("?")
        is_logged_in = path.startswith("/admin/") and path != "/admin/login/"
        return Request(address, "POST", path, query, {}, sent, is_logged_in, is_form=True)


def value(random):
    """Return a hostile value."""
    return random.choice(random.choice([NUMBERS, DATES, TEXTS, TEXTS]))


def _encoded(random, text):
    if random.random() < 0.02:
        return random.choice(RAW)
    return quote(text.encode(errors="surrogatepass"), safe="").encode()


def _as_server_gives(path):
    """Return a path as WSGI gives it: octets, unquoted, as Latin-1."""
    return unquote_to_bytes(path).decode("latin-1")
