from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from statements.nlp import Quotation, extract_text


@pytest.fixture(scope="session")
def read() -> Callable[[str], list[Quotation]]:
    """The quotations of a text; the pipeline is loaded once for all tests."""
    extract_text("Warm up.")
    return extract_text


@pytest.fixture(scope="session")
def read_fast() -> Callable[[str], list[Quotation]]:
    """The quotations of a text by rules alone."""
    extract_text("Warm up.", fast=True)
    return partial(extract_text, fast=True)
