// What is installed beside the project: Python's own modules, Django 3.2 and its contrib apps. An
// import of anything else fails as it would on the recorded machine.

const STANDARD_LIBRARY = new Set([
  ...[
    "abc",
    "argparse",
    "ast",
    "asyncio",
    "base64",
    "bisect",
    "builtins",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "csv",
  ],
  ...[
    "dataclasses",
    "datetime",
    "decimal",
    "email",
    "enum",
    "errno",
    "fnmatch",
    "functools",
    "gc",
    "getpass",
    "glob",
    "gzip",
  ],
  ...[
    "hashlib",
    "hmac",
    "html",
    "http",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "locale",
    "logging",
    "math",
  ],
  ...[
    "mimetypes",
    "multiprocessing",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "pkgutil",
    "platform",
    "pprint",
    "queue",
  ],
  ...[
    "random",
    "re",
    "secrets",
    "select",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "sqlite3",
    "ssl",
    "statistics",
    "string",
  ],
  ...[
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "unicodedata",
  ],
  ...[
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "xml",
    "zipfile",
    "zlib",
    "zoneinfo",
    "__future__",
  ],
]);

/** Packages that Debian's python3-django and gunicorn bring, and the database driver. */
const INSTALLED = new Set([
  "django",
  "asgiref",
  "sqlparse",
  "pytz",
  "psycopg2",
  "gunicorn",
  "setuptools",
  "pkg_resources",
]);

const CONTRIB = new Set([
  "admin",
  "admindocs",
  "auth",
  "contenttypes",
  "flatpages",
  "gis",
  "humanize",
  "messages",
  "postgres",
  "redirects",
  "sessions",
  "sitemaps",
  "sites",
  "staticfiles",
  "syndication",
]);

/** Whether a module of a library can be imported. */
export function isKnownLibrary(module: string): boolean {
  const parts = module.split(".");
  if (STANDARD_LIBRARY.has(parts[0])) return true;
  if (!INSTALLED.has(parts[0])) return false;
  return !module.startsWith("django.contrib.") || CONTRIB.has(parts[2]);
}
