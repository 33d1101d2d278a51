// Looking a name that somebody wrote up in a table. An object knows names that nobody put into it,
// "constructor" and "toString" for instance, and a file may hold just these.

/** What the table itself says of `name`; undefined when it says nothing. */
export function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
