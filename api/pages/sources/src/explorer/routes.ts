// The pages: where each stands, and what the navigation calls it. A page is loaded when it is first shown.
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

import { Home } from "./home/Home";
import { texts } from "./texts";

export interface PageRoute {
  /** wouter's pattern; a page reads its own part by `useParams`. */
  path: string;
  page: ComponentType | LazyExoticComponent<ComponentType>;
  /** What the navigation calls it; without it, other pages lead there. */
  name?: string;
  /** Where the navigation leads, if not to the path as it stands. */
  link?: string;
}

export const routes: PageRoute[] = [
  { path: "/", page: Home, name: texts.shell.home },
  { path: "/graph", page: lazy(() => import("./graph/GraphPage")), name: texts.graph.title },
  {
    path: "/table/:list",
    page: lazy(() => import("./table/TablePage")),
    name: texts.shell.table,
    link: "/table/articles",
  },
  { path: "/trends", page: lazy(() => import("./trends/TrendsPage")), name: texts.shell.trends },
  { path: "/topic/:id", page: lazy(() => import("./browse/TopicPage")) },
  { path: "/provider/:id", page: lazy(() => import("./browse/ProviderPage")) },
  { path: "/story/:id", page: lazy(() => import("./story/StoryPage")) },
  { path: "/person/:id", page: lazy(() => import("./browse/PersonPage")) },
  { path: "/search", page: lazy(() => import("./search/Search")) },
  { path: "/problems", page: lazy(() => import("./problems/Problems")) },
  { path: "/article/:id", page: lazy(() => import("./article/Article")) },
];
