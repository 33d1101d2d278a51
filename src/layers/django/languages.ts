// Languages: the codes of Django's LANGUAGES, and how a request's language is chosen.
// Source: django/conf/global_settings.py and django/utils/translation/trans_real.py, 3.2.
import { ownValue } from "../../text/own-value.ts";
import type { Settings } from "./settings.ts";

export const LANGUAGE_CODES: readonly string[] = [
  ...[
    "af",
    "ar",
    "ar-dz",
    "ast",
    "az",
    "bg",
    "be",
    "bn",
    "br",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "dsb",
    "el",
    "en",
    "en-au",
  ],
  ...[
    "en-gb",
    "eo",
    "es",
    "es-ar",
    "es-co",
    "es-mx",
    "es-ni",
    "es-ve",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "fy",
    "ga",
    "gd",
    "gl",
  ],
  ...[
    "he",
    "hi",
    "hr",
    "hsb",
    "hu",
    "hy",
    "ia",
    "id",
    "ig",
    "io",
    "is",
    "it",
    "ja",
    "ka",
    "kab",
    "kk",
    "km",
    "kn",
    "ko",
    "ky",
  ],
  ...[
    "lb",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "os",
    "pa",
    "pl",
    "pt",
    "pt-br",
    "ro",
    "ru",
    "sk",
  ],
  ...[
    "sl",
    "sq",
    "sr",
    "sr-latn",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "tk",
    "tr",
    "tt",
    "udm",
    "uk",
    "ur",
    "uz",
    "vi",
  ],
  ...["zh-hans", "zh-hant"],
];

/** Codes that stand for others. Source: trans_real, LANG_INFO fallbacks. */
const FALLBACK: Readonly<Record<string, readonly string[]>> = {
  "zh-cn": ["zh-hans"],
  "zh-hk": ["zh-hant"],
  "zh-mo": ["zh-hant"],
  "zh-my": ["zh-hans"],
  "zh-sg": ["zh-hans"],
  "zh-tw": ["zh-hant"],
};

/**
 * A supported code for a wanted one, or null: the code itself, its fallbacks, its generic language,
 * and when not strict any variant of that. Source: get_supported_language_variant.
 */
export function supportedVariant(
  settings: Settings,
  wanted: string,
  strict = false,
): string | null {
  if (wanted === "") return null;
  const generic = wanted.split("-")[0];
  for (const code of [wanted, ...(ownValue(FALLBACK, wanted) ?? []), generic]) {
    if (settings.languages.includes(code) && hasTranslations(code)) return code;
  }
  if (strict) return null;
  return settings.languages.find((code) => code.startsWith(`${generic}-`)) ?? null;
}

/** Simplification: every language of LANGUAGES counts as translated; Django looks for the files. */
function hasTranslations(code: string): boolean {
  return LANGUAGE_CODES.includes(code) || LANGUAGE_CODES.includes(code.split("-")[0]);
}

/** The language prefix of a path, or null. Source: get_language_from_path. */
export function languageFromPath(settings: Settings, path: string): string | null {
  const match =
    /^\/((?:[a-zA-Z0-9]+)(?:-[a-zA-Z0-9]{2,8})*|[a-zA-Z]+(?:-[a-zA-Z0-9]+)*(?:@\w{2,20})?)(\/|$)/.exec(
      path,
    );
  return match === null ? null : supportedVariant(settings, match[1].toLowerCase());
}

/** Accept-Language: codes by quality, the order kept for equal ones. Source: parse_accept_lang_header. */
export function acceptedLanguages(header: string): readonly string[] {
  const parsed: { readonly code: string; readonly quality: number }[] = [];
  for (const part of header.toLowerCase().slice(0, 500).split(",")) {
    const match =
      /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*(?:@[a-z0-9]{1,20})?|\*)\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*)?$/.exec(
        part,
      );
    if (match === null) {
      if (part.trim() === "") continue;
      return [];
    }
    parsed.push({ code: match[1], quality: match[2] === undefined ? 1 : Number(match[2]) });
  }
  return parsed
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ code }) => code);
}

/** The language of a request. Source: get_language_from_request. */
export function requestLanguage(
  settings: Settings,
  cookie: string | null,
  header: string,
  pathLanguage: string | null,
): string {
  if (pathLanguage !== null) return pathLanguage;
  const fromCookie =
    cookie === null
      ? null
      : settings.languages.includes(cookie)
        ? cookie
        : supportedVariant(settings, cookie.toLowerCase());
  if (fromCookie !== null) return fromCookie;
  for (const code of acceptedLanguages(header)) {
    if (code === "*") break;
    const found = supportedVariant(settings, code);
    if (found !== null) return found;
  }
  return supportedVariant(settings, settings.languageCode) ?? settings.languageCode;
}
