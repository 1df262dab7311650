"""Geometry of the charts, drawn on the server as SVG without styles or scripts."""

from .courses import Course, courses
from .over_time import Histogram, Timeline, histogram, timeline
from .shapes import Bar
from .standing import Diverging, diverging

__all__ = [
    "Bar",
    "Course",
    "Diverging",
    "Histogram",
    "Timeline",
    "courses",
    "diverging",
    "histogram",
    "timeline",
]
