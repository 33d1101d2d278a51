// Light, dark, high contrast, or what the system asks for.
import { type Theme, themes } from "../session/settings.ts";
import { useSession, useSettings } from "./session-context.ts";

const names: Readonly<Record<Theme, string>> = {
  auto: "System",
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
};

export function ThemeChoice() {
  const session = useSession();
  const current = useSettings((settings) => settings.theme);
  return (
    <fieldset className="theme-choice">
      <legend>Theme</legend>
      {themes.map((theme) => (
        <label key={theme}>
          <input
            type="radio"
            name="theme"
            value={theme}
            checked={theme === current}
            onChange={() => session.settings.setState({ theme })}
          />
          {names[theme]}
        </label>
      ))}
    </fieldset>
  );
}
