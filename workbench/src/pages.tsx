// Which address shows which page. app/web/workbench.py serves index.html for these, and for nothing else.
import type { ComponentType, ReactNode } from "react";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { HomePage } from "./home/page.tsx";
import { Waiting } from "./parts/waiting.tsx";
import { BrokenPage, MissingPage, UnreachedPage } from "./shell/missing.tsx";
import { Shell } from "./shell/shell.tsx";

/** A page that is fetched when it is first opened. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return async () => ({ Component: await load().then((loaded) => loaded[name], unreached) });
}

function unreached(): ComponentType {
  return UnreachedPage;
}

const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <BrokenPage />,
    HydrateFallback: Waiting,
    children: [
      { index: true, element: <HomePage /> },
      { path: "sources/:id", lazy: page(() => import("./source/page.tsx"), "SourcePage") },
      { path: "claims/:id", lazy: page(() => import("./claim/page.tsx"), "ClaimPage") },
      { path: "questions/:id", lazy: page(() => import("./question/page.tsx"), "QuestionPage") },
      { path: "events/:id", lazy: page(() => import("./event/page.tsx"), "EventPage") },
      { path: "agents/:id", lazy: page(() => import("./agent/page.tsx"), "AgentPage") },
      { path: "queue", lazy: page(() => import("./queue/page.tsx"), "QueuePage") },
      { path: "search", lazy: page(() => import("./search/page.tsx"), "SearchPage") },
      { path: "paste", lazy: page(() => import("./paste/page.tsx"), "PastePage") },
      { path: "rule", lazy: page(() => import("./rule/page.tsx"), "RulePage") },
      { path: "*", element: <MissingPage /> },
    ],
  },
]);

export function Pages(): ReactNode {
  return <RouterProvider router={router} />;
}
