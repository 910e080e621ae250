// Why there is no answer, and what to do about it.
import { Link, useLocation } from "wouter";

import { addressOf, useParameters } from "../address";
import type { AskError } from "../client/ask";
import { texts } from "../texts";
import { Notice } from "./Notice";
import { FIRST_PAGE } from "./Pager";
import { TokenBox } from "./TokenBox";

export function ErrorState({ error, retry }: { error: AskError; retry: () => void }) {
  return (
    <Notice title={texts.errors.title}>
      <p>{texts.errors.advice[error.code] ?? texts.errors.otherwise}</p>
      {error.retryAfter !== null && <p>{texts.errors.retryAfter(error.retryAfter)}</p>}
      <Remedy code={error.code} retry={retry} />
      <p className="said">
        {texts.errors.details(error.code)} {error.message}
      </p>
    </Notice>
  );
}

/** What is wrong with the address is not mended by asking again. */
const WRONG_ADDRESS = ["BAD_ID", "NOT_FOUND", "BAD_USER_INPUT"];
const WRONG_PAGE = ["BAD_CURSOR", "CURSOR_EXPIRED"];

function Remedy({ code, retry }: { code: string; retry: () => void }) {
  const [path] = useLocation();
  const [parameters] = useParameters();
  if (code === "UNAUTHENTICATED") return <TokenBox />;
  if (WRONG_PAGE.includes(code)) {
    return (
      <p>
        <Link href={addressOf(path, { ...Object.fromEntries(parameters), ...FIRST_PAGE })}>{texts.pager.first}</Link>
      </p>
    );
  }
  if (WRONG_ADDRESS.includes(code)) {
    return (
      <p>
        <Link href="/">{texts.notFound.home}</Link>
      </p>
    );
  }
  return (
    <button type="button" onClick={retry}>
      {texts.errors.retry}
    </button>
  );
}
