// `npm run simplifications`: brings the list of docs/MODEL.md up to date with the source.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  allSimplifications,
  MODEL_FILE,
  withSimplifications,
} from "../tests/tidy/simplifications.ts";

const list = allSimplifications();
const model = existsSync(MODEL_FILE) ? readFileSync(MODEL_FILE, "utf8") : "";
mkdirSync("docs", { recursive: true });
writeFileSync(MODEL_FILE, withSimplifications(model, list));
console.log(`${MODEL_FILE}: ${list.length} simplifications`);
