import { defineConfig } from "vitest/config";

/** Node by default; a test that needs a document says `// @vitest-environment happy-dom` on top. */
export default defineConfig({
  test: {
    environment: "node",
    setupFiles: ["src/simulation/all-parts.ts"],
    include: ["tests/**/*.test.{ts,tsx}"],
    exclude: ["tests/e2e/**"],
    testTimeout: 30_000,
    coverage: { provider: "v8", include: ["src/**/*.{ts,tsx}"], reportsDirectory: "coverage" },
  },
});
