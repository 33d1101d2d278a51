// What a run of a scenario is observed to do, in the format of the recordings.

export interface NginxObservation {
  server: string;
  location: string | null;
  uri: string;
  trail?: string[];
  status?: number;
  upstreamAddr?: string;
  upstreamStatus?: string;
  cacheStatus?: string;
  limitReqStatus?: string;
  limitConnStatus?: string;
  errorLog?: string[];
}

export interface DjangoObservation {
  middleware: string[];
  view?: string;
  matched?: string;
  urlName?: string;
  kwargs?: Record<string, string>;
  args?: string[];
  exception?: string;
  exceptions?: string[];
  queries: number;
  sql?: string[];
  crashed?: true;
  unfinished?: true;
}

export interface RequestObservation {
  status: number | null;
  error?: string;
  headers: [string, string][];
  bodyBytes: number;
  body?: string;
  by: "nginx" | "gunicorn" | "django" | "uwsgi" | "upstream" | null;
  interim?: number[];
  cert?: string;
  version?: string;
  truncated?: true;
  ms?: number;
  nginx?: NginxObservation;
  wsgi?: Record<string, string>;
  attempts?: number;
  django?: DjangoObservation;
}

export interface Observation {
  requests: RequestObservation[];
  logs: {
    access: string[];
    gunicorn: string[];
    django: string[];
    error?: string[];
    supervisor?: string[];
    files?: Record<string, string[]>;
    nginxStart?: string[];
  };
  exits?: Record<string, number>;
  shell?: { at: number; shell: string; exit: number; output: string[] }[];
}
