// Which worker takes a client. Four workers of nginx 1.22.1 were asked for a hundred connections, one
// after the other: `log_format p '$pid'` gave each worker one, then each sixteen, in the same order.
import { expect, test } from "vitest";
import { play } from "./sites.ts";

function config(workers: number): string {
  return `worker_processes ${workers};
events { worker_connections 64; }
http { log_format p '$pid'; access_log /var/log/nginx/access.log p; server { listen 80; return 200 ok; } }
`;
}

/** Runs of equal lines of the log, as `uniq -c` counts them. */
function takenInTurn(site: string, requests: number): readonly number[] {
  const actions = Array.from({ length: requests }, (_, i) => ({
    at: i * 20,
    request: { url: "http://example.com/" },
  }));
  const pids = play({ config: site, actions }).logs.access;
  const turns: number[] = [];
  pids.forEach((pid, i) => {
    if (pid === pids[i - 1]) turns[turns.length - 1] += 1;
    else turns.push(1);
  });
  return turns;
}

test("each of four workers takes one client, then sixteen, and the line begins again", () => {
  expect(takenInTurn(config(4), 100)).toEqual([1, 1, 1, 1, 16, 16, 16, 16, 16, 16]);
});

test("one worker takes all", () => {
  expect(takenInTurn(config(1), 40)).toEqual([40]);
});
