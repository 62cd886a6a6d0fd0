import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const SAYSO = process.env.SAYSO_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "#generated": fileURLToPath(new URL("./generated", import.meta.url)) } },
  build: {
    outDir: "../app/web/static",
    emptyOutDir: true,
    target: "es2024",
    // The content policy allows nothing but files of this host: no inline data, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 1000, // GraphiQL, which is fetched for its own page alone
    rolldownOptions: { input: ["index.html", "graphiql.html"] },
  },
  server: { proxy: { "/graphql": { target: SAYSO, ws: true }, "/sign-in": SAYSO, "/sign-out": SAYSO } },
});
