from __future__ import annotations

import pytest

from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "labels", "edits_issues", "imports"),
    [
        ("", False, False, False),
        ("editor", True, False, False),
        ("lead", True, True, False),
        ("admin", True, True, True),
    ],
)
def test_each_role_may_do_what_the_one_before_it_may(role, labels, edits_issues, imports):
    user = make_user(role)
    assert user.has_perm("statements.add_stancelabel") is labels
    assert user.has_perm("statements.change_issue") is edits_issues
    assert user.has_perm("statements.add_importbatch") is imports


@pytest.mark.smoke
def test_health_tells_that_the_database_answers(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()["database"]) == (200, "ok")


@pytest.mark.parametrize("path", ["/", "/articles/", "/export.csv"])
def test_a_closed_site_asks_readers_to_sign_in(client, settings, path):
    settings.READERS_NEED_ACCOUNT = True
    response = client.get(path)
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={path}")
    client.force_login(make_user())
    assert client.get(path).status_code == 200


def test_a_closed_site_still_answers_health_checks(client, settings):
    settings.READERS_NEED_ACCOUNT = True
    assert client.get("/healthz").status_code == 200


def test_every_page_forbids_what_does_not_come_from_here(client):
    article = make_article()
    policy = client.get(article.get_absolute_url()).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
