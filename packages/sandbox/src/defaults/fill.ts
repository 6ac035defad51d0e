import type { JsonRecord } from '../json/record.ts';

/** Sets the members that are missing (or null, which the API treats as missing); what is there stays. */
export function fill(target: JsonRecord, defaults: JsonRecord): void {
  for (const [member, value] of Object.entries(defaults)) {
    if (target[member] === undefined || target[member] === null) target[member] = value;
  }
}
