// Labels stand at the ends of their lines. Where two ends are close, their labels are pushed apart, as
// little as possible, and kept inside of the chart. Of equal ones the last is highest: p99 above p50.

/** Where labels of `height` that want to stand at `wanted` stand, none over another, in 0 to `room`. */
export function labelPlaces(
  wanted: readonly number[],
  height: number,
  room: number,
): readonly number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || b - a);
  const places = [...wanted];
  let free = 0;
  for (const i of order) {
    places[i] = Math.max(places[i], free);
    free = places[i] + height;
  }
  let limit = room;
  for (const i of order.toReversed()) {
    places[i] = Math.min(places[i], limit);
    limit = places[i] - height;
  }
  return places;
}
