// Where reading needs a token.
import { useId, useRef } from "react";

import { setToken } from "../client/token";
import { texts } from "../texts";

export function TokenBox() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <form
      className="token-box"
      onSubmit={(event) => {
        event.preventDefault();
        setToken(input.current?.value ?? null);
      }}
    >
      <label htmlFor={id}>{texts.token.label}</label>
      <input ref={input} id={id} type="password" autoComplete="off" required aria-describedby={`${id}-hint`} />
      <button type="submit">{texts.token.use}</button>
      <p id={`${id}-hint`}>{texts.token.hint}</p>
    </form>
  );
}
