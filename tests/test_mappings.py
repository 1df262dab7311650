"""Drafts: a file read otherwise, by its columns, encoding or dates, and what is remembered."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from statements.models import Article, ColumnMapping, ImportBatch
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TABLE = (
    "head,a,b\n"
    'Toll stays,"“We are keeping the toll,” Ana Ruiz said.",04/05/2024\n'
    'Toll goes,"“The toll goes,” Ana Ruiz said.",05/05/2024\n'
)


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin"))
    return client


def draft(admin, name: str, content: bytes) -> ImportBatch:
    files = [SimpleUploadedFile(name, content)]
    admin.post("/desk/", {"uploads": files, "preview": "1"})
    batch = ImportBatch.objects.first()
    assert batch is not None
    return batch


def address(batch: ImportBatch) -> str:
    item = batch.items.exclude(file=None).first()
    assert item is not None
    return f"{batch.get_absolute_url()}files/{item.file_id}/"


def test_the_columns_of_a_table_are_given_and_remembered(admin):
    batch = draft(admin, "articles.csv", TABLE.encode())
    assert "None of its columns is known to hold the text" in batch.items.get().reason
    assert "articles.csv" in admin.get(batch.get_absolute_url()).text
    given = {"column_text": "a", "column_date": "b", "date_order": "dmy"}
    page = admin.get(address(batch), given).text
    assert "Toll stays" in page
    assert "2024-05-04" in page or "May 4, 2024" in page or "4 May 2024" in page
    assert batch.items.count() == 1
    page = admin.post(address(batch), given, follow=True).text
    assert "Read so: 2 documents." in page
    documents = [item.document for item in batch.items.all()]
    assert [each["facts"]["published"] for each in documents if each] == [
        "2024-05-04",
        "2024-05-05",
    ]
    again = draft(admin, "more.csv", TABLE.replace("Toll", "Tax").encode())
    assert again.items.waiting().count() == 2
    admin.post(f"{again.get_absolute_url()}start/")
    assert Article.objects.filter(title__startswith="Tax").count() == 2


def test_another_encoding_is_looked_at_before_it_is_taken(admin):
    text = "Zażółć\n\nGęślą jaźń, powiedział minister."
    batch = draft(admin, "a.txt", text.encode("iso-8859-2"))
    page = admin.get(address(batch), {"encoding": "iso-8859-2"}).text
    assert "Zażółć" in page
    admin.post(address(batch), {"encoding": "iso-8859-2"})
    document = batch.items.get().document
    assert document
    assert document["text"].startswith("Zażółć")
    assert not ColumnMapping.objects.exists()


def test_only_drafts_are_read_otherwise_and_only_by_admins(admin, client):
    batch = draft(admin, "articles.csv", TABLE.encode())
    place = address(batch)
    wrong = admin.post(place, {"encoding": "ebcdic"})
    assert wrong.status_code == 422
    ImportBatch.objects.update(state="finished")
    assert admin.get(place).status_code == 404
    client.force_login(make_user("lead"))
    assert client.get(place).status_code == 403
