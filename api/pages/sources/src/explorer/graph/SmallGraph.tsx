// The nearest neighbors of a node as a small picture, for the node's own page. What draws it is loaded when it is shown.
import { lazy, Suspense } from "react";

import { Progress } from "../parts/Progress";
import type { SmallGraphProps } from "./SmallPicture";

const SmallPicture = lazy(() => import("./SmallPicture"));

export function SmallGraph(props: SmallGraphProps) {
  return (
    <Suspense fallback={<Progress />}>
      <SmallPicture {...props} />
    </Suspense>
  );
}
