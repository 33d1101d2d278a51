// Lessons about a crowd: what becomes of the same site when many ask at once. Each has something to
// notice in the charts, and one thing to change and run again; tests/scenarios/traffic-lessons.test.ts
// checks the numbers.
import type { Entry } from "./entry.ts";
import { siteConf } from "./site.ts";
import {
  NGINX_SITE,
  POSTGRES,
  poisson,
  productPage,
  productView,
  query,
  reportPage,
  underLoad,
  unitOf,
} from "./traffic-site.ts";

/** 8 ms in the database and 28 ms of Python, more for some and less for others. */
const usualProduct = productView(query(8), { work: 28, spread: { logNormal: 0.5 } });

const capacityEntries: readonly Entry[] = [
  {
    id: "too-few-workers",
    title: "Four workers are not enough",
    sentence:
      "120 requests a second arrive and each keeps a worker busy for 40 ms. That is 4.8 workers' worth of work for 4 workers, so the queue grows until clients give up.",
    notice: [
      "Every worker is busy all the time, and the queue grows all the same: the missing fifth of a worker decides.",
      "Half a minute later nearly everybody waits 3 s for 40 ms of work, then leaves without an answer.",
      "Try 6 workers: the queue is gone and 99 of 100 are answered within a third of a second.",
    ],
    scenario: underLoad(
      "Four workers are not enough",
      { cores: 8, traffic: poisson(120, { giveUpMs: 3000 }) },
      { files: unitOf(4), views: usualProduct },
    ),
  },
  {
    id: "too-many-for-the-database",
    title: "Forty workers for seventeen connections",
    sentence:
      "Each busy worker opens a connection, and PostgreSQL has 20, of which 3 are kept for its administrator. Whoever comes eighteenth gets an error at once.",
    notice: [
      "No queue grows and no worker is missing: the 500s come from the database's refusals.",
      "The errors are fast, so the response times look healthy. Look at Statuses.",
      "Try 16 workers: requests wait a moment in the accept queue instead, and none fails.",
    ],
    scenario: underLoad(
      "Forty workers for seventeen connections",
      { cores: 32, traffic: poisson(110) },
      {
        files: { ...unitOf(40), [POSTGRES]: "max_connections = 20\n" },
        views: productView(query(120)),
      },
    ),
  },
  {
    id: "slow-endpoint",
    title: "One slow endpoint starves the rest",
    sentence:
      "One request in twenty is a report of 2.5 s. Two of them a second need five workers, and there are four: the fast pages wait behind them.",
    notice: [
      "The product page takes 13 ms; nearly all of its response time is spent in the accept queue.",
      "Open one of the slowest: it is as likely a product page as a report.",
      "Try 8 threads for each worker: the reports wait in threads of their own and the pages pass by.",
    ],
    scenario: underLoad(
      "One slow endpoint starves the rest",
      { cores: 4, traffic: poisson(40, { mix: [{ ...productPage, weight: 19 }, reportPage] }) },
      {
        files: unitOf(4),
        views: {
          ...productView(query(4), { work: 8, spread: { logNormal: 0.5 } }),
          "shop.views.report": { steps: [{ sleep: 2500 }, { render: "home.html", ms: 2 }] },
        },
      },
    ),
  },
  {
    id: "slow-third-party",
    title: "Waiting for somebody else",
    sentence:
      "The view asks a payment provider and waits 400 ms for it. A sync worker waits with it, so four workers answer ten requests a second while the processor has nothing to do.",
    notice: [
      "Busy: the workers stand at 100 %, the cores near zero. Nobody works; everybody waits.",
      "More cores change nothing here.",
      "Try 8 threads for each worker: 32 can wait at once, and the queue is gone.",
    ],
    scenario: underLoad(
      "Waiting for somebody else",
      { cores: 4, traffic: poisson(30) },
      { files: unitOf(4), views: productView(query(2), { sleep: 400 }) },
    ),
  },
  {
    id: "two-n-plus-one",
    title: "Two times the cores, plus one",
    sentence:
      "Half of each request is computing and half is waiting. On 2 cores, 5 workers keep both cores busy; the rule 2n+1 was made for just this mixture.",
    notice: [
      "With 5 workers, 75 requests a second fit.",
      "Try 3 workers: the cores are idle while a queue grows, because too many wait for the database at once.",
      "Try 17: hardly anything is won over 9, since two cores cannot compute for seventeen.",
    ],
    scenario: underLoad(
      "Two times the cores, plus one",
      { cores: 2, traffic: poisson(75) },
      {
        files: unitOf(5),
        views: productView(query(2), { sleep: 15 }, { work: 13, spread: { logNormal: 0.5 } }),
      },
    ),
  },
];

