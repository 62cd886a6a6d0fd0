// Which address shows which page. app/web/workbench.py serves index.html for these, and for nothing else.
import type { ReactNode } from "react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { HomePage } from "./home/page.tsx";
import { BrokenPage, MissingPage } from "./shell/missing.tsx";
import { Shell } from "./shell/shell.tsx";

const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <BrokenPage />,
    children: [
      { index: true, element: <HomePage /> },
      { path: "*", element: <MissingPage /> },
    ],
  },
]);

export function Pages(): ReactNode {
  return <RouterProvider router={router} />;
}
