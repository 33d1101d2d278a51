// What the colours and shapes of the dots say.

export interface DotKeyProps {
  /** True once a client has sent a request again: hollow dots are explained from then on. */
  readonly hasRetries: boolean;
  /** True once somebody has stopped waiting: rings without a client are explained from then on. */
  readonly hasUnawaited: boolean;
}

export function DotKey({ hasRetries, hasUnawaited }: DotKeyProps) {
  return (
    <ul className="dot-key" aria-label="The dots">
      <li className="tint-browser">under ¼ s old</li>
      <li className="tint-gunicorn">over ¼ s</li>
      <li className="tint-django">over 1 s</li>
      <li className="tint-error is-diamond">over 3 s</li>
      <li className="tint-good">answered</li>
      <li className="tint-error is-cross">refused or failed</li>
      {hasUnawaited && <li className="is-unawaited">nobody waits for it</li>}
      {hasRetries && <li className="tint-browser is-hollow">sent again</li>}
    </ul>
  );
}
