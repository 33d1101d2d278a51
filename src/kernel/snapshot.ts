// Copies of the world for keyframes. The world is plain data: objects, arrays, maps, sets and typed
// arrays. Frozen values (parsed configurations, message texts) never change, so they are shared, not
// copied; everything else is copied deeply, with its cycles and shared parts kept.
import { assert } from "./assert.ts";

/** A deep copy that shares frozen values. Throws on a class instance or a function: those are no state. */
export function copyState<T>(value: T): T {
  return copy(value, new Map()) as T;
}

function copy(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) {
    assert(typeof value !== "function", "a function is not state");
    return value;
  }
  if (Object.isFrozen(value) && !ArrayBuffer.isView(value)) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return copyArray(value, seen);
  if (value instanceof Map) return copyMap(value, seen);
  if (value instanceof Set) return copySet(value, seen);
  if (ArrayBuffer.isView(value)) return copyView(value, seen);
  return copyObject(value as Record<string, unknown>, seen);
}

function copyArray(source: readonly unknown[], seen: Map<object, unknown>): unknown[] {
  const target: unknown[] = [];
  seen.set(source, target);
  for (const item of source) target.push(copy(item, seen));
  return target;
}

function copyMap(
  source: ReadonlyMap<unknown, unknown>,
  seen: Map<object, unknown>,
): Map<unknown, unknown> {
  const target = new Map<unknown, unknown>();
  seen.set(source, target);
  for (const [key, item] of source) target.set(copy(key, seen), copy(item, seen));
  return target;
}

function copySet(source: ReadonlySet<unknown>, seen: Map<object, unknown>): Set<unknown> {
  const target = new Set<unknown>();
  seen.set(source, target);
  for (const item of source) target.add(copy(item, seen));
  return target;
}

function copyView(source: ArrayBufferView, seen: Map<object, unknown>): unknown {
  const target = (source as Uint8Array).slice();
  seen.set(source, target);
  return target;
}

function copyObject(
  source: Record<string, unknown>,
  seen: Map<object, unknown>,
): Record<string, unknown> {
  const prototype = Object.getPrototypeOf(source);
  assert(prototype === Object.prototype || prototype === null, "a class instance is not state");
  const target: Record<string, unknown> = {};
  seen.set(source, target);
  for (const key of Object.keys(source)) target[key] = copy(source[key], seen);
  return target;
}
