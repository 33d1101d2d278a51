// `npm start`: builds the app and serves what was built, on this machine only.
import { build, preview } from "vite";

const PARENT_CHECK_MS = 500;

/** When npm is killed it takes its shell along, but not us: without this the port stays taken. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit();
  }, PARENT_CHECK_MS).unref();
}

endWithParent();
await build({ logLevel: "warn" });
const server = await preview({ logLevel: "warn" }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  console.error("Roundtrip could not be served. To use another port: npx vite preview --port 5000");
  process.exit(1);
});
const { port } = server.config.preview;
console.log(`Roundtrip is ready at http://localhost:${port}/ (Ctrl+C ends it).`);
