// What a scenario says its clients do: requests of the bare client, visits of the browser.

export interface RequestSpec {
  readonly method?: string;
  readonly url: string;
  readonly version?: "1.0" | "1.1" | "2";
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | { readonly bytes: number };
  readonly ip?: string;
  readonly keepalive?: boolean;
  readonly timeout?: number;
  readonly jar?: string;
  readonly target?: string;
  readonly raw?: string | readonly (string | number)[];
  readonly halfClose?: boolean;
  readonly chunked?: true | number;
  readonly bodyDelay?: number;
  readonly sni?: string;
  readonly to?: string;
  readonly overlap?: true;
  /** Of a crowd: whose idle connections and TLS sessions it may use. Not part of scenario files. */
  readonly pool?: string;
}

/** A visit by the Chromium model: what a person types or does. */
export interface BrowseSpec {
  readonly url: string;
  readonly how?: "type" | "link" | "reload" | "hard-reload" | "back" | "submit";
  /** For `submit`: the form's fields; {{csrf}} is filled in from the page. */
  readonly form?: Readonly<Record<string, string>>;
}
