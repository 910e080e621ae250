// The switch between light and dark.
import { texts } from "../texts";
import { switchTheme, useTheme } from "../theme";

export function ThemeSwitch() {
  const isDark = useTheme() === "dark";
  const name = isDark ? texts.shell.toLight : texts.shell.toDark;
  return (
    <button type="button" className="icon-button" onClick={switchTheme} aria-label={name} title={name}>
      <svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="1.8" aria-hidden="true">
        {isDark ? (
          <path d="M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z" strokeLinecap="round" />
        ) : (
          <path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z" strokeLinejoin="round" />
        )}
      </svg>
    </button>
  );
}
