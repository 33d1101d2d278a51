import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { coldCode } from "./scripts/cold-code/plugin.ts";

/**
 * The built page allows nothing that did not come with it. As a meta element, because a static host
 * sends no headers of ours; only in the build, because Vite's hot reload needs an inline script.
 */
const contentSecurityPolicy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: "default-src 'self'" },
      injectTo: "head-prepend",
    },
  ],
};

/** Works offline after the first visit; the app asks before it changes to a new version. */
const offline = VitePWA({
  registerType: "prompt",
  injectRegister: null,
  manifest: {
    name: "Roundtrip",
    short_name: "Roundtrip",
    description: "What happens to a web request, from the address bar to the database and back.",
    display: "standalone",
    start_url: "./",
    icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml" }],
  },
  workbox: {
    globPatterns: ["**/*.{html,js,css,svg,woff2,json,txt,webmanifest}"],
    maximumFileSizeToCacheInBytes: 8_000_000,
  },
});

/** Relative addresses in the built page, so that it runs from any folder of any static host. */
export default defineConfig({
  base: "./",
  plugins: [react(), contentSecurityPolicy, offline],
  build: {
    target: "es2023",
    sourcemap: true,
    // The check of the cold cut takes most of a build, on purpose; no need to say so each time.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: {
    format: "es",
    plugins: () => [coldCode("/src/worker/entry.ts")],
    rolldownOptions: { output: { minify: false }, checks: { bundlerTimings: false } },
  },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1", port: 4173, strictPort: true },
});
