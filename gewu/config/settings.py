"""All settings, each from the environment, with a default that works on a laptop with SQLite.

`GEWU_DATA` is the folder of one installation (SQLite file, photos, keys). `GEWU_DATABASE_URL` chooses PostgreSQL.
Dangerous combinations are found by `config/checks.py` before anything is served. The list of settings with their
meaning stands in docs/settings.md, and a test compares the two.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from gewu.config import environment as env

BASE = Path(__file__).resolve().parent.parent

DATA = env.folder("GEWU_DATA", Path.cwd() / "data")
KEYS = env.folder("GEWU_KEYS", DATA / "keys")
HEADS = env.folder("GEWU_HEADS", DATA.parent / f"{DATA.name}-heads")
BACKUPS = env.folder("GEWU_BACKUPS", DATA.parent / f"{DATA.name}-backups")
PHOTOS = env.folder("GEWU_PHOTOS", DATA / "photos")

DEBUG = env.flag("GEWU_DEBUG", False)
SESSION_KEY = KEYS / "session.key"
SECRET_KEY = env.secret("GEWU_SECRET_KEY", SESSION_KEY)
ALLOWED_HOSTS = env.words("GEWU_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
BEHIND_PROXY = env.flag("GEWU_BEHIND_PROXY", False)
HTTPS = env.flag("GEWU_HTTPS", BEHIND_PROXY)
ADDRESS = env.text("GEWU_ADDRESS", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "gewu.domain.journal",
    "gewu.domain.figures",
    "gewu.domain.requests",
    "gewu.domain.place",
    "gewu.domain.areas",
    "gewu.domain.accounts",
    "gewu.domain.people",
    "gewu.domain.access",
    "gewu.domain.places",
    "gewu.domain.privacy",
    "gewu.domain.media",
    "gewu.domain.catalogue",
    "gewu.domain.suggestions",
    "gewu.domain.cases",
    "gewu.domain.desk",
    "gewu.domain.patrols",
    "gewu.domain.notify",
    "gewu.domain.insight",
    "gewu.web",
    "gewu.api",
    "gewu.jobs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_vite",
    "csp",
    "gewu.config",  # last: it takes back what the others would do after each migration
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "gewu.web.middleware.ErrorsMiddleware",
    "gewu.web.sessions.SessionLimitsMiddleware",
    "gewu.web.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "gewu.config.urls"
WSGI_APPLICATION = "gewu.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gewu.web.context.everywhere",
            ],
        },
    }
]

DATABASES = {"default": env.database("GEWU_DATABASE_URL", DATA / "gewu.sqlite3")}
DATABASE_ROUTERS: list[str] = []
CONN_HEALTH_CHECKS = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "gewu.domain.accounts.passwords.LocalWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff:home"
ACCOUNT_ADAPTER = "gewu.domain.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/15m/key"}
ACCOUNT_SESSION_REMEMBER = True  # no box to tick: accounts.sessions decides how long
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

LANGUAGE_CODE = env.text("GEWU_LANGUAGE", "zh-hans")
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LANGUAGE_COOKIE_NAME = "gewu_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE / "locale"]  # sentences of core and config, which have no app of their own to carry them
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE / "web" / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # the sign-in library brings the scripts for passkeys
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$"  # names that carry a hash
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE / "web" / "static" / "assets" / "manifest.json",
        "static_url_prefix": "assets",
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-gewu" if HTTPS else "gewu_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 7 * 24 * 3600  # the longest of all; accounts.sessions decides who has less
CSRF_COOKIE_NAME = "__Host-gewu-csrf" if HTTPS else "gewu_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gewu.web.errors.csrf_failed"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # watchers ask from inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not no-referrer: browsers then send "Origin: null" with our own forms, and every one of them would be refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "blob:", "data:"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "worker-src": ["'self'"],
    }
}

# One photo may be 20 MB and a report carries at most six; everything else on a form is small. The sheet of a round has
# fields for each of its places, and a file field that was left empty counts as a file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 250
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_URL = env.text("GEWU_EMAIL_URL", "")  # an Apprise address, e.g. mailto://user:pass@host:port?from=...
SMS_URL = env.text("GEWU_SMS_URL", "")  # an Apprise address of the text message gateway

APPEND_SLASH = False
SILENCED_SYSTEM_CHECKS = [
    "security.W021"
]  # a list of browsers' makers is joined by the domain's owner, not by us
if not HTTPS:
    # Cookies without HTTPS: config/checks.py refuses that for every host but this machine.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "gewu.config.logs.WithoutSecrets"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]},
    },
    "loggers": {"django.request": {"level": "ERROR"}},  # wrong addresses and refusals are no news
    "root": {"handlers": ["stderr"], "level": env.text("GEWU_LOG_LEVEL", "WARNING")},
}
