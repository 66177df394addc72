"""Every setting, in one file; the environment is read here and nowhere else.

TRELLIS_DATA      folder of database, keys and logs (default: ./data)
DATABASE_URL      postgresql://... or sqlite:///...; default: SQLite in TRELLIS_DATA
OWNER_DATABASE_URL  the same database as its owner: used by `trellis migrate` alone
TRELLIS_AS_OWNER  1 = connect as the owner (set by `trellis migrate`)
TRELLIS_DEMO      1 = synthetic data, personas, loopback only
TRELLIS_AS_OF     with TRELLIS_DEMO: the date the demonstration takes for today
TRELLIS_DEMO_SITES  how many sites the demonstration will have once it is filled
TRELLIS_HOSTS     comma-separated host names this server answers to
TRELLIS_INSECURE  1 = cookies without HTTPS, for loopback (set by demo and tests)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from trellis.config.databases import database
from trellis.records.access.keys import new_keys, read_keys


PACKAGE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("TRELLIS_DATA") or "data").resolve()
IS_TEST = "pytest" in sys.modules
DEMO_MODE = os.environ.get("TRELLIS_DEMO") == "1"
DEMO_AS_OF = os.environ.get("TRELLIS_AS_OF") or None
DEMO_SITES = int(os.environ.get("TRELLIS_DEMO_SITES") or 0)
IS_LOOPBACK_ONLY = DEMO_MODE or IS_TEST or os.environ.get("TRELLIS_INSECURE") == "1"

DEBUG = False
KEYS = read_keys(DATA_DIR / "keys.json") or new_keys(is_kept=False)
SECRET_KEY = KEYS.secret

_named_hosts = [h for h in os.environ.get("TRELLIS_HOSTS", "").split(",") if h]
ALLOWED_HOSTS = [*_named_hosts, "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "trellis.config.apps.TrellisConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "trellis.records.audit",
    "trellis.records.access",
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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "trellis.web.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "trellis.web.viewers.ViewerMiddleware",
    "trellis.web.middleware.AreaMarkMiddleware",
    "trellis.web.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "trellis.config.urls"
WSGI_APPLICATION = "trellis.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            PACKAGE_DIR / "web" / "templates",
            *sorted((PACKAGE_DIR / "web").glob("*/templates")),
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "trellis.web.navigation.page_frame",
            ],
        },
    },
]

_database_url = os.environ.get("DATABASE_URL")
if os.environ.get("TRELLIS_AS_OWNER") == "1":  # the application itself owns nothing
    _database_url = os.environ.get("OWNER_DATABASE_URL") or _database_url
DATABASES = {"default": database(_database_url, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        # Shared by all workers, so that throttling counts each attempt once.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "throttle_cache",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["trellis.records.accounts.backends.MembersBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if IS_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today:today"
ACCOUNT_ADAPTER = "trellis.web.accounts.adapters.MembersOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip", "login": "30/m/ip"}
MFA_ADAPTER = "trellis.web.accounts.adapters.SealedCodesAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Trellis"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = not IS_LOOPBACK_ONLY
CSRF_COOKIE_SECURE = not IS_LOOPBACK_ONLY
CSRF_FAILURE_VIEW = "trellis.web.answers.csrf_refused"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = not IS_LOOPBACK_ONLY
SECURE_HSTS_SECONDS = 0 if IS_LOOPBACK_ONLY else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not IS_LOOPBACK_ONLY
SECURE_HSTS_PRELOAD = not IS_LOOPBACK_ONLY
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # framing is refused by our headers (web/middleware.py)
]

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE_DIR / "web" / "locale"]
FORMAT_MODULE_PATH = ["trellis.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/New_York"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static"]
WHITENOISE_USE_FINDERS = IS_LOOPBACK_ONLY
WHITENOISE_AUTOREFRESH = IS_LOOPBACK_ONLY
if not IS_LOOPBACK_ONLY:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            # Names without hashes: USWDS names fonts that we do not ship.
            "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        },
    }
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
