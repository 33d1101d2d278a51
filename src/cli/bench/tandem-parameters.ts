// The model "tandem": requests pass Nginx, wait for a Gunicorn worker in its backlog, and hold the
// worker through application code, a database query and more application code. Five events a request:
// its arrival and the ends of four services. Source: design/performance.md, "The benchmark models".

export const tandem = {
  arrivalsPerSecond: 1000,
  nginxServers: 2,
  nginxMs: 0.4,
  workers: 16,
  backlogMax: 2048,
  beforeQueryMs: 4,
  databaseConnections: 8,
  databaseMs: 5,
  afterQueryMs: 3,
} as const;
