// The icons: one stroke, 20 by 20, always beside a word or under a label.

const shapes = {
  back: "M12.5 4.5 7 10l5.5 5.5",
  next: "M7.5 4.5 13 10l-5.5 5.5",
  play: "M6.5 4.5v11l9-5.5z",
  pause: "M7 4.5v11M13 4.5v11",
  first: "M14 4.5 8.5 10l5.5 5.5M5.5 4.5v11",
  last: "M6 4.5l5.5 5.5L6 15.5M14.5 4.5v11",
  close: "M5 5l10 10M15 5 5 15",
  chevron: "M5.5 8 10 12.5 14.5 8",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M13 13l4 4",
  plus: "M10 4.5v11M4.5 10h11",
  minus: "M4.5 10h11",
  fit: "M4 8V4h4M16 8V4h-4M4 12v4h4M16 12v4h-4",
  follow: "M10 3v3M10 14v3M3 10h3M14 10h3M10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  menu: "M4 6h12M4 10h12M4 14h12",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  cross: "M6 6l8 8M14 6l-8 8",
  warning: "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.2v.3",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 9.5V14M10 6.3v.3",
  stop: "M6.5 3h7L17 6.5v7L13.5 17h-7L3 13.5v-7z",
  act: "M11.5 2.5 5 11.5h4.5L8 17.5l6.5-9H10z",
  layer: "M3 7l7-3.5L17 7l-7 3.5zM3 11l7 3.5 7-3.5",
  log: "M4 5h12M4 8.5h9M4 12h12M4 15.5h7",
  browser: "M3 5h14v11H3zM3 8.5h14",
  dns: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M3 10h14M10 3c2.5 2 2.5 12 0 14M10 3c-2.5 2-2.5 12 0 14",
  network: "M3 10h14M13 6l4 4-4 4M7 14l-4-4 4-4",
  nginx: "M10 2.5l6.5 3.75v7.5L10 17.5l-6.5-3.75v-7.5zM7.5 13V7l5 6V7",
  gunicorn: "M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z",
  django: "M3 3h14v14H3zM6 6h8v8H6zM9 9h2v2H9z",
  database: "M4 5.5c0-3 12-3 12 0v9c0 3-12 3-12 0zM4 5.5c0 3 12 3 12 0M4 10c0 3 12 3 12 0",
  supervisor: "M10 17a7 7 0 1 0-6.3-4M3.5 8.5V13H8",
  sheet: "M5.5 12 10 7.5 14.5 12",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className={`icon icon-${name}`}
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
