// Tracebacks as the logs of this product show them: the frames in one line, chained exceptions in full.
import { ownValue } from "../../text/own-value.ts";
import type { PyException } from "./python-values.ts";

const CORE = "django.core.exceptions.";

/** Classes whose tracebacks name their module. Builtin exceptions have none. */
const QUALIFIED: Readonly<Record<string, string>> = {
  BadRequest: `${CORE}BadRequest`,
  DisallowedHost: `${CORE}DisallowedHost`,
  DisallowedRedirect: `${CORE}DisallowedRedirect`,
  FieldError: `${CORE}FieldError`,
  ImproperlyConfigured: `${CORE}ImproperlyConfigured`,
  MiddlewareNotUsed: `${CORE}MiddlewareNotUsed`,
  MultipleObjectsReturned: `${CORE}MultipleObjectsReturned`,
  ObjectDoesNotExist: `${CORE}ObjectDoesNotExist`,
  PermissionDenied: `${CORE}PermissionDenied`,
  RequestDataTooBig: `${CORE}RequestDataTooBig`,
  RequestAborted: `${CORE}RequestAborted`,
  SuspiciousFileOperation: `${CORE}SuspiciousFileOperation`,
  SuspiciousMultipartForm: `${CORE}SuspiciousMultipartForm`,
  SuspiciousOperation: `${CORE}SuspiciousOperation`,
  TooManyFieldsSent: `${CORE}TooManyFieldsSent`,
  TooManyFilesSent: `${CORE}TooManyFilesSent`,
  ValidationError: `${CORE}ValidationError`,
  ViewDoesNotExist: `${CORE}ViewDoesNotExist`,
  EmptyResultSet: `${CORE}EmptyResultSet`,
  Http404: "django.http.response.Http404",
  Resolver404: "django.urls.exceptions.Resolver404",
  NoReverseMatch: "django.urls.exceptions.NoReverseMatch",
  BadHeaderError: "django.http.response.BadHeaderError",
  TemplateDoesNotExist: "django.template.exceptions.TemplateDoesNotExist",
  TemplateSyntaxError: "django.template.exceptions.TemplateSyntaxError",
  MultiPartParserError: "django.http.multipartparser.MultiPartParserError",
  UnreadablePostError: "django.http.request.UnreadablePostError",
  RawPostDataException: "django.http.request.RawPostDataException",
  SessionInterrupted: "django.contrib.sessions.exceptions.SessionInterrupted",
  UpdateError: "django.contrib.sessions.backends.base.UpdateError",
  OperationalError: "django.db.utils.OperationalError",
  InterfaceError: "django.db.utils.InterfaceError",
  DatabaseError: "django.db.utils.DatabaseError",
  ProgrammingError: "django.db.utils.ProgrammingError",
  IntegrityError: "django.db.utils.IntegrityError",
  DataError: "django.db.utils.DataError",
  TransactionManagementError: "django.db.transaction.TransactionManagementError",
  DoesNotExist: "django.contrib.auth.models.User.DoesNotExist",
  MessageFailure: "django.contrib.messages.api.MessageFailure",
};

/** SuspiciousOperation and its subclasses. */
export const SUSPICIOUS: ReadonlySet<string> = new Set([
  ...[
    "SuspiciousOperation",
    "SuspiciousMultipartForm",
    "SuspiciousFileOperation",
    "DisallowedHost",
    "DisallowedRedirect",
  ],
  ...[
    "RequestDataTooBig",
    "TooManyFieldsSent",
    "TooManyFilesSent",
    "InvalidSessionKey",
    "SuspiciousSession",
    "DisallowedModelAdminLookup",
  ],
]);

/** What convert_exception_to_response does not catch. */
export const NOT_CAUGHT: ReadonlySet<string> = new Set([
  "SystemExit",
  "KeyboardInterrupt",
  "GeneratorExit",
]);

const CAUSED = "The above exception was the direct cause of the following exception:";
const DURING = "During handling of the above exception, another exception occurred:";

export function qualifiedName(name: string): string {
  return name.includes(".") ? name : (ownValue(QUALIFIED, name) ?? name);
}

/** `Traceback (most recent call last):` and what follows, chained exceptions first. */
export function tracebackOf(exception: PyException): readonly string[] {
  const before: string[] = [];
  if (exception.cause !== undefined) before.push(...tracebackOf(exception.cause), "", CAUSED, "");
  else if (exception.context !== undefined)
    before.push(...tracebackOf(exception.context), "", DURING, "");
  return [...before, "Traceback (most recent call last):", "  <frames>", ...lastLine(exception)];
}

function lastLine(exception: PyException): readonly string[] {
  const name = qualifiedName(exception.name);
  return exception.message === "" ? [name] : `${name}: ${exception.message}`.split("\n");
}

const SHOWN_MAX = 200;

/** An exception as observations name it: `ValueError: boom`, the text cut at 200 characters. */
export function shortException(exception: PyException): string {
  const name = exception.name.slice(exception.name.lastIndexOf(".") + 1);
  return exception.message === "" ? name : `${name}: ${exception.message.slice(0, SHOWN_MAX)}`;
}
