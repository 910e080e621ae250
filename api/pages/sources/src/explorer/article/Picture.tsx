// A picture, where the page may show it; else its address.
import type { ReactNode } from "react";

import { texts } from "../texts";

interface PictureProps {
  address: string;
  /** Where the article stands on its site, which the address may be relative to: the site has the picture, not this service. */
  base: string | null;
  text: string | null;
  attribution?: string | null;
}

/** The page's policy allows pictures of its own host alone, so that reading tells no other host of it. */
export function Picture({ address, base, text, attribution }: PictureProps) {
  // Where it is not known where the site is, only what the picture shows can be told.
  if (!URL.canParse(address, base ?? undefined)) return text ? <Placeholder>{text}</Placeholder> : null;
  const url = new URL(address, base ?? undefined);
  if (!/^https?:$/.test(url.protocol)) return null;
  if (url.origin === location.origin) return <img src={url.href} alt={text ?? ""} loading="lazy" />;
  return (
    <Placeholder>
      <a href={url.href} rel="noopener noreferrer">
        {text || texts.article.picture}
      </a>{" "}
      <span className="said">
        {url.host}
        {attribution && ` · ${attribution}`}
      </span>
    </Placeholder>
  );
}

function Placeholder({ children }: { children: ReactNode }) {
  return (
    <span className="picture">
      <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
        <rect x="3" y="5" width="18" height="14" rx="2" />
        <path d="m4 17 5-5 4 4 3-3 4 4M15.5 9.5h.01" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <span>{children}</span>
    </span>
  );
}
