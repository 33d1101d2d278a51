// What a scenario says its Django views and its own middleware do, step by step.

export interface Cookie {
  readonly value: string;
  readonly [attribute: string]: unknown;
}

export interface RespondStep {
  readonly status?: number;
  readonly type?: string;
  readonly bytes?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string | Cookie>>;
  readonly stream?: {
    readonly chunks: number;
    readonly bytes: number;
    readonly sleep?: number;
    readonly raise?: string | number;
  };
}

/**
 * How the times of a step vary from request to request. A number is the coefficient of variation of a
 * log-normal distribution; a list gives request n its n-th time, ms. Without it every time is the same.
 */
export type Spread =
  | "exponential"
  | { readonly logNormal: number }
  | { readonly listMs: readonly number[] };

export type ViewStep =
  | { readonly work: number; readonly spread?: Spread }
  | { readonly sleep: number; readonly spread?: Spread }
  /** Memory that the view builds up and gives back at its end, MiB. */
  | { readonly allocate: number }
  | {
      readonly query: string;
      readonly ms?: number;
      readonly rows?: number;
      readonly spread?: Spread;
    }
  | { readonly transaction: readonly ViewStep[] }
  | { readonly session: Readonly<Record<string, string>> }
  | { readonly flush: true }
  | { readonly login: string }
  | { readonly logout: true }
  | { readonly message: string }
  | {
      readonly render: string;
      readonly context?: object;
      readonly ms?: number;
      readonly bytes?: number;
    }
  | { readonly respond: RespondStep }
  | { readonly json: unknown; readonly status?: number }
  | { readonly redirect: string; readonly permanent?: boolean }
  | { readonly csrf: true }
  | { readonly echo: readonly string[] }
  | { readonly read: "body" | "POST" }
  | { readonly header: readonly [string, string] }
  | { readonly allowed: readonly string[] }
  | { readonly raise: string; readonly message?: string };

export type Decorator = string | Readonly<Record<string, unknown>>;

export interface ViewSpec {
  readonly decorators?: readonly Decorator[];
  readonly steps: readonly ViewStep[];
}

export interface MiddlewareSpec {
  readonly request?: readonly ViewStep[];
  readonly response?: readonly ViewStep[];
  readonly view?: readonly ViewStep[];
  readonly exception?: readonly ViewStep[];
  readonly unused?: true;
}
