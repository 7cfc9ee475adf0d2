"""Django's settings, all of them out of the environment.

The variables are read and checked in `marketplace.environment`; `docs/settings.md` lists every one of them.
"""

from __future__ import annotations

from marketplace.admin_look import UNFOLD
from marketplace.environment import read_environment

__all__ = ["UNFOLD"]

ENVIRONMENT = read_environment()

MARKET_HOME = ENVIRONMENT.home
MARKET_PUBLIC_URL = ENVIRONMENT.public_url
MARKET_DEMO = ENVIRONMENT.demo
MARKET_STAFF_SECOND_FACTOR = ENVIRONMENT.staff_second_factor
MARKET_TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
MARKET_FIELD_KEYS = ENVIRONMENT.field_keys
MARKET_JWT_KEY_FILE = ENVIRONMENT.home / "keys" / "jwt.pem"
MARKET_HOTLINE = "1900 0000"
SALEOR_API_URLS = ENVIRONMENT.saleor_api_urls
MARKET_ANSWER_CACHE_BYTES = ENVIRONMENT.answer_cache_bytes
MARKET_SEPAY_API_URL = ENVIRONMENT.sepay_api_url
MARKET_CASSO_API_URL = ENVIRONMENT.casso_api_url
MARKET_PAYOS_API_URL = ENVIRONMENT.payos_api_url
MARKET_GRAPHQL_COST_A_MINUTE = ENVIRONMENT.graphql_cost_a_minute
MARKET_STRIPE_SECRET_KEY = ENVIRONMENT.stripe_secret_key
MARKET_STRIPE_WEBHOOK_SECRETS = ENVIRONMENT.stripe_webhook_secrets
MARKET_STRIPE_API_URL = ENVIRONMENT.stripe_api_url

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
MARKET_CLIENT_HOSTS = list(ENVIRONMENT.client_hosts)
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]

INSTALLED_APPS = [
    "marketplace.operations.apps.OperationsConfig",
    "unfold.apps.BasicAppConfig",
    "marketplace.operations.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "marketplace.core",
    "marketplace.places",
    "marketplace.people",
    "marketplace.legal",
    "vendors",
    "catalog",
    "marketplace.orders",
    "payments",
    "marketplace.reporting",
    "marketplace.api",
    "marketplace.saleor",
    "storefront",
    "marketplace.demo",
]

MIDDLEWARE = [
    "marketplace.core.middleware.trusted_proxies",
    "marketplace.core.middleware.bad_requests_and_busy_database",
    "marketplace.api.graphql.answers.kept_answers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.core.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.core.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "marketplace.people.presence.PresenceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.context.market",
            ],
        },
    },
]

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": ENVIRONMENT.cache}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.public_url.startswith("https://")
# The market's forms are posted from pages of its own only; a reader of the cookie gains nothing.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "storefront.failures.form_expired"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["marketplace.people.sign_in.PhoneOrEmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ENVIRONMENT.source / "marketplace" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["marketplace.operations.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = ENVIRONMENT.home / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "marketplace.core.staticfiles.HashedStaticFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# Files do not count here: photos (catalog.photos.PHOTO_BYTES_MAX) and bank statements
# (payments.statements.tabular.STATEMENT_BYTES_MAX) are read no further than they may be long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o600

vars().update(ENVIRONMENT.email)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "Chợ 4.0 <khong-tra-loi@localhost>"

CELERY_BROKER_URL = ENVIRONMENT.redis_url
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# Anybody can send a wrong host; it is refused with 400, and a line with its traceback each would fill the log.
STRANGERS_WORDS = {"django.security.DisallowedHost": {"level": "CRITICAL"}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "marketplace.core.log.HideSecrets"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # mt940 would write the lines of a statement that it cannot read into the log: names and sums of people.
    "loggers": {"market": {"level": "INFO"}, "mt940": {"level": "CRITICAL"}, **STRANGERS_WORDS},
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # phone and e-mail are both unique; either signs a person in
