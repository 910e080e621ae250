import csv
import json
import zipfile
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from graph.export import ExportFormat, export_chunks
from graph.loader import load_folders
from graph.merge import MergeResult, merge
from graph.model import Article, ArticleOrigin
from graph.snapshot import GraphSnapshot, build_snapshot


def text(snapshot: GraphSnapshot, export_format: ExportFormat) -> str:
    return b"".join(export_chunks(snapshot, export_format)).decode()


def tables(snapshot: GraphSnapshot) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(b"".join(export_chunks(snapshot, ExportFormat.CSV)))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


GRAPHML = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="version" for="graph" attr.name="version" attr.type="string"/>
<key id="d2" for="node" attr.name="label" attr.type="string"/>
<key id="d3" for="node" attr.name="kind" attr.type="string"/>
<key id="d4" for="node" attr.name="url" attr.type="string"/>
<key id="d5" for="node" attr.name="slug" attr.type="string"/>
<key id="d6" for="node" attr.name="domain" attr.type="string"/>
<key id="d7" for="node" attr.name="origin" attr.type="string"/>
<key id="d8" for="node" attr.name="excerpt" attr.type="string"/>
<key id="d9" for="node" attr.name="publishedDateTime" attr.type="string"/>
<key id="d10" for="node" attr.name="publishedEpoch" attr.type="long"/>
<key id="d11" for="node" attr.name="webUrl" attr.type="string"/>
<key id="d12" for="node" attr.name="originalUrl" attr.type="string"/>
<key id="d13" for="node" attr.name="ampWebUrl" attr.type="string"/>
<key id="d14" for="node" attr.name="cdnAmpWebUrl" attr.type="string"/>
<key id="d15" for="node" attr.name="articleType" attr.type="string"/>
<key id="d16" for="node" attr.name="category" attr.type="string"/>
<key id="d17" for="node" attr.name="quality" attr.type="int"/>
<key id="d18" for="node" attr.name="heat" attr.type="int"/>
<key id="d19" for="node" attr.name="published" attr.type="boolean"/>
<key id="d20" for="node" attr.name="aliases" attr.type="string"/>
<key id="d21" for="node" attr.name="shortName" attr.type="string"/>
<key id="d22" for="node" attr.name="description" attr.type="string"/>
<key id="d23" for="node" attr.name="keywords" attr.type="string"/>
<key id="d24" for="node" attr.name="hashtags" attr.type="string"/>
<key id="d25" for="node" attr.name="image" attr.type="string"/>
<key id="d0" for="edge" attr.name="relation" attr.type="string"/>
<key id="d1" for="edge" attr.name="position" attr.type="int"/>
<graph edgedefault="directed">
<data key="version">{version}</data>
<node id="a_storm"><data key="d2">Storm &amp; &quot;tide&quot; &lt;now&gt;</data><data key="d3">ARTICLE</data><data key="d4">https://harbour.example/storm</data><data key="d5">storm</data><data key="d7">DOCUMENT</data><data key="d8">Line one&#10;line two</data><data key="d9">2024-05-03T09:30:00Z</data><data key="d10">1714728600</data><data key="d11">https://harbour.example/storm/</data><data key="d15">article</data><data key="d16">news</data><data key="d17">0</data><data key="d19">false</data><data key="d25">https://harbour.example/a.jpg</data></node>
<node id="a_wave"><data key="d2">https://harbour.example/wave</data><data key="d3">ARTICLE</data><data key="d4">https://harbour.example/wave</data><data key="d7">REFERENCE</data></node>
<node id="p_harbour"><data key="d2">Harbour Post</data><data key="d3">PROVIDER</data><data key="d6">harbour.example</data><data key="d20">HP|The Harbour Post</data></node>
<node id="t_sea"><data key="d2">Sea</data><data key="d3">TOPIC</data><data key="d5">sea</data></node>
<node id="t_weather"><data key="d2">Weather</data><data key="d3">TOPIC</data><data key="d5">weather</data><data key="d21">Wthr</data><data key="d22">Wind and rain.</data><data key="d23">wind|rain</data><data key="d24">#storm</data></node>
<edge id="e0" source="a_storm" target="p_harbour"><data key="d0">PUBLISHED_BY</data><data key="d1">1</data></edge>
<edge id="e1" source="a_storm" target="t_weather"><data key="d0">ABOUT</data><data key="d1">1</data></edge>
<edge id="e2" source="a_storm" target="t_sea"><data key="d0">ABOUT</data><data key="d1">2</data></edge>
<edge id="e3" source="a_storm" target="a_wave"><data key="d0">RELATED_TO</data><data key="d1">1</data></edge>
<edge id="e4" source="t_weather" target="t_sea"><data key="d0">BROADER</data><data key="d1">1</data></edge>
</graph>
</graphml>
"""

GEXF = """\
<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
<meta><creator>Frontgraph</creator><description>Snapshot {version}</description></meta>
<graph defaultedgetype="directed" mode="dynamic" timeformat="date">
<attributes class="node" mode="static">
<attribute id="3" title="kind" type="string"/>
<attribute id="4" title="url" type="string"/>
<attribute id="5" title="slug" type="string"/>
<attribute id="6" title="domain" type="string"/>
<attribute id="7" title="origin" type="string"/>
<attribute id="8" title="excerpt" type="string"/>
<attribute id="9" title="publishedDateTime" type="string"/>
<attribute id="10" title="publishedEpoch" type="long"/>
<attribute id="11" title="webUrl" type="string"/>
<attribute id="12" title="originalUrl" type="string"/>
<attribute id="13" title="ampWebUrl" type="string"/>
<attribute id="14" title="cdnAmpWebUrl" type="string"/>
<attribute id="15" title="articleType" type="string"/>
<attribute id="16" title="category" type="string"/>
<attribute id="17" title="quality" type="integer"/>
<attribute id="18" title="heat" type="integer"/>
<attribute id="19" title="published" type="boolean"/>
<attribute id="20" title="aliases" type="string"/>
<attribute id="21" title="shortName" type="string"/>
<attribute id="22" title="description" type="string"/>
<attribute id="23" title="keywords" type="string"/>
<attribute id="24" title="hashtags" type="string"/>
<attribute id="25" title="image" type="string"/>
</attributes>
<attributes class="edge" mode="static">
<attribute id="0" title="relation" type="string"/>
<attribute id="1" title="position" type="integer"/>
</attributes>
<nodes>
<node id="a_storm" label="Storm &amp; &quot;tide&quot; &lt;now&gt;" start="2024-05-03T09:30:00Z"><attvalues><attvalue for="3" value="ARTICLE"/><attvalue for="4" value="https://harbour.example/storm"/><attvalue for="5" value="storm"/><attvalue for="7" value="DOCUMENT"/><attvalue for="8" value="Line one&#10;line two"/><attvalue for="9" value="2024-05-03T09:30:00Z"/><attvalue for="10" value="1714728600"/><attvalue for="11" value="https://harbour.example/storm/"/><attvalue for="15" value="article"/><attvalue for="16" value="news"/><attvalue for="17" value="0"/><attvalue for="19" value="false"/><attvalue for="25" value="https://harbour.example/a.jpg"/></attvalues></node>
<node id="a_wave" label="https://harbour.example/wave"><attvalues><attvalue for="3" value="ARTICLE"/><attvalue for="4" value="https://harbour.example/wave"/><attvalue for="7" value="REFERENCE"/></attvalues></node>
<node id="p_harbour" label="Harbour Post"><attvalues><attvalue for="3" value="PROVIDER"/><attvalue for="6" value="harbour.example"/><attvalue for="20" value="HP|The Harbour Post"/></attvalues></node>
<node id="t_sea" label="Sea"><attvalues><attvalue for="3" value="TOPIC"/><attvalue for="5" value="sea"/></attvalues></node>
<node id="t_weather" label="Weather"><attvalues><attvalue for="3" value="TOPIC"/><attvalue for="5" value="weather"/><attvalue for="21" value="Wthr"/><attvalue for="22" value="Wind and rain."/><attvalue for="23" value="wind|rain"/><attvalue for="24" value="#storm"/></attvalues></node>
</nodes>
<edges>
<edge id="e0" source="a_storm" target="p_harbour"><attvalues><attvalue for="0" value="PUBLISHED_BY"/><attvalue for="1" value="1"/></attvalues></edge>
<edge id="e1" source="a_storm" target="t_weather"><attvalues><attvalue for="0" value="ABOUT"/><attvalue for="1" value="1"/></attvalues></edge>
<edge id="e2" source="a_storm" target="t_sea"><attvalues><attvalue for="0" value="ABOUT"/><attvalue for="1" value="2"/></attvalues></edge>
<edge id="e3" source="a_storm" target="a_wave"><attvalues><attvalue for="0" value="RELATED_TO"/><attvalue for="1" value="1"/></attvalues></edge>
<edge id="e4" source="t_weather" target="t_sea"><attvalues><attvalue for="0" value="BROADER"/><attvalue for="1" value="1"/></attvalues></edge>
</edges>
</graph>
</gexf>
"""


def test_graphml_declares_every_attribute_once_and_leaves_missing_values_out(tiny: GraphSnapshot) -> None:
    assert text(tiny, ExportFormat.GRAPHML) == GRAPHML.replace("{version}", tiny.version)


def test_gexf_starts_the_life_of_an_article_with_its_date(tiny: GraphSnapshot) -> None:
    assert text(tiny, ExportFormat.GEXF) == GEXF.replace("{version}", tiny.version)


def test_node_link_json_holds_lists_and_nested_values(tiny: GraphSnapshot) -> None:
    assert json.loads(text(tiny, ExportFormat.JSON)) == {
        "directed": True,
        "multigraph": False,
        "graph": {"version": tiny.version},
        "nodes": [
            {
                "id": "a_storm",
                "label": 'Storm & "tide" <now>',
                "kind": "ARTICLE",
                "url": "https://harbour.example/storm",
                "slug": "storm",
                "origin": "DOCUMENT",
                "excerpt": "Line one\nline two",
                "publishedDateTime": "2024-05-03T09:30:00Z",
                "publishedEpoch": 1714728600,
                "webUrl": "https://harbour.example/storm/",
                "articleType": "article",
                "category": "news",
                "quality": 0,
                "published": False,
                "image": "https://harbour.example/a.jpg",
                "images": [
                    {"url": "https://harbour.example/a.jpg", "width": 10, "isCached": True},
                    {"url": "https://harbour.example/b.jpg"},
                ],
                "frontMatter": {"tags": ["a", {"b": 1}]},
            },
            {
                "id": "a_wave",
                "label": "https://harbour.example/wave",
                "kind": "ARTICLE",
                "url": "https://harbour.example/wave",
                "origin": "REFERENCE",
            },
            {
                "id": "p_harbour",
                "label": "Harbour Post",
                "kind": "PROVIDER",
                "domain": "harbour.example",
                "aliases": ["HP", "The Harbour Post"],
            },
            {"id": "t_sea", "label": "Sea", "kind": "TOPIC", "slug": "sea"},
            {
                "id": "t_weather",
                "label": "Weather",
                "kind": "TOPIC",
                "slug": "weather",
                "shortName": "Wthr",
                "description": "Wind and rain.",
                "keywords": ["wind", "rain"],
                "hashtags": ["#storm"],
            },
        ],
        "edges": [
            {"source": "a_storm", "target": "p_harbour", "relation": "PUBLISHED_BY", "position": 1},
            {"source": "a_storm", "target": "t_weather", "relation": "ABOUT", "position": 1},
            {"source": "a_storm", "target": "t_sea", "relation": "ABOUT", "position": 2},
            {"source": "a_storm", "target": "a_wave", "relation": "RELATED_TO", "position": 1},
            {"source": "t_weather", "target": "t_sea", "relation": "BROADER", "position": 1},
        ],
    }


def test_cytoscape_json_has_its_elements_below_data_and_only_plain_values(tiny: GraphSnapshot) -> None:
    document = json.loads(text(tiny, ExportFormat.CYTOSCAPE))
    nodes, edges = document["elements"].pop("nodes"), document["elements"].pop("edges")
    assert document == {
        "data": {"name": "Frontgraph", "version": tiny.version},
        "directed": True,
        "multigraph": False,
        "elements": {},
    }
    assert [node["data"]["id"] for node in nodes] == ["a_storm", "a_wave", "p_harbour", "t_sea", "t_weather"]
    assert nodes[4] == {
        "data": {
            "id": "t_weather",
            "value": "t_weather",
            "name": "Weather",
            "label": "Weather",
            "kind": "TOPIC",
            "slug": "weather",
            "shortName": "Wthr",
            "description": "Wind and rain.",
            "keywords": "wind|rain",
            "hashtags": "#storm",
        }
    }
    assert len(edges) == 5
    assert edges[2] == {
        "data": {"id": "e2", "source": "a_storm", "target": "t_sea", "relation": "ABOUT", "position": 2}
    }


def test_csv_is_an_archive_of_two_tables(tiny: GraphSnapshot) -> None:
    assert tables(tiny) == {
        "nodes.csv": "\r\n".join(
            [
                "id,label,kind,url,slug,domain,origin,excerpt,publishedDateTime,publishedEpoch,webUrl,originalUrl"
                ",ampWebUrl,cdnAmpWebUrl,articleType,category,quality,heat,published,aliases,shortName,description"
                ",keywords,hashtags,image",
                'a_storm,"Storm & ""tide"" <now>",ARTICLE,https://harbour.example/storm,storm,,DOCUMENT,"Line one\nline two"'
                ",2024-05-03T09:30:00Z,1714728600,https://harbour.example/storm/,,,,article,news,0,,false,,,,,"
                ",https://harbour.example/a.jpg",
                "a_wave,https://harbour.example/wave,ARTICLE,https://harbour.example/wave,,,REFERENCE" + "," * 18,
                "p_harbour,Harbour Post,PROVIDER,,,harbour.example" + "," * 14 + "HP|The Harbour Post" + "," * 5,
                "t_sea,Sea,TOPIC,,sea" + "," * 20,
                "t_weather,Weather,TOPIC,,weather" + "," * 16 + "Wthr,Wind and rain.,wind|rain,#storm,",
                "",
            ]
        ),
        "edges.csv": (
            "id,source,target,relation,position\r\n"
            "e0,a_storm,p_harbour,PUBLISHED_BY,1\r\n"
            "e1,a_storm,t_weather,ABOUT,1\r\n"
            "e2,a_storm,t_sea,ABOUT,2\r\n"
            "e3,a_storm,a_wave,RELATED_TO,1\r\n"
            "e4,t_weather,t_sea,BROADER,1\r\n"
        ),
    }


def test_the_archive_bears_no_date_of_its_making(tiny: GraphSnapshot) -> None:
    with zipfile.ZipFile(BytesIO(b"".join(export_chunks(tiny, ExportFormat.CSV)))) as archive:
        assert [(entry.filename, entry.date_time) for entry in archive.infolist()] == [
            ("nodes.csv", (1980, 1, 1, 0, 0, 0)),
            ("edges.csv", (1980, 1, 1, 0, 0, 0)),
        ]


def with_title(title: str) -> GraphSnapshot:
    article = Article("a_odd", "https://odd.example", ArticleOrigin.DOCUMENT, "odd", title="x", excerpt="x")
    snapshot = build_snapshot(MergeResult([article]))
    return replace(snapshot, nodes={"a_odd": replace(article, title=title, excerpt=title)})


XML_KEEPS = [
    "]]> &amp; <b a='1'> \"quoted\"",
    "  spaces around  ",
    "line\nfeed, carriage\r\nreturn\rand\ttab",
    "next line \x85, line separator \u2028, delete \x7f",
    "emoji 🦀, combined 👩‍🚀, right to left שלום, private \ue000, last \U0010ffff",
    "<!-- ]]> --> <![CDATA[ &#0; %s {} \\u0000",
]


def read_xml(snapshot: GraphSnapshot, export_format: ExportFormat) -> list[str | None]:
    """The title and excerpt of the only node."""
    root = ElementTree.fromstring(text(snapshot, export_format))
    if export_format is ExportFormat.GRAPHML:
        return [root.findtext(f".//{{*}}node/{{*}}data[@key='{key}']") for key in ("d2", "d8")]
    node = next(root.iter("{http://www.gexf.net/1.2draft}node"))
    return [node.get("label"), *(value.get("value") for value in node.iter() if value.get("for") == "8")]


@pytest.mark.parametrize("export_format", [ExportFormat.GRAPHML, ExportFormat.GEXF])
@pytest.mark.parametrize("title", XML_KEEPS)
def test_xml_keeps_every_character_it_can_hold(title: str, export_format: ExportFormat) -> None:
    assert read_xml(with_title(title), export_format) == [title, title]


@pytest.mark.parametrize("export_format", [ExportFormat.GRAPHML, ExportFormat.GEXF])
def test_xml_loses_the_characters_it_cannot_hold(export_format: ExportFormat) -> None:
    title = "a\x00b\x01c\x0bd\x1fe\ud800f\udfffg\ufffeh\uffffi"
    assert read_xml(with_title(title), export_format) == ["abcdefghi", "abcdefghi"]


def written_article(tmp_path: Path, front_matter: str) -> dict[str, Any]:
    (tmp_path / "odd.md").write_text(f"---\n{front_matter}\n---\n", encoding="utf-8")
    snapshot = build_snapshot(merge(load_folders([tmp_path])))
    nodes: list[dict[str, Any]] = json.loads(text(snapshot, ExportFormat.JSON))["nodes"]
    (article,) = (node for node in nodes if node["kind"] == "ARTICLE")
    return article


def test_json_keeps_what_an_author_wrote(tmp_path: Path) -> None:
    article = written_article(
        tmp_path,
        r'title: "a \0 b \x01 \" 🦀 \r\n \L ]]>"' + "\nheat: -1\nnumber: 1e400\nlist: [1.5, null, {a: 2020-01-01}]",
    )
    assert article == {
        "id": article["id"],
        "label": 'a  b  " 🦀 \r\n \u2028 ]]>',
        "kind": "ARTICLE",
        "slug": "odd",
        "origin": "DOCUMENT",
        "published": True,
        "frontMatter": {"number": "1e400", "list": [1.5, None, {"a": "2020-01-01"}]},
    }


def test_lone_surrogates_of_a_json_catalogue_reach_no_format(tmp_path: Path) -> None:
    folder = tmp_path / "_data" / "topics"
    folder.mkdir(parents=True)
    (folder / "sea.json").write_text(r'{"name": "Se\ud800a", "keywords": ["ti\udc00de"], "hashtags": ["\ud83e\udd80"]}')
    snapshot = build_snapshot(merge(load_folders([tmp_path])))
    (topic,) = json.loads(text(snapshot, ExportFormat.JSON))["nodes"]
    assert (topic["label"], topic["keywords"], topic["hashtags"]) == ("Sea", ["tide"], ["🦀"])
    assert all(list(export_chunks(snapshot, each)) for each in ExportFormat)


def test_csv_reads_back_as_it_was(tiny: GraphSnapshot) -> None:
    nasty = 'a,"b"\r\nc\n\td; =1+1 🦀'
    rows = list(csv.DictReader(StringIO(tables(with_title(nasty))["nodes.csv"], newline="")))
    assert [(row["id"], row["label"], row["excerpt"]) for row in rows] == [("a_odd", nasty, nasty)]
