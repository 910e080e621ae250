// Why there is no answer, and what to do about it.
import type { AskError } from "../client/ask";
import { texts } from "../texts";
import { Notice } from "./Notice";
import { TokenBox } from "./TokenBox";

export function ErrorState({ error, retry }: { error: AskError; retry: () => void }) {
  return (
    <Notice title={texts.errors.title}>
      <p>{texts.errors.advice[error.code] ?? texts.errors.otherwise}</p>
      {error.retryAfter !== null && <p>{texts.errors.retryAfter(error.retryAfter)}</p>}
      {error.code === "UNAUTHENTICATED" ? (
        <TokenBox />
      ) : (
        <button type="button" onClick={retry}>
          {texts.errors.retry}
        </button>
      )}
      <p className="said">
        {texts.errors.details(error.code)} {error.message}
      </p>
    </Notice>
  );
}
