// Light or dark: as the system says, unless the reader chose one.
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const KEY = "frontgraph:theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function chosen(): Theme | null {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : null;
  } catch {
    return null; // the browser keeps nothing for this page
  }
}

function show(theme: Theme | null): void {
  if (theme) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
}

export function currentTheme(): Theme {
  const theme = document.documentElement.dataset["theme"];
  if (theme === "light" || theme === "dark") return theme;
  return system.matches ? "dark" : "light";
}

/** Shows the other one, and keeps that choice unless it is the system's. */
export function switchTheme(): void {
  const next = currentTheme() === "dark" ? "light" : "dark";
  const choice = next === (system.matches ? "dark" : "light") ? null : next;
  show(choice);
  try {
    if (choice) localStorage.setItem(KEY, choice);
    else localStorage.removeItem(KEY);
  } catch {
    // It holds as long as the page is open.
  }
  for (const listener of listeners) listener();
}

/** The theme that is shown; who draws on a canvas draws again when it changes. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}

/** The colour of a token such as `--accent` in the present theme, as `rgb(…)`, for a canvas. */
export function tokenColor(name: `--${string}`): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

show(chosen());
