import { Personal } from '@touchstone/event-store';
import { commandSchema } from './command-schema.js';
import { Codes, Decimals, Flag, JsonField, ListOf, Nested, OneOfField, SomeOfField, TextField, Uuid, Whole } from './fields.js';

class Place {
  @Uuid() placeId!: string;
  @TextField({ optional: true, max: 20 }) label?: string;
}

class MoveGoods {
  readonly type = 'MoveGoods';
  @Uuid({ description: 'the goods' }) goodsId!: string;
  @Codes({ max: 3, optional: true }) marks?: string[];
  @Decimals({ min: 2, max: 5 }) weights!: string[];
  @OneOfField(['road', 'rail'] as const) by: 'road' | 'rail' = 'road';
  @SomeOfField(['cold', 'dry'] as const, { optional: true }) kept?: string[];
  @Whole({ min: 1, max: 9 }) boxes!: number;
  @Flag({ optional: true }) urgent?: boolean;
  @Nested(() => Place) to!: Place;
  @ListOf(() => Place, { min: 1, max: 4, optional: true }) over?: Place[];
  @JsonField({ optional: true }) papers?: object;
  @Personal('goodsId') @TextField({ optional: true }) driver?: string;
}

describe('the JSON Schema of a command', () => {
  const place = { type: 'object', required: ['placeId'], additionalProperties: false, properties: { placeId: { type: 'string', format: 'uuid' }, label: { type: 'string', minLength: 1, maxLength: 20 } } };

  it('says of each field what its decorator checks, and what may stand beside the fields', () => {
    expect(commandSchema(MoveGoods)).toEqual({
      type: 'object', required: ['goodsId', 'weights', 'boxes', 'to'], additionalProperties: false,
      properties: {
        goodsId: { type: 'string', format: 'uuid', description: 'the goods' },
        marks: { type: 'array', maxItems: 3, items: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$' } },
        weights: { type: 'array', minItems: 2, maxItems: 5, items: { type: 'string', format: 'decimal' } },
        by: { type: 'string', enum: ['road', 'rail'], default: 'road' },
        kept: { type: 'array', items: { type: 'string', enum: ['cold', 'dry'] } },
        boxes: { type: 'integer', minimum: 1, maximum: 9 }, urgent: { type: 'boolean' }, to: place,
        over: { type: 'array', minItems: 1, maxItems: 4, items: place }, papers: { type: 'object' },
        driver: { type: 'string', minLength: 1, maxLength: 500, 'x-personal': { subject: 'goodsId' } },
        type: { type: 'string', const: 'MoveGoods', description: 'may be left out' },
        occurredAt: { type: 'string', format: 'date-time', description: 'when it became true, with its zone; now, when left out' },
      },
    });
  });
});
