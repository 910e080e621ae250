// The token that reading needs where the operator set one: the "Token" panel, and the header that requests carry.
import { useGraphiQLActions } from "@graphiql/react";
import { useId, useState } from "react";

import { currentToken, setToken } from "../explorer/client/token";

/** What the window hears when the token is another. */
export const TOKEN_CHANGED = "token-changed";

/** The header that says the token; none without one. */
export function authorization() {
  const value = currentToken();
  return value ? { Authorization: `Bearer ${value}` } : {};
}

export const TOKEN_PLUGIN = { title: "Token", icon: TokenIcon, content: TokenPanel };

function TokenPanel() {
  const [value, setValue] = useState(() => currentToken() ?? "");
  const [told, setTold] = useState("");
  const { introspect } = useGraphiQLActions();
  const id = useId();

  function use(next) {
    setToken(next);
    setValue(next);
    setTold(next ? "Requests carry the token now." : "Requests carry no token now.");
    introspect();
    dispatchEvent(new Event(TOKEN_CHANGED));
  }

  return (
    <form
      className="token"
      onSubmit={(event) => {
        event.preventDefault();
        use(value.trim());
      }}
    >
      <h2 className="panel-title">Token</h2>
      <p id={`${id}-hint`}>
        Where the operator set a token for reading, or one for unpublished articles, requests need it. It is kept until this tab is closed.
      </p>
      <label htmlFor={id}>Token</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <p className="token-actions">
        <button type="submit">Use</button>
        <button type="button" onClick={() => use("")}>
          Forget
        </button>
      </p>
      <p role="status">{told}</p>
    </form>
  );
}

function TokenIcon() {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <circle cx="8" cy="15.5" r="4.5" />
      <path d="m11.5 12.5 8-8M16.5 7.5l3 3M14 10l2 2" strokeLinecap="round" />
    </svg>
  );
}
