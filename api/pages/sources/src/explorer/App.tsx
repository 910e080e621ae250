// The explorer as a whole: the frame, and in it the page that the address names.
import { Component, type ReactNode, Suspense } from "react";
import { Route, Router, Switch, useLocation } from "wouter";

import { useHashPath } from "./address";
import { Layout } from "./layout/Layout";
import { NotFound } from "./layout/NotFound";
import { Notice } from "./parts/Notice";
import { Progress } from "./parts/Progress";
import { routes } from "./routes";
import { texts } from "./texts";

export function App() {
  return (
    <Router hook={useHashPath}>
      <Layout>
        <Pages />
      </Layout>
    </Router>
  );
}

function Pages() {
  const [path] = useLocation();
  return (
    <Fence key={path}>
      <Suspense fallback={<Progress text={texts.shell.loadingPage} />}>
        <Switch>
          {routes.map(({ path: pattern, page: Page }) => (
            <Route key={pattern} path={pattern}>
              <Page />
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Fence>
  );
}

/** Keeps the frame when a page fails. */
class Fence extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <Notice title={texts.errors.crashed} /> : this.props.children;
  }
}
