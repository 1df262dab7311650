from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from statements.models import Article, ImportBatch
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TEXT = "Toll stays\n\n“We are keeping the toll,” transport minister Ana Ruiz said."


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin"))
    return client


@pytest.mark.parametrize(("role", "status"), [("", 403), ("editor", 403), ("lead", 403)])
def test_the_desk_is_for_admins(client, role, status):
    client.force_login(make_user(role))
    assert client.get("/desk/").status_code == status
    assert client.post("/desk/", {"text": TEXT}).status_code == status
    assert not Article.objects.exists()


def test_visitors_are_asked_to_sign_in(client):
    assert client.get("/desk/").url == "/accounts/login/?next=/desk/"


def test_pasted_text_becomes_an_article_with_quotes(admin):
    response = admin.post(
        "/desk/",
        {"text": TEXT.replace("\n", "\r\n"), "published": "2024-05-01", "outlet": "The Gazette"},
        follow=True,
    )
    article = Article.objects.get()
    assert (article.title, article.text, str(article.published_on)) == (
        "Toll stays",
        TEXT,
        "2024-05-01",
    )
    assert response.redirect_chain[-1][0] == ImportBatch.objects.get().get_absolute_url()
    assert "We are keeping the toll" in response.content.decode()


def test_files_end_one_by_one_as_new_duplicate_or_rejected(admin):
    files = [
        SimpleUploadedFile("a.txt", TEXT.encode()),
        SimpleUploadedFile("again.txt", TEXT.encode()),
        SimpleUploadedFile("empty.txt", b""),
        SimpleUploadedFile("page.pdf", b"%PDF"),
    ]
    admin.post("/desk/", {"uploads": files})
    batch = ImportBatch.objects.get()
    outcomes = {item.name: item.outcome for item in batch.items.all()}
    assert outcomes == {
        "a.txt": "new",
        "again.txt": "duplicate",
        "empty.txt": "rejected",
        "page.pdf": "rejected",
    }
    page = admin.get(batch.get_absolute_url()).content.decode()
    assert "It is empty" in page
    assert "cut off or damaged" in page


def test_an_htmx_import_moves_the_page_to_its_batch(admin):
    response = admin.post("/desk/", {"text": TEXT}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == ImportBatch.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Paste the text of an article, or choose files."),
        ({"text": "  \n"}, "Paste the text of an article, or choose files."),
        ({"text": TEXT, "published": "soon"}, "Enter a valid date."),
        ({"text": TEXT, "url": "nowhere"}, "Enter a valid URL."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_form_that_cannot_be_used_comes_back_with_the_words_typed(admin, values, message, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    response = admin.post("/desk/", values, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert ("<html" in page) is not htmx
    assert values.get("text", "").strip() in page
    assert not ImportBatch.objects.exists()


def test_too_many_files_are_sent_to_the_command(admin):
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(21)]
    response = admin.post("/desk/", {"uploads": files})
    assert "manage.py ingest" in response.content.decode()


def test_the_desk_costs_the_same_however_many_imports(admin, django_assert_max_num_queries):
    for n in range(3):
        admin.post("/desk/", {"text": f"{TEXT} {n}"})
    with django_assert_max_num_queries(12):
        admin.get("/desk/")
    with django_assert_max_num_queries(12):
        admin.get(ImportBatch.objects.all()[0].get_absolute_url())
