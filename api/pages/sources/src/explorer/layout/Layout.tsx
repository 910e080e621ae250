// The frame around every page.
import { type ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { setToken, useToken } from "../client/token";
import { routes } from "../routes";
import { texts } from "../texts";
import { SearchBox } from "./SearchBox";
import { ThemeSwitch } from "./ThemeSwitch";

const MAIN = "content";

export function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip" href={`#${MAIN}`} onClick={toMain}>
        {texts.shell.skip}
      </a>
      <header className="frame-header">
        <div className="frame-row">
          <Link className="brand" href="/">
            <img src="static/icon.svg" alt="" width="20" height="20" />
            {texts.shell.name}
          </Link>
          <Navigation />
          <HeaderSearch />
          <ThemeSwitch />
        </div>
      </header>
      <main id={MAIN} tabIndex={-1}>
        {children}
      </main>
      <footer className="frame-footer">
        <div className="frame-row">
          <p>{texts.shell.about}</p>
          <a href="graphql">{texts.shell.playground}</a>
          <a href="schema.graphql">{texts.shell.schema}</a>
          <ForgetToken />
        </div>
      </footer>
    </>
  );
}

/** The address names the page, so the link to the content cannot. */
function toMain(event: { preventDefault: () => void }) {
  event.preventDefault();
  document.getElementById(MAIN)?.focus();
}

function Navigation() {
  const [path] = useLocation();
  return (
    <nav aria-label={texts.shell.pages}>
      <ul>
        {routes.map(
          ({ path: pattern, link: target = pattern, name }) =>
            name && (
              <li key={target}>
                <Link href={target} aria-current={path === target ? "page" : undefined}>
                  {name}
                </Link>
              </li>
            ),
        )}
        <li>
          <a href="graphql">{texts.shell.playground}</a>
        </li>
      </ul>
    </nav>
  );
}

/** The start page has a search box of its own. */
function HeaderSearch() {
  const [path] = useLocation();
  return path === "/" ? null : <SearchBox />;
}

function ForgetToken() {
  if (useToken() === null) return null;
  return (
    <button type="button" className="link" onClick={() => setToken(null)}>
      {texts.token.forget}
    </button>
  );
}
