"""Reads typed values out of a mapping that an author wrote; every mistake becomes a problem and costs one field."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

from graph.dates import in_utc
from graph.links import URL_LIMIT, clean_url, composed, has_user, rooted_url
from graph.model import Image, JsonValue
from graph.problems import FieldPath, Problem, ProblemCode, error, quote, warning
from graph.reading.names import plain_name, unnested
from graph.reading.written_dates import read_date
from graph.sites.vocabulary import says_nothing

TEXT_LIMIT = 100_000
"""Characters of one text field."""
LIST_LIMIT = 10_000
"""Items of one list."""
_INTEGER_RANGE = range(-(2**31), 2**31)
"""What GraphQL's Int can carry."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_USER = re.compile(r"//[^/?#]*@")
_PLACEHOLDER = re.compile(r"\{\{|\{%|<%|\$\{")
"""What templates hold in place of values: Jinja's and Liquid's, Obsidian's and Templater's, JavaScript's."""
_INTEGER = re.compile(r"[-+]?[0-9]{1,12}")
_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "0"), False),
}
_TYPE_NAMES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    dict: "a mapping",
    list: "a list",
    type(None): "nothing",
}


class FieldReader:
    """One mapping and the problems found in it so far; paths count from the mapping unless `path` says where it stands."""

    def __init__(
        self,
        fields: Mapping[str, JsonValue],
        path: FieldPath = (),
        problems: list[Problem] | None = None,
        places: Mapping[str, FieldPath] = MappingProxyType({}),
        as_written: Callable[[FieldPath], str | None] = lambda path: None,
        base: str | None = None,
        time_zone: str | None = None,
    ):
        """`places` are the paths from here of fields that stand in the file under other names.

        `as_written` tells how a number is written in the file. `base` is the address of the site's start page: what addresses
        without a host count from. `time_zone` is that of times that are written without one.
        """
        self.fields = fields
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems
        self._places = places
        self._as_written = as_written
        self.base = base
        self._time_zone = time_zone

    def inner(
        self, fields: Mapping[str, JsonValue], path: FieldPath, places: Mapping[str, FieldPath] = MappingProxyType({})
    ) -> "FieldReader":
        """A reader of another mapping of the same file, which stands there; its problems are collected here."""
        return FieldReader(fields, path, self.problems, places, self._as_written, self.base, self._time_zone)

    def place(self, key: str) -> FieldPath:
        """Where the field stands in the file."""
        return (*self.path, *self._places.get(key, (key,)))

    def text(self, key: str, limit: int = TEXT_LIMIT) -> str | None:
        """The text, without surrounding space and composed; None if absent or empty. Numbers are taken as they print."""
        value = self.fields.get(key)
        return None if value is None else self._text(value, self.place(key), limit)

    def name(self, key: str) -> str | None:
        """The one text of at most 500 characters that is there, a list of one included; a link is what it names."""
        value = self.fields.get(key)
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 1:
            value = unnested(value, is_only=True)
        text = self._text(value, self.place(key), 500)
        return None if text is None else plain_name(text)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list, in its order without repeats; one text stands for a list of one."""
        return tuple(dict.fromkeys(text for text, _ in self.placed_texts(key)))

    def placed_texts(self, key: str) -> Iterator[tuple[str, FieldPath]]:
        """The texts of a list with their paths, repeats included; one text stands for a list of one."""
        for value, path in self._items(key):
            text = self._text(value, path, 1_000)
            if text is not None:
                yield plain_name(text), path

    def integer(self, key: str) -> int | None:
        """The whole number; a quoted one counts, a fraction does not."""
        value = self.fields.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(value, self.place(key), "a whole number")
            return None
        if value not in _INTEGER_RANGE:
            message = f"{quote(value)} is beyond ±2,147,483,647; the value is left out."
            self._error(ProblemCode.NUMBER_OUT_OF_RANGE, message, self.place(key))
            return None
        return value

    def boolean(self, key: str) -> bool | None:
        """True or false; the words `yes no on off` count too, as they did in YAML 1.1, and so do 1 and 0."""
        value = self.fields.get(key)
        if isinstance(value, list) and len(value) == 1:
            (value,) = value
        if value is None or isinstance(value, bool):
            return value
        if (isinstance(value, str) and (word := value.strip().lower()) in _WORDS) or (word := str(value)) in _WORDS:
            return _WORDS[word]
        self._wrong_type(value, self.place(key), "true or false")
        return None

    def date_time(self, key: str) -> datetime | None:
        """The moment in UTC; a date alone is its midnight there, a time without a zone is in that of the site, else in UTC."""
        value = self.fields.get(key)
        if value is None:
            return None
        moment = self.written_moment(key)
        if moment and self._time_zone and moment.tzinfo is None and moment.time() != time.min:
            moment = moment.replace(tzinfo=ZoneInfo(self._time_zone))
        moment = in_utc(moment)
        if isinstance(value, list) and len(value) == 1:
            (value,) = value
        if moment is None and isinstance(value, str) and not says_nothing(value):
            cause = "a placeholder that no template filled in" if _PLACEHOLDER.search(value) else "no date"
            message = f"{quote(value)} is {cause}; write it like 2024-05-03T09:30:00Z."
            self._error(ProblemCode.DATE_INVALID, message, self.place(key))
        elif moment is None:
            self._wrong_type(value, self.place(key), "a date such as 2024-05-03T09:30:00Z")
        return moment

    def written_moment(self, key: str) -> datetime | None:
        """The moment in the zone in which it is written, without one where none is; None for what is no date, which is no mistake."""
        value = self.fields.get(key)
        if isinstance(value, list) and len(value) == 1:
            (value,) = value
        is_written = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        return read_date(plain_name(str(value))) if is_written else None

    def url(self, key: str) -> str | None:
        """A complete http or https address; a path, `/2024/frost/`, only where the address of its site is not known."""
        value = self.fields.get(key)
        return None if value is None else self._url(value, self.place(key))

    def mapping(self, key: str) -> "FieldReader | None":
        """A reader of the mapping under the key; its problems are collected here too."""
        value = self.fields.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong_type(value, self.place(key), "a mapping of keys and values")
            return None
        return self.inner(value, self.place(key))

    def items(self, key: str) -> Iterator[tuple[JsonValue, FieldPath]]:
        """Each item of the list under the key with its path; at most `LIST_LIMIT`, anything but a list is a problem."""
        value = self.fields.get(key)
        if value is not None and not isinstance(value, list):
            self._wrong_type(value, self.place(key), "a list")
            return iter(())
        return self._items(key)

    def listed(self, key: str) -> Iterator[tuple[JsonValue, FieldPath]]:
        """As `items`, but one value stands for a list of one."""
        return self._items(key)

    def loose_text(self, key: str) -> str | None:
        """The text or number under the key; None for anything else, which is no mistake."""
        return next(iter(self.loose_texts(key)), None)

    def loose_texts(self, key: str) -> tuple[str, ...]:
        """The texts and numbers of a list, in its order without repeats; what is neither is no mistake."""
        values = self.fields.get(key)
        if values is None:
            return ()
        texts = (self._loose_text(value, path) for value, path in _placed(values, self.place(key)))
        return tuple(dict.fromkeys(text for text in texts if text))

    def images(self, key: str) -> tuple[Image, ...]:
        """The images that have a usable URL; a text stands for an image with that URL."""
        found = (self._image(value, path) for value, path in self._items(key))
        return tuple(dict.fromkeys(image for image in found if image is not None))

    def _items(self, key: str) -> Iterator[tuple[JsonValue, FieldPath]]:
        value = self.fields.get(key)
        if value is None:
            return
        place = self.place(key)
        if not isinstance(value, list):
            yield value, place
            return
        if len(value) > LIST_LIMIT:
            message = f"The list has {len(value):,} items; those after the first {LIST_LIMIT:,} are left out."
            self._error(ProblemCode.LIST_TOO_LONG, message, place)
        for index, item in enumerate(value[:LIST_LIMIT]):
            is_list = isinstance(item, list)
            yield unnested(item, is_only=len(value) == 1) if is_list else item, (*place, index)

    def _image(self, value: JsonValue, path: FieldPath) -> Image | None:
        if not isinstance(value, dict):
            url = self._url(value, path)
            return Image(url) if url else None
        reader = self.inner(value, path)
        url = reader.url("url")
        if url is None:
            return None
        return Image(
            url=url,
            width=reader.integer("width"),
            height=reader.integer("height"),
            is_cached=reader.boolean("isCached"),
            title=reader.text("title"),
            attribution=reader.text("attribution"),
        )

    def _text(self, value: JsonValue, path: FieldPath, limit: int) -> str | None:
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            written = self._as_written(path)
            if written is None and isinstance(value, float):
                message = f"This is the number {value}; put quotes around it to keep it as it is written."
                self.problems.append(warning(ProblemCode.FIELD_TYPE, message, path=path))
            return written or str(value)
        if not isinstance(value, str):
            self._wrong_type(value, path, "text")
            return None
        text = composed(value.strip())
        if len(text) > limit:
            message = f"The text has {len(text):,} characters, the limit is {limit:,}; the value is left out."
            self._error(ProblemCode.FIELD_TOO_LONG, message, path)
            return None
        if _CONTROL.search(text):
            message = "Control characters were removed from the text; delete them from the file."
            self.problems.append(warning(ProblemCode.TEXT_CLEANED, message, path=path))
            text = _CONTROL.sub("", text).strip()
        return text or None

    def _url(self, value: JsonValue, path: FieldPath) -> str | None:
        if not isinstance(value, str) or says_nothing(value):
            self._wrong_type(value, path, "a URL")
            return None
        url = clean_url(value) or rooted_url(value, self.base)
        if url is None:
            what = (
                f"is longer than {URL_LIMIT:,} characters" if len(value) > URL_LIMIT else "is no http or https address"
            )
            shown = quote(_USER.sub("//", value))
            message = f"{shown} {what}; write the whole address, https:// included."
            self._error(ProblemCode.URL_INVALID, message, path)
        elif has_user(value):
            message = "The user name and password were removed from the URL; delete them from the file."
            self.problems.append(warning(ProblemCode.TEXT_CLEANED, message, path=path))
        return url

    def _loose_text(self, value: JsonValue, path: FieldPath) -> str | None:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return None
        written = self._as_written(path) if isinstance(value, float) else None
        text = composed(_CONTROL.sub("", written or str(value)).strip())
        return text if len(text) <= URL_LIMIT else None

    def _wrong_type(self, value: JsonValue, path: FieldPath, wanted: str) -> None:
        if says_nothing(value):
            return
        shown = f" ({quote(value)})" if isinstance(value, (str, int, float, bool)) else ""
        message = f"This is {_TYPE_NAMES[type(value)]}{shown}, not {wanted}; the value is left out."
        self._error(ProblemCode.FIELD_TYPE, message, path)

    def _error(self, code: ProblemCode, message: str, path: FieldPath) -> None:
        self.problems.append(error(code, message, path=path))


def _placed(value: JsonValue, place: FieldPath) -> list[tuple[JsonValue, FieldPath]]:
    if not isinstance(value, list):
        return [(value, place)]
    return [(item, (*place, index)) for index, item in enumerate(value[:LIST_LIMIT])]


def json_size(value: JsonValue) -> int:
    """How many characters of text and how many values a JSON value holds, added up."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + json_size(child) for key, child in value.items()) + 1
    if isinstance(value, list):
        return sum(map(json_size, value)) + 1
    return 1
