// GraphiQL calls each of its tabs an ARIA tab with buttons inside, where ARIA allows none: screen readers would skip them. They are a list of
// buttons, one of which is the present one, and are told so here.
import { useGraphiQL } from "@graphiql/react";
import { useLayoutEffect } from "react";

export function TabNames() {
  const tabs = useGraphiQL((state) => state.tabs);
  const activeTabIndex = useGraphiQL((state) => state.activeTabIndex);
  useLayoutEffect(() => {
    const list = document.querySelector(".graphiql-tabs");
    list?.setAttribute("role", "list");
    list?.querySelectorAll(".graphiql-tab").forEach((tab, index) => {
      tab.setAttribute("role", "listitem");
      tab.removeAttribute("aria-selected");
      tab.querySelector(".graphiql-tab-button")?.setAttribute("aria-current", String(index === activeTabIndex));
    });
    document.querySelector("#graphiql-session")?.setAttribute("role", "region");
  }, [tabs, activeTabIndex]);
  return null;
}
