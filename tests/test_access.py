"""Who may open what: the whole table, for every address and every kind of visitor."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.access import METHODS, VISITORS, World, names, rows

pytestmark = pytest.mark.django_db

ROWS = {(row.name, row.method): row.answers for row in rows()}


def test_every_address_and_method_stands_in_the_table_once_and_no_other_does():
    listed = Counter((row.name, row.method) for row in rows())
    assert set(listed) == {(name, method) for name in names() for method in METHODS}
    assert set(listed.values()) == {1}


# Each eighth of the addresses shares a world, which takes longer to make than to ask.
PARTS = [names()[at::8] for at in range(8)]


@pytest.mark.parametrize("part", PARTS, ids=range(1, 9))
def test_each_visitor_is_answered_as_the_table_says(part):
    world = World()
    answers = {
        (name, method): {who: world.ask(who, method, world.address(name)) for who in VISITORS}
        for name in part
        for method in METHODS
    }
    assert answers == {key: ROWS.get(key) for key in answers}


@pytest.mark.parametrize("part", PARTS, ids=range(1, 9))
def test_no_other_method_is_answered(part):
    world = World()
    answers = {
        (name, method): world.ask("superuser", method, world.address(name))
        for name in part
        if not name.startswith("admin:")
        for method in ("PUT", "PATCH", "DELETE")
    }
    assert answers == dict.fromkeys(answers, "405")


def test_nobody_without_a_role_changes_anything_but_by_reporting_or_signing_in():
    """Where a table is as long as this one, what it must never say is worth a line of its own."""
    open_to_all = {
        *("login", "login_code", "logout", "password_reset", "password_reset_confirm"),
        "statements:report_quote",
        # Browsers tell what the policy stopped; nothing is stored.
        "csp_report",
    }
    changing = {
        name
        for (name, method), answers in ROWS.items()
        if method == "POST" and answers["anonymous"] not in {"login", "403", "405"}
    }
    assert changing <= open_to_all | {"admin:logout"}
    own = {"password_change", "second_factor", "second_factor_change"}
    own |= {f"statements:saved_view{step}" for step in ("s", "_rename", "_delete")}
    changing = {
        name
        for (name, method), answers in ROWS.items()
        if method == "POST" and answers["reader"] not in {"login", "403", "405"}
    }
    assert changing <= open_to_all | own | {"admin:logout"}


@pytest.mark.parametrize(("less", "more"), [("reader", "editor"), ("editor", "lead")])
def test_a_role_may_open_whatever_the_one_before_may(less, more):
    for key, answers in ROWS.items():
        if answers[less] not in {"403", "login"}:
            assert answers[more] != "403", key
