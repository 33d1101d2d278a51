// The two browsers that the end-to-end tests drive. Playwright's own downloads are not used: the
// tests run what Debian ships, so that a bare machine needs nothing but its package manager.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export interface Browser {
  readonly package: string;
  readonly executable: string;
}

/** Where each browser is expected; the variables point elsewhere on machines that are not Debian. */
export const browsers: Readonly<Record<"chromium" | "firefox", Browser>> = {
  chromium: {
    package: "chromium",
    executable: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  },
  firefox: {
    package: "firefox-esr",
    executable: process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr",
  },
};

/** The browsers that are not on this machine. */
export function missingBrowsers(): readonly Browser[] {
  return Object.values(browsers).filter((browser) => !existsSync(browser.executable));
}

/** The line that installs `missing`, as a person would type it. */
export function installLine(missing: readonly Browser[]): string {
  return `apt-get install --yes ${missing.map((browser) => browser.package).join(" ")}`;
}

/** Installs `missing` with apt when this is Debian and we are root; true when all are there then. */
export function installBrowsers(missing: readonly Browser[]): boolean {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync("/usr/bin/apt-get")) return false;
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const names = missing.map((browser) => browser.package);
  apt([...wait, "update"]);
  apt([...wait, "install", "--yes", "--no-install-recommends", ...names]);
  return missingBrowsers().length === 0;
}

function apt(parameters: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["-qq", ...parameters], { stdio: "inherit", env });
}
