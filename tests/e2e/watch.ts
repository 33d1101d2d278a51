// Listens to a page for whatever should never happen in it.
import type { Page } from "@playwright/test";

/** Everything that the page, its worker and its policy complain of, and every request to elsewhere. */
export async function watch(page: Page, baseURL: string): Promise<readonly string[]> {
  const found: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(baseURL) && !/^(blob|data|about):/.test(url)) found.push(`asked ${url}`);
  });
  // What was still being loaded when the test goes on to the next page is cut off, and no failure.
  page.on("requestfailed", (request) => {
    const isCutOff = /ABORT/i.test(request.failure()?.errorText ?? "");
    if (!isCutOff) found.push(`failed ${request.url()}`);
  });
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    if (isComplaint) found.push(`${message.type()} ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`threw ${error.message}`));
  await page.exposeFunction("tellViolation", (what: string) => found.push(`policy ${what}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { tellViolation } = window as unknown as { tellViolation(what: string): void };
      tellViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return found;
}
