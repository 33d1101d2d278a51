// The database's folder as the rest of the program sees it. It is installed by `installDatabase`
// (install.ts).
import { type Layer, viewOf } from "../layer.ts";
import { connectionWords, statementWords } from "./describe.ts";
import { connectionMachine, statementMachine } from "./machine.ts";
import { connectionSketch, statementSketch } from "./sketch.ts";

export const database: Layer = {
  id: "database",
  title: "Database",
  views: [
    viewOf(connectionMachine, connectionWords, connectionSketch),
    viewOf(statementMachine, statementWords, statementSketch),
  ],
};
