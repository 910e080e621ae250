// The token that a reader gave, for a service that answers only those who have one. It lasts as long as the tab.
import { useSyncExternalStore } from "react";

const KEY = "frontgraph:token";
const listeners = new Set<() => void>();
let token = stored();

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // the browser keeps nothing for this page
  }
}

export function currentToken(): string | null {
  return token;
}

/** Takes a token, or forgets the present one. */
export function setToken(given: string | null): void {
  token = given?.trim() || null;
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch {
    // It is kept as long as the page is open.
  }
  for (const listener of listeners) listener();
}

export function useToken(): string | null {
  return useSyncExternalStore(subscribe, currentToken);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
