// The names of Django's own template tags and filters, so that one that is not simulated is told from one
// that Django does not know either. Source: django/template/defaulttags.py and defaultfilters.py, 3.2.

/** Tags that change nothing here; those with a body show it as it is. */
const OTHER_TAGS = new Set(
  "debug ifequal ifnotequal lorem regroup resetcycle templatetag widthratio get_media_prefix".split(
    " ",
  ),
);

const OTHER_FILTERS = new Set(
  (
    "addslashes center date dictsort dictsortreversed divisibleby escape escapejs filesizeformat " +
    "force_escape get_digit iriencode json_script length_is linebreaks linenumbers ljust make_list " +
    "phone2numeric pprint random rjust safeseq slugify stringformat striptags time timesince timeuntil " +
    "truncatechars_html truncatewords truncatewords_html unordered_list urlize urlizetrunc wordwrap"
  ).split(" "),
);

export function isOtherTag(name: string): boolean {
  return OTHER_TAGS.has(name);
}

export function isOtherFilter(name: string): boolean {
  return OTHER_FILTERS.has(name);
}
