import csv
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest

from graph.analysis.metrics import NodeMetrics
from graph.building.live_folders import load_snapshot
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.export.formats import ExportFormat
from graph.export.writing import export_chunks
from graph.model import Article, ArticleOrigin
from tests.folders import document, folder_snapshot
from tests.graphviz import drawn, read_graphviz


def text(snapshot: GraphSnapshot, export_format: ExportFormat) -> str:
    return b"".join(export_chunks(snapshot, export_format)).decode()


def tables(snapshot: GraphSnapshot) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(b"".join(export_chunks(snapshot, ExportFormat.CSV)))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


METRICS = {
    "a_storm": NodeMetrics(0, 4, 0.1, 0.0, 2, 0),
    "a_wave": NodeMetrics(1, 0, 0.12345678901, 0.0, 1, 0),
    "p_harbour": NodeMetrics(1, 0, 0.25, 0.0, 1, 1),
    "t_sea": NodeMetrics(2, 0, 0.000015, 1 / 3, 2, 1),
    "t_weather": NodeMetrics(1, 1, 0.2, 0.0, 2, 1),
}


@pytest.fixture
def measured(tiny: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> GraphSnapshot:
    """The five nodes with metrics that are easy to recognise."""
    monkeypatch.setattr("graph.export.attributes.metrics", lambda _: METRICS)
    return tiny


GRAPHML = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="version" for="graph" attr.name="version" attr.type="string"/>
<key id="3" for="node" attr.name="label" attr.type="string"/>
<key id="4" for="node" attr.name="kind" attr.type="string"/>
<key id="5" for="node" attr.name="url" attr.type="string"/>
<key id="6" for="node" attr.name="slug" attr.type="string"/>
<key id="7" for="node" attr.name="domain" attr.type="string"/>
<key id="8" for="node" attr.name="origin" attr.type="string"/>
<key id="9" for="node" attr.name="excerpt" attr.type="string"/>
<key id="10" for="node" attr.name="publishedDateTime" attr.type="string"/>
<key id="11" for="node" attr.name="publishedEpoch" attr.type="long"/>
<key id="12" for="node" attr.name="updatedDateTime" attr.type="string"/>
<key id="13" for="node" attr.name="updatedEpoch" attr.type="long"/>
<key id="14" for="node" attr.name="webUrl" attr.type="string"/>
<key id="15" for="node" attr.name="originalUrl" attr.type="string"/>
<key id="16" for="node" attr.name="ampWebUrl" attr.type="string"/>
<key id="17" for="node" attr.name="cdnAmpWebUrl" attr.type="string"/>
<key id="18" for="node" attr.name="articleType" attr.type="string"/>
<key id="19" for="node" attr.name="category" attr.type="string"/>
<key id="20" for="node" attr.name="quality" attr.type="int"/>
<key id="21" for="node" attr.name="heat" attr.type="int"/>
<key id="22" for="node" attr.name="published" attr.type="boolean"/>
<key id="23" for="node" attr.name="story" attr.type="string"/>
<key id="24" for="node" attr.name="storyHeadline" attr.type="string"/>
<key id="25" for="node" attr.name="aliases" attr.type="string"/>
<key id="26" for="node" attr.name="shortName" attr.type="string"/>
<key id="27" for="node" attr.name="description" attr.type="string"/>
<key id="28" for="node" attr.name="keywords" attr.type="string"/>
<key id="29" for="node" attr.name="hashtags" attr.type="string"/>
<key id="30" for="node" attr.name="image" attr.type="string"/>
<key id="31" for="node" attr.name="inDegree" attr.type="int"/>
<key id="32" for="node" attr.name="outDegree" attr.type="int"/>
<key id="33" for="node" attr.name="pageRank" attr.type="double"/>
<key id="34" for="node" attr.name="betweenness" attr.type="double"/>
<key id="35" for="node" attr.name="coreness" attr.type="int"/>
<key id="36" for="node" attr.name="community" attr.type="int"/>
<key id="37" for="node" attr.name="address" attr.type="string"/>
<key id="38" for="node" attr.name="language" attr.type="string"/>
<key id="39" for="node" attr.name="version" attr.type="string"/>
<key id="40" for="node" attr.name="taxonomies" attr.type="string"/>
<key id="41" for="node" attr.name="articleCount" attr.type="int"/>
<key id="42" for="node" attr.name="x" attr.type="double"/>
<key id="43" for="node" attr.name="y" attr.type="double"/>
<key id="44" for="node" attr.name="size" attr.type="double"/>
<key id="45" for="node" attr.name="r" attr.type="int"/>
<key id="46" for="node" attr.name="g" attr.type="int"/>
<key id="47" for="node" attr.name="b" attr.type="int"/>
<key id="0" for="edge" attr.name="relation" attr.type="string"/>
<key id="1" for="edge" attr.name="position" attr.type="int"/>
<key id="2" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="directed">
<data key="version">{version}</data>
<node id="a_storm"><data key="3">Storm &amp; &quot;tide&quot; &lt;now&gt;</data><data key="4">ARTICLE</data><data key="5">https://harbour.example/storm</data><data key="6">storm</data><data key="8">DOCUMENT</data><data key="9">Line one&#10;line two</data><data key="10">2024-05-03T09:30:00Z</data><data key="11">1714728600</data><data key="14">https://harbour.example/storm/</data><data key="18">article</data><data key="19">news</data><data key="20">0</data><data key="22">false</data><data key="23">s_storm</data><data key="24">Storm &amp; &quot;tide&quot; &lt;now&gt;</data><data key="30">https://harbour.example/a.jpg</data><data key="31">0</data><data key="32">4</data><data key="33">0.1</data><data key="34">0.0</data><data key="35">2</data><data key="36">0</data><data key="42">3.5</data><data key="43">3.5</data><data key="44">3.0</data><data key="45">78</data><data key="46">121</data><data key="47">167</data></node>
<node id="a_wave"><data key="3">https://harbour.example/wave</data><data key="4">ARTICLE</data><data key="5">https://harbour.example/wave</data><data key="8">REFERENCE</data><data key="23">s_storm</data><data key="24">Storm &amp; &quot;tide&quot; &lt;now&gt;</data><data key="31">1</data><data key="32">0</data><data key="33">0.123457</data><data key="34">0.0</data><data key="35">1</data><data key="36">0</data><data key="42">4.6</data><data key="43">-20.3</data><data key="44">2.5</data><data key="45">78</data><data key="46">121</data><data key="47">167</data></node>
<node id="p_harbour"><data key="3">Harbour Post</data><data key="4">PROVIDER</data><data key="7">harbour.example</data><data key="25">HP|The Harbour Post</data><data key="31">1</data><data key="32">0</data><data key="33">0.25</data><data key="34">0.0</data><data key="35">1</data><data key="36">1</data><data key="42">25.1</data><data key="43">-0.2</data><data key="44">2.5</data><data key="45">78</data><data key="46">121</data><data key="47">167</data></node>
<node id="t_sea"><data key="3">Sea</data><data key="4">TOPIC</data><data key="6">sea</data><data key="31">2</data><data key="32">0</data><data key="33">1.5e-05</data><data key="34">0.333333</data><data key="35">2</data><data key="36">1</data><data key="42">-16.7</data><data key="43">20.3</data><data key="44">2.7</data><data key="45">242</data><data key="46">142</data><data key="47">43</data></node>
<node id="t_weather"><data key="3">Weather</data><data key="4">TOPIC</data><data key="6">weather</data><data key="25">The weather</data><data key="26">Wthr</data><data key="27">Wind and rain.</data><data key="28">wind|rain</data><data key="29">#storm</data><data key="31">1</data><data key="32">1</data><data key="33">0.2</data><data key="34">0.0</data><data key="35">2</data><data key="36">1</data><data key="40">categories|tags</data><data key="42">-25.1</data><data key="43">4.9</data><data key="44">2.7</data><data key="45">242</data><data key="46">142</data><data key="47">43</data></node>
<edge source="a_storm" target="p_harbour"><data key="0">PUBLISHED_BY</data><data key="1">1</data><data key="2">1.0</data></edge>
<edge source="a_storm" target="t_weather"><data key="0">ABOUT</data><data key="1">1</data><data key="2">1.0</data></edge>
<edge source="a_storm" target="t_sea"><data key="0">ABOUT</data><data key="1">2</data><data key="2">1.0</data></edge>
<edge source="a_storm" target="a_wave"><data key="0">RELATED_TO</data><data key="1">1</data><data key="2">1.0</data></edge>
<edge source="t_weather" target="t_sea"><data key="0">BROADER</data><data key="1">1</data><data key="2">1.0</data></edge>
</graph>
</graphml>
"""

GEXF = """\
<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">
<meta><creator>Frontgraph</creator><description>Snapshot {version}</description></meta>
<graph defaultedgetype="directed" mode="dynamic" timeformat="date">
<attributes class="node" mode="static">
<attribute id="4" title="kind" type="string"/>
<attribute id="5" title="url" type="string"/>
<attribute id="6" title="slug" type="string"/>
<attribute id="7" title="domain" type="string"/>
<attribute id="8" title="origin" type="string"/>
<attribute id="9" title="excerpt" type="string"/>
<attribute id="10" title="publishedDateTime" type="string"/>
<attribute id="11" title="publishedEpoch" type="long"/>
<attribute id="12" title="updatedDateTime" type="string"/>
<attribute id="13" title="updatedEpoch" type="long"/>
<attribute id="14" title="webUrl" type="string"/>
<attribute id="15" title="originalUrl" type="string"/>
<attribute id="16" title="ampWebUrl" type="string"/>
<attribute id="17" title="cdnAmpWebUrl" type="string"/>
<attribute id="18" title="articleType" type="string"/>
<attribute id="19" title="category" type="string"/>
<attribute id="20" title="quality" type="integer"/>
<attribute id="21" title="heat" type="integer"/>
<attribute id="22" title="published" type="boolean"/>
<attribute id="23" title="story" type="string"/>
<attribute id="24" title="storyHeadline" type="string"/>
<attribute id="25" title="aliases" type="string"/>
<attribute id="26" title="shortName" type="string"/>
<attribute id="27" title="description" type="string"/>
<attribute id="28" title="keywords" type="string"/>
<attribute id="29" title="hashtags" type="string"/>
<attribute id="30" title="image" type="string"/>
<attribute id="31" title="inDegree" type="integer"/>
<attribute id="32" title="outDegree" type="integer"/>
<attribute id="33" title="pageRank" type="double"/>
<attribute id="34" title="betweenness" type="double"/>
<attribute id="35" title="coreness" type="integer"/>
<attribute id="36" title="community" type="integer"/>
<attribute id="37" title="address" type="string"/>
<attribute id="38" title="language" type="string"/>
<attribute id="39" title="version" type="string"/>
<attribute id="40" title="taxonomies" type="string"/>
<attribute id="41" title="articleCount" type="integer"/>
</attributes>
<attributes class="edge" mode="static">
<attribute id="0" title="relation" type="string"/>
<attribute id="1" title="position" type="integer"/>
</attributes>
<nodes>
<node id="a_storm" label="Storm &amp; &quot;tide&quot; &lt;now&gt;" start="2024-05-03T09:30:00Z"><attvalues><attvalue for="4" value="ARTICLE"/><attvalue for="5" value="https://harbour.example/storm"/><attvalue for="6" value="storm"/><attvalue for="8" value="DOCUMENT"/><attvalue for="9" value="Line one&#10;line two"/><attvalue for="10" value="2024-05-03T09:30:00Z"/><attvalue for="11" value="1714728600"/><attvalue for="14" value="https://harbour.example/storm/"/><attvalue for="18" value="article"/><attvalue for="19" value="news"/><attvalue for="20" value="0"/><attvalue for="22" value="false"/><attvalue for="23" value="s_storm"/><attvalue for="24" value="Storm &amp; &quot;tide&quot; &lt;now&gt;"/><attvalue for="30" value="https://harbour.example/a.jpg"/><attvalue for="31" value="0"/><attvalue for="32" value="4"/><attvalue for="33" value="0.1"/><attvalue for="34" value="0.0"/><attvalue for="35" value="2"/><attvalue for="36" value="0"/></attvalues><viz:color r="78" g="121" b="167"/><viz:position x="3.5" y="3.5" z="0.0"/><viz:size value="3.0"/></node>
<node id="a_wave" label="https://harbour.example/wave"><attvalues><attvalue for="4" value="ARTICLE"/><attvalue for="5" value="https://harbour.example/wave"/><attvalue for="8" value="REFERENCE"/><attvalue for="23" value="s_storm"/><attvalue for="24" value="Storm &amp; &quot;tide&quot; &lt;now&gt;"/><attvalue for="31" value="1"/><attvalue for="32" value="0"/><attvalue for="33" value="0.123457"/><attvalue for="34" value="0.0"/><attvalue for="35" value="1"/><attvalue for="36" value="0"/></attvalues><viz:color r="78" g="121" b="167"/><viz:position x="4.6" y="-20.3" z="0.0"/><viz:size value="2.5"/></node>
<node id="p_harbour" label="Harbour Post"><attvalues><attvalue for="4" value="PROVIDER"/><attvalue for="7" value="harbour.example"/><attvalue for="25" value="HP|The Harbour Post"/><attvalue for="31" value="1"/><attvalue for="32" value="0"/><attvalue for="33" value="0.25"/><attvalue for="34" value="0.0"/><attvalue for="35" value="1"/><attvalue for="36" value="1"/></attvalues><viz:color r="78" g="121" b="167"/><viz:position x="25.1" y="-0.2" z="0.0"/><viz:size value="2.5"/></node>
<node id="t_sea" label="Sea"><attvalues><attvalue for="4" value="TOPIC"/><attvalue for="6" value="sea"/><attvalue for="31" value="2"/><attvalue for="32" value="0"/><attvalue for="33" value="1.5e-05"/><attvalue for="34" value="0.333333"/><attvalue for="35" value="2"/><attvalue for="36" value="1"/></attvalues><viz:color r="242" g="142" b="43"/><viz:position x="-16.7" y="20.3" z="0.0"/><viz:size value="2.7"/></node>
<node id="t_weather" label="Weather"><attvalues><attvalue for="4" value="TOPIC"/><attvalue for="6" value="weather"/><attvalue for="25" value="The weather"/><attvalue for="26" value="Wthr"/><attvalue for="27" value="Wind and rain."/><attvalue for="28" value="wind|rain"/><attvalue for="29" value="#storm"/><attvalue for="31" value="1"/><attvalue for="32" value="1"/><attvalue for="33" value="0.2"/><attvalue for="34" value="0.0"/><attvalue for="35" value="2"/><attvalue for="36" value="1"/><attvalue for="40" value="categories|tags"/></attvalues><viz:color r="242" g="142" b="43"/><viz:position x="-25.1" y="4.9" z="0.0"/><viz:size value="2.7"/></node>
</nodes>
<edges>
<edge id="e0" source="a_storm" target="p_harbour" weight="1.0"><attvalues><attvalue for="0" value="PUBLISHED_BY"/><attvalue for="1" value="1"/></attvalues></edge>
<edge id="e1" source="a_storm" target="t_weather" weight="1.0"><attvalues><attvalue for="0" value="ABOUT"/><attvalue for="1" value="1"/></attvalues></edge>
<edge id="e2" source="a_storm" target="t_sea" weight="1.0"><attvalues><attvalue for="0" value="ABOUT"/><attvalue for="1" value="2"/></attvalues></edge>
<edge id="e3" source="a_storm" target="a_wave" weight="1.0"><attvalues><attvalue for="0" value="RELATED_TO"/><attvalue for="1" value="1"/></attvalues></edge>
<edge id="e4" source="t_weather" target="t_sea" weight="1.0"><attvalues><attvalue for="0" value="BROADER"/><attvalue for="1" value="1"/></attvalues></edge>
</edges>
</graph>
</gexf>
"""


def test_graphml_declares_every_attribute_once_and_leaves_missing_values_out(measured: GraphSnapshot) -> None:
    assert text(measured, ExportFormat.GRAPHML) == GRAPHML.replace("{version}", measured.version)


def test_gexf_starts_the_life_of_an_article_with_its_date(measured: GraphSnapshot) -> None:
    assert text(measured, ExportFormat.GEXF) == GEXF.replace("{version}", measured.version)


def test_node_link_json_holds_lists_and_nested_values(measured: GraphSnapshot) -> None:
    assert json.loads(text(measured, ExportFormat.JSON)) == {
        "directed": True,
        "multigraph": False,
        "graph": {"version": measured.version},
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
                "story": "s_storm",
                "storyHeadline": 'Storm & "tide" <now>',
                "frontMatter": {"tags": ["a", {"b": 1}]},
                "inDegree": 0,
                "outDegree": 4,
                "pageRank": 0.1,
                "betweenness": 0.0,
                "coreness": 2,
                "community": 0,
                "x": 3.5,
                "y": 3.5,
                "size": 3.0,
                "color": "#4e79a7",
            },
            {
                "id": "a_wave",
                "label": "https://harbour.example/wave",
                "kind": "ARTICLE",
                "url": "https://harbour.example/wave",
                "origin": "REFERENCE",
                "story": "s_storm",
                "storyHeadline": 'Storm & "tide" <now>',
                "inDegree": 1,
                "outDegree": 0,
                "pageRank": 0.123457,
                "betweenness": 0.0,
                "coreness": 1,
                "community": 0,
                "x": 4.6,
                "y": -20.3,
                "size": 2.5,
                "color": "#4e79a7",
            },
            {
                "id": "p_harbour",
                "label": "Harbour Post",
                "kind": "PROVIDER",
                "domain": "harbour.example",
                "aliases": ["HP", "The Harbour Post"],
                "inDegree": 1,
                "outDegree": 0,
                "pageRank": 0.25,
                "betweenness": 0.0,
                "coreness": 1,
                "community": 1,
                "x": 25.1,
                "y": -0.2,
                "size": 2.5,
                "color": "#4e79a7",
            },
            {
                "id": "t_sea",
                "label": "Sea",
                "kind": "TOPIC",
                "slug": "sea",
                "inDegree": 2,
                "outDegree": 0,
                "pageRank": 1.5e-05,
                "betweenness": 0.333333,
                "coreness": 2,
                "community": 1,
                "x": -16.7,
                "y": 20.3,
                "size": 2.7,
                "color": "#f28e2b",
            },
            {
                "id": "t_weather",
                "label": "Weather",
                "kind": "TOPIC",
                "slug": "weather",
                "aliases": ["The weather"],
                "shortName": "Wthr",
                "description": "Wind and rain.",
                "keywords": ["wind", "rain"],
                "hashtags": ["#storm"],
                "inDegree": 1,
                "outDegree": 1,
                "pageRank": 0.2,
                "betweenness": 0.0,
                "coreness": 2,
                "community": 1,
                "taxonomies": ["categories", "tags"],
                "x": -25.1,
                "y": 4.9,
                "size": 2.7,
                "color": "#f28e2b",
            },
        ],
        "edges": [
            {"source": "a_storm", "target": "p_harbour", "relation": "PUBLISHED_BY", "position": 1, "weight": 1.0},
            {"source": "a_storm", "target": "t_weather", "relation": "ABOUT", "position": 1, "weight": 1.0},
            {"source": "a_storm", "target": "t_sea", "relation": "ABOUT", "position": 2, "weight": 1.0},
            {"source": "a_storm", "target": "a_wave", "relation": "RELATED_TO", "position": 1, "weight": 1.0},
            {"source": "t_weather", "target": "t_sea", "relation": "BROADER", "position": 1, "weight": 1.0},
        ],
    }


def test_cytoscape_json_has_its_elements_below_data_and_only_plain_values(measured: GraphSnapshot) -> None:
    document = json.loads(text(measured, ExportFormat.CYTOSCAPE))
    nodes, edges = document["elements"].pop("nodes"), document["elements"].pop("edges")
    assert document == {
        "data": {"name": "Frontgraph", "version": measured.version},
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
            "aliases": "The weather",
            "shortName": "Wthr",
            "description": "Wind and rain.",
            "keywords": "wind|rain",
            "hashtags": "#storm",
            "inDegree": 1,
            "outDegree": 1,
            "pageRank": 0.2,
            "betweenness": 0.0,
            "coreness": 2,
            "community": 1,
            "taxonomies": "categories|tags",
            "size": 2.7,
            "color": "#f28e2b",
        },
        "position": {"x": -25.1, "y": -4.9},
    }
    assert len(edges) == 5
    assert edges[2] == {
        "data": {
            "id": "e2",
            "source": "a_storm",
            "target": "t_sea",
            "relation": "ABOUT",
            "position": 2,
            "weight": 1.0,
        }
    }


def test_csv_is_an_archive_of_two_tables(measured: GraphSnapshot) -> None:
    assert tables(measured) == {
        "nodes.csv": "\r\n".join(
            [
                "id,label,kind,url,slug,domain,origin,excerpt,publishedDateTime,publishedEpoch,updatedDateTime,updatedEpoch"
                ",webUrl,originalUrl,ampWebUrl,cdnAmpWebUrl,articleType,category,quality,heat,published,story,storyHeadline,aliases"
                ",shortName,description,keywords,hashtags,image,inDegree,outDegree,pageRank,betweenness,coreness,community,address,language,version,taxonomies,articleCount",
                'a_storm,"Storm & ""tide"" <now>",ARTICLE,https://harbour.example/storm,storm,,DOCUMENT,"Line one\nline two"'
                ",2024-05-03T09:30:00Z,1714728600,,,https://harbour.example/storm/,,,,article,news,0,,false"
                ',s_storm,"Storm & ""tide"" <now>",,,,,,https://harbour.example/a.jpg,0,4,0.1,0.0,2,0,,,,,',
                "a_wave,https://harbour.example/wave,ARTICLE,https://harbour.example/wave,,,REFERENCE"
                + "," * 15
                + 's_storm,"Storm & ""tide"" <now>",,,,,,,1,0,0.123457,0.0,1,0,,,,,',
                "p_harbour,Harbour Post,PROVIDER,,,harbour.example"
                + "," * 18
                + "HP|The Harbour Post,,,,,,1,0,0.25,0.0,1,1,,,,,",
                "t_sea,Sea,TOPIC,,sea" + "," * 25 + "2,0,1.5e-05,0.333333,2,1,,,,,",
                "t_weather,Weather,TOPIC,,weather"
                + "," * 19
                + "The weather,Wthr,Wind and rain.,wind|rain,#storm,,1,1,0.2,0.0,2,1,,,,categories|tags,",
                "",
            ]
        ),
        "edges.csv": (
            "id,source,target,relation,position,weight\r\n"
            "e0,a_storm,p_harbour,PUBLISHED_BY,1,1.0\r\n"
            "e1,a_storm,t_weather,ABOUT,1,1.0\r\n"
            "e2,a_storm,t_sea,ABOUT,2,1.0\r\n"
            "e3,a_storm,a_wave,RELATED_TO,1,1.0\r\n"
            "e4,t_weather,t_sea,BROADER,1,1.0\r\n"
        ),
    }


@pytest.mark.parametrize(("export_format", "suffix"), [(ExportFormat.CSV, "csv"), (ExportFormat.PARQUET, "parquet")])
def test_an_archive_bears_no_date_of_its_making(export_format: ExportFormat, suffix: str, tiny: GraphSnapshot) -> None:
    with zipfile.ZipFile(BytesIO(b"".join(export_chunks(tiny, export_format)))) as archive:
        assert [(entry.filename, entry.date_time) for entry in archive.infolist()] == [
            (f"nodes.{suffix}", (1980, 1, 1, 0, 0, 0)),
            (f"edges.{suffix}", (1980, 1, 1, 0, 0, 0)),
        ]


TERM = "urn:frontgraph:term:"
JSON_LD_CONTEXT = {
    "@vocab": "https://schema.org/",
    "datePublished": {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
    "dateModified": {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
    "url": {"@type": "@id"},
    "contentUrl": {"@type": "@id"},
    "publisher": {"@type": "@id"},
    "about": {"@type": "@id"},
    "citation": {"@type": "@id"},
    "broader": {"@id": "http://www.w3.org/2004/02/skos/core#broader", "@type": "@id"},
    "slug": TERM + "slug",
    "domain": TERM + "domain",
    "origin": TERM + "origin",
    "originalUrl": {"@id": TERM + "originalUrl", "@type": "@id"},
    "ampWebUrl": {"@id": TERM + "ampWebUrl", "@type": "@id"},
    "cdnAmpWebUrl": {"@id": TERM + "cdnAmpWebUrl", "@type": "@id"},
    "articleType": TERM + "articleType",
    "quality": TERM + "quality",
    "heat": TERM + "heat",
    "published": TERM + "published",
    "story": {"@id": TERM + "story", "@type": "@id"},
    "storyHeadline": TERM + "storyHeadline",
    "keywords": TERM + "keywords",
    "hashtags": TERM + "hashtags",
    "inDegree": TERM + "inDegree",
    "outDegree": TERM + "outDegree",
    "pageRank": {"@id": TERM + "pageRank", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    "betweenness": {"@id": TERM + "betweenness", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    "coreness": TERM + "coreness",
    "community": TERM + "community",
    "address": TERM + "address",
    "taxonomies": TERM + "taxonomies",
    "articleCount": TERM + "articleCount",
    "isCached": TERM + "isCached",
}


def test_json_ld_says_in_words_of_schema_org_what_it_has_words_for(measured: GraphSnapshot) -> None:
    storm = 'Storm & "tide" <now>'
    assert json.loads(text(measured, ExportFormat.JSON_LD)) == {
        "@context": JSON_LD_CONTEXT,
        "@graph": [
            {
                "@id": "https://harbour.example/storm",
                "@type": "NewsArticle",
                "identifier": "a_storm",
                "headline": storm,
                "name": storm,
                "slug": "storm",
                "origin": "DOCUMENT",
                "description": "Line one\nline two",
                "datePublished": "2024-05-03T09:30:00Z",
                "url": "https://harbour.example/storm/",
                "articleType": "article",
                "articleSection": "news",
                "quality": 0,
                "published": False,
                "story": "urn:frontgraph:s_storm",
                "storyHeadline": storm,
                "image": [
                    {
                        "@type": "ImageObject",
                        "contentUrl": "https://harbour.example/a.jpg",
                        "width": 10,
                        "isCached": True,
                    },
                    {"@type": "ImageObject", "contentUrl": "https://harbour.example/b.jpg"},
                ],
                "inDegree": 0,
                "outDegree": 4,
                "pageRank": 0.1,
                "betweenness": 0.0,
                "coreness": 2,
                "community": 0,
                "publisher": ["urn:frontgraph:p_harbour"],
                "about": ["urn:frontgraph:t_weather", "urn:frontgraph:t_sea"],
                "citation": ["https://harbour.example/wave"],
            },
            {
                "@id": "https://harbour.example/wave",
                "@type": "NewsArticle",
                "identifier": "a_wave",
                "name": "https://harbour.example/wave",
                "origin": "REFERENCE",
                "story": "urn:frontgraph:s_storm",
                "storyHeadline": storm,
                "inDegree": 1,
                "outDegree": 0,
                "pageRank": 0.123457,
                "betweenness": 0.0,
                "coreness": 1,
                "community": 0,
            },
            {
                "@id": "urn:frontgraph:p_harbour",
                "@type": "Organization",
                "identifier": "p_harbour",
                "name": "Harbour Post",
                "domain": "harbour.example",
                "alternateName": ["HP", "The Harbour Post"],
                "inDegree": 1,
                "outDegree": 0,
                "pageRank": 0.25,
                "betweenness": 0.0,
                "coreness": 1,
                "community": 1,
            },
            {
                "@id": "urn:frontgraph:t_sea",
                "@type": "DefinedTerm",
                "identifier": "t_sea",
                "name": "Sea",
                "slug": "sea",
                "inDegree": 2,
                "outDegree": 0,
                "pageRank": 1.5e-05,
                "betweenness": 0.333333,
                "coreness": 2,
                "community": 1,
            },
            {
                "@id": "urn:frontgraph:t_weather",
                "@type": "DefinedTerm",
                "identifier": "t_weather",
                "name": "Weather",
                "slug": "weather",
                "alternateName": ["The weather", "Wthr"],
                "description": "Wind and rain.",
                "keywords": ["wind", "rain"],
                "hashtags": ["#storm"],
                "inDegree": 1,
                "outDegree": 1,
                "pageRank": 0.2,
                "betweenness": 0.0,
                "coreness": 2,
                "community": 1,
                "taxonomies": ["categories", "tags"],
                "broader": ["urn:frontgraph:t_sea"],
            },
        ],
    }


def test_json_ld_names_an_article_without_a_url_by_its_id() -> None:
    snapshot = build_snapshot(MergeResult([Article("a_odd", None, ArticleOrigin.REFERENCE, "odd")]))
    (item,) = json.loads(text(snapshot, ExportFormat.JSON_LD))["@graph"]
    assert (item["@id"], item["name"]) == ("urn:frontgraph:a_odd", "odd")


DOT = r"""digraph "Frontgraph {version}" {
"a_storm" [shape="box" label="Storm & \"tide\" <now>" kind="ARTICLE" URL="https://harbour.example/storm" slug="storm" origin="DOCUMENT" excerpt="Line one\nline two" publishedDateTime="2024-05-03T09:30:00Z" publishedEpoch="1714728600" webUrl="https://harbour.example/storm/" articleType="article" category="news" quality="0" published="false" story="s_storm" storyHeadline="Storm & \"tide\" <now>" inDegree="0" outDegree="4" pageRank="0.1" betweenness="0.0" coreness="2" community="0"];
"a_wave" [shape="box" label="https://harbour.example/wave" kind="ARTICLE" URL="https://harbour.example/wave" origin="REFERENCE" story="s_storm" storyHeadline="Storm & \"tide\" <now>" inDegree="1" outDegree="0" pageRank="0.123457" betweenness="0.0" coreness="1" community="0"];
"p_harbour" [shape="house" label="Harbour Post" kind="PROVIDER" domain="harbour.example" aliases="HP|The Harbour Post" inDegree="1" outDegree="0" pageRank="0.25" betweenness="0.0" coreness="1" community="1"];
"t_sea" [shape="ellipse" label="Sea" kind="TOPIC" slug="sea" inDegree="2" outDegree="0" pageRank="1.5e-05" betweenness="0.333333" coreness="2" community="1"];
"t_weather" [shape="ellipse" label="Weather" kind="TOPIC" slug="weather" aliases="The weather" shortName="Wthr" description="Wind and rain." keywords="wind|rain" hashtags="#storm" inDegree="1" outDegree="1" pageRank="0.2" betweenness="0.0" coreness="2" community="1" taxonomies="categories|tags"];
"a_storm" -> "p_harbour" [relation="PUBLISHED_BY" position="1" strength="1.0"];
"a_storm" -> "t_weather" [relation="ABOUT" position="1" strength="1.0"];
"a_storm" -> "t_sea" [relation="ABOUT" position="2" strength="1.0"];
"a_storm" -> "a_wave" [relation="RELATED_TO" position="1" strength="1.0"];
"t_weather" -> "t_sea" [relation="BROADER" position="1" strength="1.0"];
}
"""


def test_dot_has_shapes_and_links_and_quotes_every_value(measured: GraphSnapshot) -> None:
    assert text(measured, ExportFormat.DOT) == DOT.replace("{version}", measured.version)


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        (r"a\N b\n c\\", r"a\\N b\\n c\\\\"),
        ('\\"', r"\\\""),
        ("R&D, AT&T; &amp; &#169; &#xA9; &", "R&D, AT&amp;T; &amp;amp; &amp;#169; &amp;#xA9; &"),
        ("one\ntwo\r\nthree\rfour\n\n", r"one\ntwo\nthree\nfour\n\n"),
        ("a\x00b\x01c\td\ud800e\uffff", "abc\tde"),
        ("<b>|{x} \u2028 🦀", "<b>|{x} \u2028 🦀"),
    ],
)
def test_dot_escapes_what_graphviz_would_interpret(title: str, quoted: str) -> None:
    assert f' label="{quoted}" kind=' in text(with_title(title), ExportFormat.DOT)


def test_dot_writes_addresses_as_svg_has_them(tmp_path: Path) -> None:
    """Graphviz before 3.0 copies them into SVG as they are."""
    snapshot = folder_snapshot(tmp_path, {"a.md": document(title="A", webUrl="https://a.example/x?a=1&lt=2")})

    written = text(snapshot, ExportFormat.DOT)
    assert ' URL="https://a.example/x?a=1&amp;lt=2" ' in written
    svg = ElementTree.fromstring(drawn(written.encode(), "svg"))
    assert [link.get("{http://www.w3.org/1999/xlink}href") for link in svg.iter("{http://www.w3.org/2000/svg}a")] == [
        "https://a.example/x?a=1&lt=2"
    ]


def test_dot_writes_long_texts_in_pieces() -> None:
    """Graphviz before 3.0 refuses a quoted text of 16,382 bytes."""
    written = text(with_title('嵐 "\\' * 5_000), ExportFormat.DOT)
    [label] = re.findall(r" label=(.*?) kind=", written)
    pieces = re.findall(r'"((?:\\.|[^"\\])*)"', label)

    assert " + ".join(f'"{piece}"' for piece in pieces) == label
    assert "".join(pieces) == r"嵐 \"\\" * 5_000
    assert max(len(piece.encode()) for piece in pieces) < 16_382
    assert read_graphviz(written.encode())[0]["a_odd"]["label"] == r'嵐 "\\' * 5_000


def parquet_tables(snapshot: GraphSnapshot) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(b"".join(export_chunks(snapshot, ExportFormat.PARQUET)))) as archive:
        assert archive.testzip() is None
        return {name: pq.read_table(BytesIO(archive.read(name))) for name in archive.namelist()}


NODE_SCHEMA = """\
id: string
label: string
kind: string
url: string
slug: string
domain: string
origin: string
excerpt: string
publishedDateTime: timestamp[us, tz=UTC]
publishedEpoch: int64
updatedDateTime: timestamp[us, tz=UTC]
updatedEpoch: int64
webUrl: string
originalUrl: string
ampWebUrl: string
cdnAmpWebUrl: string
articleType: string
category: string
quality: int64
heat: int64
published: bool
story: string
storyHeadline: string
aliases: list<element: string>
  child 0, element: string
shortName: string
description: string
keywords: list<element: string>
  child 0, element: string
hashtags: list<element: string>
  child 0, element: string
image: string
images: string
frontMatter: string
inDegree: int64
outDegree: int64
pageRank: double
betweenness: double
coreness: int64
community: int64
address: string
language: string
version: string
taxonomies: list<element: string>
  child 0, element: string
articleCount: int64"""


def test_parquet_is_an_archive_of_two_typed_tables(measured: GraphSnapshot) -> None:
    found = parquet_tables(measured)
    nodes, edges = found["nodes.parquet"], found["edges.parquet"]
    assert list(found) == ["nodes.parquet", "edges.parquet"]
    assert nodes.schema.to_string(show_schema_metadata=False) == NODE_SCHEMA
    assert nodes.schema.metadata == edges.schema.metadata == {b"version": measured.version.encode()}
    assert edges.schema.to_string(show_schema_metadata=False) == (
        "source: string\ntarget: string\nrelation: string\nposition: int64\nweight: double"
    )
    storm, _, harbour, _, weather = (
        {name: value for name, value in row.items() if value is not None} for row in nodes.to_pylist()
    )
    assert storm == {
        "id": "a_storm",
        "label": 'Storm & "tide" <now>',
        "kind": "ARTICLE",
        "url": "https://harbour.example/storm",
        "slug": "storm",
        "origin": "DOCUMENT",
        "excerpt": "Line one\nline two",
        "publishedDateTime": datetime(2024, 5, 3, 9, 30, tzinfo=UTC),
        "publishedEpoch": 1714728600,
        "webUrl": "https://harbour.example/storm/",
        "articleType": "article",
        "category": "news",
        "quality": 0,
        "published": False,
        "story": "s_storm",
        "storyHeadline": 'Storm & "tide" <now>',
        "image": "https://harbour.example/a.jpg",
        "images": '[{"url":"https://harbour.example/a.jpg","width":10,"isCached":true}'
        ',{"url":"https://harbour.example/b.jpg"}]',
        "frontMatter": '{"tags":["a",{"b":1}]}',
        "inDegree": 0,
        "outDegree": 4,
        "pageRank": 0.1,
        "betweenness": 0.0,
        "coreness": 2,
        "community": 0,
    }
    assert harbour["aliases"] == ["HP", "The Harbour Post"]
    assert (weather["keywords"], weather["hashtags"]) == (["wind", "rain"], ["#storm"])
    assert edges.to_pylist()[1:3] == [
        {"source": "a_storm", "target": "t_weather", "relation": "ABOUT", "position": 1, "weight": 1.0},
        {"source": "a_storm", "target": "t_sea", "relation": "ABOUT", "position": 2, "weight": 1.0},
    ]


def test_parquet_is_compressed_and_written_in_groups_of_rows(
    tiny: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = parquet_tables(tiny)
    monkeypatch.setattr("graph.export.parquet_format.ROW_GROUP_SIZE", 2)
    data = b"".join(export_chunks(tiny, ExportFormat.PARQUET))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        file = pq.ParquetFile(BytesIO(archive.read("nodes.parquet")))
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [2, 2, 1]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert parquet_tables(tiny) == whole


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
        return [root.findtext(f".//{{*}}node/{{*}}data[@key='{key}']") for key in ("3", "9")]
    node = next(root.iter("{http://www.gexf.net/1.2draft}node"))
    return [node.get("label"), *(value.get("value") for value in node.iter() if value.get("for") == "9")]


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
    snapshot = load_snapshot([tmp_path])
    nodes: list[dict[str, Any]] = json.loads(text(snapshot, ExportFormat.JSON))["nodes"]
    (article,) = (node for node in nodes if node["kind"] == "ARTICLE")
    measured = {"inDegree", "outDegree", "pageRank", "betweenness", "coreness", "community", "x", "y", "size", "color"}
    assert article.keys() > measured
    return {name: value for name, value in article.items() if name not in measured}


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
    snapshot = load_snapshot([tmp_path])
    (topic,) = json.loads(text(snapshot, ExportFormat.JSON))["nodes"]
    assert (topic["label"], topic["keywords"], topic["hashtags"]) == ("Sea", ["tide"], ["🦀"])
    assert all(list(export_chunks(snapshot, each)) for each in ExportFormat)


def test_csv_reads_back_as_it_was(tiny: GraphSnapshot) -> None:
    nasty = 'a,"b"\r\nc\n\td; =1+1 🦀'
    rows = list(csv.DictReader(StringIO(tables(with_title(nasty))["nodes.csv"], newline="")))
    assert [(row["id"], row["label"], row["excerpt"]) for row in rows] == [("a_odd", nasty, nasty)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.md": document(provider="X", date="2024-05-01")}, "NewsArticle"),
        ({"a.md": document(title="A", date="2024-05-01")}, "Article"),
        ({"a.md": document(title="A")}, "Article"),
        ({"frontgraph.toml": 'url = "https://x.example"', "a.md": document(title="A")}, "Article"),
        ({"_config.yml": "title: X", "_posts/2024-05-01-a.md": document(title="A")}, "Article"),
        ({"_config.yml": "title: X", "about.md": document(title="A")}, "WebPage"),
        ({"mkdocs.yml": "site_name: X", "docs/a.md": document(title="A")}, "TechArticle"),
        ({"mkdocs.yml": "site_name: X", "docs/a.md": document(title="A", date="2024-05-01")}, "Article"),
        ({".obsidian/app.json": "{}", "a.md": document(title="A", date="2024-05-01")}, "NoteDigitalDocument"),
    ],
    ids=["news", "dated", "plain", "own", "post", "page", "documentation", "dated documentation", "note"],
)
def test_json_ld_calls_an_article_what_its_folder_makes_of_it(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    items = json.loads(text(folder_snapshot(tmp_path, files), ExportFormat.JSON_LD))["@graph"]
    kinds = {"Organization", "DefinedTerm", "Person"}
    assert [item["@type"] for item in items if item["@type"] not in kinds] == [expected]


def test_json_ld_names_no_article_by_an_address_that_is_no_iri(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path, {"a.md": document(title="A", webUrl="https://a.example/[x]#y#z")})
    [item] = [item for item in json.loads(text(snapshot, ExportFormat.JSON_LD))["@graph"] if "headline" in item]
    assert item["@id"] == f"urn:frontgraph:{item['identifier']}"
    assert item["url"] == "https://a.example/%5Bx%5D#y%23z"


def test_json_ld_tells_a_picture_on_an_unknown_site_as_a_text(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path, {"a.md": document(title="A", image="/img/x.png")})
    [item] = [item for item in json.loads(text(snapshot, ExportFormat.JSON_LD))["@graph"] if "headline" in item]
    assert item["image"] == [{"@type": "ImageObject", "contentUrl": {"@value": "/img/x.png"}}]
