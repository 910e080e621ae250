// Tells each version that an observer of TanStack Query sees, which the page's `refreshOnChange` keeps new.

import { QueryObserver } from "@tanstack/query-core";
import { recipe, tell, untilInputEnds } from "./speak.mjs";

const { asking, queries, refreshOnChange } = await recipe("tanstack.mjs");

new QueryObserver(queries, asking("{ snapshot { version } }")).subscribe(({ data }) => {
  if (data) tell("event", data.snapshot.version);
});
refreshOnChange();
await untilInputEnds();
