"""Geometry of the charts, drawn on the server as SVG without styles or scripts."""

from .over_time import Histogram, Timeline, histogram, timeline
from .shapes import Bar
from .standing import Diverging, diverging

__all__ = ["Bar", "Diverging", "Histogram", "Timeline", "diverging", "histogram", "timeline"]
