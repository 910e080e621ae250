// The address holds what is shown: `#/search?q=frost`. It stands behind the number sign, so the service needs no routes
// for it, and it works below any prefix.
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useSearchParams } from "wouter";

interface Manner {
  replace?: boolean;
  /** Whether the reader stays at the same place of the page, as where a control of it changes what is shown. */
  stays?: boolean;
}
type Navigate = (to: string, options?: Manner) => void;

function subscribe(listener: () => void) {
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}

function parts(): [path: string, search: string] {
  const whole = location.hash.replace(/^#?\/?/, "/");
  const at = whole.indexOf("?");
  return at === -1 ? [whole, ""] : [whole.slice(0, at), whole.slice(at + 1)];
}

const navigate: Navigate = (to, { replace = false, stays = replace } = {}) => {
  history[replace ? "replaceState" : "pushState"](null, "", `#${to}`);
  window.dispatchEvent(new PopStateEvent("popstate"));
  if (!stays) window.scrollTo(0, 0);
};

/** The part of the address that says which page it is, for wouter. */
export function useHashPath(): [string, Navigate] {
  return [useSyncExternalStore(subscribe, () => parts()[0]), navigate];
}

/** The part with the page's own parameters, for wouter. */
function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parts()[1]);
}

useHashPath.searchHook = useHashSearch;
useHashPath.hrefs = (to: string) => `#${to}`;

/** What parameters of an address may be; those that say nothing are left out of it. */
export type Parameters = Record<string, string | number | readonly string[] | null | undefined>;

/** An address within the explorer, for wouter's `Link` and `navigate`: `/search?q=frost`. */
export function addressOf(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") search.append(name, String(one));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** The parameters of the address, and a function that changes some of them and leaves the others. */
export function useParameters(): [URLSearchParams, (changes: Parameters, options?: { replace?: boolean }) => void] {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (changes: Parameters, options?: { replace?: boolean }) => {
      setParameters((present) => {
        const next = new URLSearchParams(present);
        for (const name of Object.keys(changes)) next.delete(name);
        const added = new URLSearchParams(addressOf("", changes).slice(1));
        for (const [name, value] of added) next.append(name, value);
        return next;
      }, { ...options, stays: true } as Manner);
    },
    [setParameters],
  );
  return useMemo(() => [parameters, change], [parameters, change]);
}
