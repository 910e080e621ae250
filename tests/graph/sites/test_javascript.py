import pytest

from graph.model import JsonValue
from graph.sites.javascript import exported


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("module.exports = {title: 'A', \"url\": `https://a.example`, n: 3, yes: true, no: null};", {"title": "A", "url": "https://a.example", "n": 3, "yes": True, "no": None}),
        ("export default defineConfig({site: 'https://a.example', integrations: [mdx(), starlight({title: 'B'})]})", {"site": "https://a.example", "integrations": [["mdx"], ["starlight", {"title": "B"}]]}),
        ("const c: Config = {title: 'A'} satisfies Config\nexport default c", {"c": {"title": "A"}, "title": "A"}),
        ("const name = 'A';\nconst more = {b: 1};\nexport default {name, ...more, b2: more}", {"name": "A", "more": {"b": 1}, "b": 1, "b2": {"b": 1}}),
        ("module.exports = function (config) { if (x) { return } return {dir: {input: 'src'}}; };", {"dir": {"input": "src"}}),
        ("export default async (config) => ({dir: {input: 'src'}})", {"dir": {"input": "src"}}),
        ("export const config = {dir: {input: 'src'}};", {"config": {"dir": {"input": "src"}}}),
        ("export default {url: process.env.URL ?? 'https://a.example', base: process.env.BASE || '/b/'}", {"url": "https://a.example", "base": "/b/"}),
        ("export default {a: is ? 1 : 2, b: f(1).g, c: 1 + 2, d: `x${y}`, e: 'f' + 'g'}", {"a": None, "b": None, "c": None, "d": None, "e": "fg"}),
        ("// {a: 1}\n/* {b: 2} */\nexport default {re: /[/}]'/g, url: 'https://a.example//b', q: 'it\\'s', u: '\\u00e9\\x41\\u{1F600}'}", {"re": None, "url": "https://a.example//b", "q": "it's", "u": "éA😀"}),
        ("export default {f(x) { return {a: 1}; }, [key]: 2, get g() { return 3 }, b: 4}", {"b": 4}),
        ("export default {a: `${`}`} {`, b: [1, [2, {c: 'd'}], ...rest]}", {"a": None, "b": [1, [2, {"c": "d"}], None]}),
    ],
)  # fmt: skip
def test_what_needs_no_run_is_read(source: str, values: dict[str, JsonValue]) -> None:
    assert exported(source) == values


@pytest.mark.parametrize(
    "source", ["", "f()", "}}}}", "export default", "export default {", "module.exports = [", "`${", "'"]
)
def test_script_that_defines_nothing_says_nothing(source: str) -> None:
    assert not exported(source)


def test_names_that_stand_for_each_other_end() -> None:
    doubling = "\n".join(f"const a{n} = [a{n - 1}, a{n - 1}];" for n in range(1, 40))

    assert exported("const a = b; const b = a; const c = {c}; export default {a, title: 'A'}") == {
        "c": exported_depth(),
        "a": None,
        "title": "A",
    }
    assert exported(f"const a0 = 'x';\n{doubling}\nexport default a39") is not None


def exported_depth() -> JsonValue:
    """What a name that holds itself reads as: nested as deep as is read, and then nothing."""
    value = exported("const c = {c}")
    assert value is not None
    return value["c"]


def test_deep_and_long_scripts_end() -> None:
    assert exported("export default {a: " + "[" * 50_000 + "]" * 50_000 + ", b: 1}") is not None
    assert exported("export default {" + "a: 1, " * 50_000 + "}") is not None
    assert exported("/*" * 50_000 + "`" * 50_001) is None
