// What a page shows for an operation: its content, or that it is asked, or why there is none.
import { type ReactNode } from "react";

import type { Asked } from "../client/useQuery";
import { ErrorState } from "./ErrorState";
import { Progress } from "./Progress";

interface AnswerProps<Data> {
  asked: Asked<Data>;
  children: (data: Data) => ReactNode;
}

/** While new variables are asked, the content before stays, greyed. */
export function Answer<Data>({ asked, children }: AnswerProps<Data>) {
  if (asked.error) return <ErrorState error={asked.error} retry={asked.retry} />;
  if (asked.data === null) return <Progress />;
  return (
    <div aria-busy={asked.isLoading}>
      {asked.isLoading && <Progress />}
      {children(asked.data)}
    </div>
  );
}
