import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Relative addresses in the built page, so that it runs from any folder of any static host. */
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: { target: "es2023", sourcemap: true },
  worker: { format: "es" },
  server: { host: "localhost" },
  preview: { host: "localhost", port: 4173, strictPort: true },
});
