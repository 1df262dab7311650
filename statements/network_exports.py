"""The network of who answers whom for other programs: GraphML, and a list of edges as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from statements.exports import Echo, cell
from statements.reply_network import Network

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_SCHEMA = f"{_NAMESPACE} http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# XML has no way to write these, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NODE_KEYS = (
    ("name", "string"),
    ("type", "string"),
    ("country", "string"),
    ("provisional", "boolean"),
    ("url", "string"),
)
_EDGE_KEYS = (
    ("relation", "string"),
    ("confirmed", "int"),
    ("proposed", "int"),
    ("weight", "int"),
)
COLUMNS = (
    "source",
    "source_type",
    "target",
    "target_type",
    "relation",
    "confirmed",
    "proposed",
    "source_id",
    "target_id",
)


def graphml(network: Network, name: str, absolute: Callable[[str], str]) -> bytes:
    """The network as GraphML: directed, one edge for each two parties and relation.

    `weight` is the number of quotes, confirmed or proposed; both numbers are there by themselves.
    """
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_tag("graphml"), {f"{{{_XSI}}}schemaLocation": _SCHEMA})
    ET.register_namespace("xsi", _XSI)
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for key, kind in keys:
            ET.SubElement(
                root,
                _tag("key"),
                {"id": f"{domain}_{key}", "for": domain, "attr.name": key, "attr.type": kind},
            )
    graph = ET.SubElement(root, _tag("graph"), {"id": name, "edgedefault": "directed"})
    for node in network.nodes:
        element = ET.SubElement(graph, _tag("node"), {"id": node.key})
        _data(element, "node", "name", node.name)
        _data(element, "node", "type", node.actor_type)
        _data(element, "node", "country", node.country)
        _data(element, "node", "provisional", "true" if node.is_provisional else "false")
        _data(element, "node", "url", absolute(node.url))
    for number, edge in enumerate(network.edges):
        element = ET.SubElement(
            graph,
            _tag("edge"),
            {"id": f"e{number}", "source": edge.source.key, "target": edge.target.key},
        )
        _data(element, "edge", "relation", edge.relation)
        _data(element, "edge", "confirmed", str(edge.confirmed))
        _data(element, "edge", "proposed", str(edge.proposed))
        _data(element, "edge", "weight", str(edge.total))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def edge_lines(network: Network) -> Iterator[str]:
    """A header, then a line for each two parties and relation, the strongest first."""
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for edge in network.edges:
        row = (
            edge.source.name,
            edge.source.actor_type,
            edge.target.name,
            edge.target.actor_type,
            edge.relation,
            edge.confirmed,
            edge.proposed,
            edge.source.key,
            edge.target.key,
        )
        yield writer.writerow([cell(each) if isinstance(each, str) else each for each in row])


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _data(parent: ET.Element, domain: str, key: str, value: str) -> None:
    if value:
        element = ET.SubElement(parent, _tag("data"), {"key": f"{domain}_{key}"})
        element.text = _NO_XML.sub("", value)
