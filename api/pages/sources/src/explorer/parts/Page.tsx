// A page: its title, what stands beside it, the content, and what was asked for it.
import { type ReactNode, useEffect, useRef } from "react";

import { texts } from "../texts";
import { ShowQuery } from "./ShowQuery";

interface PageProps {
  title: string;
  /** A few words above the title: what kind of thing it is. */
  kicker?: ReactNode;
  /** Below the title: who, when, how many. */
  meta?: ReactNode;
  /** Where a page has its own header, its title only names the tab. */
  hidesTitle?: boolean;
  children: ReactNode;
}

let isFirst = true;

export function Page({ title, kicker, meta, hidesTitle = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} – ${texts.shell.name}`;
  }, [title]);

  // Whoever hears the page hears its title when it comes; the first one is read out by itself.
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);

  return (
    <article className="page">
      <header className={hidesTitle ? "page-header unseen" : "page-header"}>
        {kicker && <p className="kicker">{kicker}</p>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {meta && <div className="page-meta">{meta}</div>}
      </header>
      {children}
      <ShowQuery />
    </article>
  );
}
