// The button that has answers explained: the cost of each field and what was read for it, in `extensions` of the answer.
import { ToolbarButton } from "@graphiql/react";
import { useState } from "react";

let isAsked = false;

/** What is sent, with the question how it is answered while the button is pressed. */
export function withExplanation(parameters) {
  if (!isAsked || parameters.operationName === "IntrospectionQuery") return parameters;
  return { ...parameters, extensions: { ...parameters.extensions, explain: true } };
}

export function ExplainButton() {
  const [isPressed, setPressed] = useState(isAsked);

  function toggle() {
    isAsked = !isAsked;
    setPressed(isAsked);
  }

  return (
    <ToolbarButton
      label={isPressed ? "Answers are explained: stop that" : "Explain answers: cost by field, plan and times"}
      aria-pressed={isPressed}
      className={isPressed ? "is-pressed" : undefined}
      onClick={toggle}
    >
      <ExplainIcon />
    </ToolbarButton>
  );
}

function ExplainIcon() {
  return (
    <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <circle cx="12" cy="13" r="7.5" />
      <path d="M12 9v4.5l3 1.5M9.5 2.5h5" strokeLinecap="round" />
    </svg>
  );
}
