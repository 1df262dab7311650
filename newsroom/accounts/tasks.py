"""Mail about accounts, sent by workers."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


@task
def send_reset_links(users: list[int], site: str) -> None:
    """Send each user a link that sets a new password; `site` is the front page's address."""
    for user in User.objects.filter(pk__in=users, is_active=True).exclude(email=""):
        place = {
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        }
        address = site.removesuffix("/") + reverse("password_reset_confirm", kwargs=place)
        text = render_to_string(
            "registration/password_reset_email.txt", {"user": user, "address": address}
        )
        EmailMessage("A new password for Newsroom", text, to=[user.email]).send()
