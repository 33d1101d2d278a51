// The colours of the dots in the page's theme, as a canvas understands them.

/** The custom properties that hold the colours, in the order of the field's. */
const tokens = ["--browser", "--gunicorn", "--django", "--error", "--good", "--error"] as const;

/** The theme's colours as the page has them now; a worker cannot read them itself. */
export function dotColours(): readonly string[] {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colours = tokens.map((token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}
