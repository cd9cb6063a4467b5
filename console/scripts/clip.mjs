// Clips a ring of coordinates to a box, edge by edge (Sutherland and Hodgman).

/** The part of `ring` within `[west, south, east, north]`, closed; empty if no part is. */
export function clip(ring, [west, south, east, north]) {
  const edges = [
    [([x]) => x >= west, (a, b) => at(a, b, (west - a[0]) / (b[0] - a[0]))],
    [([x]) => x <= east, (a, b) => at(a, b, (east - a[0]) / (b[0] - a[0]))],
    [([, y]) => y >= south, (a, b) => at(a, b, (south - a[1]) / (b[1] - a[1]))],
    [([, y]) => y <= north, (a, b) => at(a, b, (north - a[1]) / (b[1] - a[1]))],
  ];
  let points = ring.slice(0, -1);
  for (const [isInside, crossing] of edges) {
    const kept = [];
    points.forEach((point, i) => {
      const before = points.at(i - 1);
      if (isInside(point)) {
        if (!isInside(before)) kept.push(crossing(before, point));
        kept.push(point);
      } else if (isInside(before)) {
        kept.push(crossing(before, point));
      }
    });
    points = kept;
  }
  return points.length > 0 ? [...points, points[0]] : [];
}

function at(a, b, part) {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
}
