// Makes a page harmless to show: what it would load or run is taken out. The frame around it allows no
// script either; this keeps the page from asking the network for pictures and styles that are not there.

const REMOVED = "script, link, style, iframe, object, embed, base, meta, noscript, template";
const LOADING_ATTRIBUTES = ["src", "srcset", "poster", "background", "style", "data", "action"];

/** The HTML of a page without anything that loads, runs or leads away. */
export function harmlessPage(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll(REMOVED)) element.remove();
  for (const element of page.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      const isLoading = LOADING_ATTRIBUTES.includes(name) || name.startsWith("on");
      if (isLoading) element.removeAttribute(name);
    }
    const address = element.getAttribute("href");
    if (address === null) continue;
    element.setAttribute("href", "#");
    element.setAttribute("title", address);
  }
  return `<!doctype html>${page.documentElement.outerHTML}`;
}
