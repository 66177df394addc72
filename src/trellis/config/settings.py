"""All settings; the environment is read here and nowhere else.

* TRELLIS_ENV          production (default), demo or test
* TRELLIS_DATA_DIR     folder of database, keys and files; default ./trellis-data
* DATABASE_URL         postgresql://... ; default SQLite in the data folder
* OWNER_DATABASE_URL   the role that owns the tables, for ``trellis migrate`` only
* TRELLIS_HOSTS        comma-separated host names the server answers to
* TRELLIS_SECRET_KEY, TRELLIS_FIELD_KEY, TRELLIS_AUDIT_KEY   see keys.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from trellis.config.keys import load_keys


ENV = os.environ.get("TRELLIS_ENV", "production")
IS_DEMO = ENV == "demo"
IS_TEST = ENV == "test"
DATA_DIR = Path(os.environ.get("TRELLIS_DATA_DIR", "trellis-data")).resolve()
KEYS = load_keys(DATA_DIR)
PACKAGE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = KEYS.secret
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("TRELLIS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite() -> dict[str, Any]:
    # IMMEDIATE and FULL: docs/adr/0004-sqlite-settings.md. A test may lose its
    # database in a power cut, so only the tests save the disk's time.
    synchronous = "OFF" if IS_TEST else "FULL"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "trellis.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": (
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};"
            ),
        },
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    }


_url = os.environ.get("DATABASE_URL", "")
if "migrate" in sys.argv[1:2]:
    _url = os.environ.get("OWNER_DATABASE_URL", _url)
DATABASES = {"default": _postgresql(_url) if _url else _sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's templates ask for it
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "trellis.records.audit",
    "trellis.records.sites",
    "trellis.records.accounts",
    "trellis.records.people",
    "trellis.records.care",
    "trellis.records.consent",
    "trellis.records.clinical",
    "trellis.records.immunization",
    "trellis.records.groups",
    "trellis.records.imports",
    "trellis.web",
    "trellis.cli",
    "trellis.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "trellis.web.middleware.AnswerHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "trellis.web.middleware.ViewerMiddleware",
    "trellis.web.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "trellis.config.urls"
WSGI_APPLICATION = "trellis.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "trellis.web.context.page_frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
for area in sorted((PACKAGE_DIR / "web").glob("*/templates")):
    TEMPLATES[0]["DIRS"].append(area)  # type: ignore[attr-defined]  # a list literal
TEMPLATES[0]["DIRS"].append(  # type: ignore[attr-defined]
    # FORM_RENDERER reads the same folders; Django's own widgets come last
    Path(__import__("django").__file__).parent / "forms" / "templates"
)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation."
        "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "trellis.web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Family Health"
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 12 * 3600  # the absolute limit of privacy.md 8.5
SESSION_IDLE_SECONDS = 15 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "csrf"
CSRF_FAILURE_VIEW = "trellis.web.answers.csrf_refused"
CSRF_COOKIE_HTTPONLY = True
IS_SECURE = not (IS_DEMO or IS_TEST)
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SECURE = IS_SECURE
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CACHES = {
    "default": {
        # shared by the server's workers, so that sign-in is throttled across them
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "file": {
            "class": "logging.FileHandler",
            "filename": DATA_DIR / "trellis.log",
            "formatter": "line",
            "delay": True,
        },
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
