import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { client } from "./data/client.ts";
import { Pages } from "./pages.tsx";
import { applyTheme, keptTheme } from "./shell/theme.ts";
import "./styles/base.css";

applyTheme(keptTheme());
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <Provider value={client}>
      <Pages />
    </Provider>
  </StrictMode>,
);