const protectionEntries: readonly Entry[] = [
  {
    id: "cache-saves",
    title: "A cache of ten seconds",
    sentence:
      "200 requests a second ask for the same page. Nginx keeps it for ten seconds, so Gunicorn makes it six times a minute and not twelve thousand times.",
    notice: [
      "The workers are nearly idle: one request in two thousand reaches them.",
      "The response time is the network's: what is left is the way there and back.",
      "Try it without the cache: four workers can make about 100 pages a second, half of what is asked for.",
    ],
    scenario: underLoad(
      "A cache of ten seconds",
      { cores: 4, traffic: poisson(200, { giveUpMs: 3000 }) },
      {
        files: {
          ...unitOf(4),
          [NGINX_SITE]: siteConf({
            before: "proxy_cache_path /var/cache/nginx/pages keys_zone=pages:10m;\n\n",
            inLocation: "        proxy_cache pages;\n        proxy_cache_valid 200 10s;\n",
          }),
        },
        views: usualProduct,
      },
    ),
  },
  {
    id: "rate-limit-saves",
    title: "Saying no to some saves the others",
    sentence:
      "150 requests a second arrive and 100 can be served. limit_req lets 90 through and refuses the rest at once, so the others are answered quickly.",
    notice: [
      "About four in ten get 503 within one round trip; nobody waits for a refusal.",
      "The queue stays short, because less comes in than can be served.",
      "Try a limit of 1,000 a second: everybody waits, and nearly everybody leaves without an answer.",
    ],
    scenario: underLoad(
      "Saying no to some saves the others",
      { cores: 8, traffic: poisson(150, { giveUpMs: 3000 }) },
      {
        files: {
          ...unitOf(4),
          [NGINX_SITE]: siteConf({
            before: "limit_req_zone $server_name zone=site:1m rate=90r/s;\n\n",
            inLocation: "        limit_req zone=site burst=20 nodelay;\n",
          }),
        },
        views: usualProduct,
      },
    ),
  },
];

const troubleEntries: readonly Entry[] = [
  {
    id: "retry-storm",
    title: "A retry storm",
    sentence:
      "At 8 s one worker hangs, and ten seconds later it is replaced. But clients that waited one second try again, three times, and their retries keep the site down after its cause is gone.",
    notice: [
      "Until 8 s everything is well: the load is 85 % of what four workers can do.",
      "From 18 s on all four workers work again, and hardly anybody is answered: they work for clients that have left.",
      "Try no retries: the same hanging worker costs a few seconds, and the site recovers by itself.",
    ],
    scenario: underLoad(
      "A retry storm",
      {
        cores: 8,
        traffic: poisson(22, { giveUpMs: 1000, retry: { times: 3, afterMs: 200 } }),
        timeline: [{ at: 8000, shell: "kill -STOP gunicorn worker 1", overlap: true }],
      },
      {
        files: unitOf(4, " --timeout 10"),
        views: productView(query(30), { work: 120, spread: { logNormal: 0.5 } }),
      },
    ),
  },
  {
    id: "timeouts-in-the-wrong-order",
    title: "Timeouts in the wrong order",
    sentence:
      "Nginx waits one second for an answer that sometimes takes longer. It answers 504, and the worker finishes a page that nobody will see.",
    notice: [
      "No response time is above 1.1 s, which looks like a success: Statuses tells what it costs.",
      "The workers are as busy as with patience; a third of their work is thrown away.",
      "Try proxy_read_timeout 5s: no 504 is left, and the same workers do the same work.",
    ],
    scenario: underLoad(
      "Timeouts in the wrong order",
      { cores: 8, traffic: poisson(20) },
      {
        files: {
          ...unitOf(16),
          [NGINX_SITE]: siteConf({ inLocation: "        proxy_read_timeout 1s;\n" }),
        },
        views: productView(query(4), { sleep: 700, spread: { logNormal: 0.6 } }),
      },
    ),
  },
  {
    id: "max-requests-without-jitter",
    title: "All workers restart at once",
    sentence:
      "--max-requests 100 renews each worker after a hundred requests. They began together and share the work evenly, so they are renewed together, and for a third of a second nobody serves.",
    notice: [
      "Every five seconds the queue jumps up and the p99 with it.",
      "The mean tells nothing of it: look at p99 and at the queue.",
      "Try --max-requests-jitter 50: the workers are renewed one after the other and the peaks are gone.",
    ],
    scenario: underLoad(
      "All workers restart at once",
      {
        cores: 16,
        traffic: {
          ...{ arrivals: { constant: 85 }, durationS: 60, mix: [productPage], keepAlive: true },
        },
      },
      {
        files: unitOf(4, " --max-requests 100"),
        views: productView(query(8), { work: 28 }),
      },
    ),
  },
  {
    id: "deploy-under-load",
    title: "A deployment under load",
    sentence:
      "At 5 s Gunicorn is restarted: until it listens again, Nginx has nobody to connect to and answers 502. At 12 s it is reloaded instead, and nobody notices.",
    notice: [
      "A restart closes the listening socket; the 502s are as many as arrive while it is closed.",
      "A reload keeps the socket: requests wait in the accept queue until the new workers have started.",
      "Try another rate: the restart costs more visitors, the reload still none.",
    ],
    scenario: underLoad(
      "A deployment under load",
      {
        cores: 8,
        traffic: poisson(40),
        timeline: [
          { at: 5000, shell: "systemctl restart gunicorn", overlap: true },
          { at: 12000, shell: "systemctl reload gunicorn", overlap: true },
        ],
      },
      { files: unitOf(4), views: usualProduct },
    ),
  },
  {
    id: "warm-up",
    title: "The first seconds are the slowest",
    sentence:
      "Each of 250 visitors looks up the name, connects and shakes hands with the first request. From the second one on the connection is there, and a page takes less than half the time.",
    notice: [
      "The response time falls in steps while the visitors come back; the server does the same all along.",
      "The first request of each worker also imports the URLconf.",
      "Try a longer round trip to the clients: the first requests pay for it three times, the later ones once.",
    ],
    scenario: underLoad(
      "The first seconds are the slowest",
      { cores: 4, traffic: poisson(100) },
      {
        files: unitOf(4),
        views: productView(query(4), { work: 8, spread: { logNormal: 0.5 } }),
      },
    ),
  },
];

export const trafficEntries: readonly Entry[] = [
  ...capacityEntries,
  ...protectionEntries,
  ...troubleEntries,
];
