"""Settings read from the environment, loud on a value that cannot be meant."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class Environment:
    """Typed access to environment variables; every error names the variable and what it takes."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding spaces, or `default` when unset or empty."""
        return self._variables.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """A yes or no; raises ImproperlyConfigured for anything else."""
        value = self.text(name).lower()
        if not value:
            return default
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0 (or yes, no, true, false).")

    def number(self, name: str, default: int, *, minimum: int = 0) -> int:
        """A whole number of at least `minimum`; raises ImproperlyConfigured otherwise."""
        value = self.text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            number = minimum - 1
        if number < minimum:
            raise ImproperlyConfigured(f"{name}={value!r}: write a whole number from {minimum} up.")
        return number

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the choices, the first by default; raises ImproperlyConfigured otherwise."""
        value = self.text(name, choices[0]).lower()
        if value not in choices:
            raise ImproperlyConfigured(f"{name}={value!r}: write {' or '.join(choices)}.")
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        """A comma-separated list, empty entries left out."""
        return [word for part in self.text(name, default).split(",") if (word := part.strip())]

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """A comma-separated list of addresses and networks; raises ImproperlyConfigured."""
        try:
            return [ip_network(word) for word in self.words(name)]
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}; write 10.0.0.0/8, for one.") from None

    def database(self, name: str = "DATABASE_URL") -> dict[str, object] | None:
        """Django's settings for the server that the variable names, or None when it is unset.

        The form is `postgresql://user:password@host:port/name?sslmode=require`; query parameters
        go to libpq as they are, and `?host=/path` names a socket's folder.
        """
        value = self.text(name)
        if not value:
            return None
        try:
            url = urlsplit(value)
            port = url.port
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}. {_DATABASE_HINT}") from None
        if url.scheme not in {"postgres", "postgresql"}:
            raise ImproperlyConfigured(f"{name}: {url.scheme or 'no'} scheme. {_DATABASE_HINT}")
        database = unquote(url.path.lstrip("/"))
        if not database:
            raise ImproperlyConfigured(f"{name}: the database's name is missing. {_DATABASE_HINT}")
        # A host that is gone gives no answer at all, and no page can wait for it for minutes.
        options = {"connect_timeout": "5"} | dict(parse_qsl(url.query))
        host = options.pop("host", "") or unquote(url.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": host,
            "PORT": str(port or options.pop("port", "")),
            "OPTIONS": options,
        }

    def mailer(self, name: str) -> dict[str, object] | None:
        """Django's settings for the mail server that the variable names, or None when unset.

        `smtp+tls` begins in clear and changes to TLS, `smtps` is TLS from the start.
        """
        value = self.text(name)
        if not value:
            return None
        try:
            url = urlsplit(value)
            port = url.port
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}. {_MAILER_HINT}") from None
        if url.scheme == "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if url.scheme not in _MAIL_PORTS or not url.hostname:
            raise ImproperlyConfigured(f"{name}: that names no mail server. {_MAILER_HINT}")
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": url.hostname,
                "port": port or _MAIL_PORTS[url.scheme],
                "username": unquote(url.username or ""),
                "password": unquote(url.password or ""),
                "use_tls": url.scheme == "smtp+tls",
                "use_ssl": url.scheme == "smtps",
                "timeout": 20,
            },
        }


_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}

_MAILER_HINT = (
    "Write smtp+tls://user:password@host:587, smtps://… or smtp://…, or console: for the terminal."
)

_DATABASE_HINT = (
    "Write postgresql://user:password@host:5432/name, or leave it unset for the bundled server."
)
