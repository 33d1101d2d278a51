// What is compared with what is known: recordings of load, and the cells of the grid of queueing theory.

export interface Recorded {
  readonly kind: "recording";
  readonly file: string;
}

export interface Cell {
  readonly kind: "cell";
  readonly service: "exponential" | "constant";
  readonly servers: number;
  readonly utilisation: number;
}

export type Check = Recorded | Cell;

/** What came of it, as a row of a table. */
export interface CheckRow {
  readonly cells: readonly (string | number)[];
  readonly isRight: boolean;
  /** Of the mean; simulated over known, less one. */
  readonly error: number;
}

const SERVERS = Array.from({ length: 16 }, (_, i) => i + 1);
const UTILISATIONS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95];

/** Every cell of the grid, M/M/c before M/D/c. */
export function gridCells(): Cell[] {
  return (["exponential", "constant"] as const).flatMap((service) =>
    SERVERS.flatMap((servers) =>
      UTILISATIONS.map((utilisation) => ({ kind: "cell", service, servers, utilisation }) as const),
    ),
  );
}

/** Tells a check from the others. */
export function checkName(check: Check): string {
  if (check.kind === "recording") return check.file;
  return `${check.service} ${check.servers} ${check.utilisation}`;
}

export const fine = (share: number): string => `${(share * 100).toFixed(2)} %`;
