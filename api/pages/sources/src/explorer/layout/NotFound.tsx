// The page for an address that names none.
import { Link } from "wouter";

import { Page } from "../parts/Page";
import { texts } from "../texts";

export function NotFound() {
  return (
    <Page title={texts.notFound.title}>
      <p>{texts.notFound.text}</p>
      <p>
        <Link href="/">{texts.notFound.home}</Link>
      </p>
    </Page>
  );
}
