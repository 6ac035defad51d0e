import { describe, expect, it } from 'vitest';
import { createTableInput } from './create-tables.ts';
import { MAIN_TABLE, PEOPLE_TABLE } from './table-definition.ts';

describe('table definitions', () => {
  it('index lists only: neither the bytes of a plan nor a seal are copied out of the base table', () => {
    for (const kept of ['intent', 'review', 'evidence', 'seal', 'personId', 'requesterId']) {
      expect(MAIN_TABLE.index?.projectedAttributes).not.toContain(kept);
    }
  });

  it('let time remove nothing from the people’s table', () => {
    expect(PEOPLE_TABLE.timeToLiveAttribute).toBeNull();
    expect(createTableInput('people', PEOPLE_TABLE)).not.toHaveProperty('StreamSpecification');
  });

  it('declare every key attribute once', () => {
    const input = createTableInput('main', MAIN_TABLE);
    expect(input.AttributeDefinitions?.map((attribute) => attribute.AttributeName)).toEqual([
      'pk',
      'sk',
      'listPk',
      'listSk',
    ]);
    expect(input.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
  });
});
