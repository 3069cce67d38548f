/**
 * Arguments of calls, as objects.
 *
 * @module
 */

/** The object that a text is as JSON; null for any other value, and for what is no JSON. */
export function jsonObject(
  json: string,
): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : null;
  } catch {
    return null;
  }
}
