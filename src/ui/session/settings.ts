// The reader's own settings. They stay in this browser and are never part of a link.
import { createStore, type StoreApi } from "zustand/vanilla";

export const themes = ["auto", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

export interface Settings {
  readonly theme: Theme;
  /** Whether keys that type a character act as shortcuts (WCAG 2.2, 2.1.4). */
  readonly characterKeys: boolean;
}

export type SettingsStore = StoreApi<Settings>;

/** The part of Storage that is used; a browser may refuse it. */
export type SettingsStorage = Pick<Storage, "getItem" | "setItem">;

const KEY = "roundtrip.settings";
const defaults: Settings = { theme: "auto", characterKeys: true };

/** The settings kept in `storage`, or the defaults; changes are kept there when it allows. */
export function createSettings(storage: SettingsStorage): SettingsStore {
  const store = createStore<Settings>(() => read(storage));
  store.subscribe((settings) => {
    try {
      storage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // A private window may forbid storage: the settings then last as long as the page.
    }
  });
  return store;
}

function read(storage: SettingsStorage): Settings {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}") as Partial<Settings>;
    return {
      theme: themes.find((theme) => theme === kept.theme) ?? defaults.theme,
      characterKeys: kept.characterKeys ?? defaults.characterKeys,
    };
  } catch {
    return defaults;
  }
}
