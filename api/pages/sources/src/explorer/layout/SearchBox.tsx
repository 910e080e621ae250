// Words to look for, in the header of every page and on the start page.
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";

import { addressOf, useParameters } from "../address";
import { texts } from "../texts";

export function SearchBox({ isLarge = false }: { isLarge?: boolean }) {
  const [path, navigate] = useLocation();
  const [parameters] = useParameters();
  const input = useRef<HTMLInputElement>(null);
  const words = path === "/search" ? (parameters.get("q") ?? "") : "";

  useEffect(() => {
    if (input.current) input.current.value = words;
  }, [words]);

  return (
    <search className={isLarge ? "search-box large" : "search-box"}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          navigate(addressOf("/search", { q: input.current?.value.trim() }));
        }}
      >
        <input
          ref={input}
          type="search"
          name="q"
          defaultValue={words}
          aria-label={texts.shell.searchLabel}
          placeholder={texts.shell.searchPlaceholder}
          autoComplete="off"
          spellCheck={false}
        />
        <button type="submit">{texts.shell.search}</button>
      </form>
    </search>
  );
}
