from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_ox.models import OxTask

from statements.ingest.documents import Document
from statements.ingest.importing import add_documents, open_batch, start
from statements.models import Article, ImportBatch, ImportFile
from statements.tasks import link_lot, process_lot
from tests.factories import make_reply, make_user

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
    with django_assert_max_num_queries(14):
        admin.get("/desk/")
    with django_assert_max_num_queries(14):
        admin.get(ImportBatch.objects.all()[0].get_absolute_url())


def test_the_desk_counts_the_answers_that_nobody_has_decided_on(admin):
    for state in ("proposed", "proposed", "confirmed"):
        make_reply(state=state)
    page = admin.get("/desk/").content.decode()
    assert re.search(r'/replies/\?state=proposed">[^<]+</a>\s*<span class="count">2</span>', page)


def test_looking_first_stores_nothing_and_tells_what_would_come(admin):
    admin.post("/desk/", {"text": TEXT})
    files = [
        SimpleUploadedFile("a.txt", TEXT.encode()),
        SimpleUploadedFile("b.txt", b"Second\n\nNothing was said."),
        SimpleUploadedFile("again.txt", b"Second\n\nNothing was said."),
        SimpleUploadedFile("empty.txt", b""),
    ]
    response = admin.post("/desk/", {"uploads": files, "preview": "1"}, follow=True)
    batch = ImportBatch.objects.first()
    assert batch is not None
    assert batch.state == "draft"
    assert Article.objects.count() == 1
    for words in ("would bring 1 new", "2 copies of what is there", "1 rejected"):
        assert words in response.text
    assert "A copy of “Toll stays”." in response.text
    assert "A copy of “b.txt”." in response.text
    admin.post(f"{batch.get_absolute_url()}start/")
    batch.refresh_from_db()
    assert (batch.state, Article.objects.count()) == ("finished", 2)


def test_a_draft_can_be_discarded_and_a_step_out_of_turn_says_so(admin):
    admin.post("/desk/", {"text": TEXT, "preview": "1"})
    batch = ImportBatch.objects.get()
    admin.post(f"{batch.get_absolute_url()}cancel/")
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    page = admin.post(f"{batch.get_absolute_url()}start/", follow=True).text
    assert "It is cancelled meanwhile." in page
    assert admin.post(f"{batch.get_absolute_url()}explode/").status_code == 404
    assert not Article.objects.exists()


def test_undo_is_asked_for_and_done(admin):
    admin.post("/desk/", {"text": TEXT})
    address = f"{ImportBatch.objects.get().get_absolute_url()}undo/"
    assert "1 article and 1 quote go" in admin.get(address).text
    assert "Undone: 1 articles and 1 quotes are gone." in admin.post(address, follow=True).text
    assert not Article.objects.exists()


def test_the_bytes_of_every_file_are_kept_once(admin):
    for name in ("a.txt", "copy.txt"):
        admin.post("/desk/", {"uploads": [SimpleUploadedFile(name, TEXT.encode())]})
    kept = ImportFile.objects.get()
    assert bytes(kept.content) == TEXT.encode()
    assert kept.items.count() == 2


def test_what_was_rejected_is_tried_again_from_its_bytes(admin):
    admin.post("/desk/", {"uploads": [SimpleUploadedFile("a.txt", TEXT.encode())], "preview": "1"})
    batch = ImportBatch.objects.get()
    batch.items.update(outcome="rejected", reason="An older version could not.", document=None)
    ImportBatch.objects.update(state="finished")
    page = admin.post(f"{batch.get_absolute_url()}retry/", follow=True).text
    assert "Wait again: 1 rejected item." in page
    assert Article.objects.count() == 1


def test_the_desk_says_that_what_is_stored_is_still_being_linked(admin):
    words = " ".join(f"word{n}" for n in range(100))
    batch = open_batch(channel="paste")
    texts = [f"{words} {number}" for number in range(5)]
    add_documents(batch, (Document(f"{each[-1]}.txt", each, 500) for each in texts))
    start(batch)
    process_lot.call(*OxTask.objects.get().args)
    page = admin.get(batch.get_absolute_url()).text
    assert "5 articles are stored" in page
    # It asks again, as while the import runs.
    assert 'hx-trigger="every 2s"' in page
    assert "Under way: 5 stored articles" in admin.get("/desk/").text
    link_lot.call(*OxTask.objects.get(task_path=link_lot.module_path).args)
    page = admin.get(batch.get_absolute_url()).text
    assert "5 new, 4 of them copies of another article" in page
    assert "stored and can be read" not in page
    assert "every 2s" not in page
    assert "Under way" not in admin.get("/desk/").text
