// The page of a failed CSRF check, in the language that is active. Source: django/views/csrf.py and
// django/utils/translation/trans_real.py, 3.2, byte for byte.
import { CSRF_WORDS_A_TO_G } from "./csrf-words-a-to-g.ts";
import { CSRF_WORDS_H_TO_M } from "./csrf-words-h-to-m.ts";
import { CSRF_WORDS_N_TO_Z } from "./csrf-words-n-to-z.ts";
import { escapeHtml } from "./error-pages.ts";

/** The page's messages: these are translated, the help that DEBUG shows is not. */
export interface CsrfWords {
  readonly title: string;
  readonly main: string;
  readonly noReferer1: string;
  readonly noReferer2: string;
  readonly noReferer3: string;
  readonly noCookie1: string;
  readonly noCookie2: string;
  readonly more: string;
}

export type Translation = Partial<CsrfWords>;

const ENGLISH: CsrfWords = {
  title: "Forbidden",
  main: "CSRF verification failed. Request aborted.",
  noReferer1:
    "You are seeing this message because this HTTPS site requires a “Referer header” to be sent by your Web browser, but none was sent. This header is required for security reasons, to ensure that your browser is not being hijacked by third parties.",
  noReferer2:
    "If you have configured your browser to disable “Referer” headers, please re-enable them, at least for this site, or for HTTPS connections, or for “same-origin” requests.",
  noReferer3:
    'If you are using the <meta name="referrer" content="no-referrer"> tag or including the “Referrer-Policy: no-referrer” header, please remove them. The CSRF protection requires the “Referer” header to do strict referer checking. If you’re concerned about privacy, use alternatives like <a rel="noreferrer" …> for links to third-party sites.',
  noCookie1:
    "You are seeing this message because this site requires a CSRF cookie when submitting forms. This cookie is required for security reasons, to ensure that your browser is not being hijacked by third parties.",
  noCookie2:
    "If you have configured your browser to disable cookies, please re-enable them, at least for this site, or for “same-origin” requests.",
  more: "More information is available with DEBUG=True.",
};

function messagesOf(code: string): Translation | undefined {
  return CSRF_WORDS_A_TO_G[code] ?? CSRF_WORDS_H_TO_M[code] ?? CSRF_WORDS_N_TO_Z[code];
}

/** A language's own messages over those of the language without its region: `fr-ca` over `fr`. */
function wordsOf(language: string): Translation {
  const code = language.toLowerCase();
  return { ...messagesOf(code.split("-")[0]), ...messagesOf(code) };
}

/** gettext(): what a language lacks is said in LANGUAGE_CODE's, and then in English. */
export function csrfWords(language: string, languageCode: string): CsrfWords {
  if (language.toLowerCase().startsWith("en")) return ENGLISH;
  return { ...ENGLISH, ...wordsOf(languageCode), ...wordsOf(language) };
}

/** The page's text. */
export function csrfFailurePage(reason: string, debug: boolean, words: CsrfWords): string {
  const { noReferer1, noReferer2, noReferer3, noCookie1, noCookie2 } = words;
  const referer =
    reason === "Referer checking failed - no Referer." ? [noReferer1, noReferer2, noReferer3] : [];
  const cookie = reason === "CSRF cookie not set." ? [noCookie1, noCookie2] : [];
  const paragraphs = (texts: readonly string[]): string =>
    texts.length === 0 ? "" : `\n${texts.map((text) => `  <p>${escapeHtml(text)}</p>\n`).join("")}`;
  const top = `  <h1>${escapeHtml(words.title)} <span>(403)</span></h1>\n  <p>${escapeHtml(words.main)}</p>\n`;
  const end = debug ? helpSection(reason) : explanation(words);
  return `${HEAD}${top}${paragraphs(referer)}\n${paragraphs(cookie)}\n</div>\n\n${end}\n</body>\n</html>\n`;
}

function helpSection(reason: string): string {
  return HELP.replace("{{ reason }}", () => escapeHtml(reason));
}

function explanation({ more }: CsrfWords): string {
  return `<div id="explanation">
  <p><small>${escapeHtml(more)}</small></p>
</div>
`;
}

const HEAD = `
<!DOCTYPE html>
<html lang="en">
<head>
  <meta http-equiv="content-type" content="text/html; charset=utf-8">
  <meta name="robots" content="NONE,NOARCHIVE">
  <title>403 Forbidden</title>
  <style type="text/css">
    html * { padding:0; margin:0; }
    body * { padding:10px 20px; }
    body * * { padding:0; }
    body { font:small sans-serif; background:#eee; color:#000; }
    body>div { border-bottom:1px solid #ddd; }
    h1 { font-weight:normal; margin-bottom:.4em; }
    h1 span { font-size:60%; color:#666; font-weight:normal; }
    #info { background:#f6f6f6; }
    #info ul { margin: 0.5em 4em; }
    #info p, #summary p { padding-top:10px; }
    #summary { background: #ffc; }
    #explanation { background:#eee; border-bottom: 0px none; }
  </style>
</head>
<body>
<div id="summary">
`;

const HELP = `<div id="info">
  <h2>Help</h2>
    
    <p>Reason given for failure:</p>
    <pre>
    {{ reason }}
    </pre>
    

  <p>In general, this can occur when there is a genuine Cross Site Request Forgery, or when
  <a
  href="https://docs.djangoproject.com/en/3.2/ref/csrf/">Django’s
  CSRF mechanism</a> has not been used correctly.  For POST forms, you need to
  ensure:</p>

  <ul>
    <li>Your browser is accepting cookies.</li>

    <li>The view function passes a <code>request</code> to the template’s <a
    href="https://docs.djangoproject.com/en/dev/topics/templates/#django.template.backends.base.Template.render"><code>render</code></a>
    method.</li>

    <li>In the template, there is a <code>{% csrf_token
    %}</code> template tag inside each POST form that
    targets an internal URL.</li>

    <li>If you are not using <code>CsrfViewMiddleware</code>, then you must use
    <code>csrf_protect</code> on any views that use the <code>csrf_token</code>
    template tag, as well as those that accept the POST data.</li>

    <li>The form has a valid CSRF token. After logging in in another browser
    tab or hitting the back button after a login, you may need to reload the
    page with the form, because the token is rotated after a login.</li>
  </ul>

  <p>You’re seeing the help section of this page because you have <code>DEBUG =
  True</code> in your Django settings file. Change that to <code>False</code>,
  and only the initial error message will be displayed.  </p>

  <p>You can customize this page using the CSRF_FAILURE_VIEW setting.</p>
</div>
`;
