// The explorer: pages about the graph that the service has loaded, all of them asked from its public API.
import "./tokens.css";
import "./explorer.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";

createRoot(document.getElementById("explorer")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
