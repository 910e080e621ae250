// The GraphQL behind what is shown, with a link that opens it in the playground.
import type { Operation } from "../client/operation";
import { texts } from "../texts";

interface ShowQueryProps<Variables> {
  operation: Operation<unknown, Variables>;
  variables: Variables;
}

export function ShowQuery<Variables>({ operation, variables }: ShowQueryProps<Variables>) {
  const given = JSON.stringify(variables, null, 2);
  const hasVariables = given !== "{}";
  return (
    <details className="show-query">
      <summary>{texts.query.show}</summary>
      <p>
        {texts.query.about} <a href={playgroundAddress(operation.text, hasVariables ? given : "")}>{texts.query.open}</a>
      </p>
      <pre tabIndex={0} aria-label={texts.query.operation}>
        <code>{operation.text}</code>
      </pre>
      {hasVariables && (
        <pre tabIndex={0} aria-label={texts.query.variables}>
          <code>{given}</code>
        </pre>
      )}
    </details>
  );
}

function playgroundAddress(query: string, variables: string): string {
  return `graphql?${new URLSearchParams({ query, ...(variables && { variables }) })}`;
}
