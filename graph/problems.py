"""Authors' mistakes as values: a stable code, the place, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

FieldPath = tuple[str | int, ...]


class Severity(Enum):
    """Whether a problem cost content."""

    ERROR = "ERROR"
    WARNING = "WARNING"


class ProblemCode(Enum):
    """Every kind of problem. A code never changes its meaning."""

    FILE_UNREADABLE = "FILE_UNREADABLE"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_NOT_TEXT = "FILE_NOT_TEXT"
    FOLDER_UNREADABLE = "FOLDER_UNREADABLE"
    FOLDER_NAMED_LIKE_FILE = "FOLDER_NAMED_LIKE_FILE"
    LINK_OUTSIDE_FOLDER = "LINK_OUTSIDE_FOLDER"
    FRONT_MATTER_MISSING = "FRONT_MATTER_MISSING"
    FRONT_MATTER_UNCLOSED = "FRONT_MATTER_UNCLOSED"
    FRONT_MATTER_INVALID = "FRONT_MATTER_INVALID"
    FRONT_MATTER_TOO_LARGE = "FRONT_MATTER_TOO_LARGE"
    KEY_REPEATED = "KEY_REPEATED"
    KEY_MISSPELT = "KEY_MISSPELT"
    VALUE_CUT = "VALUE_CUT"
    LIST_AS_TEXT = "LIST_AS_TEXT"
    TAG_IGNORED = "TAG_IGNORED"
    FIELD_TYPE = "FIELD_TYPE"
    FIELD_TOO_LONG = "FIELD_TOO_LONG"
    LIST_TOO_LONG = "LIST_TOO_LONG"
    DATE_INVALID = "DATE_INVALID"
    DATE_IMPLAUSIBLE = "DATE_IMPLAUSIBLE"
    URL_INVALID = "URL_INVALID"
    TEXT_CLEANED = "TEXT_CLEANED"
    NUMBER_OUT_OF_RANGE = "NUMBER_OUT_OF_RANGE"
    NAME_UNUSABLE = "NAME_UNUSABLE"
    NAME_SIMILAR = "NAME_SIMILAR"
    TITLE_MISSING = "TITLE_MISSING"
    PROVIDER_MISSING = "PROVIDER_MISSING"
    RELATED_UNIDENTIFIED = "RELATED_UNIDENTIFIED"
    RELATED_SIMILAR = "RELATED_SIMILAR"
    RELATED_TO_ITSELF = "RELATED_TO_ITSELF"
    RELATED_REPEATED = "RELATED_REPEATED"
    ITEM_UNKNOWN = "ITEM_UNKNOWN"
    LINK_BROKEN = "LINK_BROKEN"
    ARTICLE_DUPLICATED = "ARTICLE_DUPLICATED"
    ADDRESS_SHARED = "ADDRESS_SHARED"
    URL_SHARED = "URL_SHARED"
    SLUG_SHARED = "SLUG_SHARED"
    CATALOGUE_INVALID = "CATALOGUE_INVALID"
    CATALOGUE_REPEATED = "CATALOGUE_REPEATED"
    TOPIC_PARENT_UNKNOWN = "TOPIC_PARENT_UNKNOWN"
    TOPIC_PARENT_CYCLE = "TOPIC_PARENT_CYCLE"
    SITE_CONFIGURATION_INVALID = "SITE_CONFIGURATION_INVALID"


PROBLEM_MEANINGS: dict[ProblemCode, str] = {
    ProblemCode.FILE_UNREADABLE: "A file cannot be opened or vanished while it was read; it is left out.",
    ProblemCode.FILE_TOO_LARGE: "A file is larger than the limit; it is left out.",
    ProblemCode.FILE_NOT_TEXT: "A file is not UTF-8 text; it is left out.",
    ProblemCode.FOLDER_UNREADABLE: "A folder cannot be listed; what it holds is left out.",
    ProblemCode.FOLDER_NAMED_LIKE_FILE: "A folder has a name like `x.md`; it is read as a folder.",
    ProblemCode.LINK_OUTSIDE_FOLDER: "A symbolic link leads out of the loaded folder; it is not followed.",
    ProblemCode.FRONT_MATTER_MISSING: "A document has no front matter, and the site's system needs one, or it is empty; it is left out.",
    ProblemCode.FRONT_MATTER_UNCLOSED: "The line that ends the front matter is missing; the file is left out.",
    ProblemCode.FRONT_MATTER_INVALID: "The front matter is not valid YAML, JSON or TOML; the file is left out.",
    ProblemCode.FRONT_MATTER_TOO_LARGE: "The front matter nests or expands beyond the limits; the file is left out.",
    ProblemCode.KEY_REPEATED: "A key stands twice in one mapping; the later value is used.",
    ProblemCode.KEY_MISSPELT: "A key is one letter away from the name of a field that the document lacks; it was not read as that.",
    ProblemCode.VALUE_CUT: "YAML takes a part of a value for a comment or an anchor; the rest is used.",
    ProblemCode.LIST_AS_TEXT: "A text was divided into a list of topics.",
    ProblemCode.TAG_IGNORED: "A YAML tag such as `!ruby/object` is ignored; the plain value is used.",
    ProblemCode.FIELD_TYPE: "A field has a value of another type than it should; the value is left out.",
    ProblemCode.FIELD_TOO_LONG: "A field is longer than the limit; the value is left out.",
    ProblemCode.LIST_TOO_LONG: "A list has more items than the limit; the rest is left out.",
    ProblemCode.DATE_INVALID: "A date is not one that ISO 8601 or YAML writes; the value is left out.",
    ProblemCode.DATE_IMPLAUSIBLE: "A date of publication lies more than five years ahead; the value is left out.",
    ProblemCode.URL_INVALID: "A URL is not a complete http or https address; the value is left out.",
    ProblemCode.TEXT_CLEANED: "Control characters, or the user name and password of a URL, were removed from a text.",
    ProblemCode.NUMBER_OUT_OF_RANGE: "A number is beyond what the API can answer; the value is left out.",
    ProblemCode.NAME_UNUSABLE: "A topic or provider name has no letter or digit; it is left out.",
    ProblemCode.NAME_SIMILAR: "A topic, provider or author that hardly any article names is one letter away from one that many name, or a catalogue.",
    ProblemCode.TITLE_MISSING: "An article has no title.",
    ProblemCode.PROVIDER_MISSING: "An article, or most of a folder, names no provider, and the site has neither a name nor an address.",
    ProblemCode.RELATED_UNIDENTIFIED: "A related item has no URL, or a slug that no article has; it is left out.",
    ProblemCode.RELATED_SIMILAR: "An item of a related list has nearly the address of an article with a file, and hardly any other item has it.",
    ProblemCode.RELATED_TO_ITSELF: "An article lists itself as related; the item is left out.",
    ProblemCode.RELATED_REPEATED: "A related list names one article twice; the first item counts.",
    ProblemCode.ITEM_UNKNOWN: "An item, or the next or previous article, has a name that no article has; it is left out.",
    ProblemCode.LINK_BROKEN: "A link in a body leads to no page of its site; there is no edge for it.",
    ProblemCode.ARTICLE_DUPLICATED: "Two files are the same article; they were merged.",
    ProblemCode.ADDRESS_SHARED: "A site gives two articles one address, so that one page hides the other; both are kept.",
    ProblemCode.URL_SHARED: "Two articles claim one URL; a look-up by it finds the first.",
    ProblemCode.SLUG_SHARED: "Two articles have one slug; a look-up by it finds the newest.",
    ProblemCode.CATALOGUE_INVALID: "A catalogue file lacks the name or domain that says what it describes; it is left out.",
    ProblemCode.CATALOGUE_REPEATED: "Two catalogue files describe one topic or provider; the first counts.",
    ProblemCode.TOPIC_PARENT_UNKNOWN: "A topic's parent is in no catalogue; it became a topic by its name alone.",
    ProblemCode.TOPIC_PARENT_CYCLE: "Topics are parents of each other in a circle; the link that closes it is left out.",
    ProblemCode.SITE_CONFIGURATION_INVALID: "A site's configuration cannot be read, or has a value of another type; what is usual counts instead.",
}
"""What each code means, for the documentation and the schema."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place."""

    severity: Severity
    """ERROR: something that an article says was left out. WARNING: nothing was, but something is doubtful."""
    code: ProblemCode
    message: str
    """What is wrong and what to do, in one sentence or two, for the author."""
    file: str
    """The file, relative to the folder that was loaded, with forward slashes."""
    line: int | None = None
    """From 1; None where the place has no line."""
    path: FieldPath = ()
    """Keys and list indexes from the root of the front matter; empty for the file as a whole."""

    @property
    def field_path(self) -> str | None:
        """The path as text, such as `related[3].webUrl`; None for the file as a whole."""
        return format_path(self.path) or None

    def sort_key(self) -> tuple[str, int, str, str, str]:
        """File, line and field, then code and message, which tell apart problems in the same place."""
        return self.file, self.line or 0, self.field_path or "", self.code.value, self.message

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = f"{self.field_path}: " if self.path else ""
        return f"{place}: {self.severity.value.lower()}: {field}{self.message} [{self.code.value}]"


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems sorted by file, line and field, without duplicates."""
    by_key = {problem.sort_key(): problem for problem in problems}
    return tuple(by_key[key] for key in sorted(by_key))


def error(code: ProblemCode, message: str, *, file: str = "", line: int | None = None, path: FieldPath = ()) -> Problem:
    """A problem that cost content."""
    return Problem(Severity.ERROR, code, message, file, line, path)


def warning(
    code: ProblemCode, message: str, *, file: str = "", line: int | None = None, path: FieldPath = ()
) -> Problem:
    """A problem that cost nothing yet."""
    return Problem(Severity.WARNING, code, message, file, line, path)


def format_path(path: FieldPath) -> str:
    """Keys joined by dots, list indexes in brackets: `related[3].images[0].url`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def quote(value: object, limit: int = 60) -> str:
    """The value in quotes for a message: on one line, shortened, without control characters."""
    shown = value if isinstance(value, str) else repr(value)
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in shown[: limit + 1]
    )
    return f"“{shown[:limit]}…”" if len(shown) > limit else f"“{shown}”"
